"""Two files of one person that point to each other: no list shows the person.

Two PCs of a station merged them apart from each other; or two stations each gave their file away as an alias
of the one they lost thereby, as each wished for the other's and agreed, without a line, to the other's wish.
Then each file is at the other's station.

Which one stays is no question of who was first, which nobody knows, but of the smaller id, as of every ring
(``store.merged``): it is taken apart where it is at home now. The other is its alias, as one wish alone makes
it, and follows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jobdesk.cases.clock import today
from jobdesk.cases.ops import Kind
from jobdesk.host.strings import text
from jobdesk.services.editing import change
from jobdesk.services.moving.leaving import depart
from jobdesk.services.moving.since import is_at_home
from jobdesk.store import merged, reads, sync_facts, sync_moves, sync_scope, sync_told
from jobdesk.store.log import Connection, ops_of_subject
from jobdesk.store.station_file import Writing


@dataclass(frozen=True, slots=True)
class _Crossed:
    """Of two files given for each other the one that came here, the one that was given for it, and where that
    is now.
    """

    came: str
    gave: str
    away: str
    actor: str
    """Who agreed to give."""


def is_any(con: Connection) -> bool:
    """Whether something is to be settled here."""
    return bool(_rings(con)) or next(_crossed(con), None) is not None


def settle(w: Writing, staff: dict[str, str]) -> bool:
    """This PC's part; whether anything was written. A colleague's PC may say the same once more."""
    rings, given = _rings(w.con), list(_crossed(w.con))
    for case_id in rings:
        _apart(w, case_id, _who_merged(w.con, case_id))
    for one in given:
        if one.came > one.gave:
            day = today(w.clock).isoformat()
            depart(w, one.actor, [one.came], one.away, day, text("moves.crossed"), staff)
        elif one.came not in rings:
            _apart(w, one.came, one.actor)
    return bool(rings or given)


def _apart(w: Writing, case_id: str, actor: str) -> None:
    case = reads.case_state(w.con, case_id)
    op = change(
        case.subject, case.root, {"merged_into": None}, kind=Kind.UNMERGED, reason=text("moves.crossed")
    )
    w.append(actor, [op] if op else [])


def _rings(con: Connection) -> list[str]:
    """Of each ring in sight the file that stays, where it is at home here."""
    own = sync_facts.get(con, "station")
    return [case_id for case_id in merged.rings(con) if is_at_home(con, case_id, own)]


def _who_merged(con: Connection, case_id: str) -> str:
    return [op.actor for op in ops_of_subject(con, case_id) if op.kind is Kind.MERGED][-1]


def _crossed(con: Connection) -> Iterator[_Crossed]:
    """Those whose part is not done, of what this PC had agreed to: the words tell it, also once the file that
    was given is blank here.
    """
    own = sync_facts.get(con, "station")
    agreed = {ask.body.get("answers"): ask.actor for ask in sync_moves.asks(con) if ask.step == "accept"}
    for asked in sync_told.notices(con, kind="transfer_request") if agreed else ():
        came, gave = str(asked.more.get("into") or ""), next(iter(asked.subjects), "")
        if not came or asked.id not in agreed or not is_at_home(con, came, own):
            continue
        away = sync_scope.is_away(con, gave)
        if away is not None and reads.case_state(con, came).root.get("merged_into") == gave:
            yield _Crossed(came, gave, away.stream, agreed[asked.id])
