"""Stream of survey answers (customer satisfaction, recommendation).

What the file looks like, and nothing else. Which score satisfies on which scale is the models'
business.
"""

from orchestration.exports.contract import Column, Stream, identifier, instant, text

RESPONSES = Stream(
    source="surveys",
    name="responses",
    key=("survey_id",),
    semicolon_means_decimal_comma=True,
    columns=(
        Column("survey_id", identifier, required=True),
        Column("kind", text, required=True),
        Column("scale", text, required=True),
        Column("score", text),
        Column("sent_at", instant(), required=True),
        Column("responded_at", instant()),
        Column("network", text),
        Column("conversation_source", text),
        Column("conversation_id", identifier),
        Column("contact_id", identifier, pseudonym=True),
        Column("agent_id", identifier),
        Column("comment", text, free_text=True),
    ),
)

STREAMS = (RESPONSES,)
