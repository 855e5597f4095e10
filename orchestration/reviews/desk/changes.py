"""Readings held against something: another period, or their target, in words.

What may be compared, and what is said where it may not, belongs here. How a difference is written
is told by `wording.py`; a table of comparisons is made in `tables.py`.
"""

from __future__ import annotations

from orchestration.reviews import wording
from orchestration.reviews.blocks import Change
from orchestration.reviews.desk.lookup import Lookup
from orchestration.reviews.periods import Period
from orchestration.reviews.serving import Reading


class Changes(Lookup):
    """Says how a reading moved, where it stands against its target, and why one is missing."""

    def change(self, reading: Reading, other: Period, style: str = "prose") -> Change:
        """The change of a reading against the same KPI and slice in another period.

        Across a change of definition, ours or a network's, nothing is compared; the change says so
        instead.
        """
        definition = self.definition(reading.kpi_id, reading.definition_version)
        before = self.snapshot.reading(
            reading.kpi_id, other, reading.slice_kind, reading.slice_value
        )
        old = before.value
        if old is None and not before.is_published:
            known = {self.previous: reading.previous_value, self.year_ago: reading.year_ago_value}
            old = known.get(other)
        against = other.short_name
        if reading.value is None:
            return Change(wording.NOT_AVAILABLE, against)
        if old is None:
            reason = before.null_reason if before.is_published else "no_previous"
            return Change(wording.NOT_AVAILABLE, against, note=wording.null_reason(reason))
        if (
            before.definition_version is not None
            and reading.definition_version is not None
            and before.definition_version != reading.definition_version
        ):
            return Change(wording.NOT_AVAILABLE, against, note="the definition changed")
        is_comparable = {
            self.previous: reading.is_previous_comparable,
            self.year_ago: reading.is_year_ago_comparable,
        }
        if not is_comparable.get(other, True):
            return Change(
                wording.NOT_AVAILABLE, against, note="a network changed what it counts in between"
            )
        text = wording.difference(reading.value, old, definition.unit, style)
        verdict = (
            "" if text == "no change" else wording.verdict(reading.value, old, definition.direction)
        )
        return Change(text, against, verdict)

    def status(self, reading: Reading) -> tuple[str, str]:
        """Status code and words. Without a target there is no status to show."""
        if reading.target_value is None and reading.status in (None, "grey"):
            return ("", "")
        code = reading.status if reading.status in wording.STATUS_WORDS else "grey"
        if reading.value is None:
            code = "grey"
        return code, wording.status(code)

    def target_words(self, reading: Reading) -> str:
        """The target of a reading in words; empty without one."""
        if reading.target_value is None:
            return ""
        definition = self.definition(reading.kpi_id, reading.definition_version)
        return wording.target(reading.target_value, definition.unit, definition.direction)

    def why_missing(self, kpi_id: str) -> str:
        """Why the period has no value of a KPI, in words."""
        return wording.null_reason(self.reading(kpi_id).null_reason)
