"""Stream of monthly costs, as a finance team hands them over.

What the file looks like, and nothing else. Allocation of a cost to a KPI is the models' business.
"""

from orchestration.exports.contract import Column, Stream, date, decimal, text

MONTHLY = Stream(
    source="costs",
    name="monthly",
    key=("month", "category", "channel", "campaign", "currency"),
    semicolon_means_decimal_comma=True,
    columns=(
        Column("month", date("%Y-%m", "%Y/%m", "%Y/%m/%d"), required=True),
        Column("category", text, required=True),
        Column("channel", text),
        Column("campaign", text),
        Column("amount", decimal, required=True),
        Column("currency", text),
    ),
)

STREAMS = (MONTHLY,)
