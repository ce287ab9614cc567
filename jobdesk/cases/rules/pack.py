"""Rule packs as values: dated entries of one subject, and the set of packs in force at a station.

An entry is found by key, day and region. Files are read by ``rules.reading`` (shape) and
``rules.checking`` (the set as a whole); ``jobdesk.host.policy_files`` loads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeAlias

from jobdesk.cases.basis import Source
from jobdesk.cases.codes import Status
from jobdesk.cases.rules.terms import Term

EntryKind = Literal["rule", "figure", "list", "card", "gap"]
Scalar: TypeAlias = str | int | bool | date
Data: TypeAlias = "Scalar | tuple[Data, ...] | Mapping[str, Data]"


PLACE = re.compile(r"\{([A-Za-z][\w.]*)(:年)?\}")
"""A figure within a sentence: ``{graduates.months}`` gives 24, ``{graduates.months:年}`` gives 2年."""
UNKNOWN = "（待确认）"
"""What a sentence says where no figure holds on the day."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One dated entry.

    Attributes:
        kind: ``rule`` has a ``term`` to judge, ``figure`` a ``value`` with its ``unit``, ``list`` and
            ``card`` have ``data``; ``gap`` declares that nothing is known for its period.
        region: region code prefix it holds for; ``22`` is the province.
        sentence: the rule in words, for the screen and for paper. Data, in Chinese.
        template: the sentence as it was written, where figures of the day stand in ``sentence``.
        replaces: name of the pack whose entry of the same key this one takes the place of.
    """

    key: str
    kind: EntryKind
    valid_from: date
    valid_to: date | None
    region: str
    status: Status
    source: Source
    sentence: str
    term: Term | None = None
    value: int | None = None
    unit: str = ""
    data: Mapping[str, Data] = field(default_factory=dict[str, Data], hash=False)
    note: str = ""
    replaces: str = ""
    pack: str = ""
    index: int = 0
    template: str = ""

    def covers(self, day: date) -> bool:
        """Both ends included. A lapsed entry goes on after its end, shown as lapsed."""
        if day < self.valid_from:
            return False
        return self.valid_to is None or day <= self.valid_to or self.status == "lapsed"

    def status_on(self, day: date) -> Status:
        """``lapsed`` only once the period is over: within it the plan was in force."""
        if self.status == "lapsed" and self.valid_to is not None and day <= self.valid_to:
            return "confirmed"
        return self.status


@dataclass(frozen=True, slots=True)
class Pack:
    """One file. ``digest`` and ``publisher`` are empty for what is shipped with the program."""

    name: str
    title: str
    version: int
    entries: tuple[Entry, ...]
    publisher: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PackSet:
    """All packs in force at a station of one region.

    ``on`` answers with the entry for a key on a day: of those that cover the day, the one for the longest
    matching region; among them one that names the pack it replaces; then the one that began last. Where
    that entry is a declared gap, or none covers the day, the caller gets None and says 无法判断.
    """

    packs: tuple[Pack, ...]
    region: str = "22"
    _by_key: Mapping[str, tuple[Entry, ...]] = field(init=False, repr=False, compare=False)
    _found: dict[tuple[str, date], Entry | None] = field(init=False, repr=False, compare=False)
    _prefixed: dict[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)
    quick: dict[tuple[str, date], object] = field(init=False, repr=False, compare=False)
    """Rules made ready by ``rules.quick``, kept with the packs they come from."""

    def __post_init__(self) -> None:
        grouped: dict[str, list[Entry]] = {}
        for entry in self.entries():
            if self.region.startswith(entry.region):
                grouped.setdefault(entry.key, []).append(entry)
        ordered = {
            key: tuple(sorted(found, key=lambda e: (len(e.region), bool(e.replaces), e.valid_from)))
            for key, found in grouped.items()
        }
        object.__setattr__(self, "_by_key", ordered)
        object.__setattr__(self, "_found", {})
        object.__setattr__(self, "_prefixed", {})
        object.__setattr__(self, "quick", {})

    def entries(self) -> Iterator[Entry]:
        for pack in self.packs:
            yield from pack.entries

    def keys(self, prefix: str = "") -> tuple[str, ...]:
        """Keys that begin so, in the order of the packs."""
        found = self._prefixed.get(prefix)
        if found is None:
            found = self._prefixed[prefix] = tuple(key for key in self._by_key if key.startswith(prefix))
        return found

    def versions(self, key: str) -> tuple[Entry, ...]:
        """Every entry of a key for this region, the weakest first."""
        return self._by_key.get(key, ())

    def on(self, key: str, day: date) -> Entry | None:
        """The entry in force, or None: unknown key, a day no entry covers, or a declared gap."""
        at = (key, day)
        if at in self._found:
            return self._found[at]
        found: Entry | None = None
        for entry in self._by_key.get(key, ()):
            if entry.covers(day) and not (
                found is not None
                and found.region == entry.region
                and _ends_before(entry, day)
                and not _ends_before(found, day)
            ):
                found = entry
        if found is not None and found.kind == "gap":
            found = None
        if found is not None and "{" in found.sentence and found.kind != "figure":
            found = replace(found, sentence=self._filled(found.sentence, day), template=found.sentence)
        self._found[at] = found
        return found

    def _filled(self, sentence: str, day: date) -> str:
        """The sentence with the figures of the day, so that a figure replaced alone changes the words too."""

        def said(place: re.Match[str]) -> str:
            figure = self.figure(place[1], day)
            if figure is None or figure.value is None:
                return UNKNOWN
            return in_years(figure) if place[2] else str(figure.value)

        return PLACE.sub(said, sentence)

    def gap(self, key: str, day: date) -> Entry | None:
        """The declared gap of a key on a day: what is not known, and where it would have stood."""
        if self.on(key, day) is not None:
            return None
        found = [e for e in self._by_key.get(key, ()) if e.kind == "gap" and e.covers(day)]
        return found[-1] if found else None

    def figure(self, key: str, day: date) -> Entry | None:
        """The figure in force, or None."""
        found = self.on(key, day)
        return found if found is not None and found.value is not None else None

    def number(self, key: str, day: date, missing: int = 0) -> int:
        """Its number, or ``missing``: only for what is not a right of a person (warnings, horizons)."""
        found = self.figure(key, day)
        return missing if found is None or found.value is None else found.value

    def replaced(self, packs: Iterable[Pack]) -> PackSet:
        """The same set with these packs in the place of those of the same name, or added."""
        by_name = {p.name: p for p in self.packs}
        by_name.update({p.name: p for p in packs})
        return PackSet(tuple(by_name.values()), self.region)


def in_years(figure: Entry) -> str:
    """2年 for 24 months, 18个月 for what are no whole years."""
    value = figure.value or 0
    if figure.unit == "year":
        return f"{value}年"
    return f"{value // 12}年" if value % 12 == 0 else f"{value}个月"


def _ends_before(entry: Entry, day: date) -> bool:
    return entry.valid_to is not None and entry.valid_to < day
