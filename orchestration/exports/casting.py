"""SQL that turns the text of a cell into the value its declaration promises, or says why it cannot.

Expressions only, for DuckDB: nothing here opens a file or runs a statement. Which column gets which
type is declared in the modules named after the sources.
"""

from __future__ import annotations

from orchestration.exports.contract import Column, Item, Type

# `twu:123`: the tool's word for where the id was collected, then the network's own id.
TOOL_PREFIX = r"^[A-Za-z_]+:"

# `1.22158E+17`: a spreadsheet opened the export and kept 6 of 18 digits; two posts may share it.
DAMAGED_ID = r"\d([.,]\d+)?[eE]\+\d+"

TRUE_WORDS = ("1", "1.0", "true", "t", "yes", "y", "vrai", "oui")
FALSE_WORDS = ("0", "0.0", "false", "f", "no", "n", "faux", "non")

ISO_INSTANT = (
    r"^(\d{4}-\d{2}-\d{2})[T ](\d{1,2}:\d{2})(:\d{2}(?:[.,]\d+)?)? ?"
    r"(Z|z|UTC|GMT|[+-]\d{2}(?::?(?:00|15|30|45))?)?$"
)
# How a text with an offset ends in any format; what ends like this is no wall time.
OFFSET_AFTER_CLOCK = r":\d{2}[+-]\d{2}:?\d{2}$"
# The usual spellings among these, by their length in bytes. A text of one of these shapes is cast
# as it is: taking it apart and putting it together again takes five times as long.
_DAY_AND_MINUTE = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}"
_OFFSET = r"[+-]\d{2}:?(?:00|15|30|45)"
USUAL_UTC = (20, 20, rf"{_DAY_AND_MINUTE}:\d{{2}}Z")
USUAL_TO_THE_MINUTE = (21, 22, rf"{_DAY_AND_MINUTE}{_OFFSET}")
USUAL_WITH_OFFSET = (24, 25, rf"{_DAY_AND_MINUTE}:\d{{2}}{_OFFSET}")
USUAL_WALL_MINUTE = (16, 16, _DAY_AND_MINUTE)
USUAL_WALL_TIME = (19, 19, rf"{_DAY_AND_MINUTE}:\d{{2}}")
ISO_DAY_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


def literal(value: str) -> str:
    """`value` as an SQL string."""
    return "'" + value.replace("'", "''") + "'"


def scalar(value: object) -> str:
    """A value as SQL: parameters would make DuckDB load pandas, which takes a second."""
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value)
    return literal(str(value))


def literals(values: tuple[str, ...]) -> str:
    """`values` as a comma list of SQL strings."""
    return ", ".join(literal(value) for value in values)


def name(identifier: str) -> str:
    """`identifier` as a quoted SQL name."""
    return '"' + identifier.replace('"', '""') + '"'


def cleaned(column: Column, cell: str, nulls: tuple[str, ...]) -> str:
    """Text of the cell, NULL where it stands for nothing; words of enumerations canonical.

    Free text keeps its own spaces and line breaks, everything else loses those around it.
    """
    blank = tuple(dict.fromkeys(("", *(n.lower() for n in (*nulls, *column.nulls)))))
    kept = cell if column.type.kind == "text" and not column.values else trimmed(cell)
    if blank != ("",):
        word = f"lower({trimmed(cell)})"
        clean = f"case when {word} in ({literals(blank)}) then null else {kept} end"
    elif kept == cell:
        # What has nothing behind its leading spaces; to look for the end of a text takes long.
        clean = f"case when ltrim({cell}) = '' then null else {cell} end"
    else:
        clean = f"nullif({kept}, '')"
    if not column.values:
        return clean
    cases = " ".join(
        f"when {literal(spelling)} then {literal(value)}"
        for spelling, value in column.values.items()
    )
    return f"case lower({trimmed(cell)}) {cases} else {clean} end"


def trimmed(cell: str) -> str:
    """The cell without the spaces around it.

    DuckDB's `trim` walks through every character of a text. Of plain ASCII a look at both ends says
    that there is nothing to take away, in a fifth of the time.
    """
    return (
        f"case when strlen({cell}) = length({cell}) and not starts_with({cell}, ' ') "
        f"and not ends_with({cell}, ' ') then {cell} else trim({cell}) end"
    )


def plain_number(column: Column, cell: str, *, decimal_comma: bool) -> str | None:
    """The cleaned `cell` of a number without separators of thousands and with a decimal point.

    A layer of its own below `value`, for files that have such separators. None: not a number.

    Args:
        column: the declaration.
        cell: SQL of the cleaned text.
        decimal_comma: whether `,` separates decimals and `.` thousands.
    """
    if column.type.kind not in ("integer", "decimal"):
        return None
    return _ungrouped(cell, decimal_comma=decimal_comma, whole=column.type.kind == "integer")


def value(column: Column, cell: str) -> str:
    """Value of the cleaned `cell` in the column's lake type; NULL where the text is not one.

    Numbers are plain: see `plain_number`.
    """
    kind = column.type.kind
    if column.items:
        return listed(column.items, cell)
    if column.strip_prefix:
        return f"nullif({without_prefix(cell)}, '')"
    if column.or_else:
        return f"case when not {_is_damaged(cell)} then {cell} end"
    if kind == "identifier" and column.type.whole:
        return f"regexp_replace({cell}, '^(\\d+)\\.0+$', '\\1')"
    if kind == "integer":
        # A cast from text would round `1.5` to 2; `1938.0` is only a way to print 1938. Casting
        # everything to a decimal is right too, and thirty times slower.
        exact = f"try_cast({cell} as decimal(18, 3))"
        odd = " or ".join(f"contains({cell}, '{sign}')" for sign in ".eE")
        return (
            f"case when {odd} "
            f"then case when {exact} = trunc({exact}) then try_cast({exact} as bigint) end "
            f"else try_cast({cell} as bigint) end"
        )
    if kind == "decimal":
        number = f"try_cast({cell} as double)"
        return f"case when isfinite({number}) then {number} end"
    if kind == "boolean":
        return (
            f"case when lower({cell}) in ({literals(TRUE_WORDS)}) then true "
            f"when lower({cell}) in ({literals(FALSE_WORDS)}) then false end"
        )
    if kind == "date":
        # A format that does not fit costs many times a cast: the usual way to write a day is cast.
        formats = literals((*column.type.formats, *ISO_DAY_FORMATS))
        usual = f"case when length({cell}) = 10 then try_cast({cell} as date) end"
        return _within_history(f"coalesce({usual}, try_strptime({cell}, [{formats}])::date)")
    if kind == "instant":
        return _within_history(_instant(column.type, cell))
    return cell


def without_prefix(cell: str) -> str:
    """An id without the word its tool puts before it."""
    return f"regexp_replace({cell}, {literal(TOOL_PREFIX)}, '')"


def is_date_only(cell: str) -> str:
    """Whether the text of an instant names a day without a time of day."""
    return f"not regexp_matches({cell}, '\\d:\\d\\d')"


def problem(
    column: Column,
    cell: str,
    typed: str,
    limit: str,
    exempt: str | None = None,
    stand_in: str | None = None,
) -> str:
    """Why the row cannot be kept, in words; NULL where it can.

    Args:
        column: the declaration.
        cell: SQL of the cleaned text.
        typed: SQL of its value.
        limit: SQL of the latest instant a row may carry.
        exempt: SQL of the column that `negative_where` looks at; None where the file has none.
        stand_in: SQL of the column that `or_else` names; None where the file has none.
    """
    cases = []
    kind = column.type.kind
    if column.required:
        cases.append(f"when {cell} is null then 'missing value: expected one in every row'")
    if kind == "identifier":
        unless = f" and {stand_in} is null" if stand_in else ""
        cases.append(
            f"when {_is_damaged(cell)}{unless} then "
            "'damaged id: expected every digit, found scientific notation; "
            "export again and do not save the file from a spreadsheet'"
        )
    if kind not in ("text", "identifier"):
        cases.append(
            f"when {cell} is not null and {typed} is null then {literal(_not_a(column.type))}"
        )
    if column.items:
        cases.append(
            f"when {cell} is not null and {typed} is null then "
            "'not a list: expected a JSON list of objects'"
        )
    if column.non_negative:
        allowed = ""
        if column.negative_where and exempt:
            words = literals(column.negative_where[1])
            allowed = f" and coalesce(lower({exempt}), '') not in ({words})"
        cases.append(f"when {typed} < 0{allowed} then 'negative value: expected zero or more'")
    if kind == "instant" and not column.may_be_future:
        cases.append(
            f"when {typed} > {limit} then "
            "'in the future: expected an instant before the run; "
            "check the clock or the zone of the export'"
        )
    return f"case {' '.join(cases)} end" if cases else "null::varchar"


def damaged(column: Column, cell: str) -> str | None:
    """Whether the id in a cell was lost and another column stands in; None where none can."""
    return _is_damaged(cell) if column.or_else else None


def _is_damaged(cell: str) -> str:
    # Hardly any id has a `+` in it, and to look for one is six times as fast as to look for more.
    pattern = f"regexp_full_match({cell}, {literal(DAMAGED_ID)})"
    return f"case when contains({cell}, '+') then {pattern} else false end"


def pseudonym(plain: str) -> str:
    """Keyed pseudonym of a text: the same person is the same pseudonym in every stream of one key.

    The key is a session variable, so that it stands in no query and no error text. The inner hash
    keeps the end of the key and the start of a value apart (as HMAC does).
    """
    key = "getvariable('pseudonym_key')"
    return f"'c_' || left(sha256({key} || sha256({key} || {plain})), 20)"


def listed(items: tuple[Item, ...], text: str) -> str:
    """The declared fields of a JSON list of objects as JSON text; NULL where it is no list."""
    return f"({_objects(items, text, 1)})::json::varchar"


def _objects(items: tuple[Item, ...], text: str, depth: int) -> str:
    # Every path of an element at once: read one by one, each would parse the element again.
    paths = list(dict.fromkeys(path for item in items for path in _paths(item)))
    wanted = literals(tuple(f"$.{path}" for path in paths))
    read = (
        f"list_transform(json_extract({text}, '$[*]'), "
        f"lambda e{depth}: json_extract_string(e{depth}, [{wanted}]))"
    )
    cells = {path: f"x{depth}[{place}]" for place, path in enumerate(paths, start=1)}
    pairs = (f"{literal(item.name)}, {_field(item, cells, depth)}" for item in items)
    objects = f"list_transform({read}, lambda x{depth}: json_object({', '.join(pairs)}))"
    is_list = f"json_valid({text}) and json_type({text}) = 'ARRAY'"
    return f"case when {is_list} then to_json({objects}) end"


def _paths(item: Item) -> tuple[str, ...]:
    conditions = (condition[0] for condition in (item.pseudonym_when, item.only_when) if condition)
    return (*(item.paths or (item.name,)), *conditions)


def _field(item: Item, cells: dict[str, str], depth: int) -> str:
    paths = item.paths or (item.name,)
    if item.items:
        return _objects(item.items, cells[paths[0]], depth + 1)
    found = ", ".join(f"nullif(trim({cells[path]}), '')" for path in paths)
    plain = f"coalesce({found})" if len(paths) > 1 else found
    shown = plain
    if item.pseudonym or item.pseudonym_when:
        whose = []
        if item.plain:
            whose.append(f"{plain} not in ({literals(item.plain)})")
        if item.pseudonym_when:
            path, words = item.pseudonym_when
            whose.append(f"{cells[path]} in ({literals(words)})")
        shown = pseudonym(plain)
        if whose:
            shown = f"case when {' and '.join(whose)} then {shown} else {plain} end"
    if item.only_when:
        path, words = item.only_when
        shown = f"case when {cells[path]} in ({literals(words)}) then {shown} end"
    return shown


def ambiguous(column: Column, cell: str) -> str:
    """Whether the instant was read from a local time that exists twice or not at all."""
    body = (
        "case when earlier.s = later.s then false "
        f"else ({_fits('earlier')}) = ({_fits('later')}) end"
    )
    return _with_offsets(column.type.zone, _local(column.type, cell), body)


def is_wall_time(column: Column, cell: str) -> str:
    """Whether the text of an instant carries no offset, so that the zone decides what it means."""
    return f"({_local(column.type, cell)}) is not null"


def _not_a(type_: Type) -> str:
    expected = {
        "integer": "not an integer: expected a whole number such as 1938",
        "decimal": "not a number: expected one such as 0.25",
        "boolean": "not a yes or no: expected true, false, 1 or 0",
        "date": "not a date that exists: expected one such as 2026-03-31",
        "instant": "not an instant that exists: expected one such as 2026-03-31T23:59:00Z",
    }[type_.kind]
    if type_.unit:
        units = {"us": "microseconds", "ms": "milliseconds"}[type_.unit]
        expected = f"not an instant: expected {units} since 1970 as a whole number"
    if type_.formats:
        expected += f" or as {' or '.join(type_.formats[:2])}"
    return expected


def _ungrouped(cell: str, *, decimal_comma: bool, whole: bool) -> str:
    # Thousands are only taken out where they are unmistakable: groups of exactly three digits.
    if not decimal_comma:
        return (
            f"case when not contains({cell}, ',') then {cell} "
            f"when regexp_full_match({cell}, '[+-]?\\d{{1,3}}(,\\d{{3}})+(\\.\\d+)?') "
            f"then replace({cell}, ',', '') else {cell} end"
        )
    spaceless = f"regexp_replace({cell}, '[\\s\\x{{00A0}}\\x{{202F}}]', '', 'g')"
    grouped = "[+-]?[1-9]\\d{0,2}(\\.\\d{3})+" if whole else "[+-]?\\d{1,3}(\\.\\d{3})+,\\d+"
    return (
        f"case when regexp_full_match({spaceless}, '{grouped}') "
        f"then replace(replace({spaceless}, '.', ''), ',', '.') "
        f"else replace({spaceless}, ',', '.') end"
    )


def _within_history(moment: str) -> str:
    # `24/09/13` parses as the year 13. No export is older than the tools that write them.
    return _bound(
        "m", moment, "case when m >= date '1900-01-01' and m < date '9999-01-01' then m end"
    )


def _bound(variable: str, expression: str, body: str) -> str:
    # DuckDB has no `let` and evaluates an expression in a CASE as often as it is written. A lambda
    # over a list of one binds it once; a subquery would be planned as a join.
    return f"list_transform([{expression}], lambda {variable}: {body})[1]"


def _instant(type_: Type, cell: str) -> str:
    if type_.unit:
        microseconds, digits = {"us": (1, 17), "ms": (1000, 14)}[type_.unit]
        return (
            f"case when regexp_full_match({cell}, '\\d{{1,{digits}}}') "
            f"then make_timestamp({microseconds} * try_cast({cell} as bigint)) end"
        )
    # DuckDB reads an offset only after seconds; exports leave seconds out.
    offset = (
        "case when length(p.zone) < 3 or p.zone in ('UTC', 'GMT') then '+00:00' "
        "when length(p.zone) = 3 then p.zone || ':00' "
        "else left(p.zone, 3) || ':' || right(p.zone, 2) end"
    )
    local = _to_utc(type_.zone, f"try_cast({_ISO_TEXT} as timestamp)")
    absolute = _utc(f"try_cast({_ISO_TEXT} || {offset} as timestamptz)")
    read = f"case when p.zone <> '' then {absolute} when p.day <> '' then {local} end"
    attempts = [_usual(type_, cell), _bound("p", _iso_parts(cell), read)]
    zoned = tuple(f for f in type_.formats if "%z" in f)
    # One format at a time: given a list, DuckDB reads a zoned 30 February as 2 March.
    attempts.extend(f"timezone('UTC', try_strptime({cell}, {literal(form)}))" for form in zoned)
    attempts.append(_to_utc(type_.zone, f"try_strptime({cell}, [{literals(_unzoned(type_))}])"))
    return f"case when {cell} is not null then coalesce({', '.join(attempts)}) end"


def _usual(type_: Type, cell: str) -> str:
    """The instant of a text of one of the usual shapes; NULL of any other, and if it is none."""
    minute, offset = f"left({cell}, 16) || ':00'", f"substring({cell}, 17)"
    cases = (
        (USUAL_UTC, f"try_cast({cell} as timestamp)"),
        (USUAL_TO_THE_MINUTE, _utc(f"try_cast({minute} || {offset} as timestamptz)")),
        (USUAL_WITH_OFFSET, _utc(f"try_cast({cell} as timestamptz)")),
        (USUAL_WALL_MINUTE, _to_utc(type_.zone, f"try_cast({minute} as timestamp)")),
        (USUAL_WALL_TIME, _to_utc(type_.zone, f"try_cast({cell} as timestamp)")),
    )
    return (
        f"case {' '.join(f'when {_has_shape(cell, shape)} then {sql}' for shape, sql in cases)} end"
    )


def _has_shape(cell: str, *shapes: tuple[int, int, str]) -> str:
    # The length is told first: it rules out all shapes but one for a tenth of a pattern's time.
    tests = (
        f"(strlen({cell}) between {least} and {most} "
        f"and regexp_full_match({cell}, {literal(pattern)}))"
        for least, most, pattern in shapes
    )
    return " or ".join(tests)


def _utc(moment: str) -> str:
    """The UTC wall time of an instant; `timezone` asks a library of calendars for it."""
    return f"make_timestamp(epoch_us({moment}))"


def _unzoned(type_: Type) -> tuple[str, ...]:
    return (*(f for f in type_.formats if "%z" not in f), "%Y-%m-%d")


def _local(type_: Type, cell: str) -> str:
    # Text without an offset: the wall clock of wherever it was written.
    read = f"case when p.zone = '' then try_cast({_ISO_TEXT} as timestamp) end"
    iso = _bound("p", _iso_parts(cell), read)
    zoned = _has_shape(cell, USUAL_UTC, USUAL_TO_THE_MINUTE, USUAL_WITH_OFFSET)
    if any("%z" in form for form in type_.formats):
        # Every format that does not fit costs as much as all the rest of the query.
        zoned += f" or regexp_matches({cell}, {literal(OFFSET_AFTER_CLOCK)})"
    return (
        f"case when {cell} is not null and not ({zoned}) "
        f"then coalesce({iso}, try_strptime({cell}, [{literals(_unzoned(type_))}])) end"
    )


_ISO_TEXT = (
    "p.day || ' ' || lpad(p.clock, 5, '0') || coalesce(nullif(replace(p.s, ',', '.'), ''), ':00')"
)


def _iso_parts(cell: str) -> str:
    return f"regexp_extract({cell}, {literal(ISO_INSTANT)}, ['day', 'clock', 's', 'zone'])"


def _to_utc(zone: str, local: str) -> str:
    """UTC instant of a local time; where two offsets fit, or none, the earlier one rules."""
    if zone == "UTC":
        return local
    body = (
        "case when earlier.s = later.s then l - to_seconds(earlier.s) "
        f"when not ({_fits('earlier')}) and ({_fits('later')}) "
        "then l - to_seconds(later.s) else l - to_seconds(earlier.s) end"
    )
    return _with_offsets(zone, local, body)


def _with_offsets(zone: str, local: str, body: str) -> str:
    # `earlier` and `later`: offsets in force a day before and a day after; they differ around a
    # change of the clock only.
    def offset(sign: str) -> str:
        day = f"(l {sign} interval 1 day)"
        at = f"timezone({literal(zone)}, make_timestamptz(epoch_us({day})))"
        return f"{{'s': epoch({at} - {day}), 'zone': {literal(zone)}}}"

    inner = _bound("earlier", offset("-"), _bound("later", offset("+"), body))
    return _bound("l", local, inner)


def _fits(offset: str) -> str:
    return f"timezone({offset}.zone, make_timestamptz(epoch_us(l - to_seconds({offset}.s)))) = l"
