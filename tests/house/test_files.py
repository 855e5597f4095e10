"""The house itself: make targets, what CI calls, pinned environment, nothing of one machine."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
TARGETS = ("run", "refresh", "snapshots", "rollback", "ui", "test", "lint", "bench", "docs")


def tracked() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    return [PROJECT / name for name in names if name and (PROJECT / name).is_file()]


def texts() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        try:
            found.append((path.relative_to(PROJECT).as_posix(), path.read_text()))
        except UnicodeDecodeError:
            continue
    return found


def test_help_lists_the_public_targets() -> None:
    shown = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True).stdout
    for target in TARGETS:
        assert re.search(rf"^  make {target}\b", shown, flags=re.MULTILINE), target


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_makes_its_environment_first(target: str) -> None:
    makefile = (PROJECT / "Makefile").read_text()
    assert re.search(rf"^{target}: \$\(READY\)", makefile, flags=re.MULTILINE)


def test_the_environment_is_keyed_on_the_content_of_the_lock() -> None:
    makefile = (PROJECT / "Makefile").read_text()
    assert "cksum < requirements.lock" in makefile
    assert "--require-hashes" in makefile


def test_arguments_of_make_become_settings() -> None:
    shown = subprocess.run(
        ["make", "-n", "-p", "help", "LANDING=a", "DATA=b", "AS_OF=c"],
        cwd=PROJECT, capture_output=True, text=True,
    ).stdout  # fmt: skip
    for line in ("LANDING_DIR := a", "DATA_DIR := b", "AS_OF := c"):
        assert f"export WAREHOUSE_{line}" in shown or f"WAREHOUSE_{line}" in shown


def test_ci_calls_lint_and_the_tests_and_nothing_else() -> None:
    lines = (PROJECT / ".ci" / "run").read_text().splitlines()
    assert [line for line in lines if line.startswith("make")] == [
        "make lint",
        "make test",
        "make test-spark",
    ]
    assert (PROJECT / ".ci" / "run").stat().st_mode & 0o100


@pytest.mark.parametrize("name", ["requirements", "requirements-spark"])
def test_the_lock_pins_and_hashes_everything_that_is_asked_for(name: str) -> None:
    lock = (PROJECT / f"{name}.lock").read_text()
    entries = re.split(r"\n(?=\S)", lock)
    for entry in entries:
        assert "==" in entry.splitlines()[0], entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]
    pinned = {re.split(r"[\[=]", entry)[0] for entry in entries}
    wanted = re.findall(r"^([A-Za-z0-9-]+)", (PROJECT / f"{name}.in").read_text(), re.M)
    assert set(wanted) <= pinned


def test_both_engines_live_in_one_environment() -> None:
    """What both locks pin has one version: installing Spark changes nothing that is there."""
    ours, theirs = (
        dict(re.findall(r"^([a-z0-9-]+)[^=\n]*==([^ ;\n]+)", (PROJECT / name).read_text(), re.M))
        for name in ("requirements.lock", "requirements-spark.lock")
    )
    shared = ours.keys() & theirs.keys()
    assert "dbt-core" in shared
    assert {package for package in shared if ours[package] != theirs[package]} == set()


def test_everything_that_is_asked_for_is_imported() -> None:
    """Except what others load by name: the web interface, adapters, engines, tools, zone data."""
    by_name = {"dagster-webserver", "dbt-duckdb", "tzdata", "vl-convert-python", "ruff",
               "shandy-sqlfmt", "openpyxl", "pyarrow", "pytest", "pytest-xdist"}  # fmt: skip
    modules = {"dbt-core": "dbt", "pydantic-settings": "pydantic_settings", "pyyaml": "yaml"}
    wanted = re.findall(r"^([A-Za-z0-9-]+)", (PROJECT / "requirements.in").read_text(), re.M)
    code = "\n".join(text for name, text in texts() if name.endswith(".py"))
    for package in set(wanted) - by_name:
        module = modules.get(package, package.replace("-", "_"))
        assert re.search(rf"^\s*(import|from) {module}\b", code, flags=re.MULTILINE), package


def test_no_index_host_and_no_machine_path_is_in_a_tracked_file() -> None:
    hosts = re.compile(
        "|".join(["index" + "-url", "pypi" + r"\.org", "python" + "hosted", "npm" + "js"])
    )
    paths = re.compile(
        r"(^|[^A-Za-z0-9_.])/(" + "|".join(["ro" + "ot", "ho" + "me/[a-z]+"]) + r")/"
    )
    for name, text in texts():
        if name == "tests/house/test_files.py":
            continue
        found = hosts.search(text) or (paths.search(text) if not name.endswith(".lock") else None)
        assert found is None, f"{name}: {found.group(0)}"


def test_no_file_of_a_run_is_tracked() -> None:
    for path in tracked():
        parts = path.relative_to(PROJECT).parts
        assert parts[0] != "data", path
        assert not {"target", "logs", "__pycache__", ".venv"} & set(parts[:-1]), path
        assert path.suffix not in {".duckdb", ".parquet", ".pyc"}, path


def test_every_module_says_what_belongs_in_it_and_what_does_not() -> None:
    for name, text in texts():
        if re.match(r"(orchestration|simulator)/.*\.py$", name):
            docstring = re.match(r'"""(.*?)"""', text, flags=re.DOTALL)
            assert docstring, name
            assert "\n\n" in docstring.group(1) or name.endswith("__main__.py"), name


def test_the_code_location_is_the_same_everywhere() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    assert project["tool"]["dagster"]["module_name"] == "orchestration.definitions"
    assert "module_name: orchestration.definitions" in (PROJECT / "workspace.yaml").read_text()
    assert project["project"]["requires-python"] == ">=3.11"


def test_the_example_environment_names_every_setting() -> None:
    from orchestration.settings import Settings, variable

    shown = re.findall(r"^# ([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.M)
    assert shown == list(map(variable, Settings.model_fields))
