"""Stream of answers to the social maturity checklist.

What the file looks like, and nothing else. The items, their axes and their weights are in
`seeds/maturity_items.csv`.
"""

from orchestration.exports.contract import Column, Stream, date, decimal, identifier, text

ANSWERS = Stream(
    source="maturity",
    name="answers",
    key=("assessment_on", "item_id"),
    semicolon_means_decimal_comma=True,
    columns=(
        Column("assessment_on", date("%Y/%m/%d"), required=True),
        Column("item_id", identifier, required=True),
        Column("score", decimal, non_negative=True),
        Column("evidence", text, free_text=True),
        Column("assessed_by", text, free_text=True, pseudonym=True),
    ),
)

STREAMS = (ANSWERS,)
