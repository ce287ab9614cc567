"""待核对: odd facts of every open file, with the reason where one stands, and what else waits."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases.basis import Basis
from jobdesk.cases.facts import CaseFacts, Rec
from jobdesk.cases.odd_basis import odd_basis
from jobdesk.cases.oddities import Oddity, memberships, oddities
from jobdesk.services.case_files import merged_facts
from jobdesk.services.desk import Desk
from jobdesk.services.household_facts import around, named_by_kept
from jobdesk.services.policies import packs_of
from jobdesk.store import ledger, merged, reads
from jobdesk.store.log import Connection
from jobdesk.store.unworkable import attempt


@dataclass(frozen=True, slots=True)
class Doubts:
    """What waits.

    Attributes:
        odd: those without a reason first, then by the name of the person.
        items: case id → name and what a list shows of them.
        conflicts: fields of any subject that two desks filled differently.
        held: (import id, file name, rows) of import rows that wait for a person.
    """

    odd: tuple[Oddity, ...]
    items: Mapping[str, ledger.CaseItem]
    conflicts: int
    held: tuple[tuple[str, str, int], ...]


def load_doubts(desk: Desk) -> Future[Doubts]:
    """All of them, on a reader."""
    return desk.read(lambda con: doubts(con, desk))


def basis_of(con: Connection, desk: Desk, one: Oddity) -> Basis:
    """Why the two facts do not go together, with both records and the person's households."""
    homes = around(con, (one.case_id,)).households.get(one.case_id, ())
    return odd_basis(one, merged_facts(con, one.case_id), homes, packs_of(con, desk), desk.day)


def doubts(con: Connection, desk: Desk) -> Doubts:
    """One pass over the open files; 10,000 of them take about a second."""
    found: list[Oddity] = []
    homes = _shared_homes(con)
    for case_id, root, rows in reads.open_case_rows(con):
        records: dict[str, list[Rec]] = {}
        for kind, record_id, values in rows:
            records.setdefault(kind, []).append(Rec(kind, record_id, values))
        person = CaseFacts(case_id, root, {k: tuple(v) for k, v in records.items()})
        with attempt("what is odd", case_id):
            found += oddities(person, desk.day)
            if case_id in homes:
                found += memberships(person, homes[case_id], desk.day)
    items = {i.case_id: i for i in ledger.items(con, list({one.case_id for one in found}))}

    def place(one: Oddity) -> tuple[bool, str, str]:
        item = items.get(one.case_id)
        return bool(one.reason), item.name if item else "", one.problem.code

    held = tuple((i, str(values.get("file_name") or ""), n) for i, values, n in reads.held_imports(con))
    return Doubts(tuple(sorted(found, key=place)), items, reads.count_conflicts(con), held)


def _shared_homes(con: Connection) -> dict[str, list[CaseFacts]]:
    """Case id → its households, of people who are or were members of several; ``member`` records alone."""
    members: dict[str, dict[str, list[Rec]]] = {}
    kept = merged.pairs(con)
    for r in reads.records(con, "member"):
        member = named_by_kept(Rec(r.kind, r.id, r.values), kept)
        if member.text("case"):
            members.setdefault(member.text("case"), {}).setdefault(r.subject_id, []).append(member)
    several = {case_id: homes for case_id, homes in members.items() if len(homes) > 1}
    wanted = sorted({home for homes in several.values() for home in homes})
    roots = {r.subject_id: r.values for r in reads.records(con, "household", subject_ids=wanted)}
    return {
        case_id: [
            CaseFacts(h, roots[h], {"member": tuple(found)}) for h, found in homes.items() if h in roots
        ]
        for case_id, homes in several.items()
    }
