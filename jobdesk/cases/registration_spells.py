"""Spells of 失业登记 and of work, and the three states that are kept apart (domain.md §11.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from jobdesk.cases.facts import CaseFacts, Rec, is_open
from jobdesk.cases.ops import Json
from jobdesk.cases.recognition_states import RUNNING, VALID
from jobdesk.cases.rules.situation import CHECKED_SOURCES

FLEXIBLE, PROMISE = "22", "promise"


def running_spell(facts: CaseFacts, iso: str) -> Rec | None:
    """The 失业登记 that runs on the day, the latest begun; by whatever source."""
    found = [
        r
        for r in facts.of("registration")
        if r.values.get("registered") is not False and is_open(r.values, iso)
    ]
    if len(found) < 2:
        return found[0] if found else None
    return max(found, key=lambda r: (r.text("since"), r.id), default=None)


def work_running(facts: CaseFacts, iso: str) -> list[Rec]:
    """Work that runs: 就业登记, then verified placements, then those merely heard of; the earliest first."""
    found = [r for kind in ("employment", "placement") for r in facts.of(kind) if is_open(r.values, iso)]
    return sorted(found, key=lambda r: (not is_verified(r), r.text("since") or "9999", r.id))


def is_verified(work: Rec) -> bool:
    """Whether work is established: a 就业登记, or a placement somebody verified."""
    return work.kind == "employment" or bool(work.text("verified_on"))


def by_promise(values: Mapping[str, Json]) -> bool:
    """灵活就业 by promise (吉就组办〔2022〕1号 二（六）承诺制): a marked kind of 就业登记 and of 失业登记."""
    if values.get("by_promise") is True:
        return True
    return values.get("form") == FLEXIBLE and values.get("evidence_kind") == PROMISE


POST = "post"
"""``Standing.what`` of a 公益性岗位."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One of the three states.

    Attributes:
        code: of registration ``open ended none``; of recognition ``recognised review running ledger exited
            refused none``; of policies ``running ended none``.
        count: how many records stand behind it.
        what: code of the category or of the subsidy; ``POST`` for a post, whose kind can be sensitive.
        unchecked: nothing behind it comes from 省系统 or 文书.
    """

    kind: Literal["registration", "recognition", "policy"]
    code: str
    since: str = ""
    until: str = ""
    count: int = 0
    what: str = ""
    unchecked: bool = False


def three_states(facts: CaseFacts, iso: str) -> tuple[Standing, Standing, Standing]:
    """失业登记, 困难认定 and 政策享受, each by its own records: none of them ends another."""
    return _registration(facts, iso), _recognition(facts, iso), _policy(facts, iso)


def _registration(facts: CaseFacts, iso: str) -> Standing:
    spells = [r for r in facts.of("registration") if r.values.get("registered") is not False]
    now = running_spell(facts, iso)
    if now is not None and not (now.text("since") > iso):
        return Standing("registration", "open", now.text("since"), "", len(spells), unchecked=_loose([now]))
    past = [r for r in spells if r.text("until")]
    if not past:
        return Standing("registration", "none")
    last = max(past, key=lambda r: r.text("until"))
    return Standing("registration", "ended", last.text("since"), last.text("until"), len(spells))


def _recognition(facts: CaseFacts, iso: str) -> Standing:
    found = facts.of("recognition")
    for code, states in (
        ("recognised", VALID), ("running", RUNNING), ("ledger", frozenset({"ledger", ""})),
        ("refused", frozenset({"refused", "appealed"})), ("exited", frozenset({"exited"})),
    ):  # fmt: skip
        here = [r for r in found if r.text("state") in states]
        if code == "recognised":
            here = [r for r in here if is_open(r.values, iso)]
        if here:
            one = max(here, key=lambda r: (r.values.get("main") is True, r.text("since"), r.id))
            day = one.text("since") or one.text("applied_on")
            return Standing("recognition", code, day, one.text("until"), len(here), one.text("category"),
                            code == "ledger" or (code == "recognised" and _loose(here)))  # fmt: skip
    return Standing("recognition", "none")


def _policy(facts: CaseFacts, iso: str) -> Standing:
    records = [*facts.of("subsidy"), *facts.of("public_post")]
    running = [r for r in records if is_open(r.values, iso)]
    for code, found in (("running", running), ("ended", records)):
        if found:
            one = max(found, key=lambda r: (r.text("since"), r.id))
            what = one.text("kind") if one.kind == "subsidy" else POST
            return Standing(
                "policy", code, one.text("since"), one.text("until"), len(found), what, _loose(found)
            )
    return Standing("policy", "none")


def _loose(records: list[Rec]) -> bool:
    return all(r.text("source") not in CHECKED_SOURCES for r in records)
