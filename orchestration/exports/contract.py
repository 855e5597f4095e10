"""What a stream looks like: its columns, their spellings over the years, types, time zone and key.

Values only. Turning text into types is `casting.py`'s business, opening files `opening.py`'s, and
one stream's columns are declared in the module named after its source.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from orchestration.errors import DeclarationError

Kind = Literal["text", "identifier", "integer", "decimal", "boolean", "date", "instant"]

LAKE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "text": "varchar",
        "identifier": "varchar",
        "integer": "bigint",
        "decimal": "double",
        "boolean": "boolean",
        "date": "date",
        "instant": "timestamp",
    }
)


@dataclass(frozen=True)
class Type:
    """How the text of a cell becomes a value.

    Attributes:
        kind: the family; `LAKE_TYPES` gives the type in the lake.
        formats: for dates and instants, `strptime` formats tried after ISO 8601.
        zone: for instants written without an offset, the IANA zone they were written in.
        zone_setting: that zone is the account's or the user's, nowhere in the file: it is the
            setting `WAREHOUSE_EXPORT_ZONES` of the source, UTC without one.
        unit: for instants printed as a number since 1970, `us` (microseconds) or `ms`
            (milliseconds).
        whole: for identifiers, whether `3.0` is a tool's way to print `3`.
    """

    kind: Kind
    formats: tuple[str, ...] = ()
    zone: str = "UTC"
    zone_setting: bool = False
    unit: str | None = None
    whole: bool = False


text = Type("text")
identifier = Type("identifier")
integer = Type("integer")
decimal = Type("decimal")
boolean = Type("boolean")


def date(*formats: str) -> Type:
    """A calendar day, ISO 8601 or one of `formats`."""
    return Type("date", formats=formats)


def instant(
    *formats: str, zone: str = "UTC", zone_setting: bool = False, unit: str | None = None
) -> Type:
    """A moment, kept in UTC. Text without an offset was written in `zone`, or in the zone that the
    setting `WAREHOUSE_EXPORT_ZONES` gives for the source."""
    return Type("instant", formats=formats, zone=zone, zone_setting=zone_setting, unit=unit)


Derivation = Literal[
    "first_date_in_name", "last_date_in_name", "is_date_only", "equals", "folder", "title"
]


@dataclass(frozen=True)
class Item:
    """One field of the objects in a JSON list that is kept; what is not named here is dropped.

    Attributes:
        name: name in the lake's JSON text, where every value is text, a list of `items` or null.
        paths: where the value is (`a.b.c`); the first that is there counts. Default: the name.
        pseudonym: replace the value by its keyed pseudonym, as in a column of its own.
        pseudonym_when: only where another path of the object holds one of these words.
        only_when: keep the value only where another path of the object holds one of these words.
        plain: values that stand for no person, and are left as they are.
        items: the value is a list of objects itself.
    """

    name: str
    paths: tuple[str, ...] = ()
    pseudonym: bool = False
    pseudonym_when: tuple[str, tuple[str, ...]] | None = None
    only_when: tuple[str, tuple[str, ...]] | None = None
    plain: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Column:
    """One column of the lake and where its values come from.

    Attributes:
        name: name in the lake; also a header it is read from.
        type: see `Type`.
        aliases: other headers it has had. Case, spaces, `_` and `-` make no difference.
        path: in nested formats, where the value is: `a.b.c`, a name with dots in it in quotes
            (`metrics."lifetime.likes"`), or `event_params[key]` in a list of keys and values.
        required: the file must have the column and every row a value.
        nulls: further spellings of "no value" (the empty cell always is one).
        values: spelling (lower case) → canonical value, for words that tools localise. Others pass
            unchanged.
        pseudonym: replace the value by its keyed pseudonym.
        pseudonym_when: only in rows where this boolean column is true.
        non_negative: a count or a duration; less than zero goes to quarantine.
        negative_where: another column and its words (lower case) with which it may be negative,
            because their network says so.
        may_be_future: an instant that plans ahead; others later than the run go to quarantine.
        free_text: what people wrote or are called; never shown in previews.
        strip_prefix: the tool writes the network's id behind a word of its own (`twu:123`), which
            goes before anything else is done, so that one id reads alike in every tool.
        items: the cell is a JSON list of objects, of which these fields are kept, as JSON text.
        or_else: a damaged id is left empty instead of refused where this column has a value, which
            then tells the rows apart.
        derived: taken from the file name or from another column (`of`), not from a cell; `equals`
            says whether the cells of `of` and `than` are alike, as written, and `folder` is the
            first folder below the stream's own (`x/account/lumen/a.csv`: `lumen`), in lower case;
            `title` is what stands in the lines above a CSV's header, where a tool writes what the
            table is about; such a CSV may have several tables below each other.
    """

    name: str
    type: Type
    aliases: tuple[str, ...] = ()
    path: str | None = None
    required: bool = False
    nulls: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pseudonym: bool = False
    pseudonym_when: str | None = None
    non_negative: bool = False
    negative_where: tuple[str, tuple[str, ...]] | None = None
    may_be_future: bool = False
    free_text: bool = False
    strip_prefix: bool = False
    items: tuple[Item, ...] = ()
    or_else: str | None = None
    derived: Derivation | None = None
    of: str | None = None
    than: str | None = None

    @property
    def lake_type(self) -> str:
        """Type of the column in the lake."""
        return LAKE_TYPES[self.type.kind]

    @property
    def steps(self) -> tuple[str, ...]:
        """Names of the fields that lead to the value, from the outside in."""
        names = re.findall(r'"([^"]+)"|([^."]+)', self.path or "")
        return tuple(quoted or plain for quoted, plain in names)

    @property
    def headers(self) -> tuple[str, ...]:
        """Every header that means this column, normalised."""
        return tuple(dict.fromkeys(normal_header(h) for h in (self.name, *self.aliases)))


@dataclass(frozen=True)
class Stream:
    """One kind of export of one source.

    Attributes:
        source, name: the folder in the landing zone is `<source>/<name>/`, subfolders included.
        columns: in the order of the lake.
        key: columns that identify a row to its source (staging deduplicates by them).
        delimiters: accepted in CSV; the header decides which one it is.
        semicolon_means_decimal_comma: `;` files of this tool write `3,5` for 3.5 and
            `1.500` for 1500.
        ignored: headers (or top-level fields, or `a.b` in one) that are known and not wanted.
        records: in JSON, the fields of a document whose list holds the rows (or whose object is the
            row); a document without it is a row itself. Documents may then take several lines.
        spread: in JSON, the field of a record whose list holds the rows; the record's other fields
            stand in each of them.
        shapes: a tool's several ways to say the same, each a set of columns: a file has the columns
            of one of them, and every row their values.
        sheets: names of the Excel sheet to read, in any language; without one of them, the first
            sheet that has the columns. Streams that name none are read from the first sheet.
        zip_members: names of the file to read in a zip archive, whatever folder it is in; without
            them an archive is refused.
        totals: columns that a total row of this tool sums up: it is compared with the rows and
            left out, instead of going to quarantine.
        is_wider: files have further columns that differ from one to the next; they go to `_extra`
            without a warning.
        nulls: spellings of "no value" in any column.
        name_zone, name_zone_setting: for stamps in file names without an offset, the IANA zone they
            were written in, or that it is the setting, as for a `Type`.
    """

    source: str
    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    delimiters: tuple[str, ...] = (",", ";")
    semicolon_means_decimal_comma: bool = False
    ignored: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    spread: str | None = None
    shapes: tuple[tuple[str, ...], ...] = ()
    sheets: tuple[str, ...] = ()
    zip_members: tuple[str, ...] = ()
    totals: tuple[str, ...] = ()
    is_wider: bool = False
    nulls: tuple[str, ...] = ()
    name_zone: str = "UTC"
    name_zone_setting: bool = False

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        where = f"stream {self.folder}"
        if len(set(names)) != len(names):
            raise DeclarationError(f"{where}: a column is declared twice")
        unknown = [name for name in self.key if name not in names]
        if unknown:
            raise DeclarationError(f"{where}: key names undeclared columns {unknown}")
        unsummed = [name for name in self.totals if name not in names]
        if unsummed:
            raise DeclarationError(f"{where}: totals names undeclared columns {unsummed}")
        unshaped = [name for shape in self.shapes for name in shape if name not in names]
        if unshaped:
            raise DeclarationError(f"{where}: shapes name undeclared columns {unshaped}")
        if self.spread and not self.records:
            raise DeclarationError(f"{where}: spread without records to spread")
        seen: dict[str, str] = {}
        for column in self.columns:
            exempt = column.negative_where[0] if column.negative_where else None
            for other in (column.pseudonym_when, column.or_else, column.of, column.than, exempt):
                if other is not None and other not in names:
                    raise DeclarationError(f"{where}, column {column.name}: no column {other}")
            if column.negative_where and not column.non_negative:
                raise DeclarationError(f"{where}, column {column.name}: it may be negative anyway")
            if column.derived or column.path:
                continue
            for header in column.headers:
                if seen.setdefault(header, column.name) != column.name:
                    raise DeclarationError(
                        f"{where}: header {header!r} means both {seen[header]} and {column.name}"
                    )

    @property
    def folder(self) -> str:
        """Path of the stream under the landing zone and under the lake."""
        return f"{self.source}/{self.name}"

    @property
    def read_columns(self) -> tuple[Column, ...]:
        """Columns that come from cells."""
        return tuple(column for column in self.columns if column.derived is None)

    @property
    def required_columns(self) -> tuple[Column, ...]:
        """Columns without which a file means nothing."""
        return tuple(column for column in self.columns if column.required)

    @property
    def has_pseudonyms(self) -> bool:
        """Whether what is written depends on the pseudonym key."""
        return any(column.pseudonym or column.items for column in self.columns)

    @property
    def has_titles(self) -> bool:
        """Whether a table's title says what is in it, and a CSV may have several tables."""
        return any(column.derived == "title" for column in self.columns)

    @property
    def has_zone_setting(self) -> bool:
        """Whether the zone of some wall times is a setting, and has not been given."""
        return self.name_zone_setting or any(c.type.zone_setting for c in self.columns)

    def in_zone(self, zone: str | None) -> Stream:
        """The stream as it is read where `WAREHOUSE_EXPORT_ZONES` gives its source this zone."""
        if zone is None or not self.has_zone_setting:
            return self
        columns = tuple(
            replace(column, type=replace(column.type, zone=zone, zone_setting=False))
            if column.type.zone_setting
            else column
            for column in self.columns
        )
        if not self.name_zone_setting:
            return replace(self, columns=columns)
        return replace(self, columns=columns, name_zone=zone, name_zone_setting=False)

    @property
    def fingerprint(self) -> str:
        """Hash of the declaration: when it changes, files are read again."""
        return hashlib.sha256(repr(self).encode()).hexdigest()


# What every row of the lake carries besides its stream's columns.
PROVENANCE: tuple[tuple[str, str], ...] = (
    ("_source_file", "varchar"),
    ("_source_row", "bigint"),
    ("_file_sha256", "varchar"),
    ("_exported_at", "timestamp"),
    ("_exported_at_is_known", "boolean"),
    ("_extracted_at", "timestamp"),
    ("_extra", "varchar"),
    # Columns whose wall time exists twice or not at all; read with the earlier offset.
    ("_zone_notes", "varchar"),
)

FILES_SCHEMA: tuple[tuple[str, str], ...] = (
    ("source", "varchar"),
    ("stream", "varchar"),
    ("file", "varchar"),
    ("file_sha256", "varchar"),
    ("exported_at", "timestamp"),
    ("extracted_at", "timestamp"),
    ("rows_read", "bigint"),
    ("rows_in_lake", "bigint"),
    ("rows_quarantined", "bigint"),
    ("status", "varchar"),
    ("message", "varchar"),
    ("part", "varchar"),
    ("retry_after_at", "timestamp"),
    ("exported_at_is_known", "boolean"),
    # Declared columns that the file has, and headers that nobody declared, each parted by `|`.
    ("columns_found", "varchar"),
    ("columns_unknown", "varchar"),
)

QUARANTINE_SCHEMA: tuple[tuple[str, str], ...] = (
    ("source", "varchar"),
    ("stream", "varchar"),
    ("file", "varchar"),
    ("file_sha256", "varchar"),
    ("row", "bigint"),
    ("column_name", "varchar"),
    ("reason", "varchar"),
    ("found", "varchar"),
    ("raw_text", "varchar"),
    ("extracted_at", "timestamp"),
)


# What the warehouse did before, which it reports on like on anything else (`history.py` writes it).
CHECKED_SCHEMA: tuple[tuple[str, str], ...] = (
    ("as_of_at", "timestamp"),
    ("run_id", "varchar"),
    ("asset", "varchar"),
    ("checks", "bigint"),
    ("passed", "bigint"),
    ("warned", "bigint"),
    ("failed", "bigint"),
)

DELIVERED_SCHEMA: tuple[tuple[str, str], ...] = (
    ("as_of_at", "timestamp"),
    ("cadence", "varchar"),
    ("period_start_on", "date"),
    ("snapshot_id", "varchar"),
)

# Numbers as they were when a month or quarter was closed or a weekly update delivered, and what was
# known by then (`orchestration/closing` writes them). Every record says which closing it is of.
_CLOSED: tuple[tuple[str, str], ...] = (
    ("closed_kind", "varchar"),
    ("closed_label", "varchar"),
    ("as_of_at", "timestamp"),
)
CLOSED_SCHEMAS: dict[str, tuple[tuple[str, str], ...]] = {
    "periods": (
        *_CLOSED,
        ("period_start_on", "date"),
        ("period_end_on", "date"),
        ("snapshot_id", "varchar"),
        ("is_early", "boolean"),
        ("rules_version", "varchar"),
        ("correction_notes", "varchar"),
    ),
    "cells": (
        *_CLOSED,
        ("period_kind", "varchar"),
        ("period_start_on", "date"),
        ("period_end_on", "date"),
        ("kpi_id", "varchar"),
        ("slice_kind", "varchar"),
        ("slice_value", "varchar"),
        ("value", "double"),
        ("null_reason", "varchar"),
        ("is_provisional", "boolean"),
        ("definition_version", "varchar"),
    ),
    "streams": (
        *_CLOSED,
        ("source", "varchar"),
        ("stream", "varchar"),
        ("file_versions", "bigint"),
        ("files_digest", "varchar"),
    ),
    "breaks": (
        *_CLOSED,
        ("kpi_id", "varchar"),
        ("slice_kind", "varchar"),
        ("slice_value", "varchar"),
        ("changed_on", "date"),
    ),
    "errata": (
        *_CLOSED,
        ("restatement_key", "varchar"),
        ("now_value", "double"),
    ),
}


def lake_schema(stream: Stream) -> tuple[tuple[str, str], ...]:
    """Columns and types of the stream's Parquet parts, in order."""
    return tuple((c.name, c.lake_type) for c in stream.columns) + PROVENANCE


def normal_header(header: str) -> str:
    """A header as it is compared: without case, and one space for any run of space, `_` and `-`."""
    return re.sub(r"[\s_\-]+", " ", header.replace("\ufeff", "")).strip().casefold()
