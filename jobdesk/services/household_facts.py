"""Households as rules read them: the facts of each, and the files of its members."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from jobdesk.cases.facts import MOVED_TO, CaseFacts, Rec
from jobdesk.store import merged, moved, reads, sync_facts, sync_scope
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
        ids = reads.subjects_with(con, "member")
    else:
        own = (*case_ids, *merged.pairs(con, case_ids))
        ids = sorted({h for c in own for h in reads.households_with(con, c)})
    return households_around(con, ids)


def households_around(con: Connection, ids: list[str]) -> Around:
    """Those of these households that are here, with their members' files."""
    gone = sync_scope.who_left(con) if ids else {}
    ids = [i for i in ids if i not in gone]
    if not ids:
        return Around()
    found = Around()
    for household in _homes(con, ids).values():
        filed = dict.fromkeys(c for m in household.of("member") if (c := m.text("case")))
        for case_id in filed or ("",):
            found.households[case_id] = (*found.households.get(case_id, ()), household)
    found.people.update(_people(con, found.households.keys() - {""}))
    return found


def every_household(con: Connection) -> tuple[dict[str, CaseFacts], dict[str, CaseFacts]]:
    """All households of the station by id, and the files of their members by case id."""
    away = sync_scope.who_left(con)
    homes = _homes(con, [r.id for r in reads.records(con, "household") if r.id not in away])
    ids = {m.text("case") for h in homes.values() for m in h.of("member")}
    return homes, _people(con, ids - {""})


def one_household(con: Connection, household_id: str) -> tuple[CaseFacts | None, dict[str, CaseFacts]]:
    """One household, None where it does not stand, and the files of its members by case id."""
    home = _homes(con, [household_id]).get(household_id)
    ids = {m.text("case") for m in home.of("member")} if home is not None else set[str]()
    return home, _people(con, ids - {""})


def sheets_of(con: Connection, people: Collection[str]) -> dict[str, frozenset[str]]:
    """Case id → fields of the file that stand as an imported sheet had them: 未核对 in the trace."""
    found = {case_id: fields_from_sheet(con, case_id) for case_id in people}
    return {case_id: names for case_id, names in found.items() if names}


def named_by_kept(member: Rec, kept: Mapping[str, str]) -> Rec:
    """A member line whose file was merged away names the file that was kept."""
    target = kept.get(member.text("case"))
    return Rec(member.kind, member.id, {**member.values, "case": target}) if target else member


def _homes(con: Connection, ids: list[str]) -> dict[str, CaseFacts]:
    """Households by id; who has a file is named by the one that was kept; who moved away says where to."""
    found, kept = _facts(con, "household", ids), merged.pairs(con)
    ended = {m.text("case") for home in found.values() for m in home.of("member") if m.text("until")} - {""}
    went = moved.moved_to(con, ended, sync_facts.get(con, "station")) if ended else {}
    for home in found.values() if kept or went else ():
        lines = tuple(named_by_kept(_left_by_move(m, went), kept) for m in home.of("member"))
        home.records = {**home.records, "member": lines}
    return found


def _left_by_move(member: Rec, went: Mapping[str, tuple[str, str]]) -> Rec:
    """A line that ended on the day on which its file moved says where to (the move wrote the end)."""
    to, on = went.get(member.text("case"), ("", ""))
    if not to or member.text("until") != max(on, member.text("since")[:10]):
        return member
    return Rec(member.kind, member.id, {**member.values, MOVED_TO: to})


def _people(con: Connection, ids: Collection[str]) -> dict[str, CaseFacts]:
    """Files by id, with the records of those merged into them."""
    files = _facts(con, "case", sorted(ids))
    pointing = merged.pairs(con, files)
    for alias, facts in _facts(con, "case", sorted(pointing)).items():
        files[pointing[alias]] = files[pointing[alias]].joined(facts)
    return files


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
