"""Writing an exchange down for a stick: everything this file would say over a line, in one sealed file.

Nothing is counted as sent by it: marks and cursors move when the answer is read. Until then the next file
says the same again, and the server answers the same again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field

from jobdesk.cases.clock import Clock, local_date
from jobdesk.cases.codec import op_hash
from jobdesk.cases.errors import Refused
from jobdesk.protocol.bodies import write_lines
from jobdesk.protocol.carried import CarriedAsk, CarriedHead, write_parts
from jobdesk.protocol.carried_names import out_name
from jobdesk.protocol.limits import (
    BLOB_CHUNK_BYTES,
    MAX_BODY_BYTES,
    MAX_CARRIED_BYTES,
    MAX_CARRIED_PARTS,
    MAX_STREAMS,
    PROTOCOL,
)
from jobdesk.protocol.messages import BlobsAsk, BootstrapAsk, Message, Place, PullAsk, PushHead, StationsAsk
from jobdesk.protocol.sealing import Way, answer_key, exchange_public, seal
from jobdesk.store import local, outbox, sync_blobs, sync_carried, sync_facts, sync_scope, sync_state
from jobdesk.store.log import Connection
from jobdesk.store.outbox import Parcel
from jobdesk.store.station_file import StationFile, Writing
from jobdesk.store.sync_carried import CarriedFile
from jobdesk.store.sync_state import Mark
from jobdesk.sync import recovering, talking
from jobdesk.sync.bootstrap import Loading
from jobdesk.sync.offering import fitting
from jobdesk.sync.pulling import cursors

ROOM = 256 * 1024
"""Kept free for the head and the small requests at the end (own figure)."""
_PARTS = MAX_CARRIED_PARTS - 100
_PUSH_BYTES = 1024 * 1024
PAGE_BYTES = 256 * 1024
"""A page of the answer is one transaction here, and a clerk's save waits for it (own figure)."""
_WANTED = 200
_STATIONS_MS = 7 * talking.DAY_MS
"""How old the list of stations may become (own figure); where it is the same still, the answer is short."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A file to be written.

    Attributes:
        file: as it is kept in the list; ``name`` is what the file is to be called.
        left_contents: attachments that had no room.
    """

    file: CarriedFile
    data: bytes
    actions: int
    left_contents: int


@dataclass(slots=True)
class _Making:
    """Requests as they come together."""

    con: Connection
    now_ms: int
    epoch: str
    left: int
    asks: list[CarriedAsk] = field(default_factory=list[CarriedAsk])
    bodies: list[bytes] = field(default_factory=list[bytes])
    upto: dict[str, int] = field(default_factory=dict[str, int])
    ops: int = 0
    actions: int = 0
    over: int = 0
    contents: int = 0
    left_contents: int = 0
    refill: bool = False

    def ask(self, method: str, path: str, body: bytes = b"") -> None:
        self.asks.append(CarriedAsk(method=method, path=path, size=len(body)))
        self.bodies.append(body)
        self.left -= len(body) + 100

    def fits(self, size: int) -> bool:
        return size + 100 <= self.left and len(self.asks) < _PARTS


def compose(file: StationFile, clock: Clock, *, max_bytes: int = MAX_CARRIED_BYTES) -> Outgoing:
    """What goes. It stands in the list as ``writing`` until ``written`` is told.

    Raises:
        Refused: ``sync_not_enrolled``.
    """
    facts = file.read(sync_facts.all_facts).result()
    if "device" not in facts:
        raise Refused("sync_not_enrolled")
    number = file.write(lambda w: sync_carried.next_number(w.con)).result()
    key = bytes.fromhex(facts["device_key"])
    exchange = secrets.token_hex(16)

    def job(con: Connection) -> tuple[_Making, str]:
        making = _Making(
            con, clock.now_ms(), facts.get("epoch", ""), min(max_bytes, MAX_CARRIED_BYTES) - ROOM
        )
        _everything(making)
        stream = sync_state.stream(con, facts.get("station", ""))
        return making, stream.name if stream else ""

    made, station = file.read(job).result()
    day = local_date(made.now_ms).strftime("%Y%m%d")
    head = CarriedHead(
        exchange=exchange, protocol=PROTOCOL, device=facts["device"], number=number, made_ms=made.now_ms,
        answer_key=exchange_public(answer_key(key)).hex(), max_bytes=MAX_CARRIED_BYTES, refill=made.refill,
        asks=made.asks,
    )  # fmt: skip
    data = seal(write_parts(head, made.bodies), Way.OUT, exchange, bytes.fromhex(facts["exchange_key"]), key)
    row = CarriedFile(
        exchange, number, out_name(station, day, number, facts["device"]), made.now_ms, len(data), made.ops,
        made.contents, made.over, made.upto, made.epoch,
    )  # fmt: skip
    file.write(lambda w: sync_carried.put(w.con, row)).result()
    return Outgoing(row, data, made.actions, made.left_contents)


def written(file: StationFile, exchange: str, name: str) -> None:
    """It is on the stick and was read back."""

    def job(w: Writing) -> None:
        sync_carried.is_written(w.con, exchange, name)

    file.write(job).result()


def _everything(m: _Making) -> None:
    """In the order in which the server is to do it."""
    con = m.con
    refill = bool(sync_facts.get(con, "refill"))
    m.ask("POST", "/v1/renew")
    for mark in sync_state.own_marks(con):
        if not recovering.is_forked(mark):
            _pushes(m, mark, probe=refill or mark.replica == sync_state.current_replica(con))
    if refill and all(s.at.seq >= s.head for s in sync_state.streams(con) if not s.gone):
        _witness(m)
    for ask in talking.to_send(con, m.epoch):
        body = _json(talking.message(ask))
        if m.fits(len(body)):
            m.ask("POST", "/v1/transfer", body)
            m.ops += not ask.is_sent
    for body in _bootstraps(con):
        if m.fits(len(body)):
            m.ask("POST", "/v1/bootstrap", body)
    pull = PullAsk(epoch=m.epoch or None, cursors=cursors(con)[:MAX_STREAMS], max_bytes=PAGE_BYTES)
    m.ask("POST", "/v1/pull", _json(pull))
    if abs(m.now_ms - sync_facts.number(con, "stations_ms")) > _STATIONS_MS:
        known = StationsAsk(known=sync_facts.get(con, "stations_version"))
        m.ask("POST", "/v1/stations", _json(known))
    _contents(m)


def _pushes(m: _Making, mark: Mark, *, probe: bool) -> None:
    """One life of this file, as far as there is room; what follows in it waits for the next file."""
    last = sync_state.last_seq(m.con, mark.replica)
    at = Place(seq=mark.acked, hash=mark.hash.hex())
    begun = False
    while at.seq < last or (not begun and (probe or mark.acked > mark.safe)):
        begun = True
        parcel = fitting(m.con, mark.replica, at.seq, _PUSH_BYTES, MAX_BODY_BYTES)
        head = PushHead(
            replica=mark.replica, epoch=m.epoch or None, last_seq=last, now_ms=m.now_ms, acked=at,
            count=len(parcel.lines),
        )  # fmt: skip
        body = write_lines(head, parcel.lines)
        if not m.fits(len(body)):
            m.over += last - at.seq
            return
        m.ask("POST", "/v1/push", body)
        if not parcel.ops:
            return  # nothing new, or a hole that only the next exchange over it can fill
        end = parcel.ops[-1]
        at = Place(seq=end.replica_seq, hash=op_hash(end).hex())
        m.upto[mark.replica] = end.replica_seq
        m.ops += len(parcel.ops)
        m.actions += len(parcel.actions)


def _witness(m: _Making) -> None:
    """What the server lost of other files, as far as it is known here, and which contents it still has."""
    m.refill = True
    for replica in outbox.unlisted(m.con):
        after = 0
        while (parcel := _of_others(m.con, replica, after)).ops:
            after = parcel.ops[-1].replica_seq
            head = PushHead(
                replica=replica, epoch=m.epoch or None, last_seq=after, now_ms=m.now_ms,
                count=len(parcel.lines), witness=True,
            )  # fmt: skip
            body = write_lines(head, parcel.lines)
            if not m.fits(len(body)):
                m.over += len(parcel.ops)
                m.refill = False  # offered again until all of it went
                break
            m.ask("POST", "/v1/push", body)
    if not m.refill:
        return
    here = sync_blobs.sent(m.con)
    for start in range(0, len(here), 500):
        m.ask("POST", "/v1/blobs", _json(BlobsAsk(digests=here[start : start + 500])))


def _of_others(con: Connection, replica: str, after: int) -> Parcel:
    return fitting(con, replica, after, _PUSH_BYTES, MAX_BODY_BYTES, of=outbox.witnessed)


def _bootstraps(con: Connection) -> Iterator[bytes]:
    """Streams that are still loading, and people who came back without their payloads."""
    for state in sync_state.streams(con):
        if state.loading is not None and not state.gone:
            loading = Loading.of(state.loading)
            at = Place(seq=loading.seq, hash=loading.hash) if loading else None
            after = loading.mark if loading else ""
            yield _json(BootstrapAsk(stream=state.stream, at=at, after=after, max_bytes=PAGE_BYTES))
    for subject, stream, blank in sync_scope.who_came_back(con):
        if blank:
            yield _json(BootstrapAsk(stream=stream, subjects=[subject], max_bytes=PAGE_BYTES))


def _contents(m: _Making) -> None:
    """Attachments that the server is not known to have, each whole or another time; and those wanted."""
    for digest in sync_blobs.unsent(m.con):
        content = local.blob(m.con, digest)
        if content is None:
            continue
        if not m.fits(len(content) + 200 * (1 + len(content) // BLOB_CHUNK_BYTES)):
            m.left_contents += 1
            continue
        for at in range(0, max(1, len(content)), BLOB_CHUNK_BYTES):
            chunk = content[at : at + BLOB_CHUNK_BYTES]
            m.ask("PUT", f"/v1/blobs/{digest}?at={at}&size={len(content)}", chunk)
        m.contents += 1
    for digest in sync_blobs.wanted(m.con)[:_WANTED]:
        m.ask("GET", f"/v1/blobs/{digest}?at=0")


def _json(message: Message) -> bytes:
    return message.model_dump_json(exclude_none=True).encode()
