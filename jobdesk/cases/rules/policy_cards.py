"""Policy cards (政策卡): what a policy is, for whom, who applies, where, with what, and what is not known.

A card is a pack entry of kind ``card``; its ``data`` has exactly the keys of ``KEYS``. Amounts are names of
figures, so that each carries its own document, dates and status; a figure in a declared gap shows that it
is not known. A card promises nothing: the screen says 按文件、以经办机构核定为准 beside every amount.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast

from jobdesk.cases.codes import Status
from jobdesk.cases.rules.pack import Data, Entry, PackSet
from jobdesk.cases.rules.reading import Fault

PREFIX = "policies."
Tell = Literal["circle", "all"]

APPLICANTS = frozenset({"person", "unit", "school"})
"""个人, 单位, 学校; ``policy.applicant_<code>`` in the strings."""
_TEXTS = frozenset({"title", "paper_title", "group", "circle", "needs", "where", "subsidy", "counts", "tell"})
_LISTS = frozenset({"applicant", "amounts", "also", "papers", "unknown"})
KEYS = _TEXTS | _LISTS
"""What ``data`` of a card holds, no more and no less."""
_MAY_BE_EMPTY = frozenset({"needs", "subsidy", "counts"})


@dataclass(frozen=True, slots=True)
class Card:
    """One policy as it stands on a day.

    Attributes:
        code: the key without its prefix; what records name (``service.policies``, ``subsidy.policy``).
        paper_title: the same on a paper that the person carries: no word that shames.
        group: several cards of one policy (the circles of 一次性创业补贴) share it.
        applicants: who applies.
        circle: key of the rule that says for whom.
        needs: key of the rule with what else must be the case; empty for none.
        amounts: keys of figures.
        also: conditions that no fact of a person can answer (size of the firm, the catalogue).
        unknown: what no document says, in words.
        subsidy: kind of subsidy that is paid; ``counts``: the family whose months it uses.
        tell: ``circle``: everybody of the circle is told, also who still lacks something.
    """

    entry: Entry
    code: str
    title: str
    paper_title: str
    group: str
    applicants: tuple[str, ...]
    circle: str
    needs: str
    amounts: tuple[str, ...]
    also: tuple[str, ...]
    papers: tuple[str, ...]
    where: str
    unknown: tuple[str, ...]
    subsidy: str
    counts: str
    tell: Tell

    def status_on(self, day: date) -> Status:
        return self.entry.status_on(day)


@dataclass(frozen=True, slots=True)
class Amount:
    """One figure of a card on a day.

    Attributes:
        now: the figure in force; None in a declared gap.
        gap: the gap's entry, when one was declared for the day.
        before: the last version that is over: shown as such, never as what holds.
    """

    key: str
    now: Entry | None
    gap: Entry | None
    before: Entry | None


@dataclass(frozen=True, slots=True)
class Terms:
    """The two rules of a card on a day. None where the card names none, or nothing covers the day.

    Attributes:
        status: the least settled of card, circle and needs: a card is no better founded than its rules.
    """

    circle: Entry | None
    needs: Entry | None
    status: Status


_LEAST_SETTLED: tuple[Status, ...] = ("lapsed", "unconfirmed", "own", "confirmed")

_kept: tuple[PackSet, date, tuple[Card, ...]] | None = None


def cards(packs: PackSet, day: date) -> tuple[Card, ...]:
    """Every card in force on a day, in the order of the packs. A card with a fault is left out."""
    global _kept
    kept = _kept
    if kept is not None and kept[0] is packs and kept[1] == day:
        return kept[2]
    found: list[Card] = []
    for key in packs.keys(PREFIX):
        entry = packs.on(key, day)
        if entry is not None and entry.kind == "card":
            card, faults = read_card(entry)
            if card is not None and not faults:
                found.append(card)
    _kept = (packs, day, tuple(found))
    return _kept[2]


def card(packs: PackSet, day: date, code: str) -> Card | None:
    """One card by its code, or None when it is not in force."""
    return next((c for c in cards(packs, day) if c.code == code), None)


def terms(of: Card, packs: PackSet, day: date) -> Terms:
    """For whom the card is and what else must be the case, as the rules of the day say it."""
    circle, needs = packs.on(of.circle, day), packs.on(of.needs, day) if of.needs else None
    said = {e.status_on(day) for e in (of.entry, circle, needs) if e is not None}
    if circle is None or (of.needs and needs is None):
        said.add("unconfirmed")
    return Terms(circle, needs, next(s for s in _LEAST_SETTLED if s in said))


def amounts(of: Card, packs: PackSet, day: date) -> tuple[Amount, ...]:
    """The figures of a card as they stand on the day, with what stood before a gap."""
    found: list[Amount] = []
    for key in of.amounts:
        now = packs.figure(key, day)
        versions = packs.versions(key)
        gap = next((e for e in versions if e.kind == "gap" and e.covers(day)), None) if now is None else None
        over = [e for e in versions if e.kind == "figure" and e.valid_to is not None and e.valid_to < day]
        before = max(over, key=lambda e: e.valid_from, default=None)
        if now is not None or gap is not None or before is not None:
            found.append(Amount(key, now, gap, before))
    return tuple(found)


def read_card(entry: Entry) -> tuple[Card | None, list[Fault]]:
    """The card of an entry, or what is wrong with it, each fault at its place in the file."""
    faults: list[Fault] = []
    data = entry.data

    def fault(code: str, name: str, detail: str = "") -> None:
        place = f"entry[{entry.index}].data.{name}"
        faults.append(Fault(code, place, f"{entry.pack}: {entry.key}", detail or name))

    for name in data:
        if name not in KEYS:
            fault("unknown_key", name)
    for name in sorted(KEYS):
        if name not in data:
            fault("missing_key", name)
        elif not (_is_texts(data[name]) if name in _LISTS else _is_text(name, data[name])):
            fault("bad_value", name, str(data[name]))
    if faults:
        return None, faults
    lists = {name: cast("tuple[str, ...]", data[name]) for name in _LISTS}
    if not lists["applicant"] or not APPLICANTS.issuperset(lists["applicant"]):
        fault("bad_value", "applicant", ", ".join(lists["applicant"]))
    if data["tell"] not in ("circle", "all"):
        fault("bad_value", "tell", str(data["tell"]))
    if faults:
        return None, faults
    return _made(entry, cast("Mapping[str, str]", data), lists), []


def faults_of(packs: PackSet) -> Iterator[Fault]:
    """Every fault of every card: its shape, and the rules and figures it names."""
    rules = {e.key for e in packs.entries() if e.kind == "rule"}
    figures = {e.key for e in packs.entries() if e.kind in ("figure", "gap")}
    for entry in packs.entries():
        if entry.kind != "card" or not entry.key.startswith(PREFIX):
            continue
        card, faults = read_card(entry)
        yield from faults
        if card is None:
            continue
        at, name = f"entry[{entry.index}].data", f"{entry.pack}: {entry.key}"
        for part, key in (("circle", card.circle), ("needs", card.needs)):
            if key and key not in rules:
                yield Fault("unknown_rule", f"{at}.{part}", name, key)
        for key in card.amounts:
            if key not in figures:
                yield Fault("unknown_figure", f"{at}.amounts", name, key)


def _made(entry: Entry, data: Mapping[str, str], lists: Mapping[str, tuple[str, ...]]) -> Card:
    return Card(
        entry, entry.key.removeprefix(PREFIX), data["title"], data["paper_title"], data["group"],
        lists["applicant"], data["circle"], data["needs"], lists["amounts"], lists["also"],
        lists["papers"], data["where"], lists["unknown"], data["subsidy"], data["counts"],
        cast("Tell", data["tell"]),
    )  # fmt: skip


def _is_text(name: str, value: Data) -> bool:
    return isinstance(value, str) and (bool(value) or name in _MAY_BE_EMPTY)


def _is_texts(value: Data) -> bool:
    return isinstance(value, tuple) and all(isinstance(v, str) for v in value)
