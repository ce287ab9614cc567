"""Jobs of the import thread: read, read again with the clerk's columns, compare. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from jobdesk.services.desk import Desk
from jobdesk.services.importing import applying, files, memory
from jobdesk.services.importing.columns import Plan
from jobdesk.services.importing.grid import Workbook
from jobdesk.services.importing.preview import Preview, make_preview
from jobdesk.services.importing.read import ReadFile, read_book
from jobdesk.store.open_station import OpenStation
from jobdesk.ui.importing.done import Finished
from jobdesk.ui.importing.work import Told


@dataclass(frozen=True, slots=True)
class Source:
    """A file on disk or pasted cells."""

    path: Path | None = None
    words: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read, and what the clerk has said about it so far.

    Attributes:
        everything: the plan of every sheet with a header, as chosen now.
        left_out: names of the sheets the clerk does not want.
    """

    source: Source
    book: Workbook
    file: ReadFile
    everything: tuple[Plan, ...]
    left_out: frozenset[str] = field(default_factory=frozenset[str])

    @property
    def plans(self) -> list[Plan]:
        """The plans of the sheets that stay."""
        return [p for p in self.everything if p.table.sheet.name not in self.left_out]

    def with_plan(self, plan: Plan) -> Reading:
        """The same with another plan for its sheet."""
        name = plan.table.sheet.name
        changed = (plan if p.table.sheet.name == name else p for p in self.everything)
        return replace(self, everything=tuple(changed))


def read(desk: Desk, source: Source, told: Told) -> Reading:
    """Read a file or pasted cells with what is remembered of its layout.

    Raises:
        BadInput: the file cannot be read; the sentence names the place and the way out.
        Stopped: 取消.
    """
    told.name = source.name
    book = (
        files.read_path(source.path)
        if source.path is not None
        else files.read_pasted(source.words, source.name)
    )
    told.tick(0)
    told.stage = "planning"
    found = read_book(book, source.name, desk.today, memories=memory.memories(desk), tick=told.tick)
    return Reading(source, book, found, tuple(found.plans))


def read_again(desk: Desk, before: Reading, told: Told) -> Reading:
    """Read with the columns as chosen now, and remember them for the next file of the same layout."""
    told.stage = "planning"
    plans = before.plans
    names = {p.table.sheet.name for p in plans}
    book = replace(before.book, sheets=[s for s in before.book.sheets if s.name in names])
    chosen: Mapping[str, Plan] = {p.table.sheet.name: p for p in plans}
    found = read_book(book, before.source.name, desk.today, chosen=chosen, tick=told.tick)
    found.passed_over = before.file.passed_over
    memory.remember(desk, plans)
    return replace(before, file=found)


def judge(desk: Desk, found: Reading, told: Told, before: Preview | None = None) -> Preview:
    """Compare every row with what is here; what was said in the preview before stays said."""
    told.stage, told.done, told.whole = "judging", 0, len(found.file.rows)
    preview = make_preview(desk, found.file, tick=told.tick)
    if before is not None:
        # the same cells in memory, so the place names the row
        said = {
            (row.read.sheet, row.read.index): row.decision for row in before.rows if row.decision is not None
        }
        takes = {(row.read.sheet, row.read.index): row.takes for row in before.rows if row.takes}
        for index, row in enumerate(preview.rows):
            wanted = takes.get((row.read.sheet, row.read.index))
            if wanted:
                preview.take(index, wanted)
            decision = said.get((row.read.sheet, row.read.index))
            if decision is not None:
                preview.decide(index, decision)
    return preview


def apply(desk: Desk, station: OpenStation, preview: Preview, told: Told) -> applying.Applied:
    """导入: a verified backup, then part by part; 取消 takes back what was written."""

    def progress(done: int, whole: int) -> None:
        told.stage, told.done, told.whole = "applying", done, whole

    return applying.apply(
        desk,
        preview,
        backup=applying.before_import(station),
        progress=progress,
        cancelled=lambda: told.stopping,
    )


def finished(applied: applying.Applied, source: Source, *, posts: bool) -> Finished:
    """What the result page tells."""
    return Finished(
        applied.import_id or "", source.name, applied.counts, applied.held, source.path is None, posts
    )
