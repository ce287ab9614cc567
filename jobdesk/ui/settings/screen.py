"""设置: a list of sections at the left, one page each, made at its first visit."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QListWidgetItem

from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.icons import icon
from jobdesk.ui.settings.section import Section
from jobdesk.ui.settings.state import SECTIONS
from jobdesk.ui.settings.view import SettingsView


class SettingsScreen(Screen):
    """Shows one section at a time; ``GoTo.part`` names it, ``GoTo.detail`` goes on to the section."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.view = SettingsView(self)
        self._made: dict[str, Section] = {}
        self.view.places.currentItemChanged.connect(self._chosen)
        ctx.hub.changed.connect(self._changed)
        self._detail = ""

    @property
    def at(self) -> str:
        """Key of the section in sight."""
        row = self.view.places.currentRow()
        return SECTIONS[row][0] if row >= 0 else ""

    def arrive(self, where: GoTo) -> None:
        """Show the section that is asked for, or the one that was left."""
        keys = [key for key, _ in SECTIONS]
        wanted = where.part if where.part in keys else self.at or keys[0]
        self._detail = where.detail
        before = self.at
        self.view.places.setCurrentRow(keys.index(wanted))
        if before == wanted:
            self._show(wanted)
        self.view.places.setFocus()

    def leave(self) -> None:
        """The section in sight keeps what was typed."""
        if self.at in self._made:
            self._made[self.at].leave()

    def section(self, key: str) -> Section:
        """The page of a section, made when it is first asked for."""
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = _MAKERS[key](self.ctx)
            self.view.pages.addWidget(found)
        return found

    def _chosen(self, now: QListWidgetItem | None, before: QListWidgetItem | None) -> None:
        if before is not None:
            left = str(before.data(Qt.ItemDataRole.UserRole))
            if left in self._made:
                self._made[left].leave()
        if now is not None:
            self._show(str(now.data(Qt.ItemDataRole.UserRole)))

    def _show(self, key: str) -> None:
        section = self.section(key)
        self.view.pages.setCurrentWidget(section)
        section.arrive(self._detail)
        self._detail = ""

    def _changed(self, changed: Changed) -> None:
        if self.isVisible() and self.at in self._made:
            self._made[self.at].changed(changed)

    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "view"):
            for number, (_, name) in enumerate(SECTIONS):
                self.view.places.item(number).setIcon(icon(name, "ink_2", 16))


def _unit(ctx: Context) -> Section:
    from jobdesk.ui.settings.unit_page import UnitPage

    return UnitPage(ctx)


def _staff(ctx: Context) -> Section:
    from jobdesk.ui.settings.staff_page import StaffPage

    return StaffPage(ctx)


def _backup(ctx: Context) -> Section:
    from jobdesk.ui.settings.backup_page import BackupPage

    return BackupPage(ctx)


def _rules(ctx: Context) -> Section:
    from jobdesk.ui.settings.rules_page import RulesPage

    return RulesPage(ctx)


def _packs(ctx: Context) -> Section:
    from jobdesk.ui.settings.packs_page import PacksPage

    return PacksPage(ctx)


def _privacy(ctx: Context) -> Section:
    from jobdesk.ui.settings.privacy_page import PrivacyPage

    return PrivacyPage(ctx)


def _conflicts(ctx: Context) -> Section:
    from jobdesk.ui.settings.conflicts_page import ConflictsPage

    return ConflictsPage(ctx)


def _imports(ctx: Context) -> Section:
    from jobdesk.ui.settings.imports_page import ImportsPage

    return ImportsPage(ctx)


def _display(ctx: Context) -> Section:
    from jobdesk.ui.settings.display_page import DisplayPage

    return DisplayPage(ctx)


def _machine(ctx: Context) -> Section:
    from jobdesk.ui.settings.machine_page import MachinePage

    return MachinePage(ctx)


def _practice(ctx: Context) -> Section:
    from jobdesk.ui.settings.practice_page import PracticePage

    return PracticePage(ctx)


def _about(ctx: Context) -> Section:
    from jobdesk.ui.settings.about_page import AboutPage

    return AboutPage(ctx)


_MAKERS: dict[str, Callable[[Context], Section]] = {
    "unit": _unit, "staff": _staff, "backup": _backup, "rules": _rules, "packs": _packs, "privacy": _privacy,
    "conflicts": _conflicts, "imports": _imports, "display": _display, "machine": _machine,
    "practice": _practice, "about": _about,
}  # fmt: skip
