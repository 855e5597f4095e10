with
    account_days as (select * from {{ ref("stg_instagram__account_days") }}),

    accounts as (select * from {{ ref("int_instagram_accounts") }}),

    -- Advertising is not in it.
    final as (
        select
            'instagram' as source,
            'instagram' as network,
            coalesce(
                accounts.handle, account_days.handle, account_days.account_id, 'instagram'
            ) as profile_id,
            cast(null as {{ dbt.type_string() }}) as profile_name,
            account_days.window_days,
            account_days.metric_on as window_end_on,
            max(account_days.day_zone) as day_zone,
            'total' as kind,
            max(account_days.reach) as reach,
            account_days.exported_at
        from account_days
        left join accounts on accounts.account_id = account_days.account_id
        where account_days.reach is not null
        group by all
    )

select *
from final
