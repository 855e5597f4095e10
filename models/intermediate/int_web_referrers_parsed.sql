with
    events as (select * from {{ ref("int_web_events") }}),

    own_domains as (select * from {{ ref("own_domains") }}),

    referrers as (
        select referrer_url, {{ url_host("referrer_url") }} as referrer_host
        from
            (
                select distinct referrer_url from events where referrer_url is not null
            ) as distinct_referrers
    ),

    hosts as (select distinct referrer_host from referrers),

    ignored_hosts as (
        select distinct hosts.referrer_host
        from hosts
        inner join
            own_domains
            on hosts.referrer_host = own_domains.domain
            or hosts.referrer_host like '%.' || own_domains.domain
    ),

    -- Our own pages and payment pages send nobody: the visit began before them.
    final as (
        select
            referrers.referrer_url,
            referrers.referrer_host,
            ignored_hosts.referrer_host is not null as is_own_or_payment
        from referrers
        left join ignored_hosts on ignored_hosts.referrer_host = referrers.referrer_host
        where referrers.referrer_host is not null
    )

select *
from final
