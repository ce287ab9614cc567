"""The verbs of the protocol over one database: what the web layer calls, and the simulator too."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sqlalchemy import text

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
    BlobsAsk,
    BlobState,
    BlobsTold,
    BootstrapAsk,
    EnrolAsk,
    Enrolled,
    Hello,
    Limits,
    Message,
    Notice,
    PullAsk,
    PullHead,
    PushAnswer,
    PushHead,
    Refusal,
    Scope,
    StationsAsk,
    StreamInfo,
    TransferAsk,
)
from jobdesk.protocol.signing import new_nonce
from province import (
    bootstrap,
    contents,
    enrolling,
    notices,
    pull,
    pushing,
    stations,
    transfers,
)
from province.afterwards import Afterwards
from province.asking import Asked, Vouched, caller_of, signed_by
from province.bounding import Bound
from province.db.engine import EVERYTHING, Database
from province.identity import Identity, identity
from province.refusing import Refused
from province.scope import Caller
from province.sweeping import Sweeps

M = TypeVar("M", bound=Message)
USUAL_PAUSE_S = 300
_CONTENTS_S = 60
"""Own figure: somebody has to make room."""
_SHUT = "附件文件夹（CONTENTS）不能读写：请检查磁盘空间、挂载和权限。恢复后自动继续，应删除的内容会补删。"
_LOG = logging.getLogger("province")


@dataclass(slots=True)
class Province:
    """One process of the server. It keeps nothing between two requests but its connections, and what it may
    forget at any time.

    Attributes:
        now_ms: the server's clock.
        new_id: ids of devices and notices.
        store: the folder of contents; None takes none.
        spoken: versions of the protocol that are answered; pushes of older ones are taken all the same.
        bound: of what may wait apart of one machine (M-3.4).
        in_work: machines of which a carried file is worked on.
        sweeps: of the folder, for bytes of the erased.
        afterwards: what pushes leave to be done behind their answers.
    """

    db: Database
    now_ms: Callable[[], int]
    new_id: Callable[[], str]
    store: contents.Store | None = None
    orders: bootstrap.Orders = field(default_factory=bootstrap.Orders)
    spoken: tuple[int, ...] = SPOKEN
    bound: Bound = field(default_factory=Bound)
    listed: stations.Kept = field(default_factory=stations.Kept)
    in_work: dict[str, object] = field(default_factory=dict[str, object])
    sweeps: Sweeps = field(default_factory=Sweeps)
    afterwards: Afterwards = field(init=False)

    def __post_init__(self) -> None:
        self.afterwards = Afterwards(self.db, self.now_ms, lambda: self.me().person_secret, self.drop_erased)

    def me(self) -> Identity:
        """Read anew: a restore gives another epoch while processes run."""
        with self.db.reading(EVERYTHING) as con:
            return identity(con)

    def follows(self) -> bool:
        """Whether the database follows another one, and can only be read.

        Raises:
            KeyError: it was not prepared.
        """
        with self.db.reading(EVERYTHING) as con:
            identity(con)
            return self.db.is_postgres and bool(con.execute(text("SELECT pg_is_in_recovery()")).scalar_one())

    def hello(self) -> Hello:
        me, now = self.me(), self.now_ms()
        return Hello(
            server=me.name, versions=list(self.spoken), epoch=me.epoch, now_ms=now,
            nonce=new_nonce(me.nonce_secret, now // 1000), guards=self.db.guards,
            limits=Limits(body_bytes=MAX_BODY_BYTES, batch_bytes=MAX_BATCH_BYTES,
                          operation_bytes=MAX_OP_BYTES, streams=MAX_STREAMS),
        )  # fmt: skip

    def fresh_nonce(self) -> str:
        return new_nonce(self.me().nonce_secret, self.now_ms() // 1000)

    def refusal(self, no: Refused) -> Refusal:
        """What the asker is told, with what it needs to ask better: a fresh nonce, the versions spoken."""
        return Refusal(
            error=no.error, detail=no.detail, acked=no.acked, stream=no.stream,
            retry_after_s=no.retry_after_s,
            nonce=self.fresh_nonce() if no.error is ErrorCode.STALE_NONCE else None,
            versions=list(self.spoken) if no.error is ErrorCode.UPGRADE else [],
        )  # fmt: skip

    def enrol(self, asked: Asked) -> Enrolled:
        """Raises Refused; see ``enrolling.enrol``."""
        ask = _message(asked, EnrolAsk)
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
        try:
            head, lines = read_body(asked.body, PushHead)
        except BadInput as bad:
            raise Refused(ErrorCode.BODY, detail=bad.code) from bad
        if len(lines) != head.count:
            raise Refused(ErrorCode.BODY, detail="count")
        return self.take(caller, me, head, lines, carried=isinstance(asked, Vouched))

    def take(
        self, caller: Caller, me: Identity, head: PushHead, lines: list[bytes], *, carried: bool = False
    ) -> PushAnswer:
        """A push whose sender is known already."""
        now = self.now_ms()
        caller = replace(caller, replica=head.replica)
        taken = pushing.taken(self.db, caller, head, lines, now, me.person_secret, self.bound,
                              carried=carried)  # fmt: skip
        if taken.erased:
            self.drop_erased(taken.erased, taken.contents)
        self.afterwards.push_came(taken.came, taken.strange)
        return PushAnswer(
            epoch=me.epoch, acked=taken.acked, safe=taken.safe, verdicts=taken.verdicts, now_ms=now,
            skew_ms=pushing.skew_of(head, now), next_sync_s=USUAL_PAUSE_S, erased=sorted(taken.told),
            heard=taken.heard,
        )  # fmt: skip

    def pull(self, asked: Asked) -> bytes:
        """The body of the answer."""
        caller, me = self._caller(asked, reads=True)
        ask = _message(asked, PullAsk)
        with self.db.reading(caller.nums, station=caller.at_station) as con:
            found = pull.answer(con, caller, ask.cursors, ask.max_bytes)
            waiting = notices.of(con, caller, self.now_ms())
        scope = Scope(
            version=found.scope_version,
            streams=[
                StreamInfo(stream=s.id, name=s.name, region=s.region, station_subject=s.station_subject)
                for s in caller.streams
            ],
        )
        head = PullHead(
            epoch=me.epoch, now_ms=self.now_ms(), scope=scope, pages=found.pages, more=found.more,
            homes=found.homes,
        )  # fmt: skip
        return write_lines(pull.told(head, found.lines, waiting), found.lines)

    def bootstrap(self, asked: Asked) -> bytes:
        """The body of one page."""
        caller, me = self._caller(asked, reads=True)
        ask = _message(asked, BootstrapAsk)
        with self.db.reading(caller.nums, station=caller.at_station) as con:
            head, lines = bootstrap.page(con, caller, ask, me.epoch, self.orders)
        return write_lines(head, lines)

    def transfer(self, asked: Asked) -> Notice:
        """A request between two stations, or the answer to one."""
        caller, me = self._caller(asked, reads=True)
        ask = _message(asked, TransferAsk)
        try:
            with self.db.writing(caller.nums) as con:
                made = transfers.transfer(con, caller, ask, self.now_ms(), me.person_secret)
        except transfers.NobodyFound as nobody:
            with self.db.writing(caller.nums) as con:
                transfers.count_nobody(con, nobody)
            raise
        return made.model_copy(update={"epoch": me.epoch})

    def stations(self, asked: Asked) -> bytes:
        """One page of the list to choose a station from."""
        self._caller(asked, reads=True)
        ask = _message(asked, StationsAsk)
        with self.db.reading(EVERYTHING) as con:
            return stations.body(con, ask, self.listed)

    def blobs(self, asked: Asked) -> BlobsTold:
        """What is held of these contents; those out of scope are left out."""
        caller, _ = self._caller(asked, reads=True)
        ask = _message(asked, BlobsAsk)
        with (
            self._contents() as store,
            self.db.reading(caller.nums, station=True) as con,
        ):  # how much of it is here, and nothing of it
            seen = contents.in_scope(con, caller, ask.digests)
            seen |= contents.to_bring(con, caller, set(ask.digests) - seen)
            told = [store.state(d) for d in ask.digests if d in seen]
            contents.note_owners(con, store, [state.digest for state in told if state.held])
        return BlobsTold(blobs=told)

    def put_blob(self, asked: Asked, digest: str, at: int, size: int) -> BlobState:
        """A chunk from ``at`` on.

        Raises:
            Refused: ``out_of_scope``: no operation in scope names it; ``body``: too large, or another digest;
                ``busy``: too many of this machine are not whole yet.
        """
        caller, _ = self._caller(asked, reads=True)
        with self._contents() as store:
            with self.db.reading(caller.nums, station=True) as con:
                if digest not in contents.to_bring(con, caller, [digest]):
                    raise Refused(ErrorCode.OUT_OF_SCOPE)
                contents.note_owners(con, store, [digest])
            return store.put(digest, at, size, asked.body, caller.device)

    def get_blob(self, asked: Asked, digest: str, at: int) -> tuple[bytes, int]:
        """A chunk and the size of the whole."""
        caller, _ = self._caller(asked, reads=True)
        with self._contents() as store:
            with self.db.reading(caller.nums, station=caller.at_station) as con:
                if digest not in contents.to_read(con, caller, [digest]):
                    raise Refused(ErrorCode.OUT_OF_SCOPE)
            return store.get(digest, at)

    def drop_erased(self, subjects: Collection[str] | None = None, gone: Collection[str] = ()) -> None:
        """See ``contents.drop_erased``. What brought the erasure is committed: bytes that cannot be deleted
        now go with a later sweep, as those do whose process died in between.
        """
        if self.store is None:
            return
        try:
            if subjects is None:
                self.sweeps.sweep(self.db, self.store, self.now_ms())
            else:
                contents.drop_erased(self.db, self.store, subjects, gone)
        except OSError as shut:
            _told_of(shut)

    @contextmanager
    def _contents(self) -> Generator[contents.Store]:
        """Raises Refused ``busy`` where the folder cannot be used: a disk that is full or read-only."""
        if self.store is None:
            raise Refused(ErrorCode.BUSY, detail="no_contents", retry_after_s=3600)
        try:
            yield self.store
        except OSError as shut:
            _told_of(shut)
            raise Refused(ErrorCode.BUSY, detail="contents", retry_after_s=_CONTENTS_S) from shut

    def _caller(self, asked: Asked, *, reads: bool = False) -> tuple[Caller, Identity]:
        with self.db.reading(EVERYTHING) as con:
            me = identity(con)
            caller = caller_of(con, asked, me, self.now_ms())
        if reads and caller.revoked:
            raise Refused(ErrorCode.REVOKED)
        return caller, me


def _told_of(shut: OSError) -> None:
    """With what the system says, never with a path: digests stand in them."""
    _LOG.error(_SHUT, extra={"fields": {"class": type(shut).__name__, "reason": shut.strerror or ""}})


def _message(asked: Asked, kind: type[M]) -> M:
    try:
        return kind.model_validate_json(asked.body)
    except ValueError as bad:
        raise Refused(ErrorCode.BODY) from bad
