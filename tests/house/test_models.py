"""Naming, layering and documentation of every model, read from dbt's own manifest."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2]

LAYERS = {
    "staging": r"stg_{source}__[a-z0-9_]+",
    "intermediate": r"int_[a-z0-9]+_[a-z0-9_]+|int_[a-z0-9]+",
    # The timeline is neither fact nor dimension: it explains them, under the name people ask for.
    "core": r"(fct|dim|bridge)_[a-z0-9_]+|conversation_timeline",
    "kpi": r"kpi_[a-z0-9_]+",
}

# Engine differences live in macros; each of these works on one engine only, or asks the clock.
ENGINE_WORDS = {
    "qualify": r"\bqualify\b",
    "select * exclude": r"\*\s*(exclude|except|replace)\b",
    "asof join": r"\basof\b",
    "list functions": r"\b(list|array)_\w+\s*\(|\bunnest\s*\(|\bexplode\s*\(",
    "file readers": r"\bread_(parquet|csv|json)\w*\s*\(",
    "text to time": r"\b(try_)?strp?f?time\s*\(|\bto_timestamp\s*\(|\bdate_format\s*\(",
    "epochs": r"\bepoch(_\w+)?\s*\(|\bunix_\w+\s*\(|\bmake_timestamp\w*\s*\(",
    "time zones": r"\btimestamptz\b|with time zone|\bat\s+time\s+zone\b|\btimezone\s*\(",
    "date differences": r"\bdate_?diff\s*\(|\bdatesub\s*\(|\binterval\b",
    "JSON": r"->>|\bjson_\w+\s*\(|\bget_json_object\s*\(",
    "regular expressions": r"\bregexp_\w+\s*\(|\brlike\b|\bsimilar to\b",
    "splitting": r"\b(string_split|str_split|split_part|split)\s*\(",
    "percentiles": r"\b(quantile\w*|percentile\w*|median)\s*\(",
    "series": r"\b(generate_series|range|sequence)\s*\(",
    "integer division": r"(?<!:)//",
    "the clock": r"\b(now|current_timestamp|current_date|today|getdate|localtime\w*)\b\s*(\(|$)?",
}

# What customers wrote and who they are stays below the marts.
PRIVATE_COLUMNS = re.compile(
    r"(message_|post_|comment_)?(text|body|body_as_text|comment)|.*(handle|screen_?name|email|phone)"
    r"|(author|contact|customer|identity)_name|(raw_)?contact_id|author_id|user_pseudo_id"
)

# What analysts write for the reviews is no text of customers.
WRITTEN_TO_BE_PUBLISHED = {("kpi_review_notes", "body")}


def models_of(manifest: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (node for node in manifest["nodes"].values() if node["resource_type"] == "model")


def layer_of(node: Mapping[str, Any]) -> str:
    """staging, intermediate, core or kpi."""
    folders = node["fqn"][1:-1]
    return folders[1] if folders[0] == "marts" else folders[0]


def is_mart(node: Mapping[str, Any]) -> bool:
    return layer_of(node) in ("core", "kpi")


def is_published(node: Mapping[str, Any]) -> bool:
    return is_mart(node) and "unpublished" not in node["tags"]


def columns_with_tests(manifest: Mapping[str, Any]) -> dict[tuple[str, str], set[str]]:
    """(model, column) → names of the generic tests on it."""
    found = defaultdict(set)
    for node in manifest["nodes"].values():
        if node["resource_type"] == "test" and node.get("column_name"):
            key = (node["attached_node"], node["column_name"])
            found[key].add(node["test_metadata"]["name"])
    return found


def describe(node: Mapping[str, Any], column: str) -> str:
    return node["columns"][column]["description"]


def is_key(tests: set[str]) -> bool:
    return {"unique", "not_null"} <= tests


def test_a_name_says_its_layer_and_grain(manifest) -> None:
    wrong = []
    for node in models_of(manifest):
        layer = layer_of(node)
        source = node["fqn"][2] if layer == "staging" else ""
        pattern = LAYERS[layer].replace("{source}", source)
        if not re.fullmatch(pattern, node["name"]) and (is_published(node) or not is_mart(node)):
            wrong.append(f"{node['name']}: expected {pattern}")
    assert wrong == []


def test_only_staging_reads_sources(manifest) -> None:
    wrong = [
        f"{node['name']} reads {upstream}"
        for node in models_of(manifest)
        for upstream in node["depends_on"]["nodes"]
        if upstream.startswith("source.") and layer_of(node) != "staging"
    ]
    assert wrong == []


def test_staging_reads_one_source_and_no_other_layer(manifest) -> None:
    wrong = []
    for node in models_of(manifest):
        if layer_of(node) != "staging":
            continue
        upstream = node["depends_on"]["nodes"]
        sources = {each.split(".")[2] for each in upstream if each.startswith("source.")}
        models = [each for each in upstream if each.startswith("model.")]
        if sources != {node["fqn"][2]} or models:
            wrong.append(f"{node['name']} reads {sources or models}")
    assert wrong == []


def test_only_intermediate_models_bring_sources_together(manifest) -> None:
    wrong = []
    for node in models_of(manifest):
        staging = [
            manifest["nodes"][each]
            for each in node["depends_on"]["nodes"]
            if each.startswith("model.") and layer_of(manifest["nodes"][each]) == "staging"
        ]
        sources = {each["fqn"][2] for each in staging}
        if len(sources) > 1 and layer_of(node) != "intermediate":
            wrong.append(f"{node['name']} reads {sources}")
        if staging and is_mart(node):
            wrong.append(f"{node['name']} is a mart and reads staging")
    assert wrong == []


def test_core_reads_no_kpi_mart(manifest) -> None:
    wrong = [
        f"{node['name']} reads {each}"
        for node in models_of(manifest)
        for each in node["depends_on"]["nodes"]
        if each.startswith("model.")
        and layer_of(manifest["nodes"][each]) == "kpi"
        and layer_of(node) != "kpi"
    ]
    assert wrong == []


def sql_of(path: Path) -> str:
    """A model's SQL without Jinja, comments and text in quotes."""
    text = path.read_text()
    for pattern in (r"\{#.*?#\}", r"\{%.*?%\}", r"\{\{.*?\}\}"):
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    text = re.sub(r"--[^\n]*", " ", text)
    return re.sub(r"'[^']*'", "''", text).lower()


MODEL_FILES = sorted((PROJECT / "models").rglob("*.sql"))


@pytest.mark.parametrize("word", ENGINE_WORDS)
def test_models_are_written_for_every_engine(word: str) -> None:
    wrong = []
    for path in MODEL_FILES:
        found = re.search(ENGINE_WORDS[word], sql_of(path), flags=re.MULTILINE)
        if found:
            wrong.append(f"{path.relative_to(PROJECT)}: {found.group(0)!r} belongs in a macro")
    assert wrong == []


def test_the_list_of_engine_words_finds_what_it_is_for() -> None:
    examples = {
        "qualify": "from a qualify b = 1",
        "select * exclude": "select * exclude (a) from b",
        "asof join": "from a asof join b",
        "list functions": "list_sort(a)",
        "file readers": "from read_parquet('a')",
        "text to time": "strptime(a, '%Y')",
        "epochs": "epoch_us(a)",
        "time zones": "a::timestamptz",
        "date differences": "date_diff('day', a, b)",
        "JSON": "a ->> 'b'",
        "regular expressions": "regexp_extract(a, 'b')",
        "splitting": "split_part(a, 'b', 1)",
        "percentiles": "quantile_cont(a, 0.9)",
        "series": "from range(9)",
        "integer division": "a // b",
        "the clock": "where a < now()",
    }
    assert set(examples) == set(ENGINE_WORDS)
    for word, sql in examples.items():
        assert re.search(ENGINE_WORDS[word], sql, flags=re.MULTILINE), word


# What tells rows apart by columns that no word of the SQL names.
WHOLE_ROWS = (
    r"\bdistinct\s+(\w+\.)?\*|\bunion\s+(distinct\s+)?\(?select\s+(\w+\.)?\*"
    r"|\bselect\s+(\w+\.)?\*(?:(?!\bselect\b).)*?\b(union\s+(?!all)|group by all)"
    r"|\b(except|intersect)\b|\bcolumns\s*\(|\border by all\b|\bnatural join\b"
)


def test_no_model_tells_rows_apart_by_columns_it_does_not_name() -> None:
    """A build by delta looks past columns whose names a model's SQL does not say (`unread.sql`)."""
    wrong = [
        f"{path.relative_to(PROJECT)}: {found.group(0)!r}; name the columns"
        for path in MODEL_FILES
        if (found := re.search(WHOLE_ROWS, sql_of(path)))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "sql",
    [
        "select distinct * from a",
        "select distinct a.* from a",
        "select b from a union select * from a",
        "select a.* from a where a.b = 1 union select b from c",
        "select b from a except select b from c",
        "select min(columns(c)) from a",
        "select *, count(*) as n from a group by all",
        "select * from a natural join b",
    ],
)
def test_rows_told_apart_as_wholes_are_found(sql: str) -> None:
    assert re.search(WHOLE_ROWS, sql)
    assert not re.search(WHOLE_ROWS, "select a.* from a union all select * from b")


def test_macros_do_not_ask_the_clock() -> None:
    for path in (PROJECT / "dbt_project" / "macros").rglob("*.sql"):
        text = re.sub(r"\{#.*?#\}|--[^\n]*", " ", path.read_text(), flags=re.DOTALL)
        found = re.search(r"\b(now|current_timestamp|current_date|today)\b\s*\(?", text)
        assert found is None, path


def test_every_model_has_its_own_yaml_beside_it(manifest) -> None:
    wrong = []
    described = defaultdict(list)
    for node in models_of(manifest):
        expected = node["original_file_path"].removesuffix(".sql") + ".yml"
        found = (node["patch_path"] or "").split("://")[-1]
        described[found].append(node["name"])
        if found != expected:
            wrong.append(f"{node['name']}: expected {expected}, found {found or 'none'}")
    assert wrong == []
    assert {path: names for path, names in described.items() if len(names) > 1} == {}


@pytest.mark.parametrize("kind", ["model", "seed"])
def test_descriptions_begin_with_the_grain(manifest, kind: str) -> None:
    wrong = [
        f"{node['name']}: {node['description'][:40]!r}"
        for node in manifest["nodes"].values()
        if node["resource_type"] == kind and not node["description"].startswith("Each row is")
    ]
    assert wrong == []


def test_every_column_in_a_yaml_is_described(manifest) -> None:
    wrong = [
        f"{node['name']}.{name}"
        for node in models_of(manifest)
        for name, column in node["columns"].items()
        if column["description"].strip(" .").lower() in ("", name, name.replace("_", " "))
    ]
    assert wrong == []


def test_marts_have_enforced_contracts_with_types(manifest) -> None:
    wrong = []
    for node in models_of(manifest):
        if is_mart(node):
            if not node["config"]["contract"]["enforced"]:
                wrong.append(f"{node['name']} has no contract")
            wrong += [
                f"{node['name']}.{name} has no type"
                for name, column in node["columns"].items()
                if not column["data_type"]
            ]
    assert wrong == []


def test_every_table_has_a_key(manifest) -> None:
    """Unpublished helpers may be keyed by several columns; staging and marts have one."""
    tests = columns_with_tests(manifest)
    wrong = [
        node["name"]
        for node in models_of(manifest)
        if (layer_of(node) == "staging" or is_published(node))
        and not any(
            is_key(found) for (model, _), found in tests.items() if model == node["unique_id"]
        )
    ]
    assert wrong == []


def test_every_reference_to_a_dimension_is_tested(manifest) -> None:
    """A reference that may lead nowhere says so: `not in dim_…`."""
    tests = columns_with_tests(manifest)
    dimension_keys = {
        column: model
        for (model, column), found in tests.items()
        if is_key(found) and ".dim_" in model and column.endswith("_key")
    }
    wrong = [
        f"{node['name']}.{column} → {dimension_keys[column].split('.')[-1]}"
        for node in models_of(manifest)
        for column in node["columns"]
        if is_published(node)
        and column in dimension_keys
        and dimension_keys[column] != node["unique_id"]
        and f"not in {dimension_keys[column].split('.')[-1]}" not in describe(node, column)
        and "relationships" not in tests.get((node["unique_id"], column), set())
    ]
    assert wrong == []


def test_names_of_times_say_what_they_are(manifest) -> None:
    """`_at` is an instant, `_on` a day, `_s` seconds; and the other way round."""
    wrong = []
    for node in models_of(manifest):
        if not is_published(node):
            continue
        for name, column in node["columns"].items():
            kind = column["data_type"].lower()
            for suffix, kinds in (("_at", {"timestamp"}), ("_on", {"date"})):
                if name.endswith(suffix) != (kind in kinds):
                    wrong.append(f"{node['name']}.{name} is a {kind}")
            if name.endswith("_s") and kind not in ("bigint", "integer", "double", "hugeint"):
                wrong.append(f"{node['name']}.{name} is a {kind}")
    assert wrong == []


def test_no_text_and_no_handle_is_published(manifest) -> None:
    wrong = [
        f"{node['name']}.{name}"
        for node in models_of(manifest)
        if is_published(node)
        for name in node["columns"]
        if PRIVATE_COLUMNS.fullmatch(name) and (node["name"], name) not in WRITTEN_TO_BE_PUBLISHED
    ]
    assert wrong == []


def test_unit_tests_are_named_after_rules(manifest) -> None:
    names = [test["name"] for test in manifest["unit_tests"].values()]
    assert len(names) > 30
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+){2,}", name)] == []


def test_singular_tests_say_what_they_detect_and_what_a_row_means() -> None:
    for path in (PROJECT / "dbt_project" / "tests").glob("*.sql"):
        text = " ".join(line.strip("- ") for line in path.read_text().splitlines()[:8])
        assert text.startswith("Detects"), path
        assert re.search(r"[Aa] returned row is", text), path


def test_no_dbt_package_is_needed() -> None:
    assert not (PROJECT / "dbt_project" / "packages.yml").exists()
    assert not (PROJECT / "dbt_project" / "dependencies.yml").exists()
