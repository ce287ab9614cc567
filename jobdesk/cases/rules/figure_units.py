"""A figure in another unit than its reader counts in is wrong without a word: 90 days read as 90 months.

A figure that takes the place of another keeps its unit, except where the reader counts by the unit itself;
and a fact is compared only with a figure of the fact's own unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jobdesk.cases.rules.fact_types import type_of
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.rules.reading import Fault
from jobdesk.cases.rules.terms import FIGURE, Compare, leaves

_TIMES = frozenset({"day", "working_day", "month", "quarter", "year"})
_ACTS = ("accept", "supplement", "check", "report", "decide", "notify", "publicity")
_COUNTED: tuple[tuple[str, frozenset[str]], ...] = (
    ("households.deadline.", _TIMES - {"year"}),
    ("households.ladder.", _TIMES - {"year"}),
    ("households.first_help.", _TIMES - {"year"}),
    ("households.warning.", frozenset({"day", "working_day"})),
    ("clocks.term", frozenset({"month", "year"})),
    *((f"clocks.{act}", _TIMES) for act in _ACTS),
)
"""Keys that begin so are counted by the unit they come with, of these."""
_UNITS = {
    "age": "year", "member_age": "year", "monthly_income": "yuan", "household_members": "person",
    "household_labour_force": "person", "household_at_work": "person",
}  # fmt: skip


def unit_of(fact: str) -> str:
    """The unit of a number; empty for facts that are none."""
    return _UNITS.get(fact, "month") if type_of(fact) == "number" else ""


def unit_faults(packs: PackSet, shipped: Iterable[Entry] = ()) -> Iterator[Fault]:
    """Every figure that changes its key's unit, and every comparison with a figure of another unit.

    Args:
        shipped: entries of the program, which its readers count by; a pack of the same name hides them.
    """
    first: dict[str, Entry] = {}
    for entry in shipped:
        if entry.kind == "figure":
            first.setdefault(entry.key, entry)
    for entry in packs.entries():
        if entry.kind == "figure":
            held = first.setdefault(entry.key, entry)
            if entry.unit != held.unit and entry.unit not in _allowed(entry.key):
                yield _fault(entry, "unit", f"{entry.unit}|{held.unit}")
    for entry in packs.entries():
        for leaf in leaves(entry.term) if entry.term is not None else ():
            if not isinstance(leaf, Compare) or not isinstance(leaf.wanted, str):
                continue
            figure = first.get(leaf.wanted.removeprefix(FIGURE)) if leaf.wanted.startswith(FIGURE) else None
            unit = unit_of(leaf.fact)
            if figure is not None and unit and figure.unit != unit:
                yield _fault(entry, "test", f"{figure.unit}|{unit}")


def _allowed(key: str) -> frozenset[str]:
    for prefix, units in _COUNTED:
        if key.startswith(prefix):
            return units
    return frozenset()


def _fault(entry: Entry, place: str, detail: str) -> Fault:
    return Fault("wrong_unit", f"entry[{entry.index}].{place}", f"{entry.pack}: {entry.key}", detail)
