"""What came to be of a file since somebody spoke of it: moves, merges, and whether it is at home here.

The log says it, not where the file is now: who has left may be back when this PC hears of both.
"""

from __future__ import annotations

from jobdesk.store import merged, moved, reads, sync_moves, sync_scope
from jobdesk.store.log import Connection
from jobdesk.store.moved import Move
from jobdesk.store.sync_moves import MOVED, Ask
from jobdesk.store.sync_told import Notice


def moves_since_ask(con: Connection, ask: Ask) -> list[Move]:
    """Moves of its files that were not known when it was said, whoever wrote them. Of what an earlier program
    asked the clocks say it.
    """
    known = ask.body.get(MOVED)
    found = moved.moves_of(con, ask.subjects)
    if known is None:
        return [move for move in found if move.at_ms > ask.at_ms]
    return [move for move in found if move.op_id not in known]


def is_over(con: Connection, notice: Notice) -> bool:
    """Whether each of its files has moved since it was said: a request ends wherever that led, what was
    agreed on when it led there.

    The server tells what was agreed on for months after, also a new PC that took in the moves first: there
    the clocks say it too. A colleague's PC that is offered nothing for a wrong clock leaves it to the PC
    that asked.
    """
    known, agreed = notice.more.get(MOVED), notice.kind == "transfer_accept"
    went = {
        move.subject for move in moved.moves_of(con, notice.subjects)
        if (agreed and move.at_ms >= notice.at_ms) or (known is not None and move.op_id not in known)
        if not agreed or move.target == notice.more.get("target")
    }  # fmt: skip
    return bool(notice.subjects) and went >= set(notice.subjects)


def is_at_home(con: Connection, case_id: str, station: str) -> bool:
    """Whether this file has a person's file, and it is at home at this desk's station. One of which no
    beginning is here, only into what it was merged (M-6.5), is with somebody else.
    """
    state = reads.case_state(con, case_id)
    if not state.exists or sync_scope.is_away(con, case_id) is not None or not reads.began(con, case_id):
        return False
    return (sync_moves.home_of(con, case_id) or state.root.text("station")) in ("", station)


def is_one_person(con: Connection, one: str, other: str) -> bool:
    """Whether one of two files is an alias of the other."""
    pairs = ((one, other), (other, one))
    return any(reads.case_state(con, a).root.get("merged_into") == b for a, b in pairs)


def were_one_person(con: Connection, one: str, other: str) -> bool:
    """Whether somebody ever merged them: about such two no server asks either (``province.doubles``)."""
    return bool(merged.ever_merged(con, (one, other)) & {(one, other), (other, one)})
