"""疑似同一人: one person in files of two stations; one file goes to the other and becomes an alias there."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.cases.clock import today
from jobdesk.cases.errors import Refused
from jobdesk.services.desk import Desk
from jobdesk.services.moving.leaving import depart, station_of
from jobdesk.services.moving.since import is_at_home
from jobdesk.services.staffing import staff_of
from jobdesk.store import sync_moves, sync_told
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes, Writing
from jobdesk.store.sync_moves import Ask
from jobdesk.store.sync_told import Notice


def give_to_theirs(desk: Desk, notice_id: str, reason: str) -> Future[Changes]:
    """The person is served there: our file leaves and becomes an alias of theirs, all of it kept.

    Raises:
        Refused: ``move_reason_needed``; in the future ``move_answered``, ``merge_has_aliases``,
            ``move_nothing_here``; ``move_is_here``: their file came to this station since.
    """
    if not reason.strip():
        raise Refused("move_reason_needed", field="reason")

    def job(w: Writing) -> Changes:
        twin = _twin(w.con, notice_id)
        own, far = twin.subjects
        if is_at_home(w.con, far, station_of(w.con)):
            raise Refused("move_is_here")
        names = {s.id: s.name for s in staff_of(w.con, desk)}
        day, to = today(w.clock).isoformat(), twin.sender or ""
        changes = depart(w, desk.actor, [own], to, day, reason.strip(), names, into=far)
        sync_told.notice_seen(w.con, notice_id, w.clock.now_ms())
        for ask in sync_moves.asks(w.con, open_only=True):
            if set(ask.subjects) & {own, far}:
                sync_moves.is_done(w.con, ask.id, w.clock.now_ms())
        return changes

    return desk.write(job)


def not_the_same(desk: Desk, notice_id: str) -> Future[None]:
    """Somebody has looked: two people, one number is wrong. The number is put right in the file; the other
    station and one's own other PCs are told.

    Raises:
        Refused: in the future ``move_answered``.
    """

    def job(w: Writing) -> None:
        body = {"answers": notice_id, "subjects": list(_twin(w.con, notice_id).subjects)}
        now = w.clock.now_ms()
        sync_told.notice_seen(w.con, notice_id, now)
        sync_moves.put_ask(w.con, Ask(w.new_id(), "apart", desk.actor, body, now))

    return desk.write(job)


def _twin(con: Connection, notice_id: str) -> Notice:
    found = next((n for n in sync_told.notices(con) if n.id == notice_id), None)
    if found is None or found.kind != "duplicate" or found.seen_ms or not found.sender:
        raise Refused("move_answered")
    return found
