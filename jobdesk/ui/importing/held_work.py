"""Wires the held rows of an import to their page: one row after the other until nothing waits."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject

from jobdesk.cases.errors import BadInput
from jobdesk.host.strings import text
from jobdesk.services.importing import held, layouts, paper_codes, shielding, showing
from jobdesk.services.importing.grid import column_number
from jobdesk.services.importing.held import HeldRow, Settled
from jobdesk.services.importing.problems import Problem
from jobdesk.services.importing.shielding import Shield
from jobdesk.services.importing.verdicts import Candidate, Decision, Proposals
from jobdesk.store.log import Connection
from jobdesk.ui.context import Context
from jobdesk.ui.hub import Changed
from jobdesk.ui.importing.held_page import HeldPage
from jobdesk.ui.importing.panel import Matter
from jobdesk.ui.importing.state import (
    A_NUMBER_HELPS,
    DAMAGED,
    NEVER_BLANK,
    kind_words,
    lost_end,
    sexes_of,
    shielded,
)

_DONE = frozenset({"settled", "dropped"})


@dataclass(frozen=True, slots=True)
class Known:
    """What the station knows about a held row."""

    proposals: Proposals
    candidates: tuple[Candidate, ...]


class HeldWork(QObject):
    """One import at a time."""

    def __init__(self, ctx: Context, page: HeldPage) -> None:
        super().__init__(page)
        self._ctx, self.page = ctx, page
        self.import_id = ""
        self.rows: list[HeldRow] = []
        self.at = -1
        self._known: dict[str, Known] = {}
        self._busy = False
        page.picked.connect(self.pick)
        page.panel.decided.connect(self.decide)
        page.panel.look.connect(self._look)
        page.panel.step.connect(self.step)

    # ---- what the screen does

    def open(self, import_id: str) -> None:
        """Read the rows that wait; an empty id means those of every import."""
        self.import_id, self._known = import_id, {}
        self.page.say("")

        def read(con: Connection) -> list[HeldRow]:
            return held.held_rows(con, import_id)

        self._ctx.ask(self._ctx.desk.read(read), self, self._loaded)

    def step(self, step: int) -> None:
        """The next or previous row that still waits, round the end."""
        count = len(self.rows)
        for distance in range(1, count + 1):
            place = (self.at + step * distance) % count
            if self.rows[place].state not in _DONE:
                self.pick(place)
                return

    def pick(self, place: int) -> None:
        """Show a row."""
        if not 0 <= place < len(self.rows):
            return
        self.at = place
        self._show_list()
        self._show()
        row = self.rows[place]
        if row.record_id not in self._known and row.state not in _DONE:
            self._ask(row)

    def decide(self, decision: Decision | None) -> None:
        """Carry out what the clerk says about the row in sight."""
        if decision is None or self._busy or not 0 <= self.at < len(self.rows):
            return
        row = self.rows[self.at]
        self._set_busy(True)

        def failed(error: Exception) -> None:
            self._set_busy(False)
            if isinstance(error, BadInput):
                self.page.panel.say_wrong_number()
            else:
                self._ctx.hub.trouble.emit(error)

        self._ctx.ask(
            held.settle(self._ctx.desk, row.record_id, decision),
            self,
            lambda settled: self._was_settled(row, decision, settled),
            failed,
        )

    # ---- parts

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.page.panel.setEnabled(not busy)

    def _loaded(self, rows: list[HeldRow]) -> None:
        self.rows, self.at = rows, -1
        self._show_list()
        if rows:
            self.pick(0)
            self.page.list.setFocus()

    def _was_settled(self, row: HeldRow, decision: Decision, settled: Settled) -> None:
        self._set_busy(False)
        if settled.problems:
            row.problems = list(settled.problems)
            self._known[row.record_id] = Known(self._known_of(row).proposals, settled.candidates)
            self._show_list()
            self._show()
            return
        if decision.later:
            row.state = "later"
            self.page.say(text("import_ui.held_later", row=row.row))
        elif decision.drop:
            row.state = "dropped"
            self.page.say(text("import_ui.held_dropped", row=row.row))
        else:
            row.state, row.case_id = "settled", settled.case_id
            same = decision.person not in ("", "new")
            words = "held_updated" if same else "held_opened"
            self.page.say(text(f"import_ui.{words}", row=row.row), settled.case_id)
        touched = {row.import_id, settled.case_id} - {""}
        self._ctx.hub.changed.emit(Changed(frozenset(touched)))
        self._show_list()
        if self._waiting():
            self.step(1)
        self._show()

    def _waiting(self) -> int:
        return sum(row.state not in _DONE for row in self.rows)

    def _show_list(self) -> None:
        waiting = self._waiting()
        file = next((row.file_name for row in self.rows if row.file_name), "") or text(
            "import_ui.pasted_name"
        )
        if self.import_id or not self.rows:
            key = "held_sentence" if waiting else "held_sentence_done"
            words = (
                text(f"import_ui.{key}", file=file, count=waiting)
                if self.rows
                else text("import_ui.held_none")
            )
        else:
            words = text("import_ui.held_sentence_all", count=waiting)
        self.page.sentence.setText(words)
        self.page.empty.say(text("import_ui.held_none"))
        self.page.stack.setCurrentIndex(0 if self.rows else 1)
        self.page.show_list([(line_words(row), row.state in _DONE) for row in self.rows], self.at)

    def _known_of(self, row: HeldRow) -> Known:
        return self._known.get(row.record_id, Known(Proposals(), ()))

    def _ask(self, row: HeldRow) -> None:
        desk = self._ctx.desk

        def read(con: Connection) -> Known:
            damaged = any(p.code in DAMAGED for p in row.problems)
            found = held.proposals(con, row) if damaged else Proposals()
            return Known(found, held.candidates(con, desk, row))

        def arrived(known: Known) -> None:
            self._known[row.record_id] = known
            if 0 <= self.at < len(self.rows) and self.rows[self.at] is row:
                self._show()

        self._ctx.ask(desk.read(read), self, arrived)

    def _look(self, number: int) -> None:
        row = self.rows[self.at]
        proposal = self._known_of(row).proposals.listed[number]

        def logged(_nothing: None) -> None:
            if self.rows[self.at] is row:
                self.page.panel.show_number(number, proposal.number)

        self._ctx.ask(held.reveal(self._ctx.desk, proposal.number, proposal.case_id), self, logged)

    def _show(self) -> None:
        if not 0 <= self.at < len(self.rows):
            self.page.panel.show_nothing()
            return
        row = self.rows[self.at]
        waiting = [one for one in self.rows if one.state not in _DONE]
        place = waiting.index(row) + 1 if row in waiting else 0
        cells = cells_of(row)
        marked = {p.column: True for p in row.problems if p.holds and p.column}
        title = text("import_ui.held_place", sheet=row.sheet, row=row.row, name=row.name)
        self.page.show_cells(title, cells, marked)
        known = self._known.get(row.record_id)
        self.page.panel.show_matter(matter_of(row, known, cells), place, len(waiting))


def line_words(row: HeldRow) -> str:
    """第10行 周桂芬 · 身份证号缺位."""
    kinds = "、".join(dict.fromkeys(kind_words(p.code) for p in row.problems if p.holds))
    return text("import_ui.held_line", row=row.row, name=row.name or "—", kinds=kinds)


def cells_of(row: HeldRow) -> list[tuple[str, str, str]]:
    """(letter, header, text as far as it may be shown) of every filled cell."""
    targets = {letter: target for target, letter in row.columns.items()}
    found: list[tuple[str, str, str]] = []
    for letter in sorted(row.texts, key=column_number):
        words = " ".join(row.texts[letter].split())
        target = targets.get(letter, "").rstrip("+").partition("=")[0]
        shield = shield_of(row, target, words)
        shown = (
            shielded(words, shield)[0]
            if shield >= Shield.SENSITIVE
            else showing.masked(words, target, shield)
        )
        found.append((letter, row.labels.get(letter, "").rpartition("/")[2], shown))
    return found


def shield_of(row: HeldRow, target: str, words: str) -> Shield:
    """How far a kept cell is hidden; a code whose meaning is not kept counts as sensitive."""
    found = shielding.of_text(words)
    if not target or target in layouts.PSEUDO:
        return found
    value = row.values.get(target)
    found = max(found, shielding.of_value(target, words))
    if value is not None:
        found = max(found, shielding.of_value(target, value))
    codes = paper_codes.codes_in(words)
    # One code whose meaning was kept is judged by that, as in the preview.
    meaning = str(row.values.get(f"{target}_text") or value or "")
    found = max(found, shielding.of_value(target, meaning))
    unknown = not meaning or len(codes or ()) > 1 or words in meaning
    if target.startswith(("recognition.", "registration.reason")) and codes is not None and unknown:
        found = max(found, Shield.SENSITIVE)
    return found


def matter_of(row: HeldRow, known: Known | None, cells: list[tuple[str, str, str]]) -> Matter:
    """The row as the panel shows it, at its first problem that holds it."""
    holding = [p for p in row.problems if p.holds]
    first = holding[0] if holding else Problem("name_missing")
    here = [p for p in row.problems if p.column == first.column]
    letter, label, value = next((c for c in cells if c[0] == first.column), (first.column, "", ""))
    codes = {p.code for p in row.problems}
    waiting = row.state not in _DONE
    if letter:
        label = label or row.labels.get(letter, "").rpartition("/")[2]
        heading = text("import_ui.panel_where", row=row.row, letter=letter, label=label)
    else:
        heading = text("import_ui.panel_row", row=row.row, name=row.name)
    return Matter(
        heading=heading,
        value=value,
        lost=lost_end(here, value),
        problems=tuple(here),
        others=tuple((p.column, p) for p in row.problems if p not in here),
        open=waiting,
        decided="" if waiting else text(f"import_ui.held_state.{row.state}"),
        damaged=waiting and bool(codes & DAMAGED),
        wants_number=waiting and bool(codes & A_NUMBER_HELPS),
        proposals=known.proposals if known is not None else None,
        candidates=known.candidates if known is not None else (),
        sexes=sexes_of(row.values, codes) if waiting else (),
        can_blank=any(p.code not in NEVER_BLANK for p in holding),
        key=row.record_id,
    )
