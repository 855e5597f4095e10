"""What a landing file is: format, encoding, delimiter, header; a mended copy where it is broken.

Bytes only, passed through in bounded memory. Types and rules of a stream are the reader's business,
and nothing is written here except scratch copies in the folder it is given.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import IO, Literal

from orchestration.errors import FileRejectedError
from orchestration.exports.contract import Column, Stream, normal_header

BLOCK = 1 << 20
# No export writes a row of this size; what does is a broken quote or a file that is no table.
LONGEST_ROW = 2_000_000
# A page of an API has a hundred rows. What is longer than this is no page, and must fit in memory.
LONGEST_DOCUMENT = 64_000_000
HEAD = 1 << 17
PREAMBLE_ROWS = 50
RAW_TEXT = 4_000
# A file with a few bytes cut off is mended row by row; another encoding is not ours to guess.
BROKEN_SHARE = 0.01

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

OTHER_DELIMITERS = ("\t", "|", ":")
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", ":": "colon"}

# Stands in a mended copy for what could not be read, so that the row keeps its place and number.
MARK = "\x01broken:"
END_MARK = b'\x01end"!'

BLANKS = b"\xef\xbb\xbf \t\r\n"
BETWEEN = re.compile(r"[ \t\r\n]*")

Format = Literal["csv", "json_lines", "parquet"]


@dataclass
class Mend:
    """Something cut out of a mended copy: why, and what stood there."""

    reason: str
    raw: str


@dataclass
class Opened:
    """A landing file, ready for DuckDB.

    Attributes:
        format: how to read `path`.
        path: the file itself (under a harmless name) or a mended copy.
        gzipped: whether `path` is compressed.
        delimiter, header, preamble_lines: of CSV: the header as written, and lines before the data.
        title: what stands in the lines above the header, in one line.
        mends: what is missing from a mended copy; the n-th stands there as `MARK` and n.
        quotes_are_odd: the file may end inside a quoted text.
        is_closed: the end has been made sure of (`close_quotes`).
        mixed_newlines: some lines end in CR LF and some in LF.
        warnings: what a person should know although the file could be read.
    """

    format: Format
    path: Path
    gzipped: bool = False
    delimiter: str = ","
    header: list[str] = field(default_factory=list)
    preamble_lines: int = 0
    title: str | None = None
    mends: list[Mend] = field(default_factory=list)
    quotes_are_odd: bool = False
    is_closed: bool = False
    mixed_newlines: bool = False
    warnings: list[str] = field(default_factory=list)


@dataclass
class _Survey:
    lines: int = 0
    crlf: int = 0
    quotes: int = 0
    not_utf8: bool = False
    long_line: bool = False


def sha256_of(path: Path) -> str:
    """Hash of the file's content, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def open_file(path: Path, stream: Stream, scratch: Path) -> Opened:
    """Find out what the file is, by its content: names say nothing reliable.

    Args:
        path: a regular file in the landing zone.
        stream: the declaration whose headers are looked for.
        scratch: an empty folder for copies; the caller removes it.

    Raises:
        FileRejectedError: the file cannot be read as rows of the stream.
    """
    # Names with quotes, `*` or `[` mean something to DuckDB; an alias in the scratch folder does
    # not.
    alias = scratch / "input"
    alias.symlink_to(path.resolve())
    head = _head(alias)
    if not head.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise FileRejectedError(
            "the file is empty",
            expected="a header and rows",
            found=f"{path.stat().st_size} bytes",
            remedy="export it again",
        )
    gzipped = head[:2] == b"\x1f\x8b"
    if gzipped:
        head = _unzipped_head(alias)
    if head[:4] == b"PAR1":
        if gzipped:
            raise FileRejectedError("a gzipped Parquet file", remedy="unpack it first")
        return Opened("parquet", alias)
    if head[:4] == b"PK\x03\x04":
        if gzipped:
            raise FileRejectedError("a gzipped Excel or zip file", remedy="unpack it first")
        return _workbook(alias, stream, scratch)
    if head[:8] == OLD_WORKBOOK:
        raise FileRejectedError(
            "an Excel workbook of the old kind (.xls)",
            expected="an Excel workbook (.xlsx) or CSV",
            found="the format of Excel 97 to 2003",
            remedy="open it in a spreadsheet and save it as .xlsx",
        )
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        alias, gzipped = _from_utf16(alias, gzipped, scratch), False
    return _text(alias, gzipped, stream, scratch)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _unzipped_head(path: Path) -> bytes:
    try:
        with gzip.open(path, "rb") as file:
            return file.read(HEAD)
    except (EOFError, OSError, zlib.error):
        # The pass over the whole file says what is wrong, with a position.
        return b""


def _binary(path: Path, gzipped: bool) -> IO[bytes]:
    return gzip.open(path, "rb") if gzipped else path.open("rb")


def _blocks(path: Path, gzipped: bool) -> Iterator[bytes]:
    read = 0
    try:
        with _binary(path, gzipped) as file:
            while block := file.read(BLOCK):
                read += len(block)
                yield block
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRejectedError(
            "the gzip file is cut off or damaged",
            expected="a complete gzip file",
            found=f"{read} readable bytes, then: {error}",
            remedy="copy or export it again",
        ) from error


def _text(path: Path, gzipped: bool, stream: Stream, scratch: Path) -> Opened:
    is_unwrapped = bool(stream.records) and _starts_as_json(path, gzipped)
    if is_unwrapped:
        path, gzipped = _unwrap(path, gzipped, stream, scratch), False
    survey = _survey(path, gzipped)
    opened = Opened("csv", path, gzipped)
    opened.quotes_are_odd = survey.quotes % 2 == 1
    if survey.not_utf8 or survey.long_line:
        _mend_lines(opened, scratch)
    opened.mixed_newlines = 0 < survey.crlf < survey.lines
    head = _head(opened.path) if not opened.gzipped else _unzipped_head(opened.path)
    start = head.lstrip(BLANKS)[:1]
    if is_unwrapped or start == b"{":
        opened.format = "json_lines"
        return opened
    if start == b"[":
        raise FileRejectedError(
            "a JSON array",
            expected="newline JSON: one object a line",
            found="'[' as the first character",
            remedy="export as newline JSON",
        )
    # Text in a Western language is half zeros in UTF-16; a stray zero is only an odd character.
    if head[:4096].count(0) > len(head[:4096]) // 4:
        raise FileRejectedError(
            "not a text file, or UTF-16 without a byte-order mark",
            expected="UTF-8",
            found="a zero in every other byte",
            remedy="export as UTF-8",
        )
    _find_header(opened, head, stream, scratch)
    return opened


def _starts_as_json(path: Path, gzipped: bool) -> bool:
    head = _unzipped_head(path) if gzipped else _head(path)
    return head.lstrip(BLANKS)[:1] in (b"{", b"[")


def _unwrap(path: Path, gzipped: bool, stream: Stream, scratch: Path) -> Path:
    """A copy with one record a line, each as it is written: no number is read and printed again.

    Where documents are lines, a line that is none stays a line, so that it costs one row only.

    Raises:
        FileRejectedError: a document of several lines is broken, or one is too long.
    """
    copy = scratch / "records"
    lines = (line for line in _whole_lines(path, gzipped) if line.strip(BLANKS))
    first = list(islice(lines, 2))
    first[0] = first[0].removeprefix(codecs.BOM_UTF8)
    # `{"data": [` opens a document of several lines; a row cut off in a text is a broken row.
    is_open = first[0].rstrip()[-1:] in (b"[", b"{", b",")
    tested = first[:1] if is_open else first
    # A document may be the whole file: what it was taken apart into is kept.
    documents = [_rows_of_document(line, stream) for line in tested]
    with copy.open("wb") as out:
        if any(rows is not None for rows in documents):
            others = chain(first[len(tested) :], lines)
            taken = chain(
                zip(tested, documents, strict=True),
                ((line, _rows_of_document(line, stream)) for line in others),
            )
            for line, rows in taken:
                kept = [line.rstrip(b"\r\n")] if rows is None else rows
                out.writelines(row + b"\n" for row in kept)
        else:
            for text in _documents(chain(first, lines)):
                rows = _encoded(text, stream.records, stream.spread)
                out.writelines(row + b"\n" for row in rows)
    return copy


def _whole_lines(path: Path, gzipped: bool) -> Iterator[bytes]:
    held = b""
    for block in _blocks(path, gzipped):
        *lines, held = (held + block).split(b"\n")
        yield from (line + b"\n" for line in lines)
        if len(held) > LONGEST_DOCUMENT:
            raise _too_long()
    if held:
        yield held


def _rows_of_document(line: bytes, stream: Stream) -> list[bytes] | None:
    """The rows of the document on a line; None where the line is none."""
    try:
        return _encoded(line.decode("utf-8"), stream.records, stream.spread)
    except (ValueError, RecursionError):
        return None


def _documents(lines: Iterable[bytes]) -> Iterator[str]:
    """Texts of documents that take several lines each, whatever stands between them."""
    decoder = json.JSONDecoder()
    held = b""
    attempt_at = BLOCK
    for line in chain(lines, [b""]):
        held += line
        if line and len(held) < attempt_at:
            continue
        try:
            text = held.decode("utf-8").strip()
            while text:
                if text[0] not in "{[":
                    raise json.JSONDecodeError("no object or list", text, 0)
                end = decoder.raw_decode(text)[1]
                yield text[:end]
                text = text[end:].lstrip()
            held = b""
        except (ValueError, RecursionError) as error:
            held = text.encode() if isinstance(error, json.JSONDecodeError) else held
            if not line:
                raise FileRejectedError(
                    "a JSON document is broken or not complete",
                    expected="complete documents, or one object a line",
                    found=str(error)[:300],
                    remedy="copy or export it again",
                ) from error
        attempt_at = max(BLOCK, 2 * len(held))
        if len(held) > LONGEST_DOCUMENT:
            raise _too_long()


def _too_long() -> FileRejectedError:
    return FileRejectedError(
        "a JSON document is too long",
        expected=f"at most {LONGEST_DOCUMENT} bytes",
        found="more without an end",
        remedy="export page by page, or one object a line",
    )


def _encoded(text: str, records: tuple[str, ...], spread: str | None = None) -> list[bytes]:
    """The rows of one document, each on one line; line breaks stand between values only.

    Raises:
        ValueError: the text is not one whole document.
    """
    rows = _slices(text, records)
    if spread:
        rows = chain.from_iterable(_spread(record, spread) for record in rows)
    return [row.replace("\n", " ").replace("\r", " ").encode() for row in rows]


def _spread(record: str, list_name: str) -> Iterator[str]:
    """A row for each object in a list of a record, behind the record's other fields.

    A record without the list, or with an empty one, is one row.
    """
    decoder = json.JSONDecoder()
    fields: list[str] = []
    elements: list[str] = []
    at = _next(record, 0)
    if record[at : at + 1] != "{":
        yield record
        return
    at = _past(record, at, "{")
    while record[at : at + 1] != "}":
        start = at
        key, at = decoder.raw_decode(record, at)
        at = _past(record, _next(record, at), ":")
        if key == list_name and record[at : at + 1] == "[":
            elements += _elements(record, at)
            at = decoder.raw_decode(record, at)[1]
        else:
            at = decoder.raw_decode(record, at)[1]
            fields.append(record[start:at])
        at = _past_comma(record, _next(record, at), "}")
    for element in elements or ["{}"]:
        own = element.strip().removeprefix("{").removesuffix("}").strip()
        yield "{" + ", ".join((*fields, own) if own else fields) + "}"


def _slices(text: str, records: tuple[str, ...]) -> Iterator[str]:
    # Value by value: a page parsed as a whole takes ten times the room of its text.
    decoder = json.JSONDecoder()
    is_row = True
    at = _next(text, 0)
    if text[at : at + 1] == "[":
        is_row = False
        at = yield from _elements(text, at)
    else:
        at = _past(text, at, "{")
        while text[at : at + 1] != "}":
            key, at = decoder.raw_decode(text, at)
            at = _past(text, _next(text, at), ":")
            opening = text[at : at + 1]
            if is_row and key in records and opening == "[":
                is_row = False
                at = yield from _elements(text, at)
            else:
                start, at = at, decoder.raw_decode(text, at)[1]
                if is_row and key in records and opening == "{":
                    is_row = False
                    yield text[start:at]
            at = _past_comma(text, _next(text, at), "}")
        at += 1
    if _next(text, at) != len(text):
        raise json.JSONDecodeError("more than one document", text, at)
    if is_row:
        yield text.strip()


def _elements(text: str, at: int) -> Generator[str, None, int]:
    decoder = json.JSONDecoder()
    at = _past(text, at, "[")
    while text[at : at + 1] != "]":
        start, at = at, decoder.raw_decode(text, at)[1]
        yield text[start:at]
        at = _past_comma(text, _next(text, at), "]")
    return at + 1


def _past(text: str, at: int, mark: str) -> int:
    if text[at : at + 1] != mark:
        raise json.JSONDecodeError(f"expected {mark!r}", text, at)
    return _next(text, at + 1)


def _past_comma(text: str, at: int, end: str) -> int:
    if text[at : at + 1] == end:
        return at
    at = _past(text, at, ",")
    if text[at : at + 1] == end:
        raise json.JSONDecodeError("expected a value after the comma", text, at)
    return at


def _next(text: str, at: int) -> int:
    """Position of the next character that is no space."""
    return BETWEEN.match(text, at).end()


def _survey(path: Path, gzipped: bool) -> _Survey:
    survey = _Survey()
    decoder = codecs.getincrementaldecoder("utf-8")()
    run = 0
    last = b""
    for block in _blocks(path, gzipped):
        if not survey.not_utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                survey.not_utf8 = True
        survey.lines += block.count(b"\n")
        # One byte is found many times as fast as two, and most files have none of this one.
        if b"\r" in block:
            survey.crlf += block.count(b"\r\n")
        survey.crlf += last == b"\r" and block[:1] == b"\n"
        survey.quotes += block.count(b'"')
        first = block.find(b"\n")
        # Blocks are shorter than the longest row, so a row too long is seen at a block's first end.
        survey.long_line |= run + (len(block) if first < 0 else first) > LONGEST_ROW
        run = run + len(block) if first < 0 else len(block) - block.rfind(b"\n") - 1
        last = block[-1:]
    if not survey.not_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            survey.not_utf8 = True
    return survey


def _lines(path: Path, gzipped: bool) -> Iterator[tuple[bytes, int]]:
    """Physical lines with their length; a line too long comes as its beginning only."""
    with _binary(path, gzipped) as file:
        while line := file.readline(LONGEST_ROW + 1):
            length = len(line)
            if length > LONGEST_ROW and not line.endswith(b"\n"):
                tail = line
                while tail and not tail.endswith(b"\n"):
                    tail = file.readline(BLOCK)
                    length += len(tail)
                line = line[:RAW_TEXT]
            yield line, length


def _mend_lines(opened: Opened, scratch: Path) -> None:
    copy = scratch / "lines"
    lines = broken = quotes = 0
    first = ""
    with copy.open("wb") as out:
        for line, length in _lines(opened.path, opened.gzipped):
            lines += 1
            if length > LONGEST_ROW:
                raw = line.decode("utf-8", "replace")
                reason = f"line too long: expected at most {LONGEST_ROW} bytes, found {length}"
                out.write(_marker(opened, reason, raw))
                continue
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                broken += 1
                first = first or f"byte 0x{line[error.start]:02X} in line {lines}"
                raw = line.rstrip(b"\r\n").decode("utf-8", "backslashreplace")[:RAW_TEXT]
                reason = f"not UTF-8: found byte 0x{line[error.start]:02X}; export as UTF-8"
                out.write(_marker(opened, reason, raw))
                continue
            quotes += line.count(b'"')
            out.write(line)
    opened.quotes_are_odd = quotes % 2 == 1
    if broken > max(1, BROKEN_SHARE * lines) or (broken and lines < 1 / BROKEN_SHARE):
        raise FileRejectedError(
            "not UTF-8",
            expected="UTF-8 (or UTF-16 with a byte-order mark)",
            found=f"{first}; {broken} of {lines} lines cannot be decoded, so it is probably "
            "Windows-1252 or Latin-1",
            remedy="export as UTF-8",
        )
    opened.path, opened.gzipped = copy, False


def _marker(opened: Opened, reason: str, raw: str) -> bytes:
    opened.mends.append(Mend(reason, raw))
    return f"{MARK}{len(opened.mends)}\n".encode()


def _from_utf16(path: Path, gzipped: bool, scratch: Path) -> Path:
    copy = scratch / "utf8"
    decoder = codecs.getincrementaldecoder("utf-16")()
    try:
        with copy.open("w", encoding="utf-8", newline="") as out:
            for block in _blocks(path, gzipped):
                out.write(decoder.decode(block))
            out.write(decoder.decode(b"", final=True))
    except UnicodeError as error:
        raise FileRejectedError(
            "damaged UTF-16", expected="UTF-8", found=str(error), remedy="export as UTF-8"
        ) from error
    return copy


def _find_header(opened: Opened, head: bytes, stream: Stream, scratch: Path) -> None:
    """Look for the row that names the declared columns, with each delimiter, after any preamble."""
    text = head.decode("utf-8", "ignore").removeprefix("\ufeff")
    # A title may be the name of a column: `Views` above `Date,Primary`. Only a header is whole.
    best: tuple[tuple[bool, int], int, str, list[str]] = ((False, 0), 0, "", [])
    for delimiter in (*stream.delimiters, *OTHER_DELIMITERS):
        for number, cells in enumerate(islice(_records(text, delimiter), PREAMBLE_ROWS)):
            named = matched_columns(stream, cells)
            rank = (_is_whole(stream, named), len(named))
            if rank > best[0]:
                best = (rank, number, delimiter, cells)
            if rank[0] and 2 * rank[1] > len(cells):
                break
        if best[0] > (True, 1):
            break
    (_, matched), number, delimiter, cells = best
    wanted = _spoken([c.name for c in stream.required_columns])
    if not matched:
        first = next(iter(_records(text, stream.delimiters[0])), [])
        raise FileRejectedError(
            "no header: none of the declared columns is named",
            expected=f"a row with at least {wanted}",
            found=_spoken(first),
            remedy=f"check that this is an export of {stream.folder}",
        )
    if delimiter not in stream.delimiters:
        allowed = " or ".join(DELIMITER_NAMES.get(d, d) for d in stream.delimiters)
        raise FileRejectedError(
            "wrong delimiter",
            expected=f"{allowed} between columns",
            found=DELIMITER_NAMES[delimiter],
            remedy=f"export again with {allowed}",
        )
    require_columns(stream, cells)
    opened.delimiter = delimiter
    opened.header = cells
    _skip_to_data(opened, text, number, scratch)


def matched_columns(stream: Stream, headers: Iterable[str]) -> dict[str, list[int]]:
    """Declared columns named by a header row: column name → positions."""
    by_header = {header: c.name for c in stream.read_columns for header in c.headers}
    matched: dict[str, list[int]] = {}
    for position, header in enumerate(headers):
        column = by_header.get(normal_header(header))
        if column is not None:
            matched.setdefault(column, []).append(position)
    return matched


def first_column(stream: Stream, headers: list[str]) -> Column | None:
    """The declared column that stands first; None where the first header is not known."""
    matched = matched_columns(stream, headers[:1])
    return next((column for column in stream.read_columns if column.name in matched), None)


def require_columns(stream: Stream, headers: list[str]) -> None:
    """Reject a file without a required column.

    Raises:
        FileRejectedError: naming the missing columns and those found.
    """
    matched = matched_columns(stream, headers)
    missing = [c for c in stream.required_columns if c.name not in matched]
    if missing:
        spellings = [" or ".join(repr(s) for s in (c.aliases or (c.name,))) for c in missing]
        raise FileRejectedError(
            f"required column missing: {', '.join(c.name for c in missing)}",
            expected=_spoken(spellings, quote=False),
            found=f"columns {_spoken(headers)}",
            remedy="export with this column, or add the new header to the column's aliases",
            column=missing[0].name,
        )
    require_a_shape(stream, matched, f"columns {_spoken(headers)}")


def _is_whole(stream: Stream, matched: Iterable[str]) -> bool:
    """Whether these columns are enough for a file of the stream."""
    names = set(matched)
    required = {column.name for column in stream.required_columns}
    return names.issuperset(required) and _has_a_shape(stream, names)


def _has_a_shape(stream: Stream, matched: Iterable[str]) -> bool:
    names = set(matched)
    return not stream.shapes or any(names.issuperset(shape) for shape in stream.shapes)


def require_a_shape(stream: Stream, matched: Iterable[str], found: str) -> None:
    """Reject a file that has none of the stream's shapes.

    Raises:
        FileRejectedError: naming the shapes and the columns found.
    """
    if not _has_a_shape(stream, matched):
        raise FileRejectedError(
            "required columns missing",
            expected=spoken_shapes(stream),
            found=found,
            remedy="export with these columns, or add the new headers to their aliases",
        )


def spoken_shapes(stream: Stream) -> str:
    """The stream's shapes in words."""
    return ", or ".join(" and ".join(shape) for shape in stream.shapes)


def _spoken(words: list[str], quote: bool = True) -> str:
    shown = [(repr(w[:60]) if quote else w) for w in words[:60]]
    if len(words) > len(shown):
        shown.append(f"and {len(words) - len(shown)} more")
    return ", ".join(shown) or "nothing"


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    csv.field_size_limit(HEAD)
    try:
        for cells in reader:
            if cells:
                yield [cell.strip() for cell in cells]
    except csv.Error:
        return


def _skip_to_data(opened: Opened, text: str, number: int, scratch: Path) -> None:
    # A header of one plain line is skipped by DuckDB. Anything else (a preamble, a header with line
    # breaks in it) is cut off in a copy, because DuckDB and we may count lines differently.
    source = io.StringIO(text, newline="")
    consumed = _Tally(source)
    reader = csv.reader(consumed, delimiter=opened.delimiter, strict=False)
    seen = -1
    above: list[str] = []
    for cells in reader:
        seen += bool(cells)
        if seen == number:
            break
        above += (cell.strip() for cell in cells)
    # `sep=,` is said to a spreadsheet only.
    opened.title = re.sub(r"^sep=[,;]?\s*", "", " ".join(filter(None, above))) or None
    if consumed.lines == 1:
        opened.preamble_lines = 1
        return
    opened.warnings.append(f"{consumed.lines - 1} lines before the data were skipped")
    start = len(text[: consumed.characters].encode())
    bom = 3 if _starts_with_bom(opened) else 0
    copy = scratch / "data"
    with copy.open("wb") as out:
        skip = start + bom
        for block in _blocks(opened.path, opened.gzipped):
            out.write(block[skip:])
            skip = max(0, skip - len(block))
    opened.path, opened.gzipped, opened.preamble_lines = copy, False, 0


def _starts_with_bom(opened: Opened) -> bool:
    with _binary(opened.path, opened.gzipped) as file:
        return file.read(3) == codecs.BOM_UTF8


class _Tally:
    """Lines handed on, counted."""

    def __init__(self, source: io.StringIO) -> None:
        self._source = source
        self.lines = 0
        self.characters = 0

    def __iter__(self) -> _Tally:
        return self

    def __next__(self) -> str:
        line = next(self._source)
        self.lines += 1
        self.characters += len(line)
        return line


def mend_rows(opened: Opened, rejects: list[tuple[int, str, bool]], scratch: Path) -> None:
    """Copy the file with each reject replaced by a mark, so that DuckDB can read the rest.

    Args:
        opened: the file; its path and mends are updated.
        rejects: position of a row (bytes, from DuckDB), reason, and whether the row is whole: one
            with broken quotes has swallowed the lines after it, so only its first line is taken
            out.
        scratch: folder for the copy.

    Raises:
        FileRejectedError: a position does not fall on the start of a line.
    """
    copy = scratch / f"rows{len(opened.mends)}"
    wanted = sorted(rejects)
    with _binary(opened.path, opened.gzipped) as file, copy.open("wb") as out:
        at = 0
        for position, reason, whole in wanted:
            if position < at:
                continue
            while at < position:
                block = file.read(min(BLOCK, position - at))
                if not block:
                    raise FileRejectedError("damaged file", found=f"no byte {position}: {reason}")
                out.write(block)
                at += len(block)
            raw, at, quotes = _take_row(file, at, whole, out)
            opened.quotes_are_odd ^= quotes % 2 == 1
            out.write(_marker(opened, reason, raw))
        while block := file.read(BLOCK):
            out.write(block)
    opened.path, opened.gzipped = copy, False


def _take_row(file: IO[bytes], at: int, whole: bool, out: IO[bytes]) -> tuple[str, int, int]:
    """Read a row and leave it out: its text, where the next one starts, and the quotes in it."""
    raw = b""
    quotes = 0
    while line := file.readline(LONGEST_ROW):
        at += len(line)
        if not raw and not line.strip(b"\r\n"):
            out.write(line)
            continue
        quotes += line.count(b'"')
        raw += line[: RAW_TEXT - min(RAW_TEXT, len(raw))] or b""
        if line.endswith(b"\n") and not (whole and quotes % 2):
            break
    return raw.rstrip(b"\r\n").decode("utf-8", "backslashreplace"), at, quotes


def close_quotes(opened: Opened, scratch: Path) -> None:
    """Append a line that breaks a quoted text left open at the end, so that DuckDB reports it."""
    copy = scratch / "closed"
    with copy.open("wb") as out:
        for block in _blocks(opened.path, opened.gzipped):
            out.write(block)
        out.write(b"\n" + END_MARK + b"\n")
    opened.path, opened.gzipped, opened.is_closed = copy, False, True


def unite_newlines(opened: Opened, scratch: Path) -> None:
    """Copy the file with every line ending in LF, which DuckDB insists on within one file."""
    copy = scratch / "newlines"
    held = b""
    with copy.open("wb") as out:
        for block in _blocks(opened.path, opened.gzipped):
            block = held + block
            held = b"\r" if block.endswith(b"\r") else b""
            block = block[: len(block) - len(held)]
            out.write(block.replace(b"\r\n", b"\n").replace(b"\r", b" "))
    opened.path, opened.gzipped, opened.mixed_newlines = copy, False, False


def _workbook(path: Path, stream: Stream, scratch: Path) -> Opened:
    """Rows of the stream's sheet as CSV, every cell as text."""
    try:
        with zipfile.ZipFile(path) as archive:
            is_workbook = "xl/workbook.xml" in archive.namelist()
            if not is_workbook and stream.zip_members:
                return _text(_unpacked(archive, stream, scratch), False, stream, scratch)
    except zipfile.BadZipFile as error:
        raise FileRejectedError(
            "the Excel or zip file is damaged", found=str(error), remedy="export it again"
        ) from error
    if not is_workbook:
        raise FileRejectedError(
            "a zip archive",
            expected="CSV, newline JSON, Parquet or Excel",
            remedy="unpack it first",
        )
    import pandas as pd

    try:
        # As an open file: openpyxl judges a path by its ending.
        with path.open("rb") as file:
            book = pd.read_excel(
                file, sheet_name=None, header=None, dtype=object, na_filter=False, engine="openpyxl"
            )
    except Exception as error:  # openpyxl raises whatever its XML parser meets
        raise FileRejectedError(
            "the Excel file cannot be read",
            found=repr(error)[:300],
            remedy="save it again as .xlsx",
        ) from error
    rows = {
        sheet: [[_cell_text(cell) for cell in row] for row in frame.itertuples(index=False)]
        for sheet, frame in book.items()
    }
    chosen = _sheet(rows, stream)
    if not rows[chosen]:
        raise FileRejectedError(
            f"the sheet {chosen!r} is empty",
            expected="a header and rows",
            found=f"sheets {_spoken(list(book))}",
            remedy="move the table to the first sheet",
        )
    copy = scratch / "sheet"
    with copy.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows(rows[chosen])
    opened = _text(copy, False, stream, scratch)
    unread = [sheet for sheet, cells in rows.items() if sheet != chosen and cells]
    # A workbook of the tool's several sheets is what was expected.
    is_named = normal_header(chosen) in map(normal_header, stream.sheets)
    if unread and not is_named:
        opened.warnings.append(f"only the sheet {chosen!r} is read; not {_spoken(unread)}")
    return opened


def _sheet(rows: dict[str, list[list[str]]], stream: Stream) -> str:
    """The sheet of a workbook that the stream is in: by its name, else by its header."""
    first = next(iter(rows))
    if not stream.sheets:
        return first
    names = {normal_header(sheet): sheet for sheet in rows}
    for wanted in stream.sheets:
        if normal_header(wanted) in names:
            return names[normal_header(wanted)]
    for sheet, cells in rows.items():
        headers = [matched_columns(stream, row) for row in cells[:PREAMBLE_ROWS]]
        if any(header and _is_whole(stream, header) for header in headers):
            return sheet
    return first


def _unpacked(archive: zipfile.ZipFile, stream: Stream, scratch: Path) -> Path:
    """A copy of the archive's file that the stream is read from.

    Raises:
        FileRejectedError: there is not exactly one, or it cannot be unpacked.
    """
    wanted = {name.casefold() for name in stream.zip_members}
    members = [info for info in archive.infolist() if not info.is_dir()]
    found = [info for info in members if info.filename.split("/")[-1].casefold() in wanted]
    if len(found) != 1:
        raise FileRejectedError(
            "a zip archive without the file to read" if not found else "a zip archive of several",
            expected=f"exactly one file named {' or '.join(map(repr, stream.zip_members))}",
            found=_spoken([info.filename for info in members]),
            remedy="put down the archive as the tool made it, or the file alone",
        )
    copy = scratch / "member"
    try:
        with archive.open(found[0]) as file, copy.open("wb") as out:
            while block := file.read(BLOCK):
                out.write(block)
    except (EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise FileRejectedError(
            "the zip archive cannot be unpacked",
            found=f"{found[0].filename}: {error}"[:300],
            remedy="export it again, without a password",
        ) from error
    return copy


def _cell_text(cell: object) -> str:
    import datetime

    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, int | float):
        # A spreadsheet keeps 15 digits; a longer number has lost its end, whatever it shows.
        if abs(cell) >= 1e15:
            return f"{cell:.5E}"
        return str(int(cell)) if float(cell).is_integer() else repr(float(cell))
    return str(cell)
