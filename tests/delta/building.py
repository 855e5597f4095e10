"""Building the models of a lake whole and in steps, with dbt in this process.

Which lake and which steps is the caller's business, and so is what the result should be.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.delta.scatter import Scattering, hand_over

ZONE = "America/New_York"


class Builder:
    """Two data folders under `work`: `steps` is handed a lake bit by bit, `whole` at once."""

    def __init__(
        self,
        lake: Path,
        work: Path,
        select: Sequence[str] = (),
        *,
        spoil: Callable[[Path, datetime], None] | None = None,
    ) -> None:
        """Parse the project for both.

        Args:
            lake: the lake with every row; it is left as it is.
            work: where the two data folders go.
            select: what is built, in dbt's words; by default everything.
            spoil: is given the warehouse file and its last as-of before each build by delta.
        """
        from orchestration.settings import Settings
        from orchestration.warehouse import parsing

        self._lake = lake
        self._select = list(select)
        self._spoil = spoil
        self._changed: set[str] | None = None
        self._settings: dict[str, Any] = {}
        for name in ("steps", "whole"):
            folder = work / name
            shutil.rmtree(folder / "lake", ignore_errors=True)
            folder.mkdir(parents=True, exist_ok=True)
            self._settings[name] = Settings(
                data_dir=folder, reporting_zone=ZONE, pseudonym_key="a key for tests only"
            )
        self.steps_path.unlink(missing_ok=True)
        self._manifest = {
            name: parsing.parse(settings) for name, settings in self._settings.items()
        }

    @property
    def steps_path(self) -> Path:
        """The warehouse that is built in steps."""
        return self._settings["steps"].warehouse_path

    @property
    def whole_path(self) -> Path:
        """The warehouse that is built at once."""
        return self._settings["whole"].warehouse_path

    def step(self, scattering: Scattering, step: int, as_of: datetime) -> str:
        """Hand over the rows of a step and build; returns how it was built and why."""
        settings = self._settings["steps"]
        rows = hand_over(self._lake, settings.data_dir / "lake", scattering, step)
        plan, changed = self._build("steps", as_of, whole=step == 0)
        return (
            f"{rows:,} rows, {plan.mode}: {plan.reason}; "
            f"{'all' if changed is None else len(changed)} nodes changed"
        )

    def again(self, as_of: datetime) -> str:
        """Build what has been handed over once more; returns how it was built and why."""
        plan, _ = self._build("steps", as_of, whole=False)
        return f"{plan.mode}: {plan.reason}"

    def changed(self) -> set[str] | None:
        """Ids of the nodes whose rows the last build changed; None when it built everything."""
        return self._changed

    def folder(self, name: str) -> Path:
        """The data folder of `steps` or `whole`."""
        return self._settings[name].data_dir

    def whole(self, as_of: datetime) -> None:
        """Build everything at once."""
        settings = self._settings["whole"]
        shutil.copytree(self._lake, settings.data_dir / "lake", dirs_exist_ok=True)
        self._build("whole", as_of, whole=True)

    def selected(self) -> set[str] | None:
        """Names of the tables that are built; None for all."""
        if not self._select:
            return None
        import duckdb

        with duckdb.connect(str(self.whole_path), read_only=True) as connection:
            rows = connection.execute("select table_name from duckdb_tables()").fetchall()
        return {name for (name,) in rows}

    def _build(self, name: str, as_of: datetime, *, whole: bool) -> tuple[Any, set[str] | None]:
        from orchestration.warehouse import delta, invoking

        settings, manifest = self._settings[name], self._manifest[name]
        # However much is new: the point is what comes of it, not which way is shorter.
        delta.MOST_NEW_SHARE = 1.0
        plan = delta.begin(settings, as_of, manifest, full=whole)
        if plan.mode == delta.DELTA and self._spoil:
            self._spoil(settings.warehouse_path, plan.previous_as_of)
        command = ["build", "--exclude-resource-type=unit_test", "--exclude-resource-type=test"]
        if self._select:
            command += ["--select", *self._select]
        result = invoking.invoke(
            settings,
            [*command, "--no-write-json"],
            as_of=as_of,
            variables=plan.variables(manifest),
            manifest=manifest,
        )
        if not result.success:
            failed = [
                f"{done.node.name}: {done.message}"
                for done in getattr(result.result, "results", [])
                if str(done.status) == "error"
            ]
            raise RuntimeError("\n".join(failed) or str(result.exception))
        self._changed = delta.finish(settings, plan)
        return plan, self._changed
