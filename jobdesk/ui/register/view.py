"""The layout of the register form: number first, then name, the rest in the order of the talk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QBoxLayout, QWidget

from jobdesk.cases.partial_date import PartialDate
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.ui.kit import (
    Button,
    Card,
    Choice,
    DateInput,
    DropDown,
    Field,
    IconButton,
    Scroll,
    Segments,
    Text,
    TextArea,
    TextInput,
    Tick,
    column,
    flow,
    frame,
    key_hints,
    row,
)
from jobdesk.ui.register.state import read_day, read_partial

LABEL = 88
TWO_COLUMNS_FROM = 940
NOT_SEEN = "unseen"
"""Nobody has confirmed the graduation date yet: what a paper or 省系统 says starts its clocks."""
_OFFERED = {"sex": ("1", "2"), "hukou_kind": ("10", "20")}
DOCUMENTS = ("notice_on", "compare_on", "truth_on")


class RegisterView(QWidget):
    """Fields by name; ``columns`` puts the cards side by side or below each other."""

    def __init__(self, day: date) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self.group_ticks: dict[str, Tick] = {}
        self.today_buttons: dict[str, Button] = {}
        self.print_buttons: dict[str, IconButton] = {}
        self.says = Text("", "body", "accent", bold=True)
        self.region = Text("", "caption", "ink_2", wrap=True)
        for words in (self.says, self.region):
            words.setContentsMargins(LABEL + 8, 0, 0, 0)  # under the number, not under its label
        self.twins = column(gap=6)
        self.restored = column(gap=0)
        self.unverified = Text(text("register.unverified"), "caption", "warn", wrap=True)
        self.graduate = frame(column(
            self._text("school"), self._text("major"), self._date("graduated_on"),
            self._own("graduated_seen", Segments([Choice(c, text(f"register.graduated_{c}"))
                                                  for c in (NOT_SEEN, "document", "system")])),
            self._text("origin_place"), gap=8,
        ))  # fmt: skip
        who = Card(column(
            self._text("id_number", hint=text("register.id_hint")), self.says, self.region,
            self._text("name", needed=True), self._segments("sex", "sex"), self._date("birth"),
            self._text("phone"), self._text("phone_2"), gap=8,
        ), title=text("register.who"))  # fmt: skip
        where = Card(column(
            self._segments("hukou_kind", "hukou_kind"), self._text("hukou_place"), self._text("community"),
            self._text("address"), gap=8,
        ), title=text("register.where"))  # fmt: skip
        school = Card(column(
            self._pick("education", "education"), self._pick("graduate_kind", "graduate_kind"),
            self.graduate, gap=8,
        ), title=text("register.school"))  # fmt: skip
        sources = [Choice(c, text(f"register.source_{c}")) for c in ("ledger", "self")]
        state = Card(column(
            self._own("registered_since", self._date_box(False)),
            self._own("registered_source", Segments([Choice(c, code_lists.table("sources").name_of(c))
                                                     for c in ("system", "document", "ledger", "self")])),
            self._own("category", DropDown(_choices("hardship"), nothing=text("register.no_category"))),
            self._own("category_source", Segments(sources)), self.unverified, self._groups(), gap=8,
        ), title=text("register.state"), note=text("app.not_the_register"))  # fmt: skip
        wish = Card(column(
            self._pick("willingness", "willingness"), self._text("wish_post"),
            self._text("skills", long=True), gap=8,
        ), title=text("register.wish"))  # fmt: skip
        papers = Card(column(*(self._paper(n) for n in DOCUMENTS), gap=8), title=text("register.papers"),
                      note=text("register.papers_note"))  # fmt: skip
        plan = Card(column(
            self._add("owner", DropDown((), nothing=text("ledger.blank"))), self._pick("tier", "tier"),
            self._add("next_contact", self._date_box(True)), self._text("note", long=True), gap=8,
        ), title=text("register.plan"))  # fmt: skip
        self.left = column(who, where, school, None, gap=12)
        self.right = column(state, wish, papers, plan, None, gap=12)
        self.sides: QBoxLayout = row((self.left, 1), (self.right, 1), gap=12)
        self.back = IconButton("arrow-left", text("register.back"))
        under = Text(text("register.under"), "caption", "ink_2")
        head = row(self.back, Text(text("register.title"), "title"), under, None, gap=8)
        body = column(self.restored, self.twins, self.sides, None, gap=10, pad=(20, 4, 20, 16))
        self.pages = Scroll(body)
        self.problem_count = Text("", "body", "bad")
        self.hints = key_hints(("Tab", text("register.key_next")), ("F8", text("window.key_next_problem")))
        self.clear = Button(text("register.clear"), "bare")
        self.next = Button(text("register.save_next"), keys="Ctrl+Shift+Enter")
        self.save = Button(text("register.save"), "primary", keys="Ctrl+Enter")
        foot = frame(row(self.problem_count, self.hints, None, self.clear, self.next, self.save, gap=10,
                         pad=(20, 8, 20, 8)), "foot")  # fmt: skip
        self.setLayout(column(frame(head_pad(head)), (self.pages, 1), foot, gap=0))

    def columns(self, two: bool) -> None:
        """Two columns of cards, or one."""
        way = QBoxLayout.Direction.LeftToRight if two else QBoxLayout.Direction.TopToBottom
        self.sides.setDirection(way)

    # ---- parts

    def _add(self, name: str, editor: QWidget, **more: Any) -> Field:
        field = Field(text(f"field.case.{name}"), editor, label_width=LABEL, **more)
        self.fields[name] = field
        return field

    def _own(self, name: str, editor: QWidget) -> Field:
        field = Field(text(f"register.field.{name}"), editor, label_width=LABEL)
        self.fields[name] = field
        return field

    def _text(self, name: str, *, long: bool = False, **more: Any) -> Field:
        return self._add(name, TextArea(lines=1, most=5) if long else TextInput(), **more)

    def _date_box(self, exact: bool) -> DateInput[PartialDate]:
        parse: Callable[[str], PartialDate | None] = read_day if exact else read_partial
        return DateInput(
            parse, lambda d: d.iso(), unreadable=text("problem.day_needed") if exact else "", width=190
        )

    def _date(self, name: str) -> Field:
        return self._add(name, self._date_box(False))

    def _segments(self, name: str, table: str) -> Field:
        return self._add(name, Segments([c for c in _choices(table) if c.value in _OFFERED[table]]))

    def _pick(self, name: str, table: str) -> Field:
        return self._add(name, DropDown([Choice("", text("ledger.blank")), *_choices(table)],
                                        nothing=text("ledger.blank")))  # fmt: skip

    def _groups(self) -> QWidget:
        table = code_lists.table("groups")
        for entry in table.entries:
            tick = Tick(entry.name)
            tick.setToolTip(text("register.restricted") if table.is_sensitive(entry.code) else "")
            self.group_ticks[entry.code] = tick
        return column_widget(
            Text(text("register.field.groups"), tone="ink_2"), _in_columns(tuple(self.group_ticks.values())),
            Text(text("register.groups_hint"), "caption", "ink_3", wrap=True),
        )  # fmt: skip

    def _paper(self, name: str) -> QWidget:
        field = self._own(name, self._date_box(True))
        now = Button(text("register.signed_today"), "link")
        paper = IconButton(
            "printer", text("register.print", name=text(f"register.paper.{name}")), bordered=True
        )
        self.today_buttons[name], self.print_buttons[name] = now, paper
        result = QWidget()
        result.setLayout(row(field, now, paper, None, gap=8))
        return result


def _in_columns(ticks: Sequence[Tick]) -> QWidget:
    """All of one width, so that they stand below each other; as many side by side as there is room for."""
    widest = max(tick.sizeHint().width() for tick in ticks)
    for tick in ticks:
        tick.setFixedWidth(widest)
    return flow(*ticks, gap=4)


def head_pad(head: QBoxLayout) -> QBoxLayout:
    head.setContentsMargins(12, 10, 20, 6)
    return head


def column_widget(*parts: QWidget) -> QWidget:
    result = QWidget()
    result.setLayout(column(*parts, gap=4))
    return result


def _choices(table: str) -> Sequence[Choice]:
    return [Choice(e.code, e.name, " ".join(e.aliases)) for e in code_lists.table(table).entries]
