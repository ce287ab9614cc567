"""The verbs of the protocol over one database: what the web layer calls, and the simulator too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import func, select, update

from jobdesk.cases.errors import BadInput
from jobdesk.protocol.bodies import read_body, write_lines
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.limits import (
    MAX_BATCH_BYTES,
    MAX_BODY_BYTES,
    MAX_OP_BYTES,
    MAX_STREAMS,
    SPOKEN,
)
from jobdesk.protocol.messages import (
    EnrolAsk,
    Enrolled,
    Hello,
    Limits,
    PullAsk,
    PullHead,
    PushAnswer,
    PushHead,
    Scope,
    StreamInfo,
)
from jobdesk.protocol.signing import new_nonce
from province import accept, enrolling, pull
from province.asking import Asked, caller_of, signed_by
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.identity import Identity, identity
from province.refusing import Refused
from province.scope import Caller

USUAL_PAUSE_S = 300


@dataclass(slots=True)
class Province:
    """One process of the server. It keeps nothing between two requests but its connections.

    Attributes:
        now_ms: the server's clock.
        new_id: ids of devices and notices.
    """

    db: Database
    now_ms: Callable[[], int]
    new_id: Callable[[], str]

    def me(self) -> Identity:
        """Read anew: a restore gives another epoch while processes run."""
        with self.db.reading(EVERYTHING) as con:
            return identity(con)

    def hello(self) -> Hello:
        me, now = self.me(), self.now_ms()
        return Hello(
            server=me.name, versions=list(SPOKEN), epoch=me.epoch, now_ms=now,
            nonce=new_nonce(me.nonce_secret, now // 1000), guards=self.db.guards,
            limits=Limits(body_bytes=MAX_BODY_BYTES, batch_bytes=MAX_BATCH_BYTES,
                          operation_bytes=MAX_OP_BYTES, streams=MAX_STREAMS),
        )  # fmt: skip

    def fresh_nonce(self) -> str:
        return new_nonce(self.me().nonce_secret, self.now_ms() // 1000)

    def enrol(self, asked: Asked) -> Enrolled:
        """Raises Refused; see ``enrolling.enrol``."""
        try:
            ask = EnrolAsk.model_validate_json(asked.body)
        except ValueError as bad:
            raise Refused(ErrorCode.BODY) from bad
        me, now = self.me(), self.now_ms()
        signed_by(asked, bytes.fromhex(ask.device_key), me, now // 1000)
        with self.db.writing(EVERYTHING) as con:
            return enrolling.enrol(con, ask, self.new_id(), me, now)

    def renew(self, asked: Asked) -> Enrolled:
        me, now = self.me(), self.now_ms()
        with self.db.writing(EVERYTHING) as con:
            caller = caller_of(con, asked, me, now, renewing=True)
            return enrolling.renew(con, caller.device, me, now)

    def push(self, asked: Asked) -> PushAnswer:
        """Durable when it answers."""
        caller, me = self._caller(asked)
        head, lines = _body(asked, PushHead)
        if len(lines) != head.count:
            raise Refused(ErrorCode.BODY, detail="count")
        now = self.now_ms()
        if head.epoch is not None and head.epoch != me.epoch:
            head = replace_epoch(head, me.epoch)
        with self.db.writing(caller.nums) as con:
            taken = accept.take(con, replace(caller, replica=head.replica), head, lines, now)
            con.execute(
                update(t.device)
                .where(t.device.c.id == caller.device)
                .values(
                    seen_ms=now, skew_ms=head.now_ms - now, waiting=max(0, head.last_seq - taken.acked.seq)
                )
            )
        return PushAnswer(
            epoch=me.epoch, acked=taken.acked, safe=taken.safe, verdicts=taken.verdicts, now_ms=now,
            skew_ms=head.now_ms - now, next_sync_s=USUAL_PAUSE_S,
        )  # fmt: skip

    def pull(self, asked: Asked) -> bytes:
        """The body of the answer."""
        caller, me = self._caller(asked)
        if caller.revoked:
            raise Refused(ErrorCode.REVOKED)
        try:
            ask = PullAsk.model_validate_json(asked.body)
        except ValueError as bad:
            raise Refused(ErrorCode.BODY) from bad
        with self.db.reading(caller.nums) as con:
            found = pull.answer(con, caller, ask.cursors, ask.max_bytes)
            version = con.execute(
                select(func.coalesce(func.max(t.stream.c.scope_version), 0)).where(
                    t.stream.c.num.in_(caller.nums)
                )
            ).scalar_one()
        scope = Scope(
            version=int(version),
            streams=[
                StreamInfo(stream=s.id, name=s.name, region=s.region, station_subject=s.station_subject)
                for s in caller.streams
            ],
        )
        head = PullHead(epoch=me.epoch, now_ms=self.now_ms(), scope=scope, pages=found.pages, more=found.more)
        return write_lines(head, found.lines)

    def _caller(self, asked: Asked) -> tuple[Caller, Identity]:
        with self.db.reading(EVERYTHING) as con:
            me = identity(con)
            return caller_of(con, asked, me, self.now_ms()), me


def replace_epoch(head: PushHead, epoch: str) -> PushHead:
    """A desk that last spoke to another epoch is judged by the chain alone: gap and fork say the rest."""
    return head.model_copy(update={"epoch": epoch})


def _body(asked: Asked, kind: type[PushHead]) -> tuple[PushHead, list[bytes]]:
    try:
        return read_body(asked.body, kind)
    except BadInput as bad:
        raise Refused(ErrorCode.BODY, detail=bad.code) from bad
