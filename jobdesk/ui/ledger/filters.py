"""Chips and drop-downs over the list: each shows what it narrows to and how many it would show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtWidgets import QWidget

from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.services.listing import Choices
from jobdesk.store.ledger import IdPage, LedgerQuery
from jobdesk.store.ledger_page import Tally
from jobdesk.ui.kit import Button, Choice, DropDown, FilterChip, column, flow
from jobdesk.ui.ledger.state import MAIN_CHIPS, NEXT, category_name, missing_name, next_choice, next_filter
from jobdesk.ui.signals import TypedSignal, signal

_SECOND = ("state", "owner", "in_list")


class CategoryChips(QWidget):
    """全部 412 · 就业困难人员 168 · … · 更多类别.

    Signals:
        chosen: a chip code, empty for all.
    """

    chosen: TypedSignal[str] = signal()

    def __init__(self) -> None:
        super().__init__()
        self._value = ""
        self._chips: dict[str, FilterChip] = {"": FilterChip(text("ledger.all"), None, True)}
        for code in MAIN_CHIPS:
            self._chips[code] = FilterChip(category_name(code))
        for code, chip in self._chips.items():
            chip.clicked.connect(lambda _on=False, c=code: self._choose(c))
        self.more = DropDown((), "", label=text("ledger.more_categories"), resting="", search_from=20)
        self.more.setFixedHeight(30)
        self.more.chosen.connect(self._choose)
        self.setLayout(column(flow(*self._chips.values(), self.more, gap=6), gap=0))

    def show_counts(self, page: IdPage, value: str) -> None:
        """Counts of the query without its category; 更多类别 offers those in use."""
        self._value = value
        self._chips[""].set_count(page.total)
        for code in MAIN_CHIPS:
            self._chips[code].set_count(page.categories.get(code, 0))
        others = sorted(
            ((c, n) for c, n in page.categories.items() if c not in MAIN_CHIPS), key=lambda p: -p[1]
        )
        if value and value not in self._chips and value not in dict(others):
            others.append((value, 0))
        self.more.set_options(
            [Choice("", text("ledger.not_chosen")),
             *(Choice(c, f"{category_name(c)} {n}") for c, n in others)]
        )  # fmt: skip
        self.more.setVisible(bool(others))
        self._mark()

    def _choose(self, code: str) -> None:
        self._value = code
        self._mark()
        self.chosen.emit(code)

    def _mark(self) -> None:
        for code, chip in self._chips.items():
            chip.setChecked(code == self._value)
        self.more.set_value("" if self._value in self._chips else self._value)


class Filters(QWidget):
    """The drop-downs. 状态, 经办人 and 名单 stand behind 更多筛选 until one of them narrows.

    Signals:
        changed: the query with the new filter.
    """

    changed: TypedSignal[LedgerQuery] = signal()

    def __init__(self, day: date) -> None:
        super().__init__()
        self.day = day
        self._query = LedgerQuery()
        self._open = False
        anything = Choice("", text("ledger.any"))
        self.community = DropDown([anything], "", label=text("ledger.column.community"))
        self.next = DropDown(
            [anything, *(Choice(c, text(f"ledger.next.{c}")) for c in NEXT)], "",
            label=text("ledger.column.next_contact"),
        )  # fmt: skip
        self.missing = DropDown([anything], "", label=text("ledger.lacking"), search_from=30)
        tiers = [Choice(e.code, e.name) for e in code_lists.table("tier").entries]
        self.tier = DropDown([anything, *tiers], "", label=text("ledger.column.tier"))
        states = [Choice(c, text(f"ledger.state.{c or 'both'}")) for c in ("open", "ended", "")]
        self.state = DropDown(states, "open", label=text("ledger.state_label"), resting="open")
        self.owner = DropDown([anything], "", label=text("ledger.column.owner"))
        self.in_list = DropDown([anything], "", label=text("ledger.column.lists"))
        self.more = Button(text("ledger.more_filters"), "bare", icon="filter", on_click=self.open_more)
        self.clear = Button(text("ledger.clear_filters"), "link", on_click=lambda: self.changed.emit(
            LedgerQuery(text=self._query.text, sort=self._query.sort, descending=self._query.descending)
        ))  # fmt: skip
        self.clear.setFixedHeight(36)
        self.setLayout(column(flow(
            self.community, self.next, self.missing, self.tier, self.state, self.owner, self.in_list,
            self.more, self.clear, gap=6,
        ), gap=0))  # fmt: skip
        for name in ("community", "missing", "tier", "state", "owner", "in_list"):
            self._box(name).chosen.connect(lambda value, n=name: self._narrow(n, value))
        self.next.chosen.connect(lambda value: self._emit(next_filter(self._query, value, self.day)))
        self._fold()

    def show_query(self, query: LedgerQuery) -> None:
        """What is narrowed now."""
        self._query = query
        for name in ("community", "missing", "tier", "state", "owner", "in_list"):
            self._box(name).set_value(getattr(query, name))
        self.next.set_value(next_choice(query, self.day))
        self._fold()

    def show_choices(self, choices: Choices) -> None:
        """Communities, staff and lists in use."""
        anything = Choice("", text("ledger.any"))
        self.community.set_options([anything, *(Choice(n, f"{n} {c}") for n, c in choices.communities)])
        self.owner.set_options(
            [
                anything,
                *(Choice(s.id, s.name) for s in choices.staff if s.is_active or s.id == self._query.owner),
            ]
        )
        self.in_list.set_options([anything, *(Choice(n, f"{n} {c}") for n, c in choices.lists)])

    def show_tally(self, tally: Tally) -> None:
        """What is missing, counted, most first."""
        most = sorted(tally.missing.items(), key=lambda p: -p[1])
        self.missing.set_options([
            Choice("", text("ledger.any")), Choice("any", text("ledger.anything_missing")),
            *(Choice(c, f"{missing_name(c)} {n}") for c, n in most),
        ])  # fmt: skip

    def open_more(self) -> None:
        """Bring the other filters into sight."""
        self._open = True
        self._fold()
        self.state.setFocus()

    def _fold(self) -> None:
        usual = LedgerQuery()
        for name in _SECOND:
            self._box(name).setVisible(self._open or getattr(self._query, name) != getattr(usual, name))
        self.more.setVisible(not all(self._box(n).isVisibleTo(self) for n in _SECOND))
        bare = replace(self._query, text="", sort="name", descending=False)
        self.clear.setVisible(bare != usual)

    def _box(self, name: str) -> DropDown:
        return getattr(self, name)

    def _narrow(self, name: str, value: str) -> None:
        self._emit(replace(self._query, **{name: value}))

    def _emit(self, query: LedgerQuery) -> None:
        self._query = query
        self._fold()
        self.changed.emit(query)
