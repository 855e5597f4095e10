"""One typed object for all a person can set: folders, as-of, reporting zone, calendar, secret.

Reading and checking the environment belongs here, and the file that keeps a generated secret. What
a setting means for a stream, a model or a page does not: callers get values, no variable names.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AwareDatetime,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from orchestration.errors import SettingsError

log = logging.getLogger(__name__)

PROJECT_DIR = Path(__file__).resolve().parent.parent
PREFIX = "WAREHOUSE_"

# What a data folder was made with, below the environment and .env.
DEFAULTS_FILE = "defaults.env"

# The one variable without the prefix: deployments know it by this name.
POSTGRES_DSN = "SERVING_POSTGRES_DSN"
SECRETS = {"pseudonym_key", "serving_postgres_dsn", "alert_webhook_url"}
ADDRESSES = {
    "serving_postgres_dsn": ("postgresql", "postgres"),
    "alert_webhook_url": ("https", "http"),
}


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _pairs(value: object) -> object:
    """`a=X,b=Y` as a dict. Anything else is left to the type."""
    if not isinstance(value, str):
        return value
    pairs: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        source, equals, zone = (piece.strip() for piece in part.partition("="))
        if not (source and equals and zone):
            raise ValueError(f"pairs such as zendesk=Europe/Berlin, parted by commas, not {part!r}")
        if source in pairs:
            raise ValueError(f"one zone a source, not two for {source!r}")
        pairs[source] = zone
    return pairs


class Settings(BaseSettings):
    """The settings of a run. Field names are the variables in lower case, without `WAREHOUSE_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data_dir: Path = PROJECT_DIR / "data"
    landing_dir: Path | None = None
    as_of: AwareDatetime | None = None
    reporting_zone: str = "UTC"
    fiscal_year_start_month: Annotated[int, Field(ge=1, le=12)] = 1
    week_start: Annotated[Literal["monday"], BeforeValidator(_lower)] = "monday"
    pseudonym_key: Annotated[SecretStr, Field(min_length=16)] | None = None
    export_zones: Annotated[dict[str, str], BeforeValidator(_pairs)] = Field(default_factory=dict)
    locale: str = "en_US"
    snapshots_kept: Annotated[int, Field(ge=2, le=1000)] = 5
    alert_webhook_url: SecretStr | None = None
    serving_postgres_dsn: SecretStr | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        **_: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is passed in counts: `load_settings` alone reads the environment and .env."""
        return (init_settings,)

    @field_validator("data_dir", "landing_dir")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return None if value is None else value.expanduser().resolve()

    @field_validator("as_of")
    @classmethod
    def _utc(cls, value: datetime | None) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    @field_validator("reporting_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if not _is_zone(value):
            raise ValueError("no such time zone")
        return value

    @field_validator("locale")
    @classmethod
    def _known_locale(cls, value: str) -> str:
        from babel import Locale, UnknownLocaleError

        try:
            return str(Locale.parse(value, sep="-" if "-" in value else "_"))
        except (UnknownLocaleError, ValueError):
            raise ValueError("no such locale") from None

    @field_validator("serving_postgres_dsn", "alert_webhook_url")
    @classmethod
    def _address(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        schemes = ADDRESSES[info.field_name]
        if value is not None and urlsplit(value.get_secret_value()).scheme not in schemes:
            raise ValueError("no such address")
        return value

    @field_validator("export_zones")
    @classmethod
    def _known_sources_and_zones(cls, value: dict[str, str]) -> dict[str, str]:
        from orchestration.exports.registry import STREAMS

        known = sorted({stream.source for stream in STREAMS if stream.has_zone_setting})
        for source, zone in value.items():
            if source not in known:
                raise ValueError(
                    f"sources whose exports carry wall times ({', '.join(known)}), not {source!r}"
                )
            if not _is_zone(zone):
                raise ValueError(
                    f"an IANA name of a time zone such as Europe/Berlin for {source}, not {zone!r}"
                )
        return value

    @model_validator(mode="after")
    def _folders(self) -> Settings:
        for name in ("data_dir", "landing_dir"):
            folder = getattr(self, name)
            if folder is not None and folder.exists() and not folder.is_dir():
                raise ValueError(
                    f"{PREFIX}{name.upper()}: expected a folder, found the file {folder}."
                )
        return self

    @property
    def landing(self) -> Path:
        """The landing zone: as set, else `landing/` in the data folder."""
        return self.landing_dir or self.data_dir / "landing"

    @property
    def warehouse_path(self) -> Path:
        """The DuckDB file models are built in. Its stem is the catalog name in the manifest."""
        return self.data_dir / "warehouse.duckdb"

    @property
    def serving_dir(self) -> Path:
        """The folder published snapshots are read from."""
        return self.data_dir / "serving"

    def secret(self) -> bytes:
        """The key of the pseudonyms: as set, else one that is made once for this data folder."""
        if self.pseudonym_key is not None:
            return self.pseudonym_key.get_secret_value().encode()
        kept = self.data_dir / ".pseudonym_key"
        if not kept.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            made = kept.with_name(f".pseudonym_key.{os.getpid()}")
            with os.fdopen(os.open(made, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
            made.replace(kept)
            log.warning(
                "WAREHOUSE_PSEUDONYM_KEY is not set: made a random key in %s. Set the variable in "
                "production, and keep it: another key makes every contact a stranger.",
                kept,
            )
        return kept.read_text().strip().encode()


def variable(field: str) -> str:
    """The environment variable of a field of the settings."""
    return field.upper() if field.upper() == POSTGRES_DSN else f"{PREFIX}{field.upper()}"


def load_settings(
    environ: Mapping[str, str] | None = None, env_file: Path | None = PROJECT_DIR / ".env"
) -> Settings:
    """Read the settings: the environment, below it `.env`, below that the data folder's own file.

    Raises:
        SettingsError: a variable is unknown, impossible or not supported; the message names it.
    """
    given = _read_env_file(env_file) | dict(os.environ if environ is None else environ)
    given = {name: value for name, value in given.items() if value.strip()}
    data_dir = Path(given.get(f"{PREFIX}DATA_DIR", PROJECT_DIR / "data")).expanduser()
    given = _read_env_file(data_dir / DEFAULTS_FILE) | given
    known = {variable(field): field for field in Settings.model_fields}
    for name in given:
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError(
                f"{name} is not a setting. Known are {', '.join(known)}. "
                "Correct the name or unset it."
            )
    values = {field: given[name] for name, field in known.items() if name in given}
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(_explain(error)) from None


def _read_env_file(path: Path | None) -> dict[str, str]:
    if path is None or not path.is_file():
        return {}
    from dotenv import dotenv_values

    return {name: value or "" for name, value in dotenv_values(path).items()}


EXPECTED = {
    "reporting_zone": "the IANA name of a time zone such as Europe/Berlin",
    "as_of": "an instant with its zone such as 2026-04-15T06:00:00Z",
    "fiscal_year_start_month": "a month number from 1 to 12",
    "week_start": "monday",
    "pseudonym_key": "a secret of at least 16 characters",
    "locale": "the name of a locale such as en_US, de_DE or fr",
    "snapshots_kept": "a whole number from 2 to 1000",
    "alert_webhook_url": "an address that starts with https:// or http://",
    "serving_postgres_dsn": "an address such as postgresql://user:password@host:5432/database",
}


def _explain(error: ValidationError) -> str:
    lines = []
    for problem in error.errors(include_url=False):
        field = str(problem["loc"][0]) if problem["loc"] else ""
        if not field:
            lines.append(problem["msg"].removeprefix("Value error, "))
            continue
        found = "" if field in SECRETS else f", found {problem['input']!r}"
        expected = EXPECTED.get(field) or problem["msg"].removeprefix("Value error, ")
        lines.append(f"{variable(field)}: expected {expected}{found}.")
    return "\n".join(lines)
