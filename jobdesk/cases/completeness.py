"""What is missing in a person's file, by name, and how complete it is.

A missing 一人一策 counts only where the notices ask for one: 就业困难人员 and 零就业家庭
(吉就组办〔2022〕1号 二（三）).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from jobdesk.cases.basis import OWN, Source
from jobdesk.cases.codes import Status
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.recognition_states import LEFT, RUNNING, VALID

GRADUATE_KINDS = frozenset(
    {"university", "technician_senior", "technician_preparatory", "special_education", "secondary"}
)


@dataclass(frozen=True, slots=True)
class CompletenessItem:
    """One thing a file should hold.

    Attributes:
        code: name of the item, ``missing.<code>`` in the strings.
        record: ``case``, or the kind of child record of which one must hold a field.
        fields: one of them is enough.
        when: key of ``CONDITIONS``.
    """

    code: str
    fields: tuple[str, ...]
    weight: int
    when: str = "always"
    record: str = "case"
    status: Status = "own"
    source: Source = OWN


@dataclass(frozen=True, slots=True)
class MissingItem:
    """What is not there; ``field`` is where it would be typed."""

    code: str
    record: str
    field: str
    status: Status = "own"
    source: Source = OWN


@dataclass(frozen=True, slots=True)
class Completeness:
    """``percent`` is rounded down, so that 100 means that nothing is missing."""

    percent: int
    missing: tuple[MissingItem, ...]


def is_graduate(facts: CaseFacts) -> bool:
    """Whether the file says so; a diploma alone does not make 高校毕业生 in the notices' sense."""
    return facts.text("graduate_kind") in GRADUATE_KINDS


def has_ended(facts: CaseFacts) -> bool:
    return facts.text("help_state") == "ended"


def hardship(facts: CaseFacts) -> str:
    """``recognised``, ``unverified`` (a ledger says so), ``applied`` (an application runs), or empty.

    Only the county recognises: nothing but the state 已认定 is a recognition. A recognition has no
    term (domain.md §11.20), so one that carries an end has ended.
    """
    found = ""
    for record in facts.of("recognition"):
        state = record.text("state")
        if state in LEFT or record.text("until"):
            continue
        if state in VALID:
            return "recognised"
        found = found or "applied" if state in RUNNING else "unverified"
    return found


def _placed(facts: CaseFacts) -> bool:
    return any(not r.values.get("until") for k in ("placement", "employment") for r in facts.of(k))


def _plan_asked(facts: CaseFacts) -> bool:
    """就业困难人员, recognised or not yet checked; members of a zero-employment household are among them
    (零就业家庭成员 is one of the categories).
    """
    return not has_ended(facts) and hardship(facts) in ("recognised", "unverified")


CONDITIONS = MappingProxyType[str, Callable[[CaseFacts], bool]](
    {
        "always": lambda _: True,
        "graduate": is_graduate,
        "unemployed": lambda f: not has_ended(f) and not _placed(f),
        "placed": _placed,
        "plan_asked": _plan_asked,
    }
)
"""For whom an item is asked; the words of ``completeness.toml``."""


def completeness(facts: CaseFacts, items: tuple[CompletenessItem, ...]) -> Completeness:
    """Missing items in the order of the list, and the weight present in percent of the weight asked."""
    asked = present = 0
    lacking: list[MissingItem] = []
    truths: dict[str, bool] = {}
    for item in items:
        if item.when not in truths:
            truths[item.when] = CONDITIONS[item.when](facts)
        if not truths[item.when]:
            continue
        asked += item.weight
        if _has(facts, item):
            present += item.weight
        else:
            lacking.append(MissingItem(item.code, item.record, item.fields[0], item.status, item.source))
    return Completeness(100 if not asked else present * 100 // asked, tuple(lacking))


def missing(facts: CaseFacts, items: tuple[CompletenessItem, ...]) -> tuple[MissingItem, ...]:
    """What is not there."""
    return completeness(facts, items).missing


def _has(facts: CaseFacts, item: CompletenessItem) -> bool:
    """Plain loops: an import asks this some twenty times a person. What is in question was filled in."""
    if facts.conflicts and any((item.record, name) in facts.conflicts for name in item.fields):
        return True
    if item.record == "case":
        root = facts.root
        for name in item.fields:  # noqa: SIM110
            if _filled(root.get(name)):
                return True
        return False
    for record in facts.of(item.record):
        for name in item.fields:
            if _filled(record.values.get(name)):
                return True
    return False


def _filled(value: object) -> bool:
    return value is not None and value != "" and value != []
