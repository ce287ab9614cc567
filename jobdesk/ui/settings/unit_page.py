"""本单位: the name as it is used there, the place, the village; changed with their history."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from jobdesk.services.places import Place, find_places
from jobdesk.services.staffing import StaffMember, staff_of
from jobdesk.services.station_facts import Renamed, StationFacts, change_station, station_facts
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, Card, Field, Text, TextInput, clear, column, row
from jobdesk.ui.settings.beside import Beside, page
from jobdesk.ui.settings.section import Section
from jobdesk.ui.settings.state import t, when

MOST_FINDS = 30
LABEL = 100


class PlaceEditor(QWidget):
    """A line to type in (Chinese, initials, code) and the finds under it; ↓ ↑ Enter take one."""

    def __init__(self, ctx: Context) -> None:
        super().__init__()
        self._ctx = ctx
        self.taken: Place | None = None
        self.line = TextInput(placeholder=t("unit_place_hint"))
        self.finds = QListWidget()
        self.finds.setAccessibleName(t("unit_finds"))
        self.finds.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.finds.hide()
        self.setFocusProxy(self.line)
        self.setLayout(column(self.line, self.finds, gap=4))
        self.line.typed.connect(self._search)
        self.line.installEventFilter(self)
        self.finds.itemClicked.connect(self._take)
        self.finds.itemActivated.connect(self._take)

    def show_place(self, name: str) -> None:
        """The place as it stands."""
        self.taken = None
        self.line.set_value(name)
        self.finds.hide()

    def _search(self, typed: str) -> None:
        self.taken = None
        words = typed.strip()
        if not words:
            self.finds.hide()
            return
        future = self._ctx.desk.read(lambda _con: find_places(words, MOST_FINDS))
        self._ctx.ask(future, self, lambda found: self._found(words, list(found)))

    def _found(self, words: str, found: list[Place]) -> None:
        if words != self.line.value():
            return
        self.finds.clear()
        for place in found:
            item = QListWidgetItem(f"{place.full_name}　{place.code}")
            item.setData(Qt.ItemDataRole.UserRole, place)
            self.finds.addItem(item)
        self.finds.setCurrentRow(0)
        self.finds.setFixedHeight(min(max(len(found), 1), 5) * 34 + 8)
        self.finds.setVisible(bool(found))

    def _take(self, item: QListWidgetItem) -> None:
        place: Place = item.data(Qt.ItemDataRole.UserRole)
        self.line.set_value(place.full_name)
        self.taken = place
        self.finds.hide()
        self.line.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Arrows and Enter walk the finds while the line keeps the focus."""
        if (
            watched is self.line
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and not self.finds.isHidden()
            and not self.line.composing
        ):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                row_ = max(0, min(self.finds.currentRow() + step, self.finds.count() - 1))
                self.finds.setCurrentRow(row_)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.finds.currentItem())
                return True
        return super().eventFilter(watched, event)


class UnitPage(Section):
    """Name and place of the unit, and how they changed."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self._facts: StationFacts | None = None
        self.name_line = TextInput(placeholder=t("unit_name_hint"))
        self.name = Field(t("unit_name"), self.name_line, hint=t("unit_name_more"), label_width=LABEL)
        self.place_editor = PlaceEditor(ctx)
        self.place = Field(t("unit_place"), self.place_editor, label_width=LABEL)
        self.village_line = TextInput(placeholder=t("unit_village_hint"))
        self.village = Field(t("unit_village"), self.village_line, label_width=LABEL)
        self.phone_line = TextInput()
        phone_label, phone_more = t("unit_supervision_phone"), t("unit_supervision_phone_more")
        self.phone = Field(phone_label, self.phone_line, hint=phone_more, label_width=LABEL)
        self.save = Button(t("save"), "primary", keys="Ctrl+Enter", on_click=self._save)
        self.told = Text("", "caption", "ink_2", wrap=True)
        self.beside = Beside()
        self.past = column(gap=4)
        lines = (self.told, self.name, self.place, self.village, self.phone)
        form = column(*lines, row(self.save, None), self.beside, gap=12)
        self.hold(
            page(t("section.unit"), t("unit_note"), Card(form), Card(self.past, title=t("unit_history")))
        )
        self.name_line.typed.connect(lambda _typed: self.name.set_problem(None))
        self.place_editor.line.typed.connect(lambda _typed: self.place.set_problem(None))

    def arrive(self, detail: str = "") -> None:
        desk = self.ctx.desk
        future = desk.read(lambda con: (station_facts(con, desk), staff_of(con, desk)))
        self.ctx.ask(future, self, self._loaded, self.beside.fail)

    def _loaded(self, found: tuple[StationFacts, list[StaffMember]]) -> None:
        facts, staff = found
        self.told.set_text(t("unit_told", name=facts.told) if facts.told else t("unit_shown"))
        if not self._typed_here():
            self._facts = facts
            self.name_line.set_value(facts.loaded.text("name"))
            self.place_editor.show_place(facts.loaded.text("region"))
            code = facts.loaded.text("code")
            self.place.set_hint(t("unit_code", code=code) if code else "")
            self.village_line.set_value(facts.loaded.text("village"))
            self.phone_line.set_value(facts.loaded.text("supervision_phone"))
        names = {s.id: s.name for s in staff}
        clear(self.past)
        for change in facts.changes:
            self.past.addWidget(Text(_told(change, names), "caption", "ink_2", wrap=True, selectable=True))
        if not facts.changes:
            self.past.addWidget(Text(t("unit_history_none"), "caption", "ink_3"))

    def _typed_here(self) -> bool:
        """Something was typed and not saved: a reload leaves it, and the versions it was typed over."""
        if self._facts is None:
            return False
        loaded = self._facts.loaded
        lines = (self.name_line, self.place_editor.line, self.village_line, self.phone_line)
        names = ("name", "region", "village", "supervision_phone")
        return [line.value() for line in lines] != [loaded.text(n) for n in names]

    def _saved(self) -> None:
        self._facts = None
        self.arrive()

    def _save(self) -> None:
        if self._facts is None:
            return
        if not self.name_line.value():
            self.name.set_problem(t("unit_name_needed"))
            self.name_line.setFocus()
            return
        typed, taken = self.place_editor.line.value(), self.place_editor.taken
        if taken is None and typed != self._facts.loaded.text("region"):
            self.place.set_problem(t("unit_place_choose"))
            self.place_editor.setFocus()
            return
        self.beside.quiet()
        future = change_station(
            self.ctx.desk, self._facts.loaded, self.name_line.value(), taken.code if taken else None,
            self.village_line.value(), self.phone_line.value(),
        )  # fmt: skip
        self.ctx.save(future, self, t("unit_saved"), lambda _changes: self._saved(), self.beside.fail)


def _told(change: Renamed, names: dict[str, str]) -> str:
    return t(
        "unit_changed" if change.before else "unit_set",
        when=when(change.at_ms),
        who=names.get(change.actor, t("nobody_chosen")),
        field=t(f"unit_{change.field}"),
        before=change.before or t("blank"),
        after=change.after or t("blank"),
    )
