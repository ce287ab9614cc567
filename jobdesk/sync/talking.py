"""Words between stations about files that move, and the list of stations: sent and fetched in an exchange.

A word is sent again to a server with another epoch, which may have lost it: the id says it once (M-6.6).
"""

from __future__ import annotations

from typing import Any

from jobdesk.protocol.codes import ErrorCode, Why
from jobdesk.protocol.messages import StationsAsk, TransferAsk
from jobdesk.protocol.validity import DAY_MS, TOLD_MS
from jobdesk.services.moving.following import anything_waits, follow
from jobdesk.store import sync_facts, sync_moves, sync_told, told_of_erased
from jobdesk.store.log import Connection
from jobdesk.store.station_file import Writing
from jobdesk.store.sync_moves import Ask, KnownStation
from jobdesk.sync.client import Declined, NotSpoken, Unanswered
from jobdesk.sync.exchange import Exchange

_LOCAL = ("shown", "subjects", sync_moves.HEARD, sync_moves.MOVED, sync_moves.SAID_IN)
"""What a word keeps for its own screen."""


def send(ex: Exchange) -> None:
    """Every word that this server does not have, the oldest first. What it is about was pushed before."""
    waiting = ex.read(lambda con: to_send(con, ex.epoch))
    for ask in waiting:  # a request by number adds those for further stations
        try:
            waiting += _send(ex, ask)
        except Unanswered:
            continue
        except NotSpoken:
            return
        except Declined as declined:
            if declined.error is ErrorCode.BUSY:
                return
            if declined.error not in (ErrorCode.OUT_OF_SCOPE, ErrorCode.BODY):
                raise
            _declined(ex, ask, declined)


def to_send(con: Connection, epoch: str) -> list[Ask]:
    """Words that a server of this epoch does not have."""
    server_ms = sync_facts.number(con, "server_ms")
    return [ask for ask in sync_moves.asks(con) if ask.epoch != epoch and _counts(ask, server_ms)]


def message(ask: Ask) -> TransferAsk:
    """A word as it goes."""
    body: dict[str, Any] = {k: v for k, v in ask.body.items() if k not in _LOCAL}
    return TransferAsk.model_validate({"id": ask.id, "step": ask.step, **body})


def _counts(ask: Ask, server_ms: int) -> bool:
    """Open ones; and answers that a restored server may have lost."""
    if ask.error:
        return False
    return not ask.done_ms or (ask.step != "request" and ask.heard_ms > server_ms - TOLD_MS)


def _send(ex: Exchange, ask: Ask) -> list[Ask]:
    """Say it; the requests that follow where one number is found in files of several stations."""
    made = ex.client.transfer(message(ask))
    if made.epoch not in ("", ex.epoch):
        return []  # restored meanwhile, or a proxy's: it is said again to the server there is
    ex.receipt.sent_words += not ask.is_sent

    def job(w: Writing) -> list[Ask]:
        sync_moves.was_sent(w.con, ask.id, ex.epoch, made.subjects if ask.step == "request" else ())
        if ask.step != "request":
            sync_moves.is_done(w.con, ask.id, ex.now_ms)
        elif made.to:
            sync_moves.was_for(w.con, ask.id, made.to)
        if ask.step == "request" and made.at_ms >= ex.server_ms > 0:
            sync_moves.first_heard(w.con, ask.id, ex.receipt.began_ms)
        further = [
            Ask(w.new_id(), "request", ask.actor, {**_of_one(ask), "subject": subject}, ask.at_ms)
            for subject in (made.others if ask.body.get("number") else ())
        ]
        for one in further:
            sync_moves.put_ask(w.con, one)
        return further

    return ex.write(job)


def _of_one(ask: Ask) -> dict[str, Any]:
    """A request by number, for another file of that number."""
    return {k: v for k, v in ask.body.items() if k not in ("number", "subject", "more")}


def _declined(ex: Exchange, ask: Ask, declined: Declined) -> None:
    """A request ends with the reason; an answer waits where the request is not there (yet, or again)."""
    why = declined.refusal.detail or ("gone" if declined.error is ErrorCode.OUT_OF_SCOPE else "body")
    if why == "no_request" and ask.heard_ms > ex.server_ms - TOLD_MS:
        return

    def job(w: Writing) -> None:
        if ask.step != "request":
            sync_moves.was_sent(w.con, ask.id, ex.epoch, ())
        sync_moves.failed(w.con, ask.id, why, ex.now_ms)
        if why != Why.ERASED:
            return
        if ask.step != "request":
            told_of_erased.put_crossed(w.con, ask, ex.now_ms)
        elif len(ask.subjects) == 1:  # of several it is one, whom this station's own stream names
            sync_told.forget(w.con, ask.subjects, ex.now_ms)

    ex.write(job)


def follow_up(ex: Exchange) -> bool:
    """What both sides agreed on leaves; whether another push is worth it."""
    return ex.read(anything_waits) and ex.write(lambda w: follow(w, ex.receipt.began_ms))


def fetch_stations(ex: Exchange) -> None:
    """The list to choose from, looked at once a day, fetched when it is another one."""
    looked = ex.read(lambda con: sync_facts.number(con, "stations_ms"))
    if abs(ex.now_ms - looked) < DAY_MS:  # a clock that was years ahead looked on a day yet to come
        return
    known = ex.read(lambda con: sync_facts.get(con, "stations_version"))
    found: list[KnownStation] = []
    after = version = ""
    while True:
        try:
            head, stations = ex.client.stations(StationsAsk(known=known if not after else "", after=after))
        except (NotSpoken, Unanswered):
            return
        if version and head.version != version:
            return  # it changed between two pages: next time
        version = head.version
        found += [KnownStation(s.stream, s.name, s.under) for s in stations]
        if not head.more or not stations:
            break
        after = stations[-1].stream

    def job(w: Writing) -> None:
        if version != known:
            sync_moves.put_stations(w.con, found)
        sync_facts.put(w.con, "stations_version", version)
        sync_facts.put(w.con, "stations_ms", ex.now_ms)

    ex.write(job)
