"""Lines over the foot of the list: several people chosen, one change to them, taking the list out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.exporting import Way
from jobdesk.services.staffing import StaffMember
from jobdesk.ui.kit import Button, Choice, DropDown, Text, TextInput, Tick, column, flow
from jobdesk.ui.signals import BareSignal, TypedSignal, bare_signal, signal

BulkKind = Literal["assign", "tier", "put", "take"]
KINDS: tuple[BulkKind, ...] = ("assign", "tier", "put", "take")
_ICONS: dict[BulkKind, str] = {"assign": "user", "tier": "flag", "put": "plus", "take": "minus"}


@dataclass(frozen=True, slots=True)
class BulkAsked:
    """A change somebody confirmed. ``value`` is a staff id, a tier or the name of a list."""

    kind: BulkKind
    value: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OutAsked:
    """Where the list goes."""

    way: Way
    unmasked: bool = False
    reason: str = ""


class _Bar(QFrame):
    """A line with a problem text of its own; Esc closes.

    Signals:
        closed: somebody gave it up.
    """

    closed: BareSignal = bare_signal()

    def __init__(self, *parts: QWidget) -> None:
        super().__init__()
        self.setProperty("look", "accent_soft")
        self.problem = Text("", "caption", "bad", wrap=True)
        self.problem.hide()
        self.setLayout(column(flow(*parts, gap=8, line_gap=6), self.problem, gap=4, pad=(20, 8, 12, 8)))

    def say(self, problem: str) -> None:
        """Show what is in the way, in words."""
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
            return
        super().keyPressEvent(event)


class ChosenBar(_Bar):
    """已选 12 人: what can be done with them.

    Signals:
        asked: which change.
        out_asked: take the chosen people out.
    """

    asked: TypedSignal[BulkKind] = signal()
    out_asked: BareSignal = bare_signal()

    def __init__(self) -> None:
        self.count = _label(bold=True)
        self.buttons = {
            k: Button(text(f"ledger.bulk.{k}"), icon=_ICONS[k], on_click=lambda k=k: self.asked.emit(k))
            for k in KINDS
        }
        out = Button(text("ledger.export"), icon="export", on_click=lambda: self.out_asked.emit())
        clear = Button(text("ledger.bulk.clear"), "bare", on_click=lambda: self.closed.emit())
        super().__init__(self.count, *self.buttons.values(), out, clear)

    def show_count(self, count: int) -> None:
        """How many are chosen."""
        self.count.setText(text("ledger.chosen", count=count))


class ChangeBar(_Bar):
    """One change to the chosen people, confirmed with Enter or the button.

    Signals:
        confirmed: what to do.
    """

    confirmed: TypedSignal[BulkAsked] = signal()

    def __init__(self) -> None:
        self._kind: BulkKind = "assign"
        self.title = _label(bold=True)
        self.staff = DropDown((), nothing=text("ledger.bulk.choose_staff"))
        tiers = [Choice(e.code, e.name) for e in code_lists.table("tier").entries]
        self.tier = DropDown(tiers, nothing=text("ledger.bulk.choose_tier"))
        self.reason = TextInput(placeholder=text("ledger.bulk.reason"), width=220)
        self.name = TextInput(placeholder=text("ledger.bulk.list_name"), width=200)
        self.list = DropDown((), nothing=text("ledger.bulk.choose_list"))
        self.ok = Button(text("ledger.bulk.ok"), "primary", on_click=self._confirm)
        self.stop = Button(text("kit.cancel"), "bare", on_click=lambda: self.closed.emit())
        super().__init__(
            self.title, self.staff, self.tier, self.list, self.name, self.reason, self.ok, self.stop
        )
        self.setAccessibleName(text("ledger.bulk.title"))
        self.reason.returnPressed.connect(self._confirm)
        self.name.returnPressed.connect(self._confirm)

    def open_for(
        self, kind: BulkKind, count: int, staff: Sequence[StaffMember], lists: Sequence[str]
    ) -> None:
        """Show the editors this change needs."""
        self._kind = kind
        self.say("")
        self.title.setText(text(f"ledger.bulk.{kind}_title", count=count))
        self.staff.set_options([Choice(s.id, s.name) for s in staff if s.is_active], "")
        self.list.set_options([Choice(n, n) for n in lists], "")
        self.tier.set_value("")
        self.reason.set_value("")
        self.name.set_value("")
        self.staff.setVisible(kind == "assign")
        self.tier.setVisible(kind == "tier")
        self.reason.setVisible(kind == "tier")
        self.name.setVisible(kind == "put")
        self.list.setVisible(kind == "take" or (kind == "put" and bool(lists)))
        first = {"assign": self.staff, "tier": self.tier, "put": self.name, "take": self.list}[kind]
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _confirm(self) -> None:
        value = {
            "assign": self.staff.value(), "tier": self.tier.value(), "take": self.list.value(),
            "put": self.name.value() or self.list.value(),
        }[self._kind]  # fmt: skip
        if not value:
            self.say(text(f"ledger.bulk.{self._kind}_needed"))
        elif self._kind == "tier" and not self.reason.value():
            self.say(text("ledger.bulk.reason_needed"))
            self.reason.setFocus()
        else:
            self.confirmed.emit(BulkAsked(self._kind, value, self.reason.value()))


class OutBar(_Bar):
    """导出: Excel, paper or clipboard; masked unless a reason stands.

    Signals:
        confirmed: where to, and whether unmasked.
    """

    confirmed: TypedSignal[OutAsked] = signal()

    def __init__(self) -> None:
        self.title = _label(bold=True)
        ways: tuple[tuple[Way, str, str], ...] = (
            ("export", "xlsx", "export"), ("print", "paper", "printer"), ("copy", "clipboard", "copy"),
        )  # fmt: skip
        self.buttons = {
            way: Button(text(f"ledger.out.{key}"), icon=icon, on_click=lambda w=way: self._go(w))
            for way, key, icon in ways
        }
        self.whole = Tick(text("ledger.out.unmasked"))
        self.whole.setMinimumHeight(36)
        self.reason = TextInput(placeholder=text("ledger.out.reason"), width=240)
        self.reason.hide()
        stop = Button(text("kit.cancel"), "bare", on_click=lambda: self.closed.emit())
        super().__init__(self.title, *self.buttons.values(), self.whole, self.reason, stop)
        self.whole.toggled.connect(self._toggled)

    def open_for(self, count: int) -> None:
        """How many people would go out."""
        self.say("")
        self.whole.setChecked(False)
        self.reason.set_value("")
        self.show_count(count)
        self.buttons["export"].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_count(self, count: int) -> None:
        """The list behind the bar changed; what was chosen in the bar stays."""
        self.title.setText(text("ledger.out.title", count=count))

    def _toggled(self, on: bool) -> None:
        self.reason.setVisible(on)
        self.say(text("ledger.out.logged") if on else "")
        if on:
            self.reason.setFocus()

    def _go(self, way: Way) -> None:
        if self.whole.isChecked() and not self.reason.value():
            self.say(text("ledger.out.reason_needed"))
            self.reason.setFocus()
            return
        self.confirmed.emit(OutAsked(way, self.whole.isChecked(), self.reason.value()))


class NameBar(_Bar):
    """保存视图: a name for what is shown.

    Signals:
        confirmed: the name.
    """

    confirmed: TypedSignal[str] = signal()

    def __init__(self) -> None:
        self.name = TextInput(placeholder=text("ledger.views.name"), width=220)
        ok = Button(text("ledger.views.save"), "primary", on_click=self._confirm)
        stop = Button(text("kit.cancel"), "bare", on_click=lambda: self.closed.emit())
        title = _label(bold=True)
        title.setText(text("ledger.views.save_title"))
        super().__init__(title, self.name, ok, stop)
        self.name.returnPressed.connect(self._confirm)

    def open_for(self, name: str) -> None:
        self.say("")
        self.name.set_value(name)
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _confirm(self) -> None:
        if self.name.value():
            self.confirmed.emit(self.name.value())
        else:
            self.say(text("ledger.views.name_needed"))


def _label(*, bold: bool = False) -> Text:
    label = Text("", bold=bold)
    label.setMinimumHeight(36)
    return label
