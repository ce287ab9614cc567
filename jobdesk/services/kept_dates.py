"""The next contact and the tier of everybody in care, as the rules of the day work them out, kept in the
ledger's lines: lists sort, filter and count by the same date that 今日 and the file show.

They follow from the facts, the packs, the settings and the day. A save marks its lines (``store.kept``) and
``catch_up`` works those out; another day, pack or setting asks for everybody (``judge_everybody``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from itertools import islice

import jobdesk
from jobdesk.cases.next_contact import contact_on
from jobdesk.cases.tiers import tier_code
from jobdesk.services.desk import Desk
from jobdesk.services.policies import packs_of
from jobdesk.services.settings import station_settings
from jobdesk.services.today import agenda_of, open_facts
from jobdesk.store import kept, reads
from jobdesk.store.ledger import CaseItem
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Writing
from jobdesk.store.unworkable import attempt

FEW = 200
"""Own figure: so many marked lines are worked out at once by the writer; more, beside it."""
_AT_ONCE = 8
"""Own figure: so many marked lines of a window are worked out while it is read."""
_CHUNK = 1000


def worked_out(con: Connection, desk: Desk, case_ids: Collection[str] | None = None) -> kept.Dates:
    """Next contact and tier of those of these (by default all) who are in care, today."""
    agenda = agenda_of(con, desk, case_ids=case_ids, sheets=False)
    found: dict[str, tuple[str, str]] = {}
    for facts in open_facts(con, case_ids):
        found[facts.case_id] = ("", "")
        with attempt("next contact and tier", facts.case_id):
            found[facts.case_id] = contact_on(facts, agenda), tier_code(facts, agenda.situation(facts))
    return found


def basis_of(con: Connection, desk: Desk) -> str:
    """Names the day, the packs and the settings by which lines are judged now."""
    packs = packs_of(con, desk)
    parts = (
        jobdesk.__version__, desk.day.isoformat(), packs.region,
        sorted((p.name, p.version, p.digest) for p in packs.packs),
        sorted((k, json.dumps(v, sort_keys=True)) for k, v in station_settings(con, desk).items()),
    )  # fmt: skip
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def catch_up(desk: Desk) -> Future[bool]:
    """Work out the lines that were written since they were judged. A few at once; whether everybody is to be
    judged instead, which it leaves to ``judge_everybody``.
    """

    def look(con: Connection) -> tuple[bool, bool]:
        whole = kept.basis(con) != basis_of(con, desk)
        marked = len(kept.unjudged(con, FEW + 1))
        return whole or marked > FEW, bool(marked)

    def judge(w: Writing) -> bool:
        ids = kept.unjudged(w.con, FEW + 1)
        if len(ids) > FEW:
            return True
        ids = _with_their_households(w.con, ids)
        kept.settle(w.con, ids)
        kept.keep(w.con, worked_out(w.con, desk, ids), judged=True)
        return False

    def job() -> bool:
        whole, marked = desk.read(look).result()
        if whole or not marked or not desk.file.writable:
            return whole
        return desk.write(judge).result()

    return desk.file.work.aside(job)


def judge_everybody(desk: Desk) -> Future[None]:
    """Work out every line for today, beside the writer: somebody who saves waits for some lines at most.

    Lines written meanwhile keep their mark, for ``catch_up``. Broken off, it is begun anew.
    """

    def begin(w: Writing) -> None:
        kept.set_basis(w.con, "")
        kept.take_all_as_judged(w.con)

    def differing(con: Connection) -> tuple[str, dict[str, tuple[str, str]]]:
        here = kept.kept(con)
        found = worked_out(con, desk)
        return basis_of(con, desk), {i: v for i, v in found.items() if here.get(i) != v}

    def job() -> None:
        if not desk.file.writable:
            return
        desk.write(begin).result()
        basis, found = desk.read(differing).result()
        rest = iter(found.items())
        while part := dict(islice(rest, _CHUNK)):
            desk.write(lambda w, part=part: kept.keep(w.con, part, judged=True)).result()
        desk.write(lambda w: kept.set_basis(w.con, basis)).result()

    return desk.file.work.aside(job)


def brought_up_to_date(desk: Desk) -> None:
    """Both, one after the other; waits. For commands and tests, never in a window's thread."""
    if catch_up(desk).result():
        judge_everybody(desk).result()
        catch_up(desk).result()


def fresh(con: Connection, desk: Desk, items: Sequence[CaseItem]) -> list[CaseItem]:
    """Lines of a window: those just written are worked out now, so that nobody sees the day before a save."""
    marked = [i.case_id for i in items if not i.judged]
    if not marked or len(marked) > _AT_ONCE:
        return list(items)
    return _with(items, worked_out(con, desk, marked))


def as_of_today(con: Connection, desk: Desk, items: Sequence[CaseItem]) -> list[CaseItem]:
    """The same for a whole list that is taken out where nothing may be written."""
    if kept.basis(con) == basis_of(con, desk):
        marked = [i.case_id for i in items if not i.judged]
        return _with(items, worked_out(con, desk, marked)) if marked else list(items)
    return _with(items, worked_out(con, desk))


def differing_from_kept(con: Connection, desk: Desk) -> list[str]:
    """Files whose kept day or tier is not what the rules say; none where they were kept for another day."""
    if kept.basis(con) != basis_of(con, desk):
        return []
    found = worked_out(con, desk)
    return sorted(i for i, v in kept.kept(con).items() if i in found and found[i] != v)


def _with(items: Iterable[CaseItem], dates: kept.Dates) -> list[CaseItem]:
    return [
        replace(i, next_contact=dates[i.case_id][0], tier=dates[i.case_id][1]) if i.case_id in dates else i
        for i in items
    ]


def _with_their_households(con: Connection, case_ids: Collection[str]) -> list[str]:
    """These and whoever lives with them: rules may read the files of a whole household."""
    homes = sorted(reads.households_of(con, case_ids))
    members = {r.text("case") for r in reads.records(con, "member", subject_ids=homes)}
    return sorted({*case_ids, *members} - {""})
