"""Building the models of a lake whole and in steps, with dbt in this process.

Which lake and which steps is the caller's business, and so is what the result should be.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from tests.delta.scatter import Scattering, hand_over
from tests.warehouses import KEY

if TYPE_CHECKING:
    from orchestration.settings import Settings

ZONE = "America/New_York"


class Workshop:
    """A data folder for builds that come one after the other."""

    def __init__(self, folder: Path, parse: Callable[[Settings], Any]) -> None:
        from orchestration.settings import Settings

        folder.mkdir(parents=True, exist_ok=True)
        self.settings: Settings = Settings(data_dir=folder, reporting_zone=ZONE, pseudonym_key=KEY)
        self.manifest: Any = parse(self.settings)

    @property
    def lake(self) -> Path:
        """The lake that builds read."""
        return self.settings.data_dir / "lake"

    def clear(self) -> None:
        """Take away what an earlier build read and made."""
        shutil.rmtree(self.lake, ignore_errors=True)
        for file in self.settings.data_dir.glob("warehouse.duckdb*"):
            file.unlink()


class Builder:
    """Builds a selection of models from a lake, at once or in steps."""

    def __init__(
        self,
        workshop: Workshop,
        lake: Path,
        select: Sequence[str] = (),
        *,
        spoil: Callable[[Path, datetime], None] | None = None,
    ) -> None:
        """Nothing is built yet.

        Args:
            workshop: where builds happen; what is in it is taken away.
            lake: the lake with every row; it is left as it is.
            select: what is built, in dbt's words; by default everything.
            spoil: is given the warehouse file and its last as-of before each build by delta.
        """
        self._workshop = workshop
        self._lake = lake
        self._select = list(select)
        self._spoil = spoil
        self._changed: set[str] | None = None
        workshop.clear()

    def whole(self, as_of: datetime, kept: Path) -> Path:
        """Build everything at once from an empty folder; the warehouse goes to `kept`."""
        self._workshop.clear()
        self.hand_over_all()
        self._build(as_of, whole=True)
        shutil.move(self.warehouse, kept)
        self._workshop.clear()
        return kept

    @property
    def warehouse(self) -> Path:
        """The warehouse as it is now."""
        return self._workshop.settings.warehouse_path

    @property
    def lake(self) -> Path:
        """The lake as it has been handed over so far."""
        return self._workshop.lake

    @property
    def folder(self) -> Path:
        """The data folder."""
        return self._workshop.settings.data_dir

    def hand_over_all(self) -> None:
        """Every row at once."""
        shutil.copytree(self._lake, self._workshop.lake, dirs_exist_ok=True)

    def step(self, scattering: Scattering, step: int, as_of: datetime) -> str:
        """Hand over the rows of a step and build; returns how it was built and why."""
        rows = hand_over(self._lake, self._workshop.lake, scattering, step)
        plan, changed = self._build(as_of, whole=step == 0)
        return (
            f"{rows:,} rows, {plan.mode}: {plan.reason}; "
            f"{'all' if changed is None else len(changed)} nodes changed"
        )

    def again(self, as_of: datetime) -> str:
        """Build what has been handed over once more; returns how it was built and why."""
        plan, _ = self._build(as_of, whole=False)
        return f"{plan.mode}: {plan.reason}"

    def changed(self) -> set[str] | None:
        """Ids of the nodes whose rows the last build changed; None when it built everything."""
        return self._changed

    def _build(self, as_of: datetime, *, whole: bool) -> tuple[Any, set[str] | None]:
        from orchestration.warehouse import building, delta, invoking, unchanged

        settings, manifest = self._workshop.settings, self._workshop.manifest
        # However much is new: the point is what comes of it, not which way is shorter.
        with mock.patch.object(delta, "MOST_NEW_SHARE", 1.0):
            plan = delta.begin(settings, as_of, manifest, full=whole)
        if plan.mode == delta.DELTA and self._spoil:
            self._spoil(settings.warehouse_path, plan.previous_as_of)
        command = ["build", "--no-write-json"]
        if self._select:
            command += ["--select", *self._select]
        with building.without_tests(manifest), unchanged.passed_over(manifest, plan):
            result = invoking.invoke(
                settings,
                command,
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
        self._changed = delta.finish(settings, plan, manifest)
        return plan, self._changed
