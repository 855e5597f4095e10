with
    users as (select * from {{ ref("stg_sprout_social__users") }}),

    team_members as (select * from {{ ref("stg_sprout_social__team_members") }}),

    team_exports as (select distinct exported_at from team_members),

    -- Lists of users and of teams are exported apart: the latest list of teams then known counts.
    team_list_of as (
        select users.user_export_key, max(team_exports.exported_at) as exported_at
        from users
        inner join team_exports on team_exports.exported_at <= users.exported_at
        group by users.user_export_key
    ),

    -- Of several teams of one person the first by name: an agent has one team at a time.
    memberships as (
        select users.user_export_key, min(team_members.team) as team
        from users
        inner join team_list_of on team_list_of.user_export_key = users.user_export_key
        inner join
            team_members
            on team_members.agent_id = users.agent_id
            and team_members.exported_at = team_list_of.exported_at
        group by users.user_export_key
    ),

    final as (
        select
            'sprout_social' as source,
            users.agent_id,
            users.agent_name,
            users.role,
            coalesce(users.team, memberships.team) as team,
            users.exported_at
        from users
        left join memberships on memberships.user_export_key = users.user_export_key
    )

select *
from final
