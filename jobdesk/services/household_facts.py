"""Households as rules read them: the facts of each, and the files of its members."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.store import reads
from jobdesk.store.log import Connection


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around people.

    Attributes:
        households: case id → the households that person is or was a member of, in order of their ids.
        people: files of the members of those households that have one, by case id.
    """

    households: dict[str, tuple[CaseFacts, ...]] = field(default_factory=dict[str, tuple[CaseFacts, ...]])
    people: dict[str, CaseFacts] = field(default_factory=dict[str, CaseFacts])


def around(con: Connection, case_ids: Collection[str] | None = None) -> Around:
    """The households of these people, or all households of the station, with their members' files.

    The ``case_id`` of a household's facts is the household's id.
    """
    if case_ids is None:
        ids = sorted({r.subject_id for r in reads.records(con, "member")})
    else:
        ids = sorted({h for c in case_ids for h in reads.households_with(con, c)})
    return households_around(con, ids)


def households_around(con: Connection, ids: list[str]) -> Around:
    """These households, with their members' files."""
    if not ids:
        return Around()
    found = Around()
    for household in _facts(con, "household", ids).values():
        for case_id in dict.fromkeys(m.text("case") for m in household.of("member")):
            if case_id:
                found.households[case_id] = (*found.households.get(case_id, ()), household)
    found.people.update(_facts(con, "case", sorted(found.households)))
    return found


def _facts(con: Connection, root_kind: str, ids: list[str]) -> dict[str, CaseFacts]:
    made: dict[str, CaseFacts] = {}
    for subject_id, listed in sorted(reads.records_of(con, ids).items()):
        root = next((r.values for r in listed if r.kind == root_kind), None)
        if root is None:
            continue
        grouped: dict[str, list[Rec]] = {}
        for r in listed:
            if r.kind != root_kind:
                grouped.setdefault(r.kind, []).append(Rec(r.kind, r.id, r.values))
        made[subject_id] = CaseFacts(subject_id, root, {k: tuple(v) for k, v in grouped.items()})
    return made
