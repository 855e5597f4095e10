"""Suites as people write them, one YAML file a mart, read into expectations.

The spelling of a file belongs here, and what is said of a mistake in one: the file, the suite, the
rule, what was expected and what was found. No rule of a mart is written here.

An entry has a `name`, the `frame` it looks at, `why`, one way to say what must hold, and if need be
`where` (rows of the frame it is about) and `severity: warn` (shown; any other break stops
publishing). What must hold is one of

    column: replies               columns: [replies, cases]       between: {replies: [0, null]}
    between: [0, 100]             between: [0, null]

    column: status                column: urgency_rank            unique: [kpi_id, period_start_on]
    in: [green, amber, red]       is: unique (or present)

    parts: {part: whole}          rule: <a Great Expectations class>
                                  arguments: {its: arguments}

An entry about several columns stands for one rule each: `{column}`, `{lowest}`, `{highest}`,
`{part}` and `{whole}` in its name are filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from orchestration.errors import DeclarationError
from orchestration.quality.expectations import Expectation
from orchestration.quality.frames import FRAMES

KINDS = ("ranges", "completeness", "freshness", "volume", "drift")
SEVERITIES = ("error", "warn")
COMMON = {"name", "frame", "why", "where", "severity"}
#: The ways to say what holds: the keys that belong together.
WAYS = (
    {"column", "between"},
    {"columns", "between"},
    {"between"},
    {"column", "in"},
    {"column", "is"},
    {"unique"},
    {"parts"},
    {"rule", "arguments"},
)
IS = {
    "present": "ExpectColumnValuesToNotBeNull",
    "unique": "ExpectColumnValuesToBeUnique",
}


def load(folder: Path) -> tuple[Expectation, ...]:
    """The expectations of every file of a folder.

    Raises:
        DeclarationError: a file cannot be understood, or two rules have one name.
    """
    found: dict[str, Expectation] = {}
    for path in sorted(folder.glob("*.yml")):
        for expectation in read(path):
            if expectation.name in found:
                raise DeclarationError(
                    f"{path.name}: the name {expectation.name!r} is taken by a rule of "
                    f"{found[expectation.name].table}; give each rule a name of its own"
                )
            found[expectation.name] = expectation
    return tuple(found.values())


def read(path: Path) -> Iterator[Expectation]:
    """The expectations of one file, in its order."""
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DeclarationError(f"{path.name} is no YAML: {error}") from error
    if not isinstance(content, dict) or set(content) != {"table", "suites"}:
        raise DeclarationError(
            f"{path.name}: expected the keys table and suites, found {_listed(content)}"
        )
    table, suites = content["table"], content["suites"]
    if table != path.stem:
        raise DeclarationError(f"{path.name}: expected table: {path.stem}, found {table!r}")
    if not isinstance(suites, dict) or not suites or not set(suites) <= set(KINDS):
        raise DeclarationError(
            f"{path.name}: expected suites called {', '.join(KINDS)}, found {_listed(suites)}"
        )
    for suite, entries in suites.items():
        if not isinstance(entries, list) or not entries:
            raise DeclarationError(f"{path.name}, {suite}: expected a list of rules")
        for place, entry in enumerate(entries, start=1):
            yield from _Entry(f"{path.name}, {suite}, rule {place}", table, suite, entry).rules()


class _Entry:
    """One entry of a suite, and the rules it stands for."""

    def __init__(self, place: str, table: str, suite: str, entry: Any) -> None:
        if not isinstance(entry, dict):
            raise DeclarationError(f"{place}: expected keys and values, found {entry!r}")
        self.place = f"{place} ({entry['name']})" if "name" in entry else place
        self.table, self.suite, self.entry = table, suite, entry
        self._check()

    def _check(self) -> None:
        entry = self.entry
        for key in ("name", "frame", "why"):
            if not isinstance(entry.get(key), str) or not entry[key].strip():
                raise self._wrong(f"expected {key} as text, found {entry.get(key)!r}")
        if entry["frame"] not in FRAMES:
            raise self._wrong(f"no frame {entry['frame']!r}; there are {', '.join(sorted(FRAMES))}")
        if entry.get("severity", "error") not in SEVERITIES:
            raise self._wrong(
                f"expected severity {' or '.join(SEVERITIES)}, found {entry['severity']!r}"
            )
        way = set(entry) - COMMON
        if way not in WAYS:
            ways = "; ".join(" and ".join(sorted(each)) for each in WAYS)
            raise self._wrong(f"expected one of {ways}; found {_listed(sorted(way))}")

    def rules(self) -> Iterator[Expectation]:
        """The rules, with their names filled in."""
        for filled, rule, arguments in self._ways():
            try:
                name = self.entry["name"].format(**filled)
            except (KeyError, IndexError, ValueError) as error:
                raise self._wrong(f"its name has a place that nothing fills: {error}") from error
            yield Expectation(
                name=name,
                table=self.table,
                suite=self.suite,
                frame=self.entry["frame"],
                rule=rule,
                arguments=arguments,
                severity=self.entry.get("severity", "error"),
                why=self.entry["why"],
                where=self.entry.get("where", "true"),
            )

    def _ways(self) -> Iterator[tuple[Mapping[str, str], str, Mapping[str, Any]]]:
        entry = self.entry
        if "between" in entry:
            for column, bounds in self._bounds().items():
                lowest, highest = self._two(bounds)
                filled = {
                    "column": column,
                    "lowest": "any number" if lowest is None else str(lowest),
                    "highest": "any number" if highest is None else str(highest),
                }
                arguments = {"column": column, "min_value": lowest, "max_value": highest}
                yield filled, "ExpectColumnValuesToBeBetween", arguments
        elif "parts" in entry:
            if not isinstance(entry["parts"], dict) or not entry["parts"]:
                raise self._wrong("expected parts as part: whole")
            for part, whole in entry["parts"].items():
                arguments = {
                    "column_A": whole,
                    "column_B": part,
                    "or_equal": True,
                    "ignore_row_if": "either_value_is_missing",
                }
                filled = {"part": part, "whole": whole}
                yield filled, "ExpectColumnPairValuesAToBeGreaterThanB", arguments
        elif "in" in entry:
            values = entry["in"]
            if not isinstance(values, list) or not values:
                raise self._wrong(f"expected in as a list of values, found {values!r}")
            arguments = {"column": entry["column"], "value_set": values}
            yield {"column": entry["column"]}, "ExpectColumnValuesToBeInSet", arguments
        elif "is" in entry:
            if entry["is"] not in IS:
                raise self._wrong(f"expected is: {' or '.join(IS)}, found {entry['is']!r}")
            yield {"column": entry["column"]}, IS[entry["is"]], {"column": entry["column"]}
        elif "unique" in entry:
            yield {}, "ExpectCompoundColumnsToBeUnique", {"column_list": list(entry["unique"])}
        else:
            if not isinstance(entry["arguments"], dict):
                raise self._wrong("expected arguments as keys and values")
            yield {}, entry["rule"], entry["arguments"]

    def _bounds(self) -> Mapping[str, Any]:
        entry = self.entry
        if "column" in entry:
            return {entry["column"]: entry["between"]}
        if "columns" in entry:
            return dict.fromkeys(entry["columns"], entry["between"])
        if not isinstance(entry["between"], dict):
            raise self._wrong("expected column, columns, or bounds for each column")
        return entry["between"]

    def _two(self, bounds: Any) -> tuple[float | None, float | None]:
        is_pair = isinstance(bounds, list) and len(bounds) == 2
        numbers = [each for each in bounds if each is not None] if is_pair else []
        if not numbers or not all(
            isinstance(each, int | float) and not isinstance(each, bool) for each in numbers
        ):
            raise self._wrong(
                f"expected two bounds such as [0, 1], of which one may be null, found {bounds!r}"
            )
        if len(numbers) == 2 and numbers[0] > numbers[1]:
            raise self._wrong(f"the lower bound is above the upper one: {bounds!r}")
        return bounds[0], bounds[1]

    def _wrong(self, what: str) -> DeclarationError:
        return DeclarationError(f"{self.place}: {what}")


def _listed(found: Any) -> str:
    return ", ".join(map(str, found)) if isinstance(found, dict | list) and found else repr(found)
