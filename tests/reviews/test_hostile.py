"""Hostile text in every text field that is published: harmless on every page, in wiki and sheet.

All text columns of all marts are filled with what tries to break out, but for those whose words are
the warehouse's own; a column that is new is poisoned without anybody adding it here.
"""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import duckdb
import pytest

from orchestration.reviews.serving import EXEMPLARS_FILE, SERVING_FILE
from tests.conftest import Pipeline
from tests.reviews.chromium import Browser
from tests.reviews.conftest import KINDS, Report, reviews_of

LONG = "W" * 10_000
PAYLOADS = (
    "<script>alert('x')</script><b>bold</b>",
    "<img src=x onerror=alert(1)>\"'><svg/onload=alert(2)>",
    '=HYPERLINK("http://evil.example","click")',
    "@SUM(1+1)|cmd '/c calc'!A0",
    "| [click](javascript:alert(3)) ![x](http://evil.example/x.png) `code` **bold** @someone",
    "\u202eright to left\u2066\u200f and\r\n\r\n# a heading\n- a list\n---",
    "{{ 7 * 7 }} {% raw %} ${7*7} </style></title><!-- ]]>",
    LONG,
)
#: Columns whose words are the warehouse's own and steer what a page does: no text from outside.
OWN_WORDS = {
    "period_kind",
    "slice_kind",
    "kpi_id",
    "unit",
    "direction",
    "additivity",
    "version",
    "definition_version",
    "status",
    "null_reason",
    "was_reason",
    "now_reason",
    "cause",
    "kind",
    "closed_kind",
    "closed_label",
    "target_rule",
    "measure",
    "metric",
    "reporting_zone",
    "reporting_currency",
    "week_start",
    "rows_per_table",
    "snapshot_id",
    "run_id",
    "code_version",
}
OWN_COLUMNS = {("kpi_case_examples", "reason")}
#: The scorecard is poisoned by slice; of other marts those that a page could read whole.
OF_CELLS, MOST_ROWS = "kpi_scorecard", 20_000
RUNNING = re.compile(
    r"<(script|img|iframe|object|embed|link rel=.stylesheet|form)\b", re.IGNORECASE
)
TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
STICKING_OUT = """
[...document.querySelectorAll('body *')].filter(element => {
  if (element.closest('.scroll, pre, .hidden, .skip')) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.right > document.documentElement.clientWidth + 1;
}).map(element => element.outerHTML.slice(0, 160))
"""
#: Attributes that run something, wherever they are; links that lead anywhere but on.
RUNS = """
[...document.querySelectorAll('*')].flatMap(element => [...element.attributes]
  .filter(each => each.name.startsWith('on') || /^\\s*(javascript|vbscript):/i.test(each.value))
  .map(each => `${element.tagName} ${each.name}=${each.value.slice(0, 60)}`))
"""


def poison(serving: Path) -> int:
    """Fill the text columns of a serving folder with hostile text; returns how many there were."""
    payloads = list(PAYLOADS)
    poisoned = 0
    with duckdb.connect(str(serving / SERVING_FILE.name)) as connection:
        connection.execute("create temp table payloads as select unnest(?) as words", [payloads])
        connection.execute(
            "create macro hostile(word) as "
            "(select list(words) from payloads)[1 + (hash(word) % 8)::integer] || ' ' || word"
        )
        columns = connection.execute(
            "select table_name, column_name from duckdb_columns() join duckdb_tables() "
            "using (schema_name, table_name) where schema_name = 'marts' "
            "and data_type = 'VARCHAR' and (table_name = ? or estimated_size < ?) order by all",
            [OF_CELLS, MOST_ROWS],
        ).fetchall()
        for table, column in columns:
            is_own = column in OWN_WORDS or (table, column) in OWN_COLUMNS
            if is_own or column.endswith(("_key", "_id", "_kind", "_version")):
                continue
            kept = f"\"{column}\" in ('all', 'untagged', 'unassigned')"
            if table == OF_CELLS:
                # Hashing the words of a few hundred thousand cells takes too long.
                kept += " or slice_kind not in ('topic', 'team', 'network', 'product', 'brand')"
            connection.execute(
                f'update marts."{table}" set "{column}" = hostile("{column}") '
                f'where "{column}" is not null and not ({kept})'
            )
            poisoned += 1
        quotes = serving / EXEMPLARS_FILE
        if quotes.exists():
            quotes.chmod(0o644)
            connection.execute(f"create temp table quotes as from read_parquet('{quotes}')")
            for name, kind, *_ in connection.execute("describe quotes").fetchall():
                if kind == "VARCHAR" and name not in OWN_WORDS:
                    to = "'javascript:alert(4)'" if "link" in name else f'hostile("{name}")'
                    connection.execute(f'update quotes set "{name}" = {to}')
            connection.execute(f"copy quotes to '{quotes}' (format parquet)")
        connection.execute("drop macro hostile")
    return poisoned


@pytest.fixture(scope="module")
def poisoned(pipeline: Pipeline, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """The reviews of the simulated company after somebody typed hostile text everywhere."""
    data_dir = tmp_path_factory.mktemp("poisoned")
    shutil.copytree(pipeline.settings.serving_dir.resolve(), data_dir / "serving", symlinks=True)
    file = (data_dir / SERVING_FILE).resolve()
    serving = data_dir / "opened"
    serving.mkdir()
    shutil.copy(file, serving / SERVING_FILE.name)
    shutil.copy(file.parent / EXEMPLARS_FILE, serving / EXEMPLARS_FILE)
    shutil.rmtree(data_dir / "serving")
    serving.rename(data_dir / "serving")
    (data_dir / SERVING_FILE).chmod(0o644)
    assert poison(data_dir / "serving") > 100
    return reviews_of(data_dir)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_typed_becomes_markup_or_runs(poisoned: dict[str, Report], kind: str) -> None:
    page = poisoned[kind].page.read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(" in page
    assert not RUNNING.search(page)
    assert not TURNING.search(page)
    assert "{{ 7 * 7 }}" in page
    assert page.count("</title>") == page.count("</style>") == 1
    shown = re.sub(r"<pre.*?</pre>|<[^>]*>", " ", page, flags=re.DOTALL)
    assert not re.search(r"\w{2000}", shown)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_stays_whole_and_fetches_nothing(
    poisoned: dict[str, Report], browser: Browser, kind: str, width: int
) -> None:
    report = poisoned[kind]
    browser.resize(width, 900)
    seen = browser.open(report.page)
    assert [url for url in seen.requests if not url.startswith("data:")] == [report.page.as_uri()]
    assert seen.console == []
    assert seen.failures == []
    assert browser.run(RUNS) == []
    browser.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert browser.run("document.documentElement.scrollWidth") == width
    assert browser.run(STICKING_OUT) == []


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_typed_becomes_markup_in_a_wiki(poisoned: dict[str, Report], kind: str) -> None:
    text = (poisoned[kind].folder / "review.md").read_text(encoding="utf-8")
    fenced = re.sub(r"```sql\n.*?\n```", "", text, flags=re.DOTALL)
    assert not RUNNING.search(fenced)
    assert not TURNING.search(fenced)
    assert not re.search(r"(?<!\\)\]\(", fenced)
    assert "http://evil" not in fenced
    assert not re.search(r"@\w", fenced)
    assert not re.search(r"^# a heading", fenced, re.MULTILINE)
    assert text.count("```") % 2 == 0


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_typed_is_a_formula_in_a_sheet(poisoned: dict[str, Report], kind: str) -> None:
    with (poisoned[kind].folder / "numbers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 100
    for row in rows:
        assert None not in row
        for name, cell in row.items():
            if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "\n"):
                assert name in ("value", "numerator", "denominator", "target_value"), cell[:80]
                float(cell)
