"""One exchange with the province, from hello to receipt. Killed at any moment, it goes on next time.

push until nothing is left → bootstrap of a new PC → pull until there is no more → forks settled and what a
restored server lost offered, then both once more → contents → receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jobdesk import __version__
from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import Refused, Trouble
from jobdesk.protocol.limits import PROTOCOL, SPOKEN
from jobdesk.protocol.messages import Hello
from jobdesk.protocol.versions import common
from jobdesk.store import sync_blobs, sync_facts, sync_moves, sync_scope, sync_state, sync_told
from jobdesk.store.log import Connection
from jobdesk.store.station_file import StationFile, Writing
from jobdesk.sync import bootstrap, contents, enrolling, offering, pulling, recovering, scoping, talking
from jobdesk.sync.client import Client, Declined, Unanswered
from jobdesk.sync.exchange import Exchange, Progress, nobody_listens
from jobdesk.sync.receipts import Receipt, StreamLine
from jobdesk.sync.single_flight import one_exchange
from jobdesk.sync.transport import Transport

DAY_MS = 24 * 3600 * 1000
RENEW_BEFORE_MS = 120 * DAY_MS
"""A device's half year is renewed after two months of it (own figure)."""
_ROUNDS = 6
"""Own figure: pushes and pulls after one another in one exchange; a fork and a refill need three."""
_OF_THE_LINE = frozenset({"no_line", "sync_busy", "sync_no_answer", "sync_answer_damaged"})
"""Errors that tell of the way to the server, not of this PC."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What an exchange works with.

    Attributes:
        page_bytes: asked for at once; a page is one transaction, and a clerk's save waits for it.
        stopped: asked between two transactions.
        carried: name of the file that holds the answers; empty over a line.
        ahead: a new PC asks for its next pages while it takes one in; the transport may be used by
            another thread than the caller's, one at a time.
        given_back: operations of others that a server which lost them has by this answer already.
    """

    file: StationFile
    transport: Transport
    clock: Clock
    progress: Callable[[Progress], None] = nobody_listens
    page_bytes: int = 256 * 1024
    stopped: Callable[[], bool] = lambda: False
    carried: str = ""
    ahead: bool = False
    given_back: int = 0


def synchronise(setup: Setup) -> Receipt:
    """One exchange. It ends with a receipt, also when it did not come through: ``error`` says why.

    Raises:
        Refused: ``sync_not_enrolled``; ``sync_running`` another exchange of this file is under way.
        Trouble: the file itself is in trouble.
    """
    file = setup.file
    facts = file.read(sync_facts.all_facts).result()
    if "device" not in facts:
        raise Refused("sync_not_enrolled")
    client = Client(setup.transport, facts["device"], bytes.fromhex(facts["device_key"]))
    receipt = Receipt(setup.clock.now_ms(), refilled_ops=setup.given_back, carried=setup.carried)
    ex = Exchange(
        file, client, setup.clock, receipt, setup.progress, setup.page_bytes,
        epoch=facts.get("epoch", ""), stopped=setup.stopped, carried=bool(setup.carried),
        ahead=setup.ahead, heard=int(facts.get("heard", 0)),
    )  # fmt: skip
    with one_exchange(file):
        away = file.read(sync_scope.who_left).result()
        try:
            _run(ex, int(facts.get("valid_until_ms", 0)))
        except Trouble as trouble:
            if trouble.params.get("path") == str(file.path):
                raise
            receipt.error = trouble.code
            if isinstance(trouble, Declined) and trouble.refusal.retry_after_s:
                receipt.next_sync_s = trouble.refusal.retry_after_s
        _close(ex)
    receipt.touched |= _elsewhere(away, file.read(sync_scope.who_left).result())
    return receipt


def _elsewhere(before: Mapping[str, tuple[str, int]], now: Mapping[str, tuple[str, int]]) -> set[str]:
    """Who is at another station than before, also where no operation came that says so: after a restore the
    journal had brought it.
    """
    return {s for s in {*before, *now} if before.get(s, ("",))[0] != now.get(s, ("",))[0]}


def _run(ex: Exchange, valid_until_ms: int) -> None:
    hello = ex.client.hello()
    version = common(SPOKEN, hello.versions)
    ex.heed(hello)
    if version is None:
        _only_push(ex, hello)
        raise Trouble("sync_upgrade", versions=hello.versions)
    ex.client.version = version
    ex.server_ms = hello.now_ms
    recovering.epoch_told(ex, hello.epoch)
    _renew(ex, hello.now_ms, valid_until_ms)
    pulling.read_what_is_newer(ex, __version__)
    for _ in range(1 if ex.carried else _ROUNDS):
        known = bool(offering.refill_wanted(ex))
        full = _pushed(ex, probe=known)
        talking.send(ex)
        bootstrap.load_all(ex)
        pulling.pull_all(ex)
        if full is not None:
            raise full
        again = recovering.settle_forks(ex)
        if not again and not ex.carried and offering.refill_wanted(ex):
            again = _refilled(ex) if known else True  # found since: what is ours was not asked about yet
        again |= talking.follow_up(ex)
        if ex.read(lambda con: sync_facts.get(con, "settings_owed")):
            ex.write(enrolling.carry_settings)
        if not again and not ex.read(_behind):
            break
    contents.exchange_contents(ex)
    scoping.follow_moves(ex)
    talking.follow_up(ex)  # words about a move that came with the move itself: who left is known only now
    talking.fetch_stations(ex)
    if ex.refused is not None:
        raise ex.refused


def _pushed(ex: Exchange, *, probe: bool) -> Declined | None:
    """What was saved goes. Where the server keeps nothing more of this machine apart (M-3.4) it waits, and
    what others wrote comes all the same.
    """
    try:
        offering.push_all(ex, probe=probe)
    except Declined as declined:
        if not declined.at_the_bound:
            raise
        return declined
    return None


def _refilled(ex: Exchange) -> bool:
    """What the server lost of others, once all of ours was asked about; whether another round may bring more.

    What it took is there when a pull has brought it; until then it is offered again, as a server may go back
    once more in between, and of others' work no answer tells that. What it refused goes next time.
    """
    ex.write(lambda w: sync_blobs.forget_sent(w.con))
    before, heard = ex.receipt.refilled_ops, ex.heard
    offered = offering.offer_as_witness(ex)
    took = ex.receipt.refilled_ops > before
    if ex.heard < heard:  # it went back once more meanwhile
        return True
    if ex.refused is not None:
        return took
    if took:
        return True
    if ex.write(offering.ask_anew):
        return True
    offering.nothing_lost(ex)
    return offered


def _only_push(ex: Exchange, hello: Hello) -> None:
    """A server that no longer speaks our version takes what was saved all the same (M-1.3)."""
    if min(hello.versions, default=0) > PROTOCOL:
        recovering.epoch_told(ex, hello.epoch)
        offering.push_all(ex, probe=False)


def _behind(con: Connection) -> bool:
    """Whether something waits that a round can send: what came in may have moved operations of ours."""
    return sync_state.waiting(con) > 0


def _renew(ex: Exchange, server_ms: int, valid_until_ms: int) -> None:
    """Longer validity while there is time; also after it ran out, for weeks without a line (M-2.6)."""
    if valid_until_ms and valid_until_ms - server_ms > RENEW_BEFORE_MS:
        return
    try:
        told = ex.client.renew()
    except Unanswered:
        return
    ex.write(lambda w: enrolling.remember(w, told))


def _close(ex: Exchange) -> None:
    """The receipt, whatever the exchange came to."""
    now, receipt = ex.now_ms, ex.receipt
    receipt.ended_ms = now
    receipt.came_subjects, receipt.touched = len(ex.came), set(ex.touched)
    kinds = list(ex.came.values())
    receipt.came_cases, receipt.came_households = kinds.count("case"), kinds.count("household")
    receipt.bytes_sent, receipt.bytes_received = ex.client.sent, ex.client.received
    receipt.server_ms = 0 if ex.carried else ex.server_ms  # an answer that was carried may be a month old

    def job(w: Writing) -> None:
        con = w.con
        receipt.waiting, receipt.waiting_words = sync_state.waiting(con), sync_moves.unsent(con)
        if not receipt.error:  # else a stream may list what a restored server has no more
            sync_told.listed_by_now(con)
        still = {one.action: one.reason for one in sync_told.apart(con)}
        told = dict.fromkeys(action for action, _ in receipt.apart)
        receipt.apart = [(action, still[action]) for action in told if action in still]
        receipt.stands_apart = len(still)
        receipt.streams = [
            StreamLine(s.stream, s.name, s.at.seq, s.head, _agreed(s, receipt))
            for s in sync_state.streams(con)
            if not s.gone
        ]
        sync_told.put_receipt(con, now, receipt.body())
        sync_facts.put(con, "last_try_ms", now)
        sync_facts.put(con, "heard", ex.heard or "")
        # whether there is a line a stick does not say: what the last try met stands until the next one
        if receipt.error or not (ex.carried and sync_facts.get(con, "last_error") in _OF_THE_LINE):
            failures = sync_facts.number(con, "failures")
            sync_facts.put(con, "last_error", receipt.error)
            sync_facts.put(con, "failures", failures + 1 if receipt.error else 0)
        heard = max(ex.server_ms, sync_facts.number(con, "server_ms"))
        sync_facts.put(con, "server_ms", heard or "")
        if not receipt.error:
            before = sync_facts.number(con, "last_good_ms")
            # an answer that was carried may be a month old, and says nothing about today
            carried = max(before, min(now, ex.server_ms))
            sync_facts.put(con, "last_good_ms", carried if ex.carried else now - _ahead(ex))
            if not ex.carried:
                sync_facts.put(con, "good_before_ms", "")  # of the file before a restore: this one is later
        if receipt.next_sync_s:
            sync_facts.put(con, "next_sync_ms", now + 1000 * receipt.next_sync_s)

    ex.file.write(job).result()


def _ahead(ex: Exchange) -> int:
    """How far this PC's clock is off, where that is more than a line takes."""
    ahead = ex.receipt.began_ms - ex.server_ms
    return ahead if abs(ahead) >= sync_facts.WRONG_MS else 0


def _agreed(s: sync_state.StreamState, receipt: Receipt) -> bool | None:
    if receipt.error or s.loading is not None or s.at.seq < s.head:
        return None
    return s.agreed_ms > 0
