"""A setting that is unknown or impossible stops at the start, and the message names it."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.errors import SettingsError
from orchestration.settings import DEFAULTS_FILE, Settings, load_settings


def load(**variables: str) -> Settings:
    return load_settings(variables, env_file=None)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("WAREHOUSE_ASOF", "2026-04-15T06:00:00Z", "is not a setting"),
        ("WAREHOUSE_AS_OF", "2026-04-15", "an instant with its zone"),
        ("WAREHOUSE_AS_OF", "2026-04-15T06:00:00", "an instant with its zone"),
        ("WAREHOUSE_AS_OF", "2026-02-30T06:00:00Z", "an instant with its zone"),
        ("WAREHOUSE_REPORTING_ZONE", "Mars/Olympus", "IANA name"),
        ("WAREHOUSE_REPORTING_ZONE", "../../etc/passwd", "IANA name"),
        ("WAREHOUSE_FISCAL_YEAR_START_MONTH", "13", "from 1 to 12"),
        ("WAREHOUSE_FISCAL_YEAR_START_MONTH", "April", "from 1 to 12"),
        ("WAREHOUSE_WEEK_START", "sunday", "monday"),
        ("WAREHOUSE_PSEUDONYM_KEY", "short", "at least 16 characters"),
        ("WAREHOUSE_EXPORT_ZONES", "Europe/Berlin", "pairs such as"),
        ("WAREHOUSE_EXPORT_ZONES", "ringcentral_engage=", "pairs such as"),
        ("WAREHOUSE_EXPORT_ZONES", "ringcentral_engage=Mars/Olympus", "not 'Mars/Olympus'"),
        ("WAREHOUSE_EXPORT_ZONES", "ringcentral=Europe/Berlin", "not 'ringcentral'"),
        ("WAREHOUSE_EXPORT_ZONES", "x=Europe/Berlin", "wall times .*not 'x'"),
        (
            "WAREHOUSE_EXPORT_ZONES",
            "ringcentral_engage=UTC,ringcentral_engage=Asia/Tokyo",
            "one zone a source",
        ),
        ("WAREHOUSE_LOCALE", "klingon", "name of a locale"),
        ("WAREHOUSE_SNAPSHOTS_KEPT", "1", "from 2 to 1000"),
        ("WAREHOUSE_ALERT_WEBHOOK_URL", "ftp://chat.example/hook", "starts with https://"),
        ("SERVING_POSTGRES_DSN", "mysql://bi", "postgresql://user:password@host"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, expected: str) -> None:
    with pytest.raises(SettingsError, match=expected) as caught:
        load(**{name: value})
    assert name in str(caught.value)


@pytest.mark.parametrize(
    ("name", "wrong", "right"),
    [
        ("WAREHOUSE_PSEUDONYM_KEY", "hunter2", "hunter2 hunter2 hunter2"),
        ("SERVING_POSTGRES_DSN", "host=db password=hunter2", "postgresql://bi:hunter2@db/bi"),
        ("WAREHOUSE_ALERT_WEBHOOK_URL", "chat/hunter2", "https://chat.example/hook/hunter2"),
    ],
)
def test_a_secret_is_never_printed(name: str, wrong: str, right: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(**{name: wrong})
    assert name in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(load(**{name: right}))


@pytest.mark.parametrize(("given", "found"), [("de_DE", "de_DE"), ("de-DE", "de_DE"), ("fr", "fr")])
def test_a_locale_is_known_by_its_usual_spellings(given: str, found: str) -> None:
    assert load(WAREHOUSE_LOCALE=given).locale == found


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(SettingsError, match="WAREHOUSE_DATA_DIR"):
        load(WAREHOUSE_DATA_DIR=str(file))


def test_other_variables_are_not_ours() -> None:
    assert load(PATH="/bin", HOME="/home/a") == Settings()


def test_an_empty_variable_is_an_unset_one() -> None:
    assert load(WAREHOUSE_AS_OF="", WAREHOUSE_LANDING_DIR=" ").as_of is None


def test_instants_are_utc_and_folders_absolute(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load(WAREHOUSE_AS_OF="2026-04-15T08:00:00+02:00", WAREHOUSE_DATA_DIR="d")
    assert settings.as_of == datetime(2026, 4, 15, 6, tzinfo=UTC)
    assert settings.data_dir == tmp_path / "d"
    assert settings.landing == tmp_path / "d" / "landing"


def test_zones_of_exports_are_pairs_of_source_and_zone() -> None:
    settings = load(
        WAREHOUSE_EXPORT_ZONES=" ringcentral_engage = America/New_York , zendesk=Europe/Berlin,"
    )
    assert settings.export_zones == {
        "ringcentral_engage": "America/New_York",
        "zendesk": "Europe/Berlin",
    }
    assert load().export_zones == {}


def test_environment_wins_over_file_and_file_over_data_folder(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(
        f"WAREHOUSE_DATA_DIR={tmp_path}\nWAREHOUSE_REPORTING_ZONE=Asia/Tokyo\n"
        "WAREHOUSE_FISCAL_YEAR_START_MONTH=4\n"
    )
    (tmp_path / DEFAULTS_FILE).write_text(
        "WAREHOUSE_REPORTING_ZONE=Europe/Paris\nWAREHOUSE_AS_OF=2026-04-15T06:00:00Z\n"
    )
    settings = load_settings({"WAREHOUSE_FISCAL_YEAR_START_MONTH": "7"}, env_file)
    assert settings.fiscal_year_start_month == 7
    assert settings.reporting_zone == "Asia/Tokyo"
    assert settings.as_of == datetime(2026, 4, 15, 6, tzinfo=UTC)


def test_an_unknown_setting_in_the_file_is_named_too(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("WAREHOUSE_ZONE=UTC\n")
    with pytest.raises(SettingsError, match="WAREHOUSE_ZONE"):
        load_settings({}, env_file)


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path, caplog) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    key = settings.secret()
    kept = tmp_path / "data" / ".pseudonym_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(key) == 64
    assert settings.secret() == key
    assert [r.message for r in caplog.records if "WAREHOUSE_PSEUDONYM_KEY" in r.message]
    assert key.decode() not in caplog.text


def test_a_key_that_is_set_is_the_key(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, pseudonym_key="correct horse battery")
    assert settings.secret() == b"correct horse battery"
    assert list(tmp_path.iterdir()) == []
