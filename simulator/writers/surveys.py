"""Answers of the separate survey tool, one row a survey and answer.

A survey is exported when sent and again when answered; an answer given later wins. Who answers
what is known to `surveys`.
"""

from __future__ import annotations

import numpy as np

from simulator.care import Care
from simulator.company import RC, TOOLS, Company
from simulator.surveys import Survey
from simulator.writers.files import Landing, csv_bytes, day_name, text_table
from simulator.writers.ids import contact_id, conversation_id

STREAM = "surveys/responses"
HEADER = [
    "survey_id",
    "kind",
    "scale",
    "score",
    "sent_at",
    "responded_at",
    "network",
    "conversation_source",
    "conversation_id",
    "contact_id",
    "agent_id",
    "comment",
]


def _stamp(t: int) -> str:
    return str(np.datetime64(t, "s")) + "Z"


def write(landing: Landing, company: Company, care: Care, surveys: list[Survey]) -> None:
    """Monthly files of what was sent or answered since the one before."""
    asked = [_names(company, care, survey) for survey in surveys]
    previous = 0
    for export in company.month_exports:
        rows = []
        for survey, names in zip(surveys, asked, strict=True):
            given = [a for a in survey.answers if previous <= a[0] < export]
            if not given and not previous <= survey.sent_at < export:
                continue
            base = {
                "survey_id": survey.survey_id,
                "kind": survey.kind,
                "scale": survey.scale,
                "sent_at": _stamp(survey.sent_at),
                "network": survey.network,
                **names,
            }
            rows += [
                base | {"responded_at": _stamp(t), "score": score, "comment": comment or None}
                for t, score, comment in given
            ] or [base]
        table = text_table({name: [r.get(name) for r in rows] for name in HEADER}, len(rows))
        landing.put(STREAM, f"survey_responses_{day_name(export)}.csv", csv_bytes(table), export)
        previous = export


def _names(company: Company, care: Care, survey: Survey) -> dict[str, str | None]:
    """Conversation, contact and agent as the tool of the conversation calls them."""
    known = 0 <= survey.thread < len(care.threads)
    source = TOOLS[int(care.threads.tool[survey.thread])] if known else RC
    return {
        "conversation_source": source if survey.thread >= 0 else None,
        "conversation_id": conversation_id(source, survey.thread),
        "contact_id": contact_id(source, survey.contact),
        "agent_id": company.accounts(source)[survey.agent] if survey.agent >= 0 else None,
    }
