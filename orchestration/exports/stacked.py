"""Several tables below each other in one CSV, each under a title and a header of its own.

Which row belongs to which table, and nothing else. Where the first header is, `opening.py` knows;
what the cells mean is the reader's business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.exports import casting
from orchestration.exports.casting import literal, literals
from orchestration.exports.contract import Stream, normal_header
from orchestration.exports.opening import MARK, Opened, first_column

if TYPE_CHECKING:
    import duckdb

OTHER_TABLE = (
    "row of another table: expected the header of the file's first table above it; "
    "export one metric per file"
)


def part_tables(session: duckdb.DuckDBPyConnection, opened: Opened, stream: Stream) -> None:
    """Give each row of `file_rows` the title of its table; take out the titles and headers between.

    `_title` is what stands in the lines above the table's header. A table under a title without a
    header like the first has numbers of its own, whatever its rows look like: `_is_other`.
    """
    session.execute(
        f"""
        create or replace temp table file_rows as
        with
            lines as (
                select *, coalesce({_is_title(opened, stream)}, false) as _is_title,
                    {_is_header(opened, stream)} as _is_header,
                    {_is_first_header(opened)} as _is_first_header
                from file_rows
            ),
            started as (
                select *, (_is_title or _is_header)
                    and not lag(_is_title, 1, false) over (order by _row) as _starts
                from lines
            ),
            numbered as (
                select *, count(*) filter (where _starts)
                    over (order by _row rows unbounded preceding) as _table
                from started
            ),
            tables as (
                select _table, bool_or(_is_first_header) as _is_known,
                    string_agg(trim(c0), ' ' order by _row) filter (where _is_title) as _title
                from numbered
                where _is_title or _is_header
                group by _table
            )
        select
            _row, {", ".join(_cells(opened))}, coalesce(not _is_known, false) as _is_other,
            case when _table = 0 then {casting.scalar(opened.title)} else _title end as _title
        from numbered
        left join tables using (_table)
        where not (coalesce(_is_known, false) and (_is_title or _is_header))
        order by _row
        """
    )


def _cells(opened: Opened) -> list[str]:
    return [f"c{i}" for i in range(len(opened.header))]


def _is_header(opened: Opened, stream: Stream) -> str:
    """Whether a row begins like a header: with any name of the column that stands first."""
    column = first_column(stream, opened.header)
    names = column.headers if column else (normal_header(opened.header[0]),)
    return f"trim(regexp_replace(lower(c0), '[\\s_-]+', ' ', 'g')) in ({literals(names)})"


def _is_first_header(opened: Opened) -> str:
    cells = zip(_cells(opened), opened.header, strict=True)
    return " and ".join(f"lower(trim({c})) = {literal(text.lower())}" for c, text in cells)


def _is_title(opened: Opened, stream: Stream) -> str:
    """Whether a row is one cell that the first column cannot have, and not a mended row."""
    alone = f"concat_ws('', {', '.join(_cells(opened)[1:] or ['null'])}) = ''"
    tests = ["trim(c0) <> ''", alone, f"not starts_with(c0, {literal(MARK)})"]
    column = first_column(stream, opened.header)
    if column:
        value = casting.value(column, casting.cleaned(column, "c0", stream.nulls))
        # Reading a day is dear: only the few cells that stand alone are read.
        return f"case when {' and '.join(tests)} then {value} is null end"
    return " and ".join(tests)
