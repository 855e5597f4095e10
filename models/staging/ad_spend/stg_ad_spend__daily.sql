with
    spend as (select * from {{ stream("ad_spend", "daily") }}),

    -- Most exports do not name the platform they are of: their folder or their file does.
    named as (
        select
            *,
            coalesce(
                nullif(lower({{ squeeze_spaces("platform") }}), ''),
                folder,
                case
                    when lower(_source_file) like '%meta%'
                    then 'meta'
                    when lower(_source_file) like '%facebook%'
                    then 'meta'
                    when lower(_source_file) like '%google%'
                    then 'google'
                    when lower(_source_file) like '%linkedin%'
                    then 'linkedin'
                    when lower(_source_file) like '%tiktok%'
                    then 'tiktok'
                    when lower(_source_file) like '%twitter%'
                    then 'x'
                    when lower(_source_file) like '%pinterest%'
                    then 'pinterest'
                    when lower(_source_file) like '%snapchat%'
                    then 'snapchat'
                    when lower(_source_file) like '%reddit%'
                    then 'reddit'
                    when lower(_source_file) like '%bing%'
                    then 'microsoft'
                    when lower(_source_file) like '%microsoft%'
                    then 'microsoft'
                    when publisher_platform is not null
                    then 'meta'
                    else 'unknown'
                end
            ) as platform_word,
            nullif({{ squeeze_spaces("campaign") }}, '') as campaign_name
        from spend
        where {{ is_exported() }} and date <= cast({{ as_of() }} as date)
    ),

    -- Platforms restate recent days: the latest file that has a campaign's day tells all of it, by
    -- advertisement or as a whole. Equal lines inside one file add up.
    ranked as (
        select
            *,
            rank() over (
                partition by platform_word, account_id, coalesce(campaign_id, campaign_name), date
                order by _exported_at desc, _source_file desc, _file_sha256 desc
            ) as file_rank
        from named
    ),

    final as (
        select
            {{ surrogate_key(["'ad_spend'", "_source_file", "_file_sha256", "_source_row"]) }}
            as spend_line_key,

            date as date_on,
            coalesce(last_date, date) as last_date_on,

            platform_word,
            lower(trim(publisher_platform)) as publisher_word,
            lower({{ squeeze_spaces("campaign_type") }}) as campaign_type,
            campaign_id as natural_campaign_id,
            campaign_name as campaign,

            {{ currency_code("currency") }} as currency,
            spend,
            impressions,
            clicks,
            link_clicks,
            conversions,
            conversion_value
        from ranked
        where file_rank = 1
    )

select *
from final
