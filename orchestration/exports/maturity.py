"""Stream of answers to the social maturity checklist.

What the file looks like, and nothing else. The items, their axes and their weights are in
`seeds/maturity_items.csv`.
"""

from orchestration.exports.contract import Column, Stream, date, decimal, identifier

ANSWERS = Stream(
    source="maturity",
    name="answers",
    key=("assessment_on", "item_id"),
    semicolon_means_decimal_comma=True,
    # Who said it and in which words: people's text that no KPI needs.
    ignored=("evidence", "assessed_by"),
    columns=(
        Column("assessment_on", date("%Y/%m/%d"), required=True),
        Column("item_id", identifier, required=True),
        Column("score", decimal, non_negative=True),
    ),
)

STREAMS = (ANSWERS,)
