"""The whole refresh on a simulated company: it publishes audited marts, and only those."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from orchestration import definitions, publish, warehouse
from orchestration.automation import REFRESH
from orchestration.quality.expectations import expectations
from orchestration.warehouse import project
from tests.conftest import PROJECT, Pipeline

CUSTOMERS = "puppet not in ('1', 'true')"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def bytes_of(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.readlink().as_posix()
        if path.is_symlink()
        else hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def evaluations(instance: dg.DagsterInstance, run_id: str) -> list:
    logs = instance.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    return [entry.get_dagster_event().asset_check_evaluation_data for entry in logs]


def test_the_refresh_succeeds(pipeline: Pipeline) -> None:
    from orchestration.runs.events import problems

    assert list(problems(pipeline.instance, pipeline.run_id)) == []
    assert pipeline.success


def test_new_files_are_told_to_their_landing_folder(pipeline: Pipeline) -> None:
    """Others fill it, so nothing else would tell Dagster how fresh it is."""
    told = pipeline.instance.get_latest_materialization_event(
        dg.AssetKey(["landing", "x", "posts"])
    )
    [[files]] = pipeline.serving(
        "select count(*) from marts.extraction_files where source = 'x' and stream = 'posts'"
    )
    assert told.asset_materialization.metadata["new_files"].value == files


def test_every_check_is_evaluated_and_none_fails_with_an_error(
    pipeline: Pipeline, manifest
) -> None:
    found = evaluations(pipeline.instance, pipeline.run_id)
    tests = [n for n in manifest["nodes"].values() if n["resource_type"] == "test"]
    suites = {(e.table, e.suite) for e in expectations()}
    assert len(found) == len(tests) + len(suites)
    assert [
        (e.asset_check_key.to_user_string(), e.description)
        for e in found
        if not e.passed and e.severity == dg.AssetCheckSeverity.ERROR
    ] == []


def test_the_publication_tells_what_was_published(pipeline: Pipeline) -> None:
    [row] = pipeline.serving(
        "select run_id, reporting_zone, as_of_at::varchar, rows_per_table, checks_passed,"
        " rows_read, rows_in_lake + rows_quarantined, snapshot_id from marts.publication"
    )
    assert row[:3] == (pipeline.run_id, "America/New_York", "2026-04-15 06:00:00")
    for table, rows in json.loads(row[3]).items():
        assert pipeline.serving(f"select count(*) from marts.{table}") == [(rows,)]
    passed = [e for e in evaluations(pipeline.instance, pipeline.run_id) if e.passed]
    assert row[4] == len(passed)
    assert row[5] == row[6] > 0
    assert row[7] == publish.current_snapshot(pipeline.settings)


def test_every_published_table_is_what_the_warehouse_has(pipeline: Pipeline, manifest) -> None:
    tables = [t for t in publish.published_tables(manifest) if t.review_file is None]
    assert len(tables) > 30
    with duckdb.connect() as connection:
        connection.execute(f"attach '{pipeline.settings.warehouse_path}' as w (read_only)")
        path = (pipeline.settings.serving_dir / "kpi_marts.duckdb").resolve()
        connection.execute(f"attach '{path}' as s (read_only)")
        for table in tables:
            built, shown = f"w.{table.schema}.{table.name}", f"s.marts.{table.name}"
            for one, other in ((built, shown), (shown, built)):
                [(rows,)] = connection.execute(
                    f"select count(*) from (from {one} except all from {other})"
                ).fetchall()
                assert rows == 0, table.name


def test_the_public_tables_are_there(pipeline: Pipeline) -> None:
    wanted = """fct_messages fct_replies fct_conversations fct_conversation_daily fct_engagement
        fct_web_sessions fct_conversions fct_attribution fct_survey_responses fct_costs
        fct_reach fct_followers fct_mentions fct_orders fct_ad_spend fct_maturity_answers
        fct_phone_daily fct_sla fct_review_deliveries fct_check_runs
        bridge_mention_keywords bridge_customer_contacts bridge_contact_vip
        kpi_scorecard kpi_care_daily kpi_definitions kpi_targets publication extraction_files
        kpi_audience_daily kpi_share_of_voice kpi_attribution_daily kpi_posts kpi_campaigns
        kpi_utm_governance kpi_social_maturity kpi_roi kpi_data_quality kpi_data_quality_periods
        dim_date dim_network dim_profile dim_post dim_agent dim_team dim_contact dim_tag
        dim_product dim_topic dim_campaign dim_channel dim_sla_policy dim_business_calendar
        dim_brand dim_keyword dim_customer"""
    tables = {name for (name,) in pipeline.serving("select table_name from duckdb_tables()")}
    assert set(wanted.split()) - tables == set()
    folders = {path.name for path in (pipeline.settings.serving_dir / "parquet").iterdir()}
    assert folders == tables


def test_the_scorecard_is_as_the_public_interface_says(pipeline: Pipeline) -> None:
    columns = pipeline.serving(
        "select column_name from duckdb_columns() where table_name = 'kpi_scorecard'"
    )
    wanted = """period_kind period_start_on period_end_on kpi_id slice_kind slice_value value
        numerator denominator n previous_value year_ago_value target_value status null_reason
        is_provisional definition_version as_of_at"""
    assert set(wanted.split()) - {name for (name,) in columns} == set()


def test_no_text_handle_or_raw_contact_is_in_serving(pipeline: Pipeline) -> None:
    """Every text cell of serving, searched for what the landing files say and who says it."""
    secret = {
        cell.strip()
        for stream, column, condition in (
            ("ringcentral_engage/messages", "body", "length(body) > 25"),
            ("customer_support_on_twitter/tweets", "text", "length(text) > 25"),
            ("ringcentral_engage/identities", "screenname", CUSTOMERS),
            ("ringcentral_engage/identities", "id", CUSTOMERS),
        )
        for (cell,) in duckdb.sql(
            f"select {column} from read_csv('{pipeline.settings.landing}/{stream}/*', "
            "all_varchar=true, union_by_name=true, ignore_errors=true, strict_mode=false) "
            f"where {condition} and length({column}) > 5"
        ).fetchall()
    }
    assert len(secret) > 500
    found = []
    columns = pipeline.serving(
        "select table_name, column_name from duckdb_columns()"
        " where schema_name = 'marts' and data_type = 'VARCHAR'"
    )
    for table, column in columns:
        cells = pipeline.serving(f'select distinct "{column}" from marts."{table}"')
        found += [(table, column, cell) for (cell,) in cells if cell in secret]
    assert found[:5] == []


def test_contacts_are_pseudonyms(pipeline: Pipeline) -> None:
    ids = pipeline.warehouse("select distinct contact_id from intermediate.int_contact_accounts")
    own = pipeline.warehouse("select count(*) from intermediate.int_contacts where is_own")
    wrong = [value for (value,) in ids if value and not re.fullmatch(r"c_[0-9a-f]{20}", value)]
    assert len(wrong) <= own[0][0]


def test_unit_tests_hold(pipeline: Pipeline) -> None:
    result = warehouse.invoke(
        pipeline.settings, ["test", "--select", "test_type:unit"], as_of=pipeline.settings.as_of
    )
    broken = [
        f"{each.node.name}: {each.message}"
        for each in (result.result.results if result.result else [])
        if str(each.status) not in ("pass", "success")
    ]
    assert result.exception is None
    assert broken == []
    assert len(result.result.results) > 30


def test_a_part_of_the_warehouse_can_be_built_and_is_not_published(pipeline: Pipeline) -> None:
    """Publishing alone would show what nobody has checked in the same run."""
    before = bytes_of(pipeline.settings.serving_dir)
    result = pipeline.code_location.resolve_job_def(REFRESH).execute_in_process(
        instance=pipeline.instance,
        asset_selection=[dg.AssetKey(["serving", "publication"])],
        raise_on_error=False,
        run_config=QUIET,
    )
    assert not result.success
    [failure] = result.get_step_failure_events()
    assert "have not passed in this run" in str(failure.step_failure_data.error)
    assert bytes_of(pipeline.settings.serving_dir) == before


@pytest.fixture(scope="module")
def failed(pipeline: Pipeline, tmp_path_factory) -> tuple[Pipeline, dict[str, str], str]:
    """A second refresh of the same files, whose project has one more check, which fails."""
    root = tmp_path_factory.mktemp("failing")
    settings = pipeline.settings.model_copy(update={"data_dir": root / "data"})
    settings = settings.model_copy(update={"landing_dir": pipeline.settings.landing})
    shutil.copytree(pipeline.settings.data_dir, settings.data_dir, symlinks=True)
    for folder in ("dbt_project", "models", "seeds"):
        shutil.copytree(
            PROJECT / folder, root / folder, ignore=shutil.ignore_patterns("target", "logs")
        )
    (root / "dbt_project" / "tests" / "assert_nothing_is_measured.sql").write_text(
        "select kpi_id, count(*) as cells from {{ ref('kpi_scorecard') }} group by kpi_id"
    )
    before = bytes_of(settings.serving_dir)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(project, "PROJECT_DIR", root)
        patch.setattr(project, "DBT_DIR", root / "dbt_project")
        folders = tuple(root / name for name in ("dbt_project", "models", "seeds"))
        patch.setattr(project, "SOURCE_DIRS", folders)
        code_location = definitions.build(settings)
        result = code_location.resolve_job_def(REFRESH).execute_in_process(
            instance=pipeline.instance, raise_on_error=False, run_config=QUIET
        )
    run = Pipeline(
        settings, pipeline.truth, pipeline.instance, code_location, result.run_id, result.success
    )
    [summary] = (settings.data_dir / "runs").glob(f"{result.run_id}.md")
    return run, before, summary.read_text()


def test_a_failed_check_publishes_nothing(failed) -> None:
    run, before, _ = failed
    assert not run.success
    assert bytes_of(run.settings.serving_dir) == before


def test_the_error_of_the_run_names_the_check_and_shows_failing_rows(failed) -> None:
    from orchestration.runs.events import problems

    run, _, summary = failed
    [(where, what)] = problems(run.instance, run.run_id)
    assert where == "step warehouse"
    for text in (what, summary):
        assert "assert_nothing_is_measured" in text
        assert re.search(r"kpi_id='\w+', cells=\d+", text)
    assert "Nothing was published" in summary
    assert publish.current_snapshot(run.settings) in summary


def test_a_replay_builds_the_same_numbers(failed, manifest) -> None:
    """The second refresh read no file again and built, cell for cell, what is published."""
    run, _, _ = failed
    with duckdb.connect() as connection:
        connection.execute(f"attach '{run.settings.warehouse_path}' as w (read_only)")
        path = (run.settings.serving_dir / "kpi_marts.duckdb").resolve()
        connection.execute(f"attach '{path}' as s (read_only)")
        other = {}
        for table in publish.published_tables(manifest):
            if table.review_file is None:
                sql = f"from w.{table.schema}.{table.name} except all from s.marts.{table.name}"
                other[table.name] = connection.execute(f"{sql} limit 2").fetchall()
    assert {name: rows for name, rows in other.items() if rows} == {}
