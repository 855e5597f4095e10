"""The dashboard for Apache Superset as one file that Superset imports.

Turning the YAML beside this module into Superset's format belongs here: ids, columns of datasets,
the layout. What a chart shows is in `charts/`, what a metric means in `datasets/`, and what a
column means is taken from the models' YAML, where it is said once.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml

HERE = Path(__file__).parent
PROJECT_DIR = HERE.parents[1]
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "social-kpi-warehouse")
VERSION = "1.0.0"
SCHEMA = "marts"
FOLDER = "social_care"
#: A part of an archive carries an instant, and the same YAML shall make the same bytes.
INSTANT = (2020, 1, 1, 0, 0, 0)
TWELFTHS = 12

Words = dict[str, Any]


class BundleError(Exception):
    """The YAML or the address cannot become a dashboard; the message says where and why."""


def id_of(kind: str, name: str) -> str:
    """The id of a database, dataset, chart or dashboard: the same on every machine, for ever."""
    return str(uuid.uuid5(NAMESPACE, f"{kind}/{name}"))


def read_all(folder: str) -> dict[str, Words]:
    """Every YAML file of a folder beside this module, by its stem."""
    return {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((HERE / folder).glob("*.yaml"))
    }


def columns_of(table: str) -> dict[str, tuple[str, str]]:
    """Type and description of each column of a table, from the YAML of its mart or seed.

    Raises:
        BundleError: no mart or seed of that name is declared.
    """
    beside = [*(PROJECT_DIR / "models" / "marts").glob(f"**/{table}.yml")]
    for path in beside or sorted((PROJECT_DIR / "seeds").glob("*.yml")):
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
        for found in (*declared.get("models", ()), *declared.get("seeds", ())):
            if found["name"] == table:
                types = found.get("config", {}).get("column_types", {})
                return {
                    column["name"]: (
                        (column.get("data_type") or types.get(column["name"], "varchar")).upper(),
                        " ".join(column["description"].split()),
                    )
                    for column in found["columns"]
                }
    raise BundleError(f"no mart or seed declares the table {table}")


def database(uri: str) -> Words:
    """The database of a serving layer, by its SQLAlchemy address.

    Raises:
        BundleError: the address is of neither kind, or carries a password, which would lie in the
            file for everybody to read.
    """
    scheme = urlsplit(uri).scheme.split("+")[0]
    kinds = read_all("databases")
    if scheme not in kinds:
        raise BundleError(
            f"expected an address that begins with {' or '.join(f'{k}://' for k in kinds)}, "
            f"found one that begins with {scheme or 'nothing'}"
        )
    if _has_password(uri):
        raise BundleError(
            "the address has a password, and the file would carry it in plain text; leave it out "
            "and give it to Superset afterwards (Settings, Database connections), or keep it in "
            "the .pgpass of the account that runs Superset"
        )
    return {
        **kinds[scheme],
        "sqlalchemy_uri": uri,
        "expose_in_sqllab": True,
        "allow_dml": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_file_upload": False,
        "uuid": id_of("database", scheme),
        "version": VERSION,
    }


def dataset(words: Words, its_database: Words) -> Words:
    """A dataset in Superset's words.

    Raises:
        BundleError: it takes columns of a table or names a column that no model declares.
    """
    name = words["table_name"]
    columns: list[Words] = []
    for table, wanted in words.get("columns_of", {}).items():
        declared = columns_of(table)
        for column in declared if wanted == "all" else wanted:
            if column not in declared:
                raise BundleError(f"dataset {name}: {table} has no column {column}")
            columns.append(_column(column, *declared[column]))
    columns += [
        _column(column, own["type"], own["description"], own.get("expression"))
        for column, own in words.get("columns", {}).items()
    ]
    return {
        "table_name": name,
        "description": words.get("description"),
        "schema": SCHEMA,
        "sql": words.get("sql"),
        "main_dttm_col": words.get("main_dttm_col"),
        "columns": columns,
        "metrics": [
            {
                "metric_name": metric,
                "verbose_name": said.get("title", _title(metric)),
                "expression": said["expression"],
                "description": said["description"],
            }
            for metric, said in words["metrics"].items()
        ],
        "filter_select_enabled": True,
        "uuid": _dataset_id(its_database, name),
        "database_uuid": its_database["uuid"],
        "version": VERSION,
    }


def chart(stem: str, words: Words, its_dataset: Words) -> Words:
    """A chart in Superset's words: `where` becomes its filter, metrics are those of its dataset."""
    params = dict(words["params"])
    where = params.pop("where", None)
    params["adhoc_filters"] = (
        [{"clause": "WHERE", "expressionType": "SQL", "sqlExpression": " ".join(where.split())}]
        if where
        else []
    )
    if "order_by" in params:
        params["order_by_cols"] = [
            json.dumps([column, way == "ascending"]) for column, way in params.pop("order_by")
        ]
    return {
        "slice_name": words["slice_name"],
        "description": words.get("description"),
        "viz_type": words["viz_type"],
        "params": {**params, "viz_type": words["viz_type"]},
        "dataset_uuid": its_dataset["uuid"],
        "uuid": id_of(f"chart/{its_dataset['database_uuid']}", stem),
        "version": VERSION,
    }


def dashboard(
    words: Words, its_database: Words, charts: Mapping[str, Words], datasets: Mapping[str, Words]
) -> Words:
    """The dashboard: rows of charts on a grid of twelve columns, and its filters.

    Superset gives charts numbers of its own when it imports; those here only tie a filter to the
    charts it leaves alone.

    Raises:
        BundleError: a row is wider than the grid or names a chart that is not there.
    """
    position: Words = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "HEADER_ID": {
            "id": "HEADER_ID",
            "type": "HEADER",
            "meta": {"text": words["dashboard_title"]},
        },
        "GRID_ID": {"id": "GRID_ID", "type": "GRID", "parents": ["ROOT_ID"], "children": []},
    }
    numbers = {stem: number for number, stem in enumerate(charts, start=1)}
    for number, row in enumerate(words["rows"], start=1):
        width = sum(row["charts"].values())
        if width > TWELFTHS:
            raise BundleError(f"row {number} of the dashboard is {width} wide, of {TWELFTHS}")
        row_id = f"ROW-{number}"
        position["GRID_ID"]["children"].append(row_id)
        position[row_id] = {
            "id": row_id,
            "type": "ROW",
            "parents": ["ROOT_ID", "GRID_ID"],
            "children": [f"CHART-{stem}" for stem in row["charts"]],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for stem, twelfths in row["charts"].items():
            if stem not in charts:
                raise BundleError(f"row {number} of the dashboard: there is no chart {stem}")
            position[f"CHART-{stem}"] = {
                "id": f"CHART-{stem}",
                "type": "CHART",
                "parents": ["ROOT_ID", "GRID_ID", row_id],
                "children": [],
                "meta": {
                    "uuid": charts[stem]["uuid"],
                    "sliceName": charts[stem]["slice_name"],
                    "chartId": numbers[stem],
                    "width": twelfths,
                    "height": row["height"],
                },
            }
    slug = f"{words['slug']}-{urlsplit(its_database['sqlalchemy_uri']).scheme.split('+')[0]}"
    return {
        "dashboard_title": words["dashboard_title"],
        "description": f"{words['description']} Read from {its_database['database_name']}.",
        "slug": slug,
        "published": True,
        "position": position,
        "metadata": {
            "color_scheme": "supersetColors",
            "cross_filters_enabled": True,
            "native_filter_configuration": [
                _filter(said, charts, numbers, datasets) for said in words["filters"]
            ],
        },
        "uuid": id_of("dashboard", slug),
        "version": VERSION,
    }


def parts(uri: str) -> Iterator[tuple[str, Words]]:
    """Every file of the archive: its name, and what is in it."""
    its_database = database(uri)
    datasets = {
        words["table_name"]: dataset(words, its_database) for words in read_all("datasets").values()
    }
    charts = {}
    for stem, words in read_all("charts").items():
        if words["dataset"] not in datasets:
            raise BundleError(f"chart {stem}: there is no dataset {words['dataset']}")
        charts[stem] = chart(stem, words, datasets[words["dataset"]])
    words = yaml.safe_load((HERE / "dashboard.yaml").read_text(encoding="utf-8"))

    yield (
        "metadata.yaml",
        {"version": VERSION, "type": "Dashboard", "timestamp": "2020-01-01T00:00:00+00:00"},
    )
    yield f"databases/{FOLDER}.yaml", its_database
    for name, found in datasets.items():
        yield f"datasets/{FOLDER}/{name}.yaml", found
    for stem, found in charts.items():
        yield f"charts/{stem}.yaml", found
    yield f"dashboards/{FOLDER}.yaml", dashboard(words, its_database, charts, datasets)


def write_bundle(uri: str, path: Path) -> Path:
    """Write the archive for a serving layer; the same YAML and address give the same bytes."""
    texts = {
        name: yaml.safe_dump(words, sort_keys=False, allow_unicode=True)
        for name, words in parts(uri)
    }
    with ZipFile(path, "w") as archive:
        for name, text in texts.items():
            archive.writestr(ZipInfo(f"{FOLDER}/{name}", INSTANT), text, ZIP_DEFLATED)
    return path


def _has_password(uri: str) -> bool:
    """Whether there is a password where SQLAlchemy looks, which takes # and / for parts of one."""
    named = parse_qsl(uri.partition("?")[2])
    return bool(re.match(r"[^:]+://[^:/]*:[^@]+@", uri)) or any(
        "password" in name.lower() for name, _ in named
    )


def _dataset_id(its_database: Words, name: str) -> str:
    return id_of(f"dataset/{its_database['uuid']}", name)


def _title(name: str) -> str:
    words = name.replace("_", " ").capitalize()
    return re.sub(r"\b(kpi|sla|id)\b", lambda found: found[0].upper(), words, flags=re.I)


def _column(name: str, type_: str, description: str, expression: str | None = None) -> Words:
    return {
        "column_name": name,
        "verbose_name": _title(name),
        "type": type_,
        "is_dttm": type_ in ("DATE", "TIMESTAMP"),
        "groupby": True,
        "filterable": True,
        "is_active": True,
        "expression": expression,
        "description": description,
    }


def _filter(
    said: Mapping[str, str],
    charts: Mapping[str, Words],
    numbers: Mapping[str, int],
    datasets: Mapping[str, Words],
) -> Words:
    can_follow = {
        found["uuid"]
        for found in datasets.values()
        if any(column["column_name"] == said["column"] for column in found["columns"])
    }
    return {
        "id": f"NATIVE_FILTER-{re.sub(r'[^a-z]', '-', said['name'].lower())}",
        "name": said["name"],
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "targets": [
            {"datasetUuid": datasets[said["dataset"]]["uuid"], "column": {"name": said["column"]}}
        ],
        "scope": {
            "rootPath": ["ROOT_ID"],
            "excluded": [
                numbers[stem]
                for stem, found in charts.items()
                if found["dataset_uuid"] not in can_follow
            ],
        },
        "controlValues": {"multiSelect": True, "enableEmptyFilter": False},
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "cascadeParentIds": [],
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the archive and say how it is imported."""
    parser = argparse.ArgumentParser(description="The dashboard as a file that Superset imports.")
    parser.add_argument("uri", help="duckdb:////<folder>/kpi_marts.duckdb or postgresql://…")
    parser.add_argument("--to", type=Path, default=Path("social-care.zip"), help="the file")
    options = parser.parse_args(arguments)
    try:
        path = write_bundle(options.uri, options.to)
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Wrote {path}: superset import-dashboards --path {path} --username <who owns it>")
    return 0


if __name__ == "__main__":
    sys.exit(main())
