"""Stream of VIP lists, kept by people or exported by an inbox tool.

What the file looks like, and nothing else. Who is a VIP at the time of a message is the models'
business.
"""

from orchestration.exports.contract import Column, Stream, date, identifier, text

MEMBERS = Stream(
    source="vip",
    name="members",
    key=("list_name", "network", "contact_id", "valid_from_on"),
    columns=(
        Column("list_name", text, aliases=("list",), required=True),
        Column("source", text),
        Column("network", text, required=True),
        # The network's own id of the person, as inbox tools export it.
        Column("contact_id", identifier, pseudonym=True, required=True),
        Column("valid_from_on", date("%Y/%m/%d"), aliases=("valid_from",)),
        # The last day of the membership; some write the last day there is for one without end.
        Column("valid_to_on", date("%Y/%m/%d"), aliases=("valid_to",), nulls=("9999-12-31",)),
        Column("added_by", text, free_text=True),
    ),
)

STREAMS = (MEMBERS,)
