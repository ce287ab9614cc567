"""转出 and 转入: asked at once, also without a line; it goes with the next exchange and moves nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from jobdesk.cases.errors import Refused
from jobdesk.cases.id_number import examine
from jobdesk.cases.masking import mask_id, mask_name
from jobdesk.cases.ops import Subject
from jobdesk.cases.state import SubjectState
from jobdesk.services.desk import Desk
from jobdesk.services.household.naming import called
from jobdesk.services.moving.leaving import station_of, whole_household
from jobdesk.services.moving.reading import open_moves
from jobdesk.services.moving.since import is_at_home
from jobdesk.store import ledger, reads, sync_moves, sync_scope
from jobdesk.store.called import head_of
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_moves import Ask, KnownStation

MOST = 60
"""Files of one request; the protocol's bound."""


def find_stations(desk: Desk, words: str = "", limit: int = 200) -> Future[list[KnownStation]]:
    """Stations to choose from, by name and place, without one's own; empty until the list came once."""

    def job(con: Connection) -> list[KnownStation]:
        own = station_of(con)
        return [s for s in sync_moves.stations(con, words, limit=limit + 1) if s.stream != own][:limit]

    return desk.read(job)


def ask_out(desk: Desk, case_id: str, to: str, reason: str) -> Future[Ask]:
    """转出: ask another station to take a person over.

    Raises (in the future):
        Refused: ``move_reason_needed``, ``move_station_needed``, ``move_same_station``,
            ``move_asked_already``, ``move_nothing_here``, ``move_merged`` (an alias); see ``station_of``.
    """
    return _ask_to_give(desk, lambda _con: [case_id], to, reason)


def ask_household_out(desk: Desk, household_id: str, to: str, reason: str) -> Future[Ask]:
    """The whole household in one: itself and every member who has a file here. Raises like ``ask_out``."""
    return _ask_to_give(desk, lambda con: whole_household(con, household_id), to, reason)


def _ask_to_give(desk: Desk, who: Callable[[Connection], list[str]], to: str, reason: str) -> Future[Ask]:
    _needed(to, reason)

    def job(w: Writing) -> Ask:
        own = station_of(w.con)
        if to == own:
            raise Refused("move_same_station", field="to")
        subjects = who(w.con)
        states = [_at_home(w.con, s) for s in subjects]
        _not_twice(w.con, subjects)
        _not_by_a_colleague(w.con, subjects)
        body: dict[str, Any] = {
            "subject": subjects[0], "more": subjects[1:MOST], "to": to, "text": reason.strip(),
            "facts": [masked(s, w.con) for s in states[:MOST]],
        }  # fmt: skip
        return _keep(w, desk, body)

    return desk.write(job)


def ask_in(desk: Desk, number: str, reason: str) -> Future[Ask]:
    """转入: ask for a person by ID number, wherever the file is; nothing of it is seen before it comes.

    Raises (in the future):
        Refused: ``move_reason_needed``, ``move_number_wrong``, ``move_is_here``, ``move_asked_already``.
    """
    if not reason.strip():
        raise Refused("move_reason_needed", field="reason")
    reading = examine(number, desk.today)
    if reading.kind.name != "VALID":
        raise Refused("move_number_wrong", field="number")

    def job(w: Writing) -> Ask:
        own = station_of(w.con)
        if any(sync_scope.is_away(w.con, c) is None for c in ledger.by_id_number(w.con, reading.normal)):
            raise Refused("move_is_here", field="number")
        if any(a.body.get("number") == reading.normal for a in sync_moves.asks(w.con, open_only=True)):
            raise Refused("move_asked_already", field="number")
        shown = {"masked": mask_id(reading.normal)}
        return _keep(w, desk, {"number": reading.normal, "to": own, "text": reason.strip(), "shown": shown})

    return desk.write(job)


def ask_for(desk: Desk, subject: str, reason: str, into: str | None = None) -> Future[Ask]:
    """Ask for a file whose id is known: of somebody who left from here, or one's own twin (``into``).

    Raises (in the future):
        Refused: ``move_reason_needed``, ``move_asked_already``, ``move_is_here``, and see ``station_of``.
    """
    if not reason.strip():
        raise Refused("move_reason_needed", field="reason")

    def job(w: Writing) -> Ask:
        own = station_of(w.con)
        if is_at_home(w.con, subject, own):
            raise Refused("move_is_here")
        _not_twice(w.con, [subject])
        body: dict[str, Any] = {"subject": subject, "to": own, "text": reason.strip()}
        stub = sync_scope.is_away(w.con, subject)
        if stub is not None and stub.name:
            body["shown"] = {"name": stub.name}
        return _keep(w, desk, body | ({"into": into} if into else {}))

    return desk.write(job)


def take_back(desk: Desk, ask_id: str) -> Future[None]:
    """Withdraw a request: unsent it is gone at once, else the other station is told.

    Raises (in the future):
        Refused: ``move_answered`` when it came to its end already.
    """

    def job(w: Writing) -> None:
        found = sync_moves.ask(w.con, ask_id)
        if found is None or found.done_ms:
            raise Refused("move_answered")
        if not sync_moves.drop_unsent(w.con, ask_id):
            now = w.clock.now_ms()
            sync_moves.is_done(w.con, ask_id, now)
            sync_moves.put_ask(w.con, Ask(w.new_id(), "withdraw", desk.actor, {"answers": ask_id}, now))

    return desk.write(job)


def masked(state: SubjectState, con: Connection) -> dict[str, Any]:
    """What the other station sees of a file before it says yes (``protocol.messages.Masked``)."""
    root = state.root
    if state.subject.kind != "case":
        return {"subject": state.subject.id, "name": called(mask_name(head_of(con, state.subject.id)))}
    said = {
        "subject": state.subject.id, "name": mask_name(root.text("name")), "sex": root.text("sex"),
        "id_number": mask_id(root.text("id_number")), "birth": root.text("birth")[:4],
        "opened_on": root.text("opened_on"), "help_state": root.text("help_state"),
    }  # fmt: skip
    return {k: v for k, v in said.items() if v}


def _needed(to: str, reason: str) -> None:
    if not to:
        raise Refused("move_station_needed", field="to")
    if not reason.strip():
        raise Refused("move_reason_needed", field="reason")


def _at_home(con: Connection, subject_id: str) -> SubjectState:
    state = reads.subject_state(con, Subject(reads.root_kind(con, subject_id) or "case", subject_id))
    if not state.exists or sync_scope.is_away(con, subject_id) is not None:
        raise Refused("move_nothing_here")
    if state.root.get("merged_into"):
        raise Refused("move_merged")
    return state


def _not_twice(con: Connection, subjects: Sequence[str]) -> None:
    for one in sync_moves.asks(con, open_only=True):
        if one.step == "request" and set(one.subjects) & set(subjects):
            raise Refused("move_asked_already")


def _not_by_a_colleague(con: Connection, subjects: Sequence[str]) -> None:
    """A request that another PC of the station sent."""
    moves = open_moves(con, subjects).values()
    if (found := next((m for m in moves if m.ours), None)) is not None:
        raise Refused("move_asked_there", station=found.station)


def _keep(w: Writing, desk: Desk, body: dict[str, Any]) -> Ask:
    made = Ask(w.new_id(), "request", desk.actor, body, w.clock.now_ms())
    sync_moves.put_ask(w.con, made)
    return made
