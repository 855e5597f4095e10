"""Stream of the public "Customer Support on Twitter" archive.

What the archive's CSV looks like, and nothing else. Threads are rebuilt from the reply chain by the
models.
"""

from orchestration.exports.contract import Column, Stream, Type, boolean, identifier, instant, text

# The archive was written from data frames: an id in a column with gaps is printed as `3.0`.
_printed_id = Type("identifier", whole=True)

TWEETS = Stream(
    source="customer_support_on_twitter",
    name="tweets",
    key=("tweet_id",),
    ignored=("",),  # the row number of the data frame, in a column without a name
    columns=(
        Column("tweet_id", _printed_id, required=True),
        # Customers are numbers, brands are handles; only customers are people.
        Column("author_id", identifier, required=True, pseudonym=True, pseudonym_when="inbound"),
        Column("inbound", boolean, required=True),
        Column("created_at", instant("%a %b %d %H:%M:%S %z %Y"), required=True),
        Column("text", text, free_text=True),
        Column("response_tweet_ids", text, aliases=("response_tweet_id",)),
        Column("in_response_to_tweet_id", _printed_id),
    ),
)

STREAMS = (TWEETS,)
