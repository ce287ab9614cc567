"""登记人员: reads the number while it is typed, tells duplicates, keeps drafts, opens the file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from jobdesk.cases.figures import Figures
from jobdesk.cases.ops import Json
from jobdesk.host.strings import text
from jobdesk.host.template_files import figures
from jobdesk.services.drafting import drop_draft, find_drafts, keep_draft
from jobdesk.services.registering import Registered, Twin, find_twins, register
from jobdesk.services.staffing import StaffMember, staff_of
from jobdesk.services.station_rules import station_rules
from jobdesk.store.local import Draft
from jobdesk.store.log import Connection
from jobdesk.ui import shortcuts
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import (
    Action,
    Banner,
    Choice,
    DropDown,
    Segments,
    TextArea,
    TextInput,
    clear,
    column,
)
from jobdesk.ui.ledger.latest import Latest
from jobdesk.ui.register.boxes import date_box, from_words, put_into, readable_of, value_of
from jobdesk.ui.register.papers import notice_for
from jobdesk.ui.register.state import (
    DRAFT_KEY,
    Identity,
    Told,
    case_values,
    children_of,
    identity,
    is_graduate,
    problems,
    says,
)
from jobdesk.ui.register.view import NOT_SEEN, TWO_COLUMNS_FROM, RegisterView
from jobdesk.ui.saving import proposed

KEEP_EVERY = 3000
"""Milliseconds between two looks at whether something new was typed."""
_TWIN_AFTER = 180
_LEADS = {
    "registered_source": "registered_since", "category_source": "category", "graduated_seen": "graduated_on",
}  # fmt: skip
"""A question about a field → the field; asked only once something stands there."""
_Question = tuple[str, str, str, str]


class RegisterScreen(Screen):
    """The form that opens a file."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.view = RegisterView(ctx.desk.today)
        self.setLayout(column(self.view, gap=0))
        self.found: Identity = identity("", ctx.desk.today)
        self.same: list[Twin] = []
        self.told: list[Told] = []
        self._tried = False
        self._saving = False
        self._derived: dict[str, str] = {}
        self._kept: dict[str, Json] = {}
        self._staff: list[StaffMember] = []
        self._figures = figures()
        self.ask_path = _ask_path
        self.open_file: Callable[[Path], object] = _open_file
        self._twins = Latest(ctx, self, self._read_twins, self._show_twins)
        self._twin_timer = ctx.tasks.later(0, self, self._ask_twins)
        self._keeper = QTimer(self)
        self._keeper.setInterval(KEEP_EVERY)
        self._keeper.timeout.connect(self.keep)
        self._wire()
        self.empty()

    # ---- what other parts use

    def arrive(self, where: GoTo) -> None:
        """``part`` ``new`` with the words searched for in ``detail``: they become name, number or phone."""
        self._keeper.start()
        desk = self.ctx.desk
        ground = desk.read(lambda con: (staff_of(con, desk), station_rules(con, desk).figures))
        self.ctx.ask(ground, self, self._show_ground)
        if not self.values():
            self.ctx.ask(find_drafts(desk, DRAFT_KEY), self, lambda found: self._restore(found, where.detail))
        self._editor("id_number").setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Keep what is typed."""
        self._keeper.stop()
        self._twin_timer.stop()
        self.keep()

    def values(self) -> dict[str, Json]:
        """What stands in the form, blanks and the owner by default left out."""
        out: dict[str, Json] = {}
        for name, field in self.view.fields.items():
            value = value_of(field.editor)
            if value:
                out[name] = value
        groups = [code for code, tick in self.view.group_ticks.items() if tick.isChecked()]
        if groups:
            out["groups"] = list[Json](groups)
        if out.get("owner") == self.ctx.desk.actor:
            del out["owner"]
        for name, shown in self._derived.items():
            if out.get(name) == shown:
                del out[name]
        for name, lead in _LEADS.items():
            if lead not in out or out.get(name) == NOT_SEEN:
                out.pop(name, None)
        return out

    def fill(self, values: dict[str, Json]) -> None:
        """Put values into the form (a draft, words that were searched for)."""
        self._derived = {}
        for name, field in self.view.fields.items():
            put_into(field.editor, values.get(name))
        groups = values.get("groups")
        for code, tick in self.view.group_ticks.items():
            tick.setChecked(isinstance(groups, list) and code in groups)
        if not values.get("owner"):
            put_into(self._editor("owner"), self.ctx.desk.actor)
        for name in _LEADS:
            if not values.get(name):
                put_into(self._editor(name), NOT_SEEN if name == "graduated_seen" else "self")
        self._typed()

    def empty(self) -> None:
        """A blank form; the draft goes with the next look."""
        self._tried = False
        self.same = []
        clear(self.view.twins)
        clear(self.view.restored)
        self.fill({})

    def keep(self) -> None:
        """Keep the draft where something new was typed."""
        values = self.values()
        if values == self._kept or self._saving:
            return
        self._kept = values
        desk = self.ctx.desk
        future = keep_draft(desk, DRAFT_KEY, {"values": values}) if values else drop_draft(desk, DRAFT_KEY)
        self.ctx.ask(future, self, lambda _: None)

    def save(self, then_next: bool = False) -> None:
        """Open the file, unless something blocks it: then the cursor goes there."""
        self._tried = True
        self._read_dates()
        self._typed()
        if self._saving or self._blocked():
            self.next_problem()
            return
        self._saving = True
        values, desk = self.values(), self.ctx.desk
        root = {"owner": desk.actor, **case_values(values)}
        future = register(desk, root, children_of(values, desk.today, desk.actor))
        self.ctx.ask(future, self, lambda done: self._saved(done, then_next), self._failed)

    def next_problem(self) -> None:
        """F8: the cursor to the next field that blocks, else to the next with a hint."""
        names = [t.field for t in self.told if t.blocks] or [t.field for t in self.told]
        names = [n for n in self.view.fields if n in names or (n == "id_number" and self._same_number())]
        names += [n for n, f in self.view.fields.items() if f.problem and n not in names]
        if not names:
            return
        at = next((n for n, f in self.view.fields.items() if f.editor.hasFocus()), "")
        after = names[(names.index(at) + 1) % len(names)] if at in names else names[0]
        self.view.fields[after].editor.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.view.pages.ensureWidgetVisible(self.view.fields[after])

    # ---- reading what is typed

    def _typed(self) -> None:
        today = self.ctx.desk.today
        values = self.values()
        number = values.get("id_number")
        self.found = identity(number if isinstance(number, str) else "", today)
        self.view.says.set_text(says(self.found))
        self.view.says.setVisible(bool(self.found.birth))
        self._show_derived()
        region = self.found.first_region
        self.view.region.setText(region)
        self.view.region.setVisible(bool(region))
        self.view.graduate.setVisible(is_graduate(values))
        self.view.fields["graduated_seen"].setVisible("graduated_on" in values)
        self.view.fields["category_source"].setVisible("category" in values)
        self.view.fields["registered_source"].setVisible("registered_since" in values)
        self.view.unverified.setVisible("category" in values)
        self.told = problems(values, today, self._figures)
        self._show_problems(values)
        self._twin_timer.start(_TWIN_AFTER)

    def _show_derived(self) -> None:
        """Sex and birth as the number says them stand in their fields until somebody types them."""
        for name, said in (("sex", self.found.sex), ("birth", self.found.birth)):
            editor = self._editor(name)
            if value_of(editor) in (None, self._derived.get(name)) and not editor.hasFocus():
                if value_of(editor) != (said or None):
                    put_into(editor, said)
                self._derived[name] = said
            if not said:
                self._derived.pop(name, None)

    def _show_problems(self, values: dict[str, Json]) -> None:
        by_field: dict[str, Told] = {}
        for told in self.told:
            by_field.setdefault(told.field, told)
        for name, field in self.view.fields.items():
            told = by_field.get(name)
            editor = field.editor
            if not readable_of(editor):
                continue
            # while a number is being typed it is not wrong yet; an empty name is told at saving only
            typing = told is not None and editor.hasFocus() and not self._tried
            early = told is not None and name not in values and not self._tried
            field.set_problem(told.words if told is not None and not typing and not early else None)
        if self._same_number():
            self.view.fields["id_number"].set_problem(text("register.same_number"))
        blocking = sum(t.blocks for t in self.told) + bool(self._same_number())
        shown = text("register.blocked", count=blocking) if self._tried and blocking else ""
        self.view.problem_count.setText(shown)
        self.view.problem_count.setVisible(bool(shown))

    def _blocked(self) -> bool:
        unread = not all(readable_of(f.editor) for f in self.view.fields.values())
        return unread or any(t.blocks for t in self.told) or self._same_number()

    def _same_number(self) -> bool:
        return any(t.reason == "id_number" for t in self.same)

    def _read_dates(self) -> None:
        for field in self.view.fields.values():
            box = date_box(field.editor)
            if box is not None:
                box.read()

    # ---- twins

    def _ask_twins(self) -> None:
        values = self.values()
        birth = str(values.get("birth") or self.found.birth)
        self._twins.ask(
            (self.found.twin_number, str(values.get("name", "")), birth, str(values.get("phone", "")))
        )

    def _read_twins(self, con: Connection, asked: _Question) -> list[Twin]:
        number, name, birth, phone = asked
        return find_twins(con, id_number=number, name=name, birth=birth, phone=phone)

    def _show_twins(self, asked: _Question, twins: list[Twin]) -> None:
        if twins == self.same and self.view.twins.count() == len(twins[:3]):
            return
        self.same = twins
        clear(self.view.twins)
        for twin in twins[:3]:
            words = text(f"register.twin_{twin.reason}", name=twin.item.name, community=twin.item.community)
            open_it = Action(
                text("register.open_twin"), lambda i=twin.item.case_id: self._open_twin(i), False
            )
            kind = "refusal" if twin.reason == "id_number" else "problem"
            self.view.twins.addWidget(Banner(kind, words, actions=[open_it]))
        self._show_problems(self.values())

    def _open_twin(self, case_id: str) -> None:
        self.keep()
        self.ctx.go("ledger", case_id)

    # ---- saving

    def _saved(self, done: Registered, then_next: bool) -> None:
        name = str(self.values().get("name", ""))
        self._kept = {}
        self._saving = False
        self.ctx.ask(drop_draft(self.ctx.desk, DRAFT_KEY), self, lambda _: None)
        self.empty()
        self.ctx.announce(done.changes, text("register.saved", name=name))
        if then_next:
            self._editor("id_number").setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.view.pages.verticalScrollBar().setValue(0)
        else:
            self.ctx.go("ledger", done.case_id)

    def _failed(self, error: Exception) -> None:
        self._saving = False
        self.keep()
        self.ctx.hub.trouble.emit(error)

    # ---- drafts and staff

    def _restore(self, drafts: list[Draft], words: str) -> None:
        if self.values():
            return
        body = next((d.body.get("values") for d in drafts if d.key == DRAFT_KEY), None)
        if isinstance(body, dict) and body:
            self._kept = dict(body)
            self.fill(dict(body))
            action = Action(text("register.clear"), self.empty)
            clear(self.view.restored)
            self.view.restored.addWidget(
                Banner("info", text("register.restored"), actions=[action], closable=True)
            )
        elif words:
            self.fill(from_words(words))

    def _show_ground(self, ground: tuple[list[StaffMember], Figures]) -> None:
        staff, self._figures = ground
        self._staff = staff
        box = cast("DropDown", self._editor("owner"))
        box.set_options(
            [Choice(s.id, s.name) for s in staff if s.is_active], box.value() or self.ctx.desk.actor
        )

    # ---- papers

    def _print(self, name: str, _on: bool = False) -> None:
        path = self.ask_path(self, text(f"register.paper.{name}") + ".pdf")
        if path is None:
            return
        future = notice_for(self.ctx.desk, name, self.values(), self.found, path, self._staff)
        self.ctx.ask(future, self, lambda _: self.open_file(path))

    # ---- wiring

    def _editor(self, name: str) -> QWidget:
        return self.view.fields[name].editor

    def _wire(self) -> None:
        view = self.view
        for field in view.fields.values():
            editor = field.editor
            if isinstance(editor, TextInput):
                editor.typed.connect(lambda _words: self._typed())
                editor.left.connect(self._typed)
                editor.returnPressed.connect(lambda: self.focusNextChild())
            elif isinstance(editor, TextArea):
                editor.typed.connect(lambda _words: self._typed())
                editor.left.connect(self.keep)
            elif isinstance(editor, Segments | DropDown):
                editor.chosen.connect(lambda _value: self._typed())
        for tick in view.group_ticks.values():
            tick.toggled.connect(self._ticked)
        for name, button in view.today_buttons.items():
            button.clicked.connect(partial(self._signed_today, name))
        for name, printer in view.print_buttons.items():
            printer.clicked.connect(partial(self._print, name))
        view.save.clicked.connect(lambda _on=False: self.save())
        view.next.clicked.connect(lambda _on=False: self.save(then_next=True))
        view.clear.clicked.connect(lambda _on=False: self.empty())
        view.back.clicked.connect(lambda _on=False: self.ctx.go("ledger"))
        shortcuts.bind(self, shortcuts.NEXT_PROBLEM.keys, self.next_problem, window=False)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)
        self.ctx.desk_changed.connect(lambda _desk: put_into(self._editor("owner"), self.ctx.desk.actor))

    def _ticked(self, _on: bool) -> None:
        self._typed()

    def _focus_moved(self, old: QWidget | None, _now: QWidget | None) -> None:
        if old is not None and self.isVisible() and self.isAncestorOf(old):
            self.keep()

    def _signed_today(self, name: str, _on: bool = False) -> None:
        put_into(self._editor(name), self.ctx.desk.today.isoformat())
        self._typed()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.view.columns(self.width() >= TWO_COLUMNS_FROM)
        self.view.hints.setVisible(self.width() >= TWO_COLUMNS_FROM)


def _ask_path(owner: QWidget, name: str) -> Path | None:
    chosen, _ = QFileDialog.getSaveFileName(owner, text("register.print_title"), proposed(name))
    return Path(chosen) if chosen else None


def _open_file(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
