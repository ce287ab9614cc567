"""The upper part of the side: who it is, the phone behind its mask, 1311, the last services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from jobdesk.cases.basis import Seen
from jobdesk.cases.facts import Rec
from jobdesk.cases.masking import mask_phone
from jobdesk.cases.progress import RoundProgress
from jobdesk.cases.templates import Counts
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.briefs import SHOWN, Brief
from jobdesk.ui.kit import (
    BlankChip,
    Button,
    Chip,
    ElidedText,
    Icon,
    IconButton,
    StepState,
    StepStrip,
    Text,
    basis_link,
    clear,
    column,
    flow,
    frame,
    row,
    rule,
)
from jobdesk.ui.signals import BareSignal, bare_signal
from jobdesk.ui.today import words
from jobdesk.ui.today.words import t


class BriefCard(QFrame):
    """The person beside the list.

    Signals:
        open_asked: 打开档案. all_asked: all services. reveal_asked: the eye was pressed.
    """

    open_asked: BareSignal = bare_signal()
    all_asked: BareSignal = bare_signal()
    reveal_asked: BareSignal = bare_signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("look", "clear")
        self._page = column(gap=0)
        self.setLayout(self._page)
        self._phone = Text("")
        self._phone_note = Text("", "caption", "ink_2")
        self._brief: Brief | None = None
        self.revealed = False

    def show_brief(self, brief: Brief, today: date, reveal: bool = False) -> None:
        """Show a person; the phone stays masked unless it was looked at (``reveal``)."""
        self._brief, self.revealed = brief, reveal
        clear(self._page)
        item = brief.item
        if item is None:
            return
        link = Button(t("open_file"), "link", icon="external-link", on_click=self.open_asked.emit)
        name = ElidedText(item.name or t("nameless"), "title")
        about = Text(words.about(item.sex, item.birth, today), tone="ink_2")
        parts: list[QWidget] = [frame(row(name, about, None, link, gap=8))]
        chips = words.chips_of(item)
        if chips:
            tip = text("casefile.unverified_tip")
            unverified = [BlankChip(b, tip) for b in words.blanks_of(item)]
            parts.append(flow(*(Chip(c) for c in chips), *unverified))
        parts.append(self._phone_line(item.phone))
        self._page.addWidget(frame(column(*parts, gap=6, pad=(18, 14, 18, 10))))
        if brief.progress is not None and brief.progress.member.circle:
            self._page.addWidget(_inset(rule()))
            self._page.addWidget(self._steps(brief, today))
        self._page.addWidget(_inset(rule()))
        self._page.addWidget(self._services(brief, today))
        self._page.addWidget(rule())

    def _phone_line(self, phone: str) -> QWidget:
        if not phone:
            return frame(row(Icon("phone", "ink_3"), Text(t("phone_none"), "caption", "warn"), None, gap=8))
        shown = phone if self.revealed else mask_phone(phone)
        note = t("phone_shown" if self.revealed else "phone_hint")
        line = row(Icon("phone"), Text(shown, selectable=self.revealed), gap=8)
        if not self.revealed:
            eye = IconButton("eye", t("reveal_phone"), tone="accent", on_click=self.reveal_asked.emit)
            line.addWidget(eye)
        line.addWidget(Text(note, "caption", "ink_2"))
        line.addStretch(1)
        return frame(line)

    def _steps(self, brief: Brief, today: date) -> QWidget:
        progress = brief.progress
        assert progress is not None
        current = progress.shown
        title = t("round", name=short_name(progress.template.name), round=current.number)
        head = row(Text(title, "caption", bold=True), gap=8)
        if progress.template.status == "unconfirmed":
            head.addWidget(Chip(t("composition"), "warn", tip=progress.template.note))
        head.addStretch(1)
        head.addWidget(basis_link(words.shown_basis(current.basis, today, namer(brief))))
        strip = StepStrip([StepState(s.step.name, s.counted, s.step.required) for s in current.steps])
        parts: list[QWidget] = [frame(head), strip, Text(counting(current), "caption", "ink_2", wrap=True)]
        if not progress.member.in_rate:
            why = text(f"membership.{progress.member.outside or progress.member.why}")
            parts.append(Text(t("outside_rate", why=why), "caption", "warn", wrap=True))
        return frame(column(*parts, gap=6, pad=(18, 8, 18, 8)))

    def _services(self, brief: Brief, today: date) -> QWidget:
        if not brief.services:
            line = Text(t("no_services"), "caption", "ink_2")
            return frame(column(line, gap=0, pad=(18, 8, 18, 8)))
        count = min(SHOWN, len(brief.services))
        every = Button(t("all_services", count=len(brief.services)), "link", on_click=self.all_asked.emit)
        head = frame(row(Text(t("last_services", count=count), "caption", bold=True), None, every))
        lines = [_service_line(brief, r, today) for r in brief.services[:SHOWN]]
        return frame(column(head, *lines, gap=4, pad=(18, 8, 18, 8)))


def namer(brief: Brief) -> Callable[[Seen], str]:
    """What a record of this person is called in 查看依据."""
    by_id = {r.id: r for kind in brief.facts.records.values() for r in kind}

    def named(seen: Seen) -> str:
        record = by_id.get(seen.id)
        if record is None or record.kind != "service":
            return ""
        parts = [code_lists.table("service_type").name_of(record.text("type"))]
        if record.text("channel"):
            parts.append(code_lists.table("channel").name_of(record.text("channel")))
        posts = record.values.get("vacancies")
        if isinstance(posts, list) and posts:
            parts.append("、".join(brief.posts.get(str(p), "") for p in posts))
        return " ".join(p for p in parts if p)

    return named


def short_name(name: str) -> str:
    """1311 服务 of 1311 服务（组成一）: the chip beside it says that the composition is not confirmed."""
    return name.split("（", 1)[0]


def counting(current: RoundProgress) -> str:
    """What counts, and both numbers where they differ."""
    levels = {s.step.counts for s in current.steps}
    level = max(levels, default=Counts.OFFERED)
    status = next((s.step.counts_status for s in current.steps if s.step.counts is level), "confirmed")
    said = t(f"counts_{level.code}", mark=words.mark(status))
    offered, joined = (sum(getattr(s, n) for s in current.steps) for n in ("offered", "joined"))
    return f"{said}；{t('both_numbers', offered=offered, joined=joined)}"


def result_of(record: Rec) -> str:
    """What came of a service: the outcome and its words, else the content."""
    outcome = record.text("outcome")
    said = code_lists.table("outcome").name_of(outcome) if outcome else ""
    more = record.text("outcome_text") or record.text("content")
    return "：".join(p for p in (said, more) if p)


def _service_line(brief: Brief, record: Rec, today: date) -> QWidget:
    kind = code_lists.table("service_type").name_of(record.text("type"))
    number = brief.number.get(record.id, 0)
    what = t("nth", what=kind, number=number) if number > 1 else kind
    day = Text(words.iso(record.text("served_on"), today), "caption", "ink_2")
    day.setFixedWidth(64)
    name = ElidedText(what, "caption")
    name.setFixedWidth(104)
    channel = Text(code_lists.table("channel").name_of(record.text("channel")), "caption", "ink_2")
    channel.setFixedWidth(32)
    result = ElidedText(result_of(record), "caption")
    for part in (day, name, channel, result):
        part.setAlignment(Qt.AlignmentFlag.AlignVCenter)
    return frame(row(day, name, channel, (result, 1), gap=6))


def _inset(line: QWidget) -> QWidget:
    return frame(column(line, gap=0, pad=(18, 0, 18, 0)))
