"""One Dagster asset a stream: landing files in, lake parts out; and one for undeclared files.

Turning declarations into assets and reports into metadata belongs here. Reading and writing does
not (`lake.py`), and no asset is written by hand: a new declaration is a new asset.
"""

# No postponed annotations here: Dagster looks at the annotation of `context` itself.

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration import freshness
from orchestration.clock import as_of_of_run
from orchestration.exports.contract import Stream

if TYPE_CHECKING:
    from orchestration.exports.lake import ExtractionReport
    from orchestration.exports.together import Extraction
    from orchestration.settings import Settings

GROUP = "extraction"
FILES = dg.AssetKey(["extraction", "files"])
QUARANTINE = dg.AssetKey(["extraction", "quarantine"])


def stream_key(stream: Stream) -> dg.AssetKey:
    """The asset of a stream; models that read it as a source depend on this key."""
    return dg.AssetKey([stream.source, stream.name])


def landing_specs(streams: Iterable[Stream]) -> list[dg.AssetSpec]:
    """The landing folders, which other systems fill: where the lineage begins."""
    return [
        dg.AssetSpec(
            key=_landing_key(stream),
            group_name="landing",
            kinds={"file"},
            freshness_policy=freshness.LANDING,
            description=f"Files as exported, dropped into `{stream.folder}/` of the landing zone.",
        )
        for stream in streams
    ]


def stream_assets(settings: "Settings", streams: Iterable[Stream]) -> list[dg.AssetsDefinition]:
    """An asset for every stream; after all of them what became of the files, and the quarantine."""
    streams = list(streams)
    runs = _Runs(settings, streams)
    return [*(_stream_asset(runs, stream) for stream in streams), _files(settings, streams)]


def _landing_key(stream: Stream) -> dg.AssetKey:
    return dg.AssetKey(["landing", stream.source, stream.name])


class _Runs:
    """The extraction of the run at work: begun by the first of its streams, asked by each."""

    def __init__(self, settings: "Settings", streams: list[Stream]) -> None:
        self._settings = settings
        self._streams = {_step(stream): stream for stream in streams}
        self._run_id: str | None = None
        self._extraction: Extraction | None = None

    def report(self, context: dg.AssetExecutionContext, stream: Stream) -> "ExtractionReport":
        """What became of a stream in this run; its error, if it failed."""
        if context.run.run_id != self._run_id:
            self._begin(context)
        return self._extraction.report(stream)

    def _begin(self, context: dg.AssetExecutionContext) -> None:
        from orchestration.exports.together import Extraction

        if self._extraction is not None:
            self._extraction.stop()
        steps = context.run.step_keys_to_execute or ()
        settings = self._settings
        self._extraction = Extraction(
            [self._streams[step] for step in steps if step in self._streams],
            settings.landing,
            settings.data_dir,
            pseudonym_key=settings.secret(),
            as_of=as_of_of_run(context, settings),
            export_zones=settings.export_zones,
        )
        self._run_id = context.run.run_id


def _step(stream: Stream) -> str:
    """The name that Dagster gives the step of a stream's asset."""
    return "__".join(stream_key(stream).path)


def _stream_asset(runs: _Runs, stream: Stream) -> dg.AssetsDefinition:
    @dg.asset(
        key=stream_key(stream),
        deps=[_landing_key(stream)],
        group_name=GROUP,
        freshness_policy=freshness.DAILY,
        kinds={"parquet"},
        description=f"Each row is a row of a file in `{stream.folder}/`, typed, with its origin.",
        metadata={"key": ", ".join(stream.key), "columns": len(stream.columns)},
    )
    def extract(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        report = runs.report(context, stream)
        for file in report.files:
            if file.status != "loaded":
                context.log.warning(file.message)
            for warning in file.warnings:
                context.log.warning(f"{file.file}: {warning}")
        if report.files:
            # Others fill the landing zone: this is how Dagster learns when something came.
            context.log_event(
                dg.AssetMaterialization(
                    _landing_key(stream), metadata={"new_files": len(report.files)}
                )
            )
        return dg.MaterializeResult(metadata=_metadata(report))

    return extract


def _files(settings: "Settings", streams: Iterable[Stream]) -> dg.AssetsDefinition:
    deps = [stream_key(stream) for stream in streams]

    @dg.multi_asset(
        name="extraction__files",
        specs=[
            dg.AssetSpec(
                FILES,
                deps=deps,
                group_name=GROUP,
                freshness_policy=freshness.DAILY,
                kinds={"parquet"},
                description="Each row is a version of a landing file and what became of its rows.",
            ),
            dg.AssetSpec(
                QUARANTINE,
                deps=deps,
                group_name=GROUP,
                freshness_policy=freshness.DAILY,
                kinds={"parquet"},
                description="Each row is a landing row that was refused: where, why and its text.",
            ),
        ],
    )
    def files(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        from orchestration.exports.lake import report_undeclared

        reports = report_undeclared(settings.landing, settings.data_dir)
        for report in reports:
            context.log.warning(report.message)
        yield dg.MaterializeResult(
            asset_key=FILES,
            metadata={
                "undeclared_files": len(reports),
                "messages": dg.MetadataValue.md("\n".join(f"- {r.message}" for r in reports)),
            },
        )
        yield dg.MaterializeResult(asset_key=QUARANTINE)

    return files


def _metadata(report: "ExtractionReport") -> dict[str, Any]:
    problems = [f.message for f in report.files if f.status != "loaded"]
    return {
        **report.totals,
        **{f"standing_{name}": count for name, count in report.standing.items()},
        "dagster/row_count": report.standing.get("rows_in_lake", 0),
        "problems": dg.MetadataValue.md("\n".join(f"- {problem}" for problem in problems)),
        "preview": dg.MetadataValue.md(_markdown(report.preview)),
    }


def _markdown(rows: list[dict[str, Any]]) -> str:
    if not rows:
        return "no rows"
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *(list(row.values()) for row in rows)]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines)


def _cell(value: Any) -> str:
    """Text from customers is hostile: no markup, no second line, no column more than there are."""
    text = "" if value is None else str(value)
    for sign, harmless in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "&#124;")):
        text = text.replace(sign, harmless)
    return " ".join(text.split())
