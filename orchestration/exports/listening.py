"""Stream of mentions from a listening tool: what people say about us and others in public.

What the file looks like, and nothing else. Which mention names which brand, and what counts in
share of voice, is the models' business.
"""

from orchestration.exports.contract import (
    Column,
    Stream,
    boolean,
    identifier,
    instant,
    integer,
    text,
)

MENTIONS = Stream(
    source="listening",
    name="mentions",
    key=("mention_id",),
    columns=(
        Column("mention_id", identifier, aliases=("id", "Mention Id"), required=True),
        Column("network", text, aliases=("Source", "platform"), required=True),
        # The network's own id of the post, as inbox tools export it.
        Column("native_id", identifier, aliases=("guid", "post_id", "Network Id")),
        Column("sent_at", instant(), aliases=("created_time", "Date", "Published"), required=True),
        Column("author_id", identifier, aliases=("from_id", "Author Id"), pseudonym=True),
        Column(
            "author_followers",
            integer,
            aliases=("followers", "from.followers_count", "Author Followers"),
            non_negative=True,
        ),
        Column("is_verified", boolean, aliases=("verified",)),
        Column("text", text, aliases=("content", "message", "Full Text"), free_text=True),
        Column("language", text, aliases=("lang",)),
        Column("sentiment", text),
        Column("engagements", integer, aliases=("engagement",), non_negative=True),
        Column("impressions", integer, aliases=("potential_impressions",), non_negative=True),
        Column("permalink", text, aliases=("url", "link"), free_text=True),
        Column("is_repost", boolean, aliases=("is_retweet", "repost")),
        Column("in_reply_to_id", identifier, aliases=("parent_message_id",)),
        Column("topic", text, aliases=("topic_name", "query")),
    ),
)

STREAMS = (MENTIONS,)
