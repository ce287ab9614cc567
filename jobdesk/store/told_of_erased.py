"""What stations said to each other about somebody who is erased: the word of it comes also to the one that
never had his file, and has only what it was told (M-6.10).
"""

from __future__ import annotations

from dataclasses import replace

from jobdesk.protocol.codes import Why
from jobdesk.store import blanking, reads, sync_moves, sync_scope, sync_told
from jobdesk.store.log import Connection
from jobdesk.store.sync_told import Notice

_SAID_NO = ("transfer_refuse", "transfer_withdraw", "transfer_over")


def weighed(con: Connection, notice: Notice, now_ms: int) -> Notice:
    """The word as it is kept, once what it is about is blank here. Nobody is told of a talk that had ended
    before.
    """
    if notice.kind != "transfer_over" or notice.more.get("why") != Why.ERASED:
        return notice
    if sync_told.is_known(con, notice.id):
        return notice
    told = sync_told.notices_about(con, notice.answers)
    waited = any(_waited(con, subject, notice, told) for subject in notice.subjects)
    sync_told.forget(con, notice.subjects, now_ms)
    if waited and not notice.seen_ms:
        con.execute(  # this word says it
            "UPDATE move_ask SET error = '' WHERE id = ? AND error = ?", (notice.answers, Why.ERASED)
        )
        return notice
    return replace(notice, seen_ms=notice.seen_ms or now_ms)


def put_crossed(con: Connection, ask: sync_moves.Ask, now_ms: int) -> None:
    """The server refused an answer of ours since he is erased: the same, should it not tell it any more."""
    answers = str(ask.body.get("answers") or "")
    told = sync_told.notices_about(con, answers)
    asked = next((n for n in told if n.id == answers), None)
    if asked is None or any(_tells(n, answers) for n in told):
        return
    more = {"why": Why.ERASED, "target": asked.more.get("target", "")}
    made = Notice(f"over-{ask.id}", "transfer_over", asked.subjects, "", now_ms, 0, asked.sender, asked.to,
                  answers, {k: v for k, v in more.items() if v})  # fmt: skip
    con.execute("UPDATE notice SET text = '', more = '' WHERE id = ? OR answers = ?", (answers, answers))
    sync_told.put_notice(con, made)


def _tells(notice: Notice, answers: str | None) -> bool:
    """Whether a word says already that this is over for an erasure."""
    return notice.answers == answers and notice.more.get("why") == Why.ERASED


def _waited(con: Connection, subject: str, notice: Notice, told: list[Notice]) -> bool:
    """Whether somebody here was asked, or waited for an answer or for the file."""
    if any(_tells(n, notice.answers) for n in told):
        return False
    ask = sync_moves.ask(con, str(notice.answers))
    if ask is not None:
        return not ask.done_ms
    ids = {notice.answers, f"own-{notice.answers}"}
    about = next((n for n in told if n.id in ids), None)
    if about is None:
        return False
    if about.kind == "duplicate" or (not about.seen_ms and about.id == notice.answers):
        return not about.seen_ms
    answers = {n.kind for n in told if n.answers == notice.answers}
    answers |= {f"transfer_{a.step}" for a in sync_moves.asks(con)
                if a.body.get("answers") == notice.answers and not a.error}  # fmt: skip
    if answers.intersection(_SAID_NO) or sync_scope.is_away(con, subject) is not None:
        return False
    if "transfer_accept" in answers:
        return about.id != notice.answers or not reads.root_kind(con, subject)
    return about.id != notice.answers or subject in blanking.register(con)
