"""同步: one tab at a time, each made at its first visit."""

from __future__ import annotations

from collections.abc import Callable

from jobdesk.services.syncing import Seen, notices
from jobdesk.store.sync_told import Notice
from jobdesk.ui.context import Context, Screen
from jobdesk.ui.hub import Changed, GoTo
from jobdesk.ui.sync.notices_state import plain_ones
from jobdesk.ui.sync.panel import SyncPanel
from jobdesk.ui.sync.view import TABS, SyncView


class SyncScreen(Screen):
    """``GoTo.part`` names the tab, ``GoTo.detail`` goes on to it."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.view = SyncView(self)
        self._made: dict[str, SyncPanel] = {}
        self.view.tabs.chosen.connect(self._show)
        self.view.to_conflicts.clicked.connect(lambda _on=False: ctx.go("conflicts"))
        self.view.to_moves.clicked.connect(lambda _on=False: ctx.go("moves"))
        ctx.hub.changed.connect(self._changed)
        if ctx.sync is not None:
            ctx.sync.moved.connect(self._moved)
            ctx.sync.ended.connect(self._ended)

    def arrive(self, where: GoTo) -> None:
        """Show the tab that is asked for, or the one that was left."""
        wanted = where.part if where.part in TABS else self.view.tabs.at()
        self.view.tabs.set_at(wanted)
        self._show(wanted, where.detail)
        self._count()
        if self.ctx.sync is not None:
            self.ctx.sync.renew()

    def leave(self) -> None:
        """The tab in sight keeps what was typed."""
        here = self._made.get(self.view.tabs.at())
        if here is not None:
            here.leave()

    def panel(self, key: str) -> SyncPanel:
        """A tab, made when it is first asked for."""
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = _MAKERS[key](self.ctx)
            self.view.pages.addWidget(found)
        return found

    def _show(self, key: str, detail: str = "") -> None:
        panel = self.panel(key)
        before = self.view.pages.currentWidget()
        if isinstance(before, SyncPanel) and before is not panel:
            before.leave()
            if before.isAncestorOf(self.window().focusWidget()):
                self.view.tabs.take_focus()  # what goes away would hand the cursor to the search line
        self.view.pages.setCurrentWidget(panel)
        if self.ctx.sync is not None and self.ctx.sync.seen is not None:
            panel.show_seen(self.ctx.sync.seen)
        panel.arrive(detail)

    def _moved(self, seen: Seen) -> None:
        if self.isVisible():
            self.panel(self.view.tabs.at()).show_seen(seen)
            self._count()

    def _changed(self, _changed: Changed) -> None:
        self._renew()

    def _ended(self, _receipt: object) -> None:
        self._renew()

    def _renew(self) -> None:
        if self.isVisible():
            self.panel(self.view.tabs.at()).renew()
            self._count()

    def _count(self) -> None:
        seen = self.ctx.sync.seen if self.ctx.sync is not None else None
        self.view.tabs.set_count("apart", seen.now.counts.apart if seen else 0)
        self.ctx.ask(notices(self.ctx.desk, unseen_only=True), self, self._noticed)

    def _noticed(self, found: list[Notice]) -> None:
        self.view.tabs.set_count("notices", len(plain_ones(found)))


def _overview(ctx: Context) -> SyncPanel:
    from jobdesk.ui.sync.overview import OverviewPanel

    return OverviewPanel(ctx)


def _receipts(ctx: Context) -> SyncPanel:
    from jobdesk.ui.sync.receipts import ReceiptsPanel

    return ReceiptsPanel(ctx)


def _apart(ctx: Context) -> SyncPanel:
    from jobdesk.ui.sync.apart import ApartPanel

    return ApartPanel(ctx)


def _notices(ctx: Context) -> SyncPanel:
    from jobdesk.ui.sync.notices import NoticesPanel

    return NoticesPanel(ctx)


def _usb(ctx: Context) -> SyncPanel:
    from jobdesk.ui.sync.usb_panel import UsbPanel

    return UsbPanel(ctx)


_MAKERS: dict[str, Callable[[Context], SyncPanel]] = {
    "overview": _overview, "receipts": _receipts, "apart": _apart, "notices": _notices, "usb": _usb,
}  # fmt: skip
