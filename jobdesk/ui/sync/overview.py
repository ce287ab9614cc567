"""同步情况: the line, what waits for a person with the doors there, who this machine is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import cast

from jobdesk.services.sync_wishes import LineWish, line_wish, wish_for_line
from jobdesk.services.syncing import ENROL_ANEW, Enrolment, Pill, Seen, enrolment, notices, receipts
from jobdesk.store.sync_told import Notice
from jobdesk.sync.receipts import receipt_of
from jobdesk.ui.casefile.cursor import cursor_kept
from jobdesk.ui.context import Context
from jobdesk.ui.kit import Button, ElidedText, Text, clear, row, rule
from jobdesk.ui.sync.device_state import enrolment_lines, line_said
from jobdesk.ui.sync.doors import Door as DoorSaid
from jobdesk.ui.sync.doors import doors
from jobdesk.ui.sync.enrol_form import EnrolForm
from jobdesk.ui.sync.overview_view import Door, OverviewView
from jobdesk.ui.sync.panel import SyncPanel
from jobdesk.ui.sync.receipts_state import sentence_of
from jobdesk.ui.sync.state import standing, t, when


class OverviewPanel(SyncPanel):
    """The first tab."""

    def __init__(self, ctx: Context) -> None:
        super().__init__(ctx)
        self.form = EnrolForm(ctx)
        self.view = view = OverviewView(self, self.form)
        self._seen: Seen | None = None
        self._notices: list[Notice] | None = None
        self._doors: Sequence[DoorSaid] | None = None
        self._form_wanted = self._anew = False
        view.now.clicked.connect(lambda _on=False: self._sync_now())
        view.pause.clicked.connect(lambda _on=False: self._pause())
        view.to_receipts.clicked.connect(lambda _on=False: ctx.go("sync", part="receipts"))
        view.form_opener.clicked.connect(lambda _on=False: self._want_form())
        view.line_wish.chosen.connect(self._wish)
        view.device.hide()
        view.wishes.hide()
        view.last_line.hide()
        self._line = "system"

    def arrive(self, detail: str = "") -> None:
        desk = self.ctx.desk
        self.ctx.ask(enrolment(desk), self, self._show_device)
        self.ctx.ask(receipts(desk, 1), self, self._show_last)
        self.ctx.ask(notices(desk, unseen_only=True), self, self._noticed)
        self.ctx.ask(line_wish(desk), self, self._line_told)

    def show_seen(self, seen: Seen) -> None:
        self._seen = seen
        view, said = self.view, standing(seen, self.now_ms())
        view.picture.set_icon(said.icon, said.tone)
        view.sentence.set_text(said.sentence, "ink" if said.tone in ("ok", "accent", "ink_2") else said.tone)
        view.why.set_text(said.why)
        view.why.setVisible(bool(said.why))
        view.way.set_text(said.way_out)
        view.way.setVisible(bool(said.way_out))
        enrolled = seen.now.pill is not Pill.NOT_ENROLLED
        moving = seen.now.moving
        view.line.setVisible(bool(moving.step))
        view.line.set_progress(moving.done, moving.of if moving.of > 1 else 0)
        retry = bool(seen.offered and not enrolled)
        view.now.setVisible(enrolled or retry)
        self._refuse_now(t("running") if moving.step else "")
        view.pause.setVisible(enrolled)
        view.pause.set_text(t("resume") if seen.held == "person" else t("pause"))
        self._show_line()
        self._show_doors()
        anew = seen.now.error in ENROL_ANEW
        if anew != self._anew:
            self._anew = anew
            self.ctx.ask(enrolment(self.ctx.desk), self, self._show_device)

    def _refuse_now(self, reason: str) -> None:
        """Who pressed it finds the cursor there again: it would go on to whatever comes next."""
        now, cursor = self.view.now, self.window().focusWidget()
        if reason and cursor is now:
            self.setFocus()
        now.refuse(reason)
        if not reason and cursor is self:
            now.setFocus()

    def _line_told(self, wish: str) -> None:
        self._line = wish
        self.view.line_wish.set_value(wish)
        self._show_line()

    def _show_line(self) -> None:
        words = line_said(self._line, self._seen.held if self._seen else "")
        self.view.line_now.set_text(words)
        self.view.line_now.setVisible(bool(words))

    # ---- doors

    def _noticed(self, found: list[Notice]) -> None:
        self._notices = found
        self._show_doors()

    def _show_doors(self) -> None:
        seen, known = self._seen, self._notices is not None
        # a part of what waits beside a badge that counts all of it would be taken for the whole
        told = (
            seen is not None and known and (seen.now.pill is not Pill.NOT_ENROLLED or seen.now.for_person > 0)
        )
        self.view.doors_card.setVisible(told)
        if seen is None or self._notices is None:
            return
        said = doors(seen.now.counts, self._notices)
        if said == self._doors:
            return
        self._doors = said
        with cursor_kept(self):
            self._fill_doors(said)

    def _fill_doors(self, said: Sequence[DoorSaid]) -> None:
        clear(self.view.doors)
        if not said:
            self.view.doors.addWidget(Text(t("person_none"), "body", "ink_2", wrap=True))
        for number, one in enumerate(said):
            if number:
                self.view.doors.addWidget(rule())
            go = Button(t("open"), on_click=partial(self.ctx.go, one.place, part=one.part))
            go.setAccessibleName(f"{one.name} {t('open')}")
            self.view.doors.addWidget(Door(one.number, one.name, one.note, go))

    # ---- device

    def _show_device(self, found: Enrolment | None) -> None:
        view, practice = self.view, self.ctx.desk.practice
        typing = view.form.isVisible() and view.form.isAncestorOf(self.focusWidget() or self)
        clear(view.facts)
        error = self._seen.now.error if self._seen else ""
        for name, value, tone in enrolment_lines(found, self.now_ms(), error) if found else ():
            label = Text(name, "body", "ink_2")
            label.setFixedWidth(96)
            view.facts.addLayout(row(label, (ElidedText(value, "body", tone), 1), gap=8))
        if practice and found is None:
            view.facts.addWidget(Text(t("practice_enrol_note"), "body", "ink_2", wrap=True))
        view.form_part.setVisible(found is None or self._anew)
        if found is not None and self._anew:
            self.form.again(found.server)
        folded = practice and found is None and not self._form_wanted
        view.form_opener.setVisible(folded)
        view.form.setVisible(not folded)
        if typing and not view.form.isVisibleTo(self):
            # the first exchange runs: the page holds the cursor until the button can be pressed
            (view.now if view.now.isEnabled() and view.now.isVisible() else self).setFocus()
        if found is None and not practice:
            self.form.offer_server(self.ctx.read_config().policy.value("server"))
        view.device.show()
        view.wishes.setVisible(found is not None)

    def _want_form(self) -> None:
        self._form_wanted = True
        self.view.form_opener.hide()
        self.form.show()
        self.form.server.setFocus()

    # ---- the last exchange

    def _show_last(self, found: list[tuple[int, dict[str, object]]]) -> None:
        view = self.view
        view.last_line.setVisible(bool(found))
        if found:
            at, body = found[0]
            receipt, clock = receipt_of(body), self.clock()
            key = "last_carried" if receipt.carried else "last"
            at = when(clock.of(receipt, at), clock.now_ms)
            view.last.set_text(t(key, when=at, said=sentence_of(receipt)))

    # ---- what a person wants

    def _sync_now(self) -> None:
        if self.ctx.sync is not None:
            self.ctx.sync.now()

    def _pause(self) -> None:
        sync = self.ctx.sync
        if sync is None or self._seen is None:
            return
        if self._seen.held == "person":
            sync.resume()
        else:
            sync.pause()

    def _wish(self, wish: str) -> None:
        self._line = wish
        self._show_line()

        def kept(_none: None) -> None:
            if self.ctx.sync is not None:
                self.ctx.sync.line_told()

        self.ctx.ask(wish_for_line(self.ctx.desk, cast("LineWish", wish)), self, kept)
