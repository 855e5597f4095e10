-- Detects messages about us that the inbox caught and that are no mention of us: public ones that
-- are not spam must each be a row of fct_mentions for our brand.
-- A returned row is such a message.
select messages.message_key
from {{ ref("fct_messages") }} as messages
cross join (select count(*) as brands from {{ ref("dim_brand") }} where is_own_brand) as own
left join
    {{ ref("fct_mentions") }} as mentions
    on mentions.mention_key = messages.message_key
    and mentions.is_own_brand
where
    messages.direction = 'in'
    and messages.directedness = 'about_us'
    and not messages.is_private
    and not messages.is_spam
    and own.brands > 0
    and mentions.mention_key is null
