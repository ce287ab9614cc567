"""Households as rules read them: the facts of each, and the files of its members."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.store import reads, sync_scope
from jobdesk.store.log import Connection
from jobdesk.store.origins import fields_from_sheet


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around people.

    Attributes:
        households: case id → the households that person is or was a member of, in order of their ids; under
            the empty id those of whose members nobody has a file.
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
        filed = dict.fromkeys(c for m in household.of("member") if (c := m.text("case")))
        for case_id in filed or ("",):
            found.households[case_id] = (*found.households.get(case_id, ()), household)
    found.people.update(_facts(con, "case", sorted(found.households.keys() - {""})))
    return found


def every_household(con: Connection) -> tuple[dict[str, CaseFacts], dict[str, CaseFacts]]:
    """All households of the station by id, and the files of their members by case id."""
    away = sync_scope.who_left(con)
    homes = _facts(con, "household", [r.id for r in reads.records(con, "household") if r.id not in away])
    ids = {m.text("case") for h in homes.values() for m in h.of("member")}
    return homes, _facts(con, "case", sorted(ids - {""}))


def one_household(con: Connection, household_id: str) -> tuple[CaseFacts | None, dict[str, CaseFacts]]:
    """One household, None where it does not stand, and the files of its members by case id."""
    home = _facts(con, "household", [household_id]).get(household_id)
    ids = {m.text("case") for m in home.of("member")} if home is not None else set[str]()
    return home, _facts(con, "case", sorted(ids - {""}))


def sheets_of(con: Connection, people: Collection[str]) -> dict[str, frozenset[str]]:
    """Case id → fields of the file that stand as an imported sheet had them: 未核对 in the trace."""
    found = {case_id: fields_from_sheet(con, case_id) for case_id in people}
    return {case_id: names for case_id, names in found.items() if names}


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
