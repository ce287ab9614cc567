"""What stays to be read of a move once nobody has to answer: agreed and on its way, arrived, refused.

All of it is told by words, notices and roots that the file keeps anyway; only for how long is said here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from jobdesk.cases.ops import Subject
from jobdesk.protocol.validity import DAY_MS, TOLD_MS
from jobdesk.services.household.naming import called
from jobdesk.services.moving.since import is_over
from jobdesk.store import arrivals, reads, sync_moves, sync_scope
from jobdesk.store.called import head_of
from jobdesk.store.log import Connection
from jobdesk.store.sync_moves import Ask
from jobdesk.store.sync_told import Notice

SHOWN_DAYS = 31
"""Who came, and what was refused, is shown so long (own figure)."""
UNTAKEN_DAYS = 90
"""Who came and whom nobody took over stays so long (own figure): a file may be weeks under way."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A yes or a no between two stations.

    Attributes:
        id: of the word. ours: said here; sent: the server has it.
        station: stream of the other side. takes: the files were to come here.
        asked: the request, None where it was settled before this PC heard of it.
        text: the reason of a refusal.
        at_ms: when it was said, of a refusal of theirs when it was put away.
    """

    id: str
    station: str
    subjects: tuple[str, ...]
    takes: bool
    ours: bool
    sent: bool
    text: str
    at_ms: int
    asked: Notice | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """A file that came.

    Attributes:
        station: stream it came from; on: the day of the move.
        no_clerk: somebody of this station is to be named for it.
        kept: the file it is an alias of; empty for one of its own.
    """

    subject: str
    kind: str
    name: str
    station: str
    on: str
    no_clerk: bool = False
    kept: str = ""


def agreed(
    con: Connection, own: str, told: Sequence[Notice], asks: Sequence[Ask], now_ms: int
) -> tuple[Answered, ...]:
    """What this station said yes to and what the other one has not moved yet, newest first; as long as a
    server tells it. No move follows after.
    """
    ended = {n.answers for n in told if n.kind in ("transfer_withdraw", "transfer_over", "transfer_refuse")}
    return tuple(
        a for a in _ours("accept", own, told, asks)
        if a.takes and a.at_ms > now_ms - TOLD_MS and not _has_come(con, a, own, told)
        and not (a.asked is not None and a.asked.id in ended)
    )  # fmt: skip


def refused(own: str, told: Sequence[Notice], asks: Sequence[Ask], now_ms: int) -> tuple[Answered, ...]:
    """Every no of the last month, this station's and what was read of the others', newest first."""
    theirs = [
        Answered(n.id, str(n.sender or ""), n.subjects, n.more.get("target") == own, False, True, n.text,
                 max(n.at_ms, n.seen_ms))
        for n in told if n.kind == "transfer_refuse" and n.sender != own and n.seen_ms
    ]  # fmt: skip
    since = now_ms - SHOWN_DAYS * DAY_MS
    both = (a for a in (*theirs, *_ours("refuse", own, told, asks)) if a.at_ms > since)
    return tuple(sorted(both, key=lambda a: -a.at_ms))


def _ours(step: str, own: str, told: Sequence[Notice], asks: Sequence[Ask]) -> list[Answered]:
    """Answers of this PC, and as the server tells of them those of its colleagues, newest first."""
    requests = {n.id: n for n in told if n.kind == "transfer_request"}
    found: dict[str, Answered] = {}
    for ask in asks:
        asked = requests.get(str(ask.body.get("answers") or ""))
        if ask.step != step or ask.error or asked is None:
            continue
        found[ask.id] = Answered(
            ask.id, str(asked.sender or ""), asked.subjects, asked.more.get("target") == own, True,
            ask.is_sent, str(ask.body.get("text") or ""), ask.at_ms, asked,
        )  # fmt: skip
    for n in told:
        said = n.id.removeprefix("own-")
        if n.kind != f"transfer_{step}" or n.sender != own or said in found:
            continue
        takes, asked = n.more.get("target") == own, requests.get(n.answers or "")
        found[said] = Answered(said, str(n.to or ""), n.subjects, takes, True, True, n.text, n.at_ms, asked)
    return sorted(found.values(), key=lambda a: -a.at_ms)


def _has_come(con: Connection, answer: Answered, own: str, told: Iterable[Notice]) -> bool:
    """Whether each file is at home here, or was since, or the server says it is at a third station."""
    if all(_is_here(con, s, own) for s in answer.subjects):
        return True
    homes = {sync_moves.home_of(con, s) for s in answer.subjects} - {""}
    if homes and not homes & {own, answer.station}:
        return True
    copy = next((n for n in told if n.kind == "transfer_accept" and n.id == f"own-{answer.id}"), None)
    said = Notice(answer.id, "transfer_accept", answer.subjects, "", answer.at_ms, 0, more={"target": own})
    return is_over(con, copy or said)


def _is_here(con: Connection, subject_id: str, own: str) -> bool:
    at_home = sync_moves.home_of(con, subject_id) in ("", own)
    return at_home and sync_scope.is_away(con, subject_id) is None and bool(reads.root_kind(con, subject_id))


def came(con: Connection, own: str, today: date) -> tuple[Came, ...]:
    """Who came in the last month, and who came before and has no clerk yet; newest first, a household above
    its members. An alias stands by itself only where its file did not come too.
    """
    month = (today - timedelta(days=SHOWN_DAYS)).isoformat()
    longer = (today - timedelta(days=UNTAKEN_DAYS)).isoformat()
    found = [_came(con, a) for a in arrivals.arrivals(con, own, longer)]
    shown = [c for c in found if c.on >= month or c.no_clerk]
    ids = {c.subject for c in shown}
    return tuple(c for c in shown if c.kept not in ids)


def _came(con: Connection, one: arrivals.Arrival) -> Came:
    root = reads.subject_state(con, Subject(one.kind, one.subject)).root
    kept = root.text("merged_into")
    cared = one.kind != "case" or kept or root.text("owner") or root.text("help_state") == "ended"
    name = called(head_of(con, one.subject)) if one.kind == "household" else root.text("name")
    return Came(one.subject, one.kind, name, one.origin, one.on, not cared, kept)
