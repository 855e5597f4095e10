"""Any declared stream: a landing file in, a query of the rows to keep and one of the rest out.

DuckDB reads, types and judges; Python only composes the SQL from the declaration. Files are written
by `lake.py`, and what is declared is never decided here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import FileRejectedError
from orchestration.exports import casting, opening, stacked
from orchestration.exports.casting import literal, name
from orchestration.exports.contract import Column, Stream, lake_schema, normal_header

if TYPE_CHECKING:
    import duckdb

# What an empty cell is not: lets an empty cell (text) be told from a cell that is not there (NULL).
NO_TEXT = "\x01\x02"
# Separates the cells of a file that has one cell a line.
NEVER = "\x03\x04\x03\x04"
MOST_PASSES = 25
RAW_LIMIT = 20_000
SMALL = 20_000
MOST_UNKNOWN = 40
MARK_PATTERN = literal(opening.MARK + r"(\d+)")
TOTAL_WORDS = ("total", "totals", "grand total", "summe", "gesamt", "total général", "totale")

TOTAL_ROW = "total row: a sum of the others, not a row of its own"
# A tool sums unrounded numbers and prints rounded ones.
TOTAL_TOLERANCE = 0.005
SHORT_ROW = "truncated row: expected a cell for every column"


@dataclass(frozen=True)
class Provenance:
    """What every row of a file carries about it. Instants are naive UTC."""

    file: str
    sha256: str
    exported_at: datetime
    exported_at_is_known: bool
    extracted_at: datetime
    limit_at: datetime
    first_date_in_name: str | None
    last_date_in_name: str | None
    folder: str | None = None


@dataclass
class Reading:
    """A file loaded into the session as text, with the queries over it.

    Attributes:
        rows: data rows in the file.
        kept: SQL of the rows for the lake, in file order.
        refused: SQL of the rows for quarantine, in file order; to be run after `set_aside`.
        future: SQL of the earliest instant refused as lying in the future; after `set_aside` too.
        columns: declared columns that the file has.
        unknown: headers that the stream does not declare; none where it is wider than declared.
        warnings: what a person should know although the file could be read.
    """

    rows: int
    kept: str
    refused: str
    future: str
    columns: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    warnings: list[str] = field(default_factory=list)


def set_aside(session: duckdb.DuckDBPyConnection, kept: Path) -> None:
    """Note in table `bad_rows` which rows of `file_rows` are not among those kept in a part.

    To look which rows are missing takes a moment; to judge all rows again takes as long as before.
    """
    session.execute(
        f"""
        create or replace temp table bad_rows as
        select _row from file_rows
        where _row not in (select _source_row from read_parquet({literal(str(kept))}))
        """
    )


@dataclass
class _Cells:
    """Where the cells of declared columns are, as SQL over the loaded table."""

    by_column: dict[str, str]
    extra: str
    raw: str
    broken: str
    table: str = "file_rows"
    unknown: list[str] = field(default_factory=list)
    title: str = "null"


def read_file(
    session: duckdb.DuckDBPyConnection,
    path: Path,
    stream: Stream,
    provenance: Provenance,
    scratch: Path,
) -> Reading:
    """Load the file into table `file_rows` of the session and compose the queries over it.

    Raises:
        FileRejectedError: the file cannot be read as rows of the stream.
    """
    opened = opening.open_file(path, stream, scratch)
    session.execute("drop table if exists file_rows")
    load = {"csv": _load_csv, "json_lines": _load_json_lines, "parquet": _load_parquet}
    cells = load[opened.format](session, opened, stream, scratch)
    rows = session.execute("select count(*) from file_rows").fetchone()[0]
    _tune(session, rows)
    decimal_comma = stream.semicolon_means_decimal_comma and opened.delimiter == ";"
    grouped = decimal_comma or _has_commas(session, stream, cells)
    queries = _Queries(stream, provenance, cells, grouped=grouped, decimal_comma=decimal_comma)
    reading = Reading(
        rows,
        queries.kept(),
        queries.refused(),
        queries.future(),
        tuple(cells.by_column),
        () if stream.is_wider else tuple(cells.unknown),
        opened.warnings,
    )
    if reading.unknown:
        told = ", ".join(reading.unknown[:MOST_UNKNOWN])
        reading.warnings.append(f"unknown columns kept in _extra: {told}")
    totals, differing = queries.totals(session)
    reading.rows -= totals
    reading.warnings += differing
    counted = (
        (
            queries.is_ambiguous(),
            "local times exist twice or not at all; read with the earlier offset",
        ),
        (
            queries.is_stood_in_for(),
            (
                "rows with damaged ids (1.22158E+17): a spreadsheet saved this file; rows without "
                "an id are told apart by their links"
            ),
        ),
        (
            queries.is_wall_time(),
            (
                "times carry no zone and were read as UTC; if the export was made in another "
                f"zone, set WAREHOUSE_EXPORT_ZONES={stream.source}=<zone>"
            ),
        ),
    )
    counts = queries.counts(session, [tests for tests, _ in counted])
    for count, (_, words) in zip(counts, counted, strict=True):
        if count:
            reading.warnings.append(f"{count} {words}")
    return reading


def _tune(session: duckdb.DuckDBPyConnection, rows: int) -> None:
    # Optimising dozens of columns takes longer than running a small file through without it.
    session.execute(f"pragma {'disable' if rows < SMALL else 'enable'}_optimizer")


def _has_commas(session: duckdb.DuckDBPyConnection, stream: Stream, cells: _Cells) -> bool:
    """Whether any number of the file has a comma in it."""
    numbers = [
        cells.by_column[c.name]
        for c in stream.read_columns
        if c.name in cells.by_column and c.type.kind in ("integer", "decimal")
    ]
    if not numbers:
        return False
    together = f"concat_ws('', {', '.join(numbers)})"
    found = session.execute(f"select bool_or(contains({together}, ',')) from {cells.table}")
    return bool(found.fetchone()[0])


def _load_csv(
    session: duckdb.DuckDBPyConnection, opened: opening.Opened, stream: Stream, scratch: Path
) -> _Cells:
    for attempt in range(MOST_PASSES):
        rejects = _scan(session, opened, scratch, attempt)
        if rejects:
            opening.mend_rows(opened, rejects, scratch)
        elif opened.quotes_are_odd and not opened.is_closed and _ends_short(session, opened):
            opening.close_quotes(opened, scratch)
        else:
            break
    else:
        raise FileRejectedError(
            "the quotes of this file are broken in many places",
            found=f"{len(opened.mends)} rows; the first: {opened.mends[0].raw[:200]!r}",
            remedy='export with every text in quotes and quotes inside doubled ("")',
        )
    if opened.mends:
        _store_mends(session, opened)
        session.execute(
            f"delete from file_rows where starts_with(c0, {literal(opening.END_MARK.decode())})"
        )
    if stream.has_titles:
        _part_tables(session, opened, stream)
    return _csv_cells(opened, stream)


def _part_tables(
    session: duckdb.DuckDBPyConnection, opened: opening.Opened, stream: Stream
) -> None:
    count = "select count(*) from file_rows"
    before = session.execute(count).fetchone()[0]
    stacked.part_tables(session, opened, stream)
    between = before - session.execute(count).fetchone()[0]
    if between:
        opened.warnings.append(f"{between} lines with titles and headers of tables were skipped")


def _scan(
    session: duckdb.DuckDBPyConnection, opened: opening.Opened, scratch: Path, attempt: int
) -> list[tuple[int, str, bool]]:
    import duckdb

    names = ", ".join(f"'c{i}': 'varchar'" for i in range(len(opened.header)))
    compression = "gzip" if opened.gzipped else "none"
    # Strict, so that a broken quote is reported and not guessed; one thread, because DuckDB pads
    # short rows next to texts of several lines in that mode only.
    scan = f"""
        create or replace temp table file_rows as
        select row_number() over () as _row, * from read_csv(
            {literal(str(opened.path))}, columns = {{{names}}}, auto_detect = false,
            delim = {literal(opened.delimiter)}, quote = '"', escape = '"', header = false,
            skip = {opened.preamble_lines}, nullstr = {literal(NO_TEXT)}, null_padding = true,
            strict_mode = true, parallel = false, max_line_size = {opening.LONGEST_ROW},
            compression = '{compression}', store_rejects = true,
            rejects_table = 'file_rejects', rejects_scan = 'file_rejects_scan'
        )
    """
    for table in ("file_rejects", "file_rejects_scan"):
        session.execute(f"drop table if exists {table}")
    try:
        session.execute(scan)
    except duckdb.InvalidInputException as error:
        if not opened.mixed_newlines:
            raise FileRejectedError(
                "this CSV cannot be taken apart", found=str(error).splitlines()[0]
            ) from error
        opening.unite_newlines(opened, scratch)
        return _scan(session, opened, scratch, attempt)
    found = session.execute(
        """
        select
            line_byte_position,
            bool_and(error_type = 'TOO MANY COLUMNS') as is_whole,
            min(error_message)
        from file_rejects
        group by line_byte_position
        """
    ).fetchall()
    rejects = []
    for position, is_whole, message in found:
        reason = "broken quotes: expected a closing quote before the next column"
        if is_whole:
            cells = message.split("Found:")[-1].strip()
            reason = f"too many cells: expected {len(opened.header)}, found {cells}"
        if "line size" in message.lower():
            reason = f"line too long: expected at most {opening.LONGEST_ROW} bytes; {message}"
        rejects.append((max(0, position - 1), reason, is_whole))
    return rejects


def _ends_short(session: duckdb.DuckDBPyConnection, opened: opening.Opened) -> bool:
    last = len(opened.header) - 1
    row = session.execute(f"select c{last} is null from file_rows order by _row desc limit 1")
    found = row.fetchone()
    return bool(found and found[0])


def _store_mends(session: duckdb.DuckDBPyConnection, opened: opening.Opened) -> None:
    session.execute(
        "create or replace temp table file_mends (n bigint, reason varchar, raw varchar)"
    )
    for start in range(0, len(opened.mends), 1000):
        rows = ", ".join(
            f"({n}, {literal(mend.reason)}, {literal(mend.raw)})"
            for n, mend in enumerate(opened.mends[start : start + 1000], start=start + 1)
        )
        session.execute(f"insert into file_mends values {rows}")


def _csv_cells(opened: opening.Opened, stream: Stream) -> _Cells:
    matched = opening.matched_columns(stream, opened.header)
    ignored = {normal_header(header) for header in stream.ignored}
    by_column = {
        column: f"c{positions[0]}"
        if len(positions) == 1
        else "coalesce(" + ", ".join(f"nullif(c{i}, '')" for i in positions) + ")"
        for column, positions in matched.items()
    }
    known = {i for positions in matched.values() for i in positions}
    labels = _labels(opened.header)
    unknown = [
        i
        for i, header in enumerate(opened.header)
        if i not in known and normal_header(header) not in ignored
    ]
    pairs = ", ".join(f"{literal(labels[i])}, nullif(c{i}, '')" for i in unknown)
    extra = (
        f"nullif(json_merge_patch('{{}}', json_object({pairs}))::varchar, '{{}}')"
        if unknown
        else "null::varchar"
    )
    secret = {i for c in stream.columns if c.pseudonym for i in matched.get(c.name, ())}
    shown = ", ".join(
        f"{literal(labels[i])}, " + (casting.pseudonym(f"trim(c{i})") if i in secret else f"c{i}")
        for i in range(len(opened.header))
        if normal_header(opened.header[i]) not in ignored
    )
    last = f"c{len(opened.header) - 1}"
    broken = [f"when {last} is null then {literal(SHORT_ROW)}"]
    raw = f"json_object({shown})::varchar"
    table = "file_rows"
    if opened.mends:
        # A mark may stand in any cell: the line it replaces may have been inside a quoted text.
        everything = ", ".join(f"c{i}" for i in range(len(opened.header)))
        mark = f"regexp_extract(concat_ws(' ', {everything}), {MARK_PATTERN}, 1)"
        table = (
            f"(select r.*, m.reason as _mend, m.raw as _mend_raw from file_rows r "
            f"left join file_mends m on m.n = try_cast({mark} as bigint))"
        )
        broken.insert(0, "when _mend is not null then _mend")
        raw = f"coalesce(_mend_raw, {raw})"
    if stream.has_titles:
        broken.append(f"when _is_other then {literal(stacked.OTHER_TABLE)}")
    # A caption may be the word `Total`, and Meta calls the whole life of a post `Gesamt`.
    first = opening.first_column(stream, opened.header)
    has_own_words = bool(first and (first.free_text or first.values))
    broken.append(_total_row(stream, by_column, None if has_own_words else "c0"))
    return _Cells(
        by_column,
        extra,
        raw,
        f"case {' '.join(broken)} end",
        table,
        [labels[i] for i in unknown if opened.header[i]],
        "_title" if stream.has_titles else "null",
    )


def _labels(header: list[str]) -> list[str]:
    """Header cells as unique names; a nameless column is called by its place."""
    labels: list[str] = []
    for position, cell in enumerate(header, start=1):
        label = cell or f"column {position}"
        while label in labels:
            label += f" ({position})"
        labels.append(label)
    return labels


def _total_row(stream: Stream, by_column: dict[str, str], first: str | None) -> str:
    keys = [
        by_column[c.name]
        for c in stream.columns
        if c.name in by_column and c.name in stream.key and c.type.kind != "text"
    ]
    places = keys + ([first] if first else [])
    if not places:
        return "when false then null"
    # Most ids are longer than any of the words, and their length is known without reading them.
    longest = max(len(word.encode()) for word in TOTAL_WORDS)
    words = casting.literals(TOTAL_WORDS)
    tests = " or ".join(
        f"case when strlen({text}) <= {longest} then lower({text}) in ({words}) else false end"
        for text in map(casting.trimmed, places)
    )
    return f"when {tests} then {literal(TOTAL_ROW)}"


def _load_json_lines(
    session: duckdb.DuckDBPyConnection, opened: opening.Opened, stream: Stream, scratch: Path
) -> _Cells:
    compression = "gzip" if opened.gzipped else "none"
    # A line is one cell of a file with a delimiter and no quotes: a broken line stays a row.
    session.execute(
        f"""
        create or replace temp table file_lines as
        select _row, line, json_valid(line) and starts_with(ltrim(line), '{{') as is_object
        from (
            select row_number() over () as _row, line
            from read_csv(
                {literal(str(opened.path))}, columns = {{'line': 'varchar'}},
                auto_detect = false, delim = {literal(NEVER)}, quote = '', escape = '',
                header = false, nullstr = {literal(NO_TEXT)},
                max_line_size = {2 * opening.LONGEST_ROW},
                compression = '{compression}', parallel = false
            )
            where {_is_not_blank("line")}
        )
        """
    )
    return _json_cells(session, opened, stream)


def _is_not_blank(line: str) -> str:
    # To trim a line of a thousand characters takes as long as to read and parse it.
    return f"case when starts_with({line}, '{{') then true else trim({line}) <> '' end"


def _load_parquet(
    session: duckdb.DuckDBPyConnection, opened: opening.Opened, stream: Stream, scratch: Path
) -> _Cells:
    import duckdb

    source = f"read_parquet({literal(str(opened.path))}, file_row_number = true)"
    try:
        described = session.execute(f"describe select * from {source}").fetchall()
        kept = [row[0] for row in described if row[0] != "file_row_number"]
        wanted = _wanted_fields(stream, kept)
        packed = ", ".join(f"{literal(field)}, {name(field)}" for field in wanted)
        session.execute(
            f"""
            create or replace temp table file_lines as
            select file_row_number + 1 as _row, json_object({packed})::varchar as line,
                true as is_object
            from {source}
            """
        )
    except duckdb.Error as error:
        raise FileRejectedError(
            "the Parquet file is damaged or of an unknown kind",
            found=str(error).splitlines()[0],
            remedy="copy or export it again",
        ) from error
    return _json_cells(session, opened, stream, sorted(wanted))


def _wanted_fields(stream: Stream, fields: list[str]) -> list[str]:
    ignored = {normal_header(f) for f in stream.ignored}
    needed = {normal_header(_top(c)) for c in stream.read_columns}
    return [f for f in fields if normal_header(f) in needed or normal_header(f) not in ignored]


def _top(column: Column) -> str:
    path = column.path or column.name
    return path.split(".")[0].split("[")[0]


def _json_cells(
    session: duckdb.DuckDBPyConnection,
    opened: opening.Opened,
    stream: Stream,
    fields: list[str] | None = None,
) -> _Cells:
    """Flatten `file_lines` into `file_rows`: every line is taken apart once.

    Args:
        session, opened, stream: as everywhere.
        fields: the fields of every line, in order; None where they may differ.
    """
    rows, objects = session.execute(
        "select count(*), count(*) filter (where is_object) from file_lines"
    ).fetchone()
    if fields is None:
        fields = _fields(session)
    elif not objects:
        fields = []
    _tune(session, rows)
    places = _json_places(stream, fields)
    if objects:
        _require_fields(stream, fields, places.by_column)
    session.execute(_flattened(session, opened, places))
    session.execute("drop table file_lines")
    ignored = {normal_header(f) for f in stream.ignored}
    unknown = [f for f in fields if f not in places.known and normal_header(f) not in ignored]
    pairs = ", ".join(
        f"{literal(f)}, json_extract(_line, {literal(_json_path(f))})" for f in unknown
    )
    extra = (
        "case when is_object then "
        f"nullif(json_merge_patch('{{}}', json_object({pairs}))::varchar, '{{}}') end"
        if unknown
        else "null::varchar"
    )
    broken = [
        "when _mend is not null then _mend",
        "when not is_object then 'not JSON: expected one object in braces on the line'",
        _total_row(stream, places.by_column, None),
    ]
    return _Cells(
        places.by_column,
        extra,
        f"coalesce(_mend_raw, {_json_raw(stream, fields)})",
        f"case {' '.join(broken)} end",
        "file_rows",
        unknown,
    )


def _fields(session: duckdb.DuckDBPyConnection) -> list[str]:
    """The fields of all lines, in order."""
    keys = "select distinct json_keys(case when is_object then line end) as keys from file_lines"
    found = session.execute(f"select distinct unnest(keys) as field from ({keys}) order by 1")
    return [row[0] for row in found.fetchall()]


def _flattened(session: duckdb.DuckDBPyConnection, opened: opening.Opened, places: _Places) -> str:
    source = (
        "select _row, is_object, line as _line, case when is_object then line end as line, "
        "null::varchar as _mend, null::varchar as _mend_raw from file_lines"
    )
    if opened.mends:
        _store_mends(session, opened)
        source = (
            "select _row, is_object, line as _line, case when is_object then line end as line, "
            "m.reason as _mend, m.raw as _mend_raw from file_lines left join file_mends m "
            f"on m.n = try_cast(regexp_extract(line, {MARK_PATTERN}, 1) as bigint)"
        )
    parsed = [
        f"json_transform(line, {literal(json.dumps(shape))}) as _js{number}"
        for number, shape in enumerate(places.shapes)
    ]
    keys = [
        f"list_transform({sql}, lambda p: p.key) as {name('_keys_' + f)}"
        for f, sql in places.lists.items()
    ]
    picked = [
        f"{places.lists[f]}[list_position({name('_keys_' + f)}, {literal(key)})].value as _p{i}"
        for i, (f, key) in enumerate(places.params)
    ]
    cells = [f"{sql} as {cell}" for cell, sql in places.cells.items()]
    return (
        "create or replace temp table file_rows as "
        f"select {', '.join(['_row', '_line', 'is_object', '_mend', '_mend_raw', *cells])} from ("
        f"select {', '.join(['*', *picked])} from ("
        f"select {', '.join(['*', *keys])} from ("
        f"select {', '.join(['*', *parsed])} from ({source}))))"
    )


_PARAM_VALUES = ("string_value", "int_value", "float_value", "double_value")
_PARAMS = [{"key": "VARCHAR", "value": dict.fromkeys(_PARAM_VALUES, "VARCHAR")}]


def _json_path(*steps: str) -> str:
    return "$" + "".join('."' + step.replace('"', '\\"') + '"' for step in steps)


@dataclass
class _Places:
    """Where the values of a stream are in its JSON.

    Attributes:
        shapes: what is read from each line, as `json_transform` takes it. All that one shape names
            is read at once, a key/value list too.
        lists: key/value lists, as SQL over the shapes.
        params: key/value lists and the keys taken from them.
        cells: columns of the flattened table, as SQL over all of the above.
        by_column: which cell a declared column is in.
        known: top-level fields that are declared.
    """

    shapes: list[dict[str, Any]] = field(default_factory=list)
    lists: dict[str, str] = field(default_factory=dict)
    params: list[tuple[str, str]] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)
    by_column: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def read(self, steps: tuple[str, ...], kind: Any = "VARCHAR") -> str:
        """SQL of the value at `steps`, which the first shape that has room for it reads."""
        taken = (n for n, shape in enumerate(self.shapes) if _takes(shape, steps, kind))
        number = next(taken, len(self.shapes))
        if number == len(self.shapes):
            self.shapes.append({})
            _takes(self.shapes[-1], steps, kind)
        return ".".join((f"_js{number}", *map(name, steps)))


def _takes(shape: dict[str, Any], steps: tuple[str, ...], kind: Any) -> bool:
    """Write the value at `steps` into a shape; whether there was room for it.

    Names of a struct differ in more than their case, and what is read as text has no fields.
    """
    first, *rest = steps
    alike = next((known for known in shape if known.lower() == first.lower()), first)
    if alike != first:
        return False
    if not rest:
        return shape.setdefault(first, kind) == kind
    inner = shape.setdefault(first, {})
    return isinstance(inner, dict) and _takes(inner, tuple(rest), kind)


def _json_places(stream: Stream, fields: list[str]) -> _Places:
    places = _Places()
    by_header = {normal_header(f): f for f in reversed(fields)}
    for column in stream.read_columns:
        if column.path and "[" in column.path:
            listed, key = column.path.rstrip("]").split("[")
            steps, found = [(listed,)], listed in fields
            if found:
                places.lists[listed] = places.read((listed,), _PARAMS)
                taken = f"_p{len(places.params)}"
                places.params.append((listed, key))
                sql = f"coalesce({', '.join(f'{taken}.{v}' for v in _PARAM_VALUES)})"
        else:
            if column.path:
                steps = [column.steps]
            else:
                steps = [(by_header[h],) for h in column.headers if h in by_header]
            present = [step for step in steps if step[0] in fields]
            found = bool(present)
            if found:
                values = (f"nullif({places.read(step)}, '')" for step in present)
                sql = f"coalesce({', '.join(values)})"
        places.known.update(step[0] for step in steps)
        if found:
            cell = f"c{len(places.cells)}"
            places.cells[cell] = sql
            places.by_column[column.name] = cell
    return places


def _require_fields(stream: Stream, fields: list[str], by_column: dict[str, str]) -> None:
    found = f"fields {', '.join(repr(f) for f in fields) or 'nothing'}"
    missing = [c for c in stream.required_columns if c.name not in by_column]
    if missing:
        raise FileRejectedError(
            f"required column missing: {', '.join(c.name for c in missing)}",
            expected=", ".join(repr(c.path or c.name) for c in missing),
            found=found,
            remedy="export with this field, or declare its new name",
            column=missing[0].name,
        )
    opening.require_a_shape(stream, by_column, found)


def _json_raw(stream: Stream, fields: list[str]) -> str:
    # What names a person is replaced, what is never wanted is left out; a patch of NULL removes.
    ignored = {normal_header(f) for f in stream.ignored}
    patches: list[tuple[tuple[str, ...], str]] = []
    for column in stream.columns:
        if not (column.pseudonym or column.items) or (column.path and "[" in column.path):
            continue
        steps = column.steps
        found = [steps] if steps and steps[0] in fields else []
        if not steps or steps == (column.name,):
            found = [(f,) for f in fields if normal_header(f) in column.headers]
        for place in found:
            plain = f"trim(json_extract_string(_line, {literal(_json_path(*place))}))"
            if column.items:
                patches.append((place, f"{casting.listed(column.items, plain)}::json"))
                continue
            if column.strip_prefix:
                plain = casting.without_prefix(plain)
            patches.append((place, casting.pseudonym(plain)))
    listed = {c.path.split("[")[0] for c in stream.read_columns if c.path}
    for field_name in fields:
        if normal_header(field_name) in ignored and field_name not in listed:
            patches.append(((field_name,), "null"))
    for inner in stream.ignored:
        steps = tuple(inner.split("."))
        if len(steps) > 1 and steps[0] in fields:
            patches.append((steps, "null"))
    if not patches:
        return "_line"
    return (
        "case when is_object then "
        f"json_merge_patch(_line, {_json_patch(patches)})::varchar else _line end"
    )


def _json_patch(patches: list[tuple[tuple[str, ...], str]]) -> str:
    """SQL of a JSON object with each value at its place."""
    by_field: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for (first, *rest), sql in patches:
        by_field.setdefault(first, []).append((tuple(rest), sql))
    pairs = []
    for field_name, inner in by_field.items():
        ends = [sql for rest, sql in inner if not rest]
        pairs.append(f"{literal(field_name)}, {ends[0] if ends else _json_patch(inner)}")
    return f"json_object({', '.join(pairs)})"


# Names of columns, and SQL of a condition on their cleaned cells.
_Test = tuple[tuple[str, ...], str]


class _Queries:
    """The layers over a loaded file: cleaned text, values, problems."""

    def __init__(
        self,
        stream: Stream,
        provenance: Provenance,
        cells: _Cells,
        *,
        grouped: bool,
        decimal_comma: bool,
    ) -> None:
        self.stream = stream
        self.provenance = provenance
        self.cells = cells
        self.decimal_comma = decimal_comma
        self.grouped = grouped
        self.columns = [c for c in stream.read_columns if c.name in cells.by_column]
        self.place = {c.name: i for i, c in enumerate(self.columns)}

    def kept(self) -> str:
        """Rows without a problem, as the lake has them."""
        values = [f"{self._value(c)} as {name(c.name)}" for c in self.stream.columns]
        provenance = self.provenance
        own = {
            "_source_file": literal(provenance.file),
            "_source_row": "_row",
            "_file_sha256": literal(provenance.sha256),
            "_exported_at": f"{literal(str(provenance.exported_at))}::timestamp",
            "_exported_at_is_known": str(provenance.exported_at_is_known).lower(),
            "_extracted_at": f"{literal(str(provenance.extracted_at))}::timestamp",
            "_extra": "_extra",
            "_zone_notes": self._zone_notes(),
        }
        types = dict(lake_schema(self.stream))
        values += [f"{sql}::{types[column]} as {name(column)}" for column, sql in own.items()]
        return f"select {', '.join(values)} from ({self._judged()}) where _problem is null"

    def refused(self) -> str:
        """Rows of `bad_rows`, as quarantine has them. The first problem speaks."""
        raw = (
            f"case when length(_raw) > {RAW_LIMIT} then left(_raw, {RAW_LIMIT}) || "
            "' … (' || length(_raw) || ' characters)' else _raw end"
        )
        places = " ".join(
            f"when {literal(c.name)} then {self._shown(i, c)}" for i, c in enumerate(self.columns)
        )
        found = f"case _at {places} end" if places else "null"
        at = " ".join(
            f"when p{i} is not null then {literal(c.name)}" for i, c in enumerate(self.columns)
        )
        where = f"case when _broken is not null then null {at} end"
        # How a row was is worded for the refused alone: of a ticket with all its comments that is
        # half a megabyte of memory, and rows are worked on two thousand at a time.
        judged = self._judged(
            extra=f"{where} as _at, {self.cells.raw} as _raw", table=self._bad_rows()
        )
        return (
            f"select _row as row, _at as column_name, _problem as reason, "
            f"left({found}, 1000) as found, {raw} as raw_text "
            f"from ({judged}) where _problem is not null{self._and_no_total()}"
        )

    def _bad_rows(self) -> str:
        return f"(select * from {self.cells.table} where _row in (select _row from bad_rows))"

    def _and_no_total(self) -> str:
        return f" and _problem <> {literal(TOTAL_ROW)}" if self.stream.totals else ""

    def totals(self, session: duckdb.DuckDBPyConnection) -> tuple[int, list[str]]:
        """Total rows to leave out, and in words where they are not the sum of the rows."""
        if not self.stream.totals:
            return 0, []
        summed = [column for column in self.stream.totals if column in self.place]
        is_total = f"_problem = {literal(TOTAL_ROW)}"
        sums = [
            f"max(v{i}) filter (where {is_total}), sum(v{i}) filter (where not {is_total})"
            for i in (self.place[column] for column in summed)
        ]
        counted = ", ".join([f"count(*) filter (where {is_total})", *sums])
        judged = f"select * replace (coalesce(_problem, '') as _problem) from ({self._judged()})"
        totals, *values = session.execute(f"select {counted} from ({judged})").fetchone()
        differing = []
        for column, total, rows in zip(summed, values[::2], values[1::2], strict=True):
            rows = float(rows or 0)
            if total is not None and abs(total - rows) > TOTAL_TOLERANCE * max(abs(total), 1):
                differing.append(
                    f"the total row says {total:g} {column}, the rows add up to {rows:g}; "
                    "the export may not list everything"
                )
        return totals, differing

    def future(self) -> str:
        """Earliest instant that was refused for lying in the future, NULL without one."""
        instants = [
            f"case when p{i} like 'in the future%' then v{i} end"
            for i, c in enumerate(self.columns)
            if c.type.kind == "instant"
        ]
        if not instants:
            return "select null::timestamp"
        judged = self._judged(table=self._bad_rows())
        return f"select min(least({', '.join(instants)}, null)) from ({judged})"

    def is_ambiguous(self) -> list[_Test]:
        """Of each time of a zone whose clocks change: whether it exists twice or not at all."""
        return [((c.name,), test) for c, test in self._shifted()]

    def is_wall_time(self) -> list[_Test]:
        """Of each time whose zone is a setting that is not set: whether it needs one."""
        return [
            ((c.name,), casting.is_wall_time(c, f"t{i}"))
            for i, c in enumerate(self.columns)
            if c.type.zone_setting
        ]

    def counts(self, session: duckdb.DuckDBPyConnection, questions: list[list[_Test]]) -> list[int]:
        """How many cells pass the tests of each question, in one pass over their columns."""
        asked = {name for tests in questions for names, _ in tests for name in names}
        if not asked:
            return [0] * len(questions)
        sums = [
            " + ".join(f"count(*) filter (where {test})" for _, test in tests) or "0"
            for tests in questions
        ]
        cleaned = self._cleaned(only=asked)
        found = session.execute(f"select {', '.join(sums)} from ({cleaned}) where _broken is null")
        return list(found.fetchone())

    def _shifted(self) -> list[tuple[Column, str]]:
        return [
            (c, casting.ambiguous(c, f"t{i}"))
            for i, c in enumerate(self.columns)
            if c.type.kind == "instant" and c.type.zone != "UTC"
        ]

    def _zone_notes(self) -> str:
        cases = [f"case when {test} then {literal(c.name)} end" for c, test in self._shifted()]
        return f"nullif(concat_ws(', ', {', '.join(cases)}), '')" if cases else "null"

    def _cleaned(self, table: str | None = None, only: set[str] | None = None) -> str:
        # Small files are read without the optimizer, which would leave out what nobody asks for.
        texts = [
            f"{casting.cleaned(c, self.cells.by_column[c.name], self.stream.nulls)} as t{i}"
            for i, c in enumerate(self.columns)
            if only is None or c.name in only
        ]
        rest = f"*, {self.cells.extra} as _extra, " if only is None else ""
        return (
            f"select {rest}{self.cells.broken} as _broken, "
            f"{', '.join(texts)} from {table or self.cells.table}"
        )

    def _judged(self, extra: str = "", table: str | None = None) -> str:
        plain = {i: f"t{i}" for i in range(len(self.columns))}
        layer = self._cleaned(table)
        if self.grouped:
            numbers = {
                i: casting.plain_number(c, f"t{i}", decimal_comma=self.decimal_comma)
                for i, c in enumerate(self.columns)
            }
            numbers = {i: sql for i, sql in numbers.items() if sql is not None}
            plain |= {i: f"n{i}" for i in numbers}
            read = "".join(f", {sql} as n{i}" for i, sql in numbers.items())
            layer = f"select *{read} from ({layer})"
        typed = [f"{casting.value(c, plain[i])} as v{i}" for i, c in enumerate(self.columns)]
        limit = f"{literal(str(self.provenance.limit_at))}::timestamp"
        problems = [
            casting.problem(c, f"t{i}", f"v{i}", limit, self._exempt(c), self._stand_in(c))
            + f" as p{i}"
            for i, c in enumerate(self.columns)
        ]
        own = (f"p{i}" for i in range(len(self.columns)))
        first = ", ".join(["_broken", *own, self._shapeless()])
        values = f"select *, {', '.join(typed)} from ({layer})"
        judged = f"select *, {', '.join(problems)} from ({values})"
        more = f", {extra}" if extra else ""
        return f"select *, coalesce({first}) as _problem{more} from ({judged})"

    def _exempt(self, column: Column) -> str | None:
        place = self.place.get(column.negative_where[0]) if column.negative_where else None
        return None if place is None else f"t{place}"

    def _stand_in(self, column: Column) -> str | None:
        place = self.place.get(column.or_else)
        return None if place is None else f"v{place}"

    def _shapeless(self) -> str:
        """Why a row has none of the shapes of its stream, in words; NULL where it has one."""
        if not self.stream.shapes:
            return "null::varchar"
        whole = [
            " and ".join(f"v{self.place[name]} is not null" for name in shape)
            for shape in self.stream.shapes
            if all(name in self.place for name in shape)
        ]
        expected = literal(f"missing value: expected {opening.spoken_shapes(self.stream)}")
        tests = " or ".join(f"({test})" for test in whole) or "false"
        return f"case when not ({tests}) then {expected} end"

    def is_stood_in_for(self) -> list[_Test]:
        """Whether an id of a row is damaged that may stand aside; nothing where none may."""
        found = {c.name: casting.damaged(c, f"t{i}") for i, c in enumerate(self.columns)}
        tests = {name: test for name, test in found.items() if test is not None}
        return [(tuple(tests), " or ".join(f"({test})" for test in tests.values()))] * bool(tests)

    def _shown(self, place: int, column: Column) -> str:
        plain = casting.without_prefix(f"t{place}") if column.strip_prefix else f"t{place}"
        return casting.pseudonym(plain) if column.pseudonym else plain

    def _value(self, column: Column) -> str:
        if column.derived in ("first_date_in_name", "last_date_in_name"):
            day = getattr(self.provenance, column.derived)
            return "null::date" if day is None else f"{literal(day)}::date"
        if column.derived == "folder":
            folder = self.provenance.folder
            return "null::varchar" if folder is None else f"{literal(folder)}::varchar"
        if column.derived == "title":
            return f"{self.cells.title}::varchar"
        if column.derived == "is_date_only":
            place = self.place.get(column.of)
            return "null::boolean" if place is None else casting.is_date_only(f"t{place}")
        if column.derived == "equals":
            places = [self.place.get(other) for other in (column.of, column.than)]
            return "null::boolean" if None in places else f"t{places[0]} = t{places[1]}"
        place = self.place.get(column.name)
        if place is None:
            return f"null::{column.lake_type}"
        if not column.pseudonym:
            return f"v{place}"
        masked = f"case when v{place} is not null then {casting.pseudonym(f'v{place}')} end"
        if column.pseudonym_when is None:
            return masked
        condition = self.place.get(column.pseudonym_when)
        when = "true" if condition is None else f"coalesce(v{condition}, true)"
        return f"case when {when} then {masked} else v{place} end"
