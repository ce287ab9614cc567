"""Saying yes or no to another station. A yes to giving a file away moves it in the same transaction."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from jobdesk.cases.clock import today
from jobdesk.cases.errors import Refused
from jobdesk.services.desk import Desk
from jobdesk.services.moving.leaving import depart, station_of
from jobdesk.services.staffing import staff_of
from jobdesk.store import sync_moves, sync_told
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Changes, Writing
from jobdesk.store.sync_moves import Ask
from jobdesk.store.sync_told import Notice


def accept(desk: Desk, notice_id: str, text: str = "") -> Future[Changes]:
    """Agree: to take a file over (it comes once the other station has moved it), or to give one away (it
    moves now). The changes are empty where nothing moved here.

    Raises (in the future):
        Refused: ``move_answered``; ``move_nothing_here``: what was asked for is not at home here.
    """

    def job(w: Writing) -> Changes:
        asked = _open(w.con, notice_id)
        changes = Changes("", frozenset())
        if asked.more.get("target") != station_of(w.con):
            names = {s.id: s.name for s in staff_of(w.con, desk)}
            changes = give(w, desk.actor, asked, names)
        _answer(w, desk, asked, "accept", text)
        return changes

    return desk.write(job)


def give(w: Writing, actor: str, asked: Notice, staff: dict[str, str]) -> Changes:
    """Carry a request out: what it asks for leaves for the station that asked."""
    return depart(
        w, actor, asked.subjects, str(asked.more.get("target")), today(w.clock).isoformat(), asked.text,
        staff, into=asked.more.get("into"),
    )  # fmt: skip


def refuse(desk: Desk, notice_id: str, reason: str) -> Future[None]:
    """Say no; the reason is read by the other station.

    Raises:
        Refused: ``move_reason_needed``; in the future ``move_answered``.
    """
    if not reason.strip():
        raise Refused("move_reason_needed", field="reason")

    def job(w: Writing) -> None:
        _answer(w, desk, _open(w.con, notice_id), "refuse", reason.strip())

    return desk.write(job)


def carry_out(desk: Desk, notice_id: str) -> Future[Changes]:
    """The other station agreed to a request of a colleague's PC that is not at work: move it from here.

    Raises (in the future):
        Refused: ``move_answered``; ``move_nothing_here``.
    """

    def job(w: Writing) -> Changes:
        agreed = next((n for n in sync_told.notices(w.con) if n.id == notice_id), None)
        if agreed is None or agreed.kind != "transfer_accept" or agreed.seen_ms:
            raise Refused("move_answered")
        names = {s.id: s.name for s in staff_of(w.con, desk)}
        changes = give(w, desk.actor, agreed, names)
        sync_told.notice_seen(w.con, notice_id, w.clock.now_ms())
        return changes

    return desk.write(job)


def acknowledge(desk: Desk, notice_id: str) -> Future[None]:
    """知道了: a refusal, a move that went elsewhere."""
    return desk.write(lambda w: sync_told.notice_seen(w.con, notice_id, w.clock.now_ms()))


def _open(con: Connection, notice_id: str) -> Notice:
    found = next((n for n in sync_told.notices(con) if n.id == notice_id), None)
    if found is None or found.kind != "transfer_request" or found.seen_ms:
        raise Refused("move_answered")
    return found


def _answer(w: Writing, desk: Desk, asked: Notice, step: str, text: str) -> None:
    now = w.clock.now_ms()
    body: dict[str, Any] = {"answers": asked.id, "text": text.strip(), "subjects": list(asked.subjects)}
    sync_moves.put_ask(w.con, Ask(w.new_id(), step, desk.actor, body, now))
    sync_told.notice_seen(w.con, asked.id, now)
