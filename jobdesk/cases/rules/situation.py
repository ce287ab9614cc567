"""One person on one day, as facts are read: the file, the households, the packs, the calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from jobdesk.cases.basis import Seen
from jobdesk.cases.facts import CaseFacts, Rec, is_open
from jobdesk.cases.figures import add_months
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.proofs import SOURCES, proof_of
from jobdesk.cases.rules.verdict import Outcome, Value

Change = tuple[tuple[str, str], ...]
"""(record kind, field) pairs that a person would fill or correct."""

CHECKED_SOURCES = SOURCES


class Span(NamedTuple):
    """A number known within bounds, because a date was known to the month or year only."""

    low: int
    high: int


class Reading(NamedTuple):
    """What is known of one fact.

    Attributes:
        value: None when nothing is known; a ``Span`` when it is known within bounds.
        change: where it is written down, for the way out when it is missing or wrong.
        unchecked: from a sheet or by word of mouth only.
        heard: of a legal clock that has not started: what it would say if what was heard were confirmed.
    """

    value: Value | Span | None
    seen: tuple[Seen, ...] = ()
    change: Change = ()
    unchecked: bool = False
    heard: Value | Span | None = None


def missing(*change: tuple[str, str]) -> Reading:
    return Reading(None, (), change)


_NO_SHEETS: Mapping[str, frozenset[str]] = MappingProxyType({})


def _no_sheets() -> Mapping[str, frozenset[str]]:
    return _NO_SHEETS


@dataclass(slots=True)
class Situation:
    """What the facts of the vocabulary are read from. Facts dated after ``day`` do not exist in it.

    Never changed but for what was read; not frozen, since one is made for every file of a board.

    Attributes:
        households: every household the person is a member of, as facts (``case_id`` is the household's id).
        people: files of the members of those households that have one, by case id.
        from_sheet: root fields whose shown value came from an imported sheet.
        sheets: the same of the files of members, by case id, where a household is judged.
        supposed: root fields taken for confirmed, to ask what would follow if they were.
    """

    facts: CaseFacts
    day: date
    packs: PackSet
    households: tuple[CaseFacts, ...] = ()
    people: Mapping[str, CaseFacts] = field(default_factory=dict[str, CaseFacts])
    from_sheet: frozenset[str] = frozenset()
    sheets: Mapping[str, frozenset[str]] = field(default_factory=_no_sheets)
    supposed: frozenset[str] = frozenset()
    readings: dict[str, Reading] = field(init=False, compare=False)
    """What was read so far, by fact."""
    values: dict[str, Value | Span | None] = field(init=False, compare=False)
    """Bare values read so far (``rules.quick``), by fact."""
    answers: dict[str, Outcome] = field(init=False, compare=False)
    """Bare answers of rules so far (``rules.quick``), by key."""

    iso: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        self.iso = self.day.isoformat()
        self.readings, self.values, self.answers = {}, {}, {}

    def read(self, name: str, how: Callable[[Situation], Reading]) -> Reading:
        """A fact, read once."""
        found = self.readings.get(name)
        if found is None:
            found = self.readings[name] = how(self)
        return found

    def root(self, name: str) -> Reading:
        """A field of the file itself."""
        change = (("case", name),)
        value = self.facts.root.get(name)
        if value is None or value == "" or isinstance(value, list | dict):
            return Reading(None, (), change)
        return Reading(value if not isinstance(value, float) else int(value), self.proof(name), change,
                       self.loose(name))  # fmt: skip

    def proof(self, name: str) -> tuple[Seen, ...]:
        """The proof of what stands in a root field, as a record that was used; none while there is none."""
        found = proof_of(self.facts, name, self.iso)
        return (Seen(found.kind, found.id, "counted", found.text("looked_on")),) if found is not None else ()

    def is_proven(self, name: str) -> bool:
        """Whether a legal clock may start from a root field: 省系统 or 文书 confirmed what stands in it."""
        return name in self.supposed or proof_of(self.facts, name, self.iso) is not None

    def proven(self, name: str) -> str:
        """What stands in a root field that 省系统 or 文书 confirmed; empty while nobody has."""
        return self.facts.text(name) if self.is_proven(name) else ""

    def loose(self, name: str) -> bool:
        """未核对: as an imported sheet had it, and confirmed by nobody since."""
        return name in self.from_sheet and not self.is_proven(name)

    def supposing(self, *names: str) -> Situation:
        """The same, taking these root fields for confirmed."""
        return Situation(self.facts, self.day, self.packs, self.households, self.people, self.from_sheet,
                         self.sheets, frozenset(names))  # fmt: skip

    def root_date(self, name: str) -> PartialDate | None:
        return PartialDate.parse(self.facts.text(name)) if self.facts.text(name) else None

    def running(self, kind: str) -> list[Rec]:
        """Records of a kind whose spell runs on the day, by id."""
        if kind not in self.facts.records:
            return []
        return sorted((r for r in self.facts.of(kind) if is_open(r.values, self.iso)), key=lambda r: r.id)

    def begun(self, kind: str) -> list[Rec]:
        """Records of a kind that had begun by the day, ended or not; those without a start too."""
        if kind not in self.facts.records:
            return []
        return sorted((r for r in self.facts.of(kind) if _begun(r.text("since"), self.iso)),
                      key=lambda r: (r.text("since"), r.id))  # fmt: skip


def _begun(since: str, iso: str) -> bool:
    return not since or since <= iso or iso.startswith(since)


def seen(record: Rec, why: str = "counted") -> Seen:
    return Seen(record.kind, record.id, why, record.text("since"))


def unchecked(record: Rec) -> bool:
    """Whether a record is no ground for a legal clock: its source is neither 省系统 nor 文书."""
    return record.text("source") not in CHECKED_SOURCES


def months_between(first: date, day: date) -> int:
    """Whole months from ``first`` to ``day``; 31 January to 28 February is one (the month's end counts)."""
    months = (day.year - first.year) * 12 + day.month - first.month
    return months - (add_months(first, months) > day)


def months_since(since: PartialDate, day: date) -> int | Span:
    """Whole months since a date of stated precision; bounds where a month or year is all that is known."""
    low, high = months_between(min(since.last, day), day), months_between(since.first, day)
    return high if low == high else Span(low, high)
