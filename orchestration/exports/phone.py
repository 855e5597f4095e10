"""Stream of the phone system's daily figures.

What the file looks like, and nothing else: a row a day and queue, and a row more for each channel
that callers were offered instead. Rates over calls are the models' business.
"""

from orchestration.exports.contract import Column, Stream, date, decimal, integer, text


def _count(name: str) -> Column:
    return Column(name, integer, non_negative=True)


def _amount(name: str) -> Column:
    return Column(name, decimal, non_negative=True)


DAILY = Stream(
    source="phone",
    name="daily",
    key=("date", "queue", "deflection_channel"),
    semicolon_means_decimal_comma=True,
    columns=(
        Column("date", date("%Y/%m/%d"), required=True),
        Column("queue", text, required=True),
        _count("calls_offered"),
        _count("calls_answered"),
        _count("calls_abandoned"),
        _amount("talk_s"),
        _amount("hold_s"),
        _amount("after_call_s"),
        _amount("agent_hours"),
        _count("deflections_offered"),
        _count("deflections_accepted"),
        _count("callbacks_within_7d"),
        Column("deflection_channel", text),
    ),
)

STREAMS = (DAILY,)
