"""What the ledger shows of a query: pure, no Qt widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from jobdesk.cases.id_number import age_on
from jobdesk.cases.masking import mask_id, mask_phone
from jobdesk.cases.partial_date import PartialDate
from jobdesk.host import code_lists
from jobdesk.host.strings import has, text
from jobdesk.services.listing import Line
from jobdesk.services.views import SavedView
from jobdesk.store.ledger import CaseItem, LedgerQuery
from jobdesk.ui.case_words import clerk_said
from jobdesk.ui.table import Cell, Column, Row

MAIN_CHIPS = ("hardship", "graduate", "zero_household")
"""Chips that always stand over the list; the others under 更多类别."""
NEXT = ("overdue", "today", "week", "month", "none")
_LOW = 80
"""Own figure: a file less complete than this is marked."""


def columns() -> tuple[Column, ...]:
    """All columns of the list in their usual order."""

    def c(key: str, width: int, priority: int, **more: object) -> Column:
        return Column(key, text(f"ledger.column.{key}"), width, priority=priority, **more)  # type: ignore[arg-type]

    return (
        c("name", 88, 0, stretch=1, fixed=True),
        c("sex", 54, 6),
        c("age", 48, 4),
        c("categories", 152, 2, stretch=3, sortable=False),
        c("id_number", 106, 3),
        c("phone", 98, 5),
        c("progress", 86, 3, sortable=False),
        c("next_contact", 110, 1),
        c("completeness", 58, 4, right=True),
        c("community", 120, 7, stretch=1),
        c("tier", 84, 8),
        c("owner", 78, 8),
        c("last_contact", 96, 8),
        c("education", 120, 9),
        c("address", 170, 9, sortable=False),
        c("employer", 150, 9),
        c("opened_on", 96, 9),
        c("help_state", 84, 9),
        c("lists", 120, 9, sortable=False),
    )


USUAL = ("name", "sex", "age", "categories", "id_number", "phone", "progress", "next_contact", "completeness",
         "community")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """With what a line is turned into cells.

    Attributes:
        staff: staff id → name.
        unmasked: whole numbers, for an export with a reason; never on screen.
    """

    day: date
    staff: Mapping[str, str]
    unmasked: bool = False


def row_of(line: Line, look: Look) -> Row:
    """One person as cells. Lists show 就业困难人员 and never the kind behind it."""
    return Row(line.item.case_id, Cells(line, look))


class Cells(Mapping[str, Cell]):
    """The cells of one person, made when they are drawn: a window reads many more rows than it shows."""

    __slots__ = ("_line", "_look", "_made")

    def __init__(self, line: Line, look: Look) -> None:
        self._line, self._look = line, look
        self._made: dict[str, Cell] = {}

    def __getitem__(self, key: str) -> Cell:
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = _CELLS[key](self._line, self._look)
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(_CELLS)

    def __len__(self) -> int:
        return len(_CELLS)


def chips_of(item: CaseItem) -> Cell:
    """Categories as chips; one from a ledger or from the person carries 未核对."""
    shown = tuple(category_name(c, short=True) for c in item.categories)
    blanks = (text("ledger.unverified"),) if item.unverified else ()
    if item.conflicts:
        blanks = (*blanks, text("ledger.two_values"))
    if not shown and not blanks:
        return Cell(kind="none")
    return Cell("", "chips", chips=shown, blanks=blanks)


def category_name(code: str, *, short: bool = False) -> str:
    """The words of a chip."""
    if short and has(f"ledger.chip.{code}"):
        return text(f"ledger.chip.{code}")
    if has(f"ledger.category.{code}"):
        return text(f"ledger.category.{code}")
    return code_lists.table("groups").name_of(code)


def missing_name(code: str) -> str:
    """What is missing, in words."""
    return text(f"missing.{code}") if has(f"missing.{code}") else code


def next_of(item: CaseItem, day: date) -> Cell:
    """The next contact with 逾期 or 今天; a blank for somebody in care without one."""
    if item.help_state == "ended":
        return Cell(kind="none")
    if item.extra.get("unworkable"):
        return Cell(text("ledger.unworkable"), tone="bad", tip=text("ledger.unworkable_tip"))
    if not item.next_contact:
        return Cell(text("ledger.not_agreed"), "blank")
    shown = day_text(item.next_contact, day)
    iso = day.isoformat()
    if item.next_contact < iso:
        return Cell(shown, tone="bad", note=text("ledger.overdue"), note_tone="bad")
    if item.next_contact == iso:
        return Cell(shown, note=text("ledger.today"), note_tone="accent")
    return Cell(shown)


def day_text(iso: str, day: date) -> str:
    """7月13日; another year is said, a month stays a month."""
    known = PartialDate.parse(iso)
    if known is None:
        return iso
    if known.day is not None:
        key = "ledger.day" if known.year == day.year else "ledger.day_of_year"
    elif known.month is not None:
        key = "ledger.month"
    else:
        key = "ledger.year"
    return text(key, year=known.year, month=known.month, day=known.day)


def next_filter(query: LedgerQuery, choice: str, day: date) -> LedgerQuery:
    """The query narrowed by 下次联系: ``overdue``, ``today``, ``week``, ``month``, ``none`` or empty."""
    clean = replace(query, next_from="", next_until="", no_next=False)
    iso = day.isoformat()
    if choice == "overdue":
        return replace(clean, next_until=(day - timedelta(days=1)).isoformat())
    if choice == "today":
        return replace(clean, next_from=iso, next_until=iso)
    if choice in ("week", "month"):
        return replace(clean, next_until=(day + timedelta(days=7 if choice == "week" else 30)).isoformat())
    return replace(clean, no_next=choice == "none")


def next_choice(query: LedgerQuery, day: date) -> str:
    """Which choice of 下次联系 a query is; empty for none or for another span."""
    return next((c for c in NEXT if next_filter(query, c, day) == query), "")


def built_in_views(day: date, actor: str) -> tuple[SavedView, ...]:
    """Views that come with the program."""
    base = LedgerQuery()
    made = (
        ("all", base),
        ("overdue", replace(next_filter(base, "overdue", day), sort="next_contact")),
        ("week", replace(next_filter(base, "week", day), sort="next_contact")),
        ("lacking", replace(base, missing="any", sort="completeness")),
        ("mine", replace(base, owner=actor, sort="next_contact")),
        ("conflicts", replace(base, conflicts_only=True)),
        ("ended", replace(base, state="ended")),
    )
    return tuple(SavedView("", text(f"ledger.view.{key}"), query) for key, query in made)


def is_narrowed(query: LedgerQuery) -> bool:
    """Whether something keeps people out of sight."""
    usual = LedgerQuery()
    return replace(query, sort=usual.sort, descending=usual.descending) != usual


def status_parts(people: int, lacking: int, overdue: int, query: LedgerQuery) -> tuple[str, str, str]:
    """The words of the foot: people, 有缺项, 逾期 (empty where none)."""
    key = "ledger.count_found" if is_narrowed(query) else "ledger.count_all"
    return (
        text(key, count=people),
        text("ledger.count_lacking", count=lacking) if lacking else "",
        text("ledger.count_overdue", count=overdue) if overdue else "",
    )


# ---- cells


def _number(item: CaseItem, unmasked: bool) -> Cell:
    if item.id_number:
        shown = item.id_number if unmasked else short_id(item.id_number)
        return Cell(shown, tip="" if unmasked else mask_id(item.id_number))
    old = item.extra.get("old_id_number")
    if isinstance(old, str) and old:
        shown, tip = old if unmasked else short_id(old), text("ledger.ask_18")
        return Cell(shown, "muted", note=text("ledger.old_number"), note_tone="warn", tip=tip)
    return _blank(item, "id_number")


def short_id(number: str) -> str:
    """``2299****0426``: less than the usual mask shows, for a narrow column."""
    return f"{number[:4]}****{number[-4:]}" if len(number) in (15, 18) else mask_id(number)


def _progress(line: Line) -> Cell:
    found = line.progress
    if found is None:
        return Cell(kind="none")
    shown = found.shown
    steps = tuple((min(s.counted, s.step.required), s.step.required) for s in shown.steps)
    done, owed = sum(d for d, _ in steps), sum(o for _, o in steps)
    number = shown.number
    tip = "；".join(f"{s.step.name} {s.counted}/{s.step.required}" for s in shown.steps)
    if found.member.outside:
        return Cell(text(f"ledger.outside_{found.member.outside}"), "muted", tip=tip)
    whole = text("ledger.round", number=number, steps=tip)
    return Cell(f"{done}/{owed}", "steps", steps=steps, tip=whole)


def _complete(item: CaseItem) -> Cell:
    shown = f"{item.completeness}%"
    tip = "、".join(missing_name(c) for c in item.missing)
    return Cell(shown, tone="warn" if item.completeness < _LOW else "ink_2",
                tip=text("ledger.lacks", what=tip) if tip else "")  # fmt: skip


def _age(item: CaseItem, day: date) -> Cell:
    known = PartialDate.parse(item.birth)
    if known is None:
        return _blank(item, "birth")
    if known.exact is None:
        return Cell(text("ledger.about", age=day.year - known.year), "muted")
    return Cell(str(age_on(known.exact, day)))


def _code(table: str, code: str) -> str:
    return code_lists.table(table).name_of(code) if code else ""


def _blank(item: CaseItem | None = None, field: str = "") -> Cell:
    """未填; a field that two people filled in, and that is blank only until somebody decides, says that."""
    disputed = item.extra.get("disputed") if item is not None else None
    if isinstance(disputed, list) and field in disputed:
        return Cell(text("ledger.disputed"), "blank", tip=text("ledger.disputed_tip"))
    return Cell(text("ledger.blank"), "blank")


def _or_blank(shown: str) -> Cell:
    return Cell(shown) if shown else _blank()


def _quiet(shown: str) -> Cell:
    return Cell(shown, "muted") if shown else Cell(kind="none")


def _phone(item: CaseItem, look: Look) -> Cell:
    return _or_blank((item.phone if look.unmasked else mask_phone(item.phone)) if item.phone else "")


_CELLS: Mapping[str, Callable[[Line, Look], Cell]] = {
    "name": lambda n, _: Cell(n.item.name, "strong") if n.item.name else _blank(n.item, "name"),
    "sex": lambda n, _: _or_blank(_code("sex", n.item.sex)),
    "age": lambda n, look: _age(n.item, look.day),
    "categories": lambda n, _: chips_of(n.item),
    "id_number": lambda n, look: _number(n.item, look.unmasked),
    "phone": lambda n, look: _phone(n.item, look),
    "progress": lambda n, _: _progress(n),
    "next_contact": lambda n, look: next_of(n.item, look.day),
    "completeness": lambda n, _: _complete(n.item),
    "community": lambda n, _: _or_blank(n.item.community),
    "tier": lambda n, _: _quiet(_code("tier", n.item.tier).partition("（")[0]),
    "owner": lambda n, look: _or_blank(clerk_said(look.staff, n.item.owner)),
    "last_contact": lambda n, look: _quiet(day_text(n.item.last_contact, look.day)),
    "education": lambda n, _: _or_blank(_code("education", n.item.education)),
    "address": lambda n, _: _or_blank(n.item.address),
    "employer": lambda n, _: _quiet(n.item.employer),
    "opened_on": lambda n, look: _quiet(day_text(n.item.opened_on, look.day)),
    "help_state": lambda n, _: Cell(_code("help_state", n.item.help_state), "muted"),
    "lists": lambda n, _: (
        Cell(" ".join(n.item.lists), "chips", chips=n.item.lists) if n.item.lists else Cell(kind="none")
    ),
}
