"""The verbs of the protocol as calls: signed, with a fresh nonce, answers read or refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from jobdesk.cases.errors import BadInput, Trouble
from jobdesk.protocol.bodies import read_page, write_lines
from jobdesk.protocol.codes import KEPT_APART, ErrorCode
from jobdesk.protocol.limits import PROTOCOL
from jobdesk.protocol.messages import (
    BlobsAsk,
    BlobState,
    BlobsTold,
    BootstrapAsk,
    BootstrapHead,
    EnrolAsk,
    Enrolled,
    Hello,
    Notice,
    PullAsk,
    PullHead,
    PushAnswer,
    PushHead,
    Refusal,
    Station,
    StationsAsk,
    StationsHead,
    TransferAsk,
)
from jobdesk.protocol.signing import DEVICE, NONCE, SIGNATURE, VERSION, request_bytes, sign
from jobdesk.sync.transport import Answered, Transport

M = TypeVar("M", bound=BaseModel)


class Declined(Trouble):
    """The server did not do a request as a whole, and said why.

    Attributes:
        refusal: its words; ``error`` decides.
        at_the_bound: it keeps nothing more of this machine apart until somebody has decided (M-3.4).
    """

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        self.at_the_bound = refusal.error is ErrorCode.BUSY and refusal.detail == KEPT_APART
        code = KEPT_APART if self.at_the_bound else refusal.error.value
        super().__init__(f"sync_{code}", detail=refusal.detail)

    @property
    def error(self) -> ErrorCode:
        return self.refusal.error


_PORTAL = 511
"""A network that wants a login first. Every other 5xx is a server in trouble, or what stands before it while
it is stopped, whatever page is beneath.
"""


class NotSpoken(Trouble):
    """The server does not know this address: an older one, which does without."""


class Unanswered(Trouble):
    """What was carried does not answer this: it stays as it is until another exchange does."""


class Client:
    """One device at one server.

    Attributes:
        nonce: the server's, good for ten minutes; a stale one is replaced once (M-2.3).
        version: of the protocol, as both sides speak it.
        sent, received: bytes on the wire so far, for the receipt.
    """

    def __init__(self, transport: Transport, device: str, key: bytes) -> None:
        self._transport = transport
        self._device = device
        self._key = key
        self.nonce = ""
        self.version = PROTOCOL
        self.sent = self.received = 0

    def hello(self) -> Hello:
        """What the server is. Unsigned."""
        answer = self._transport.request("GET", "/v1/hello", {VERSION: str(self.version)}, b"")
        hello = _read(answer, Hello)
        self.nonce = hello.nonce
        return hello

    def enrol(self, ask: EnrolAsk) -> Enrolled:
        return _read(self._ask("POST", "/v1/enrol", _json(ask)), Enrolled)

    def renew(self) -> Enrolled:
        return _read(self._ask("POST", "/v1/renew", b""), Enrolled)

    def push(self, head: PushHead, lines: Sequence[bytes]) -> PushAnswer:
        return _read(self._ask("POST", "/v1/push", write_lines(head, lines)), PushAnswer)

    def pull(self, ask: PullAsk) -> tuple[PullHead, list[bytes]]:
        return _pages(self._ask("POST", "/v1/pull", _json(ask)), PullHead)

    def bootstrap(self, ask: BootstrapAsk) -> tuple[BootstrapHead, list[bytes]]:
        return _pages(self._ask("POST", "/v1/bootstrap", _json(ask)), BootstrapHead)

    def transfer(self, ask: TransferAsk) -> Notice:
        return _read(self._ask("POST", "/v1/transfer", _json(ask)), Notice)

    def stations(self, ask: StationsAsk) -> tuple[StationsHead, list[Station]]:
        head, lines = _pages(self._ask("POST", "/v1/stations", _json(ask)), StationsHead)
        try:
            return head, [Station.model_validate_json(line) for line in lines]
        except ValidationError as bad:
            raise Trouble("sync_answer_damaged", what="stations") from bad

    def blobs(self, ask: BlobsAsk) -> BlobsTold:
        return _read(self._ask("POST", "/v1/blobs", _json(ask)), BlobsTold)

    def put_blob(self, digest: str, at: int, size: int, chunk: bytes) -> BlobState:
        path = f"/v1/blobs/{digest}?" + urlencode({"at": at, "size": size})
        return _read(self._ask("PUT", path, chunk), BlobState)

    def get_blob(self, digest: str, at: int) -> tuple[bytes, int]:
        """Bytes from ``at`` on, at most a chunk; and the size of the whole."""
        answer = self._ask("GET", f"/v1/blobs/{digest}?" + urlencode({"at": at}), b"")
        size = answer.headers.get("jobdesk-size", "")
        if not (size.isascii() and size.isdigit()):
            raise Trouble("sync_answer_damaged", what="size")
        return answer.body, int(size)

    def carried(self, data: bytes) -> bytes:
        """Hand a sealed file over for somebody else, in the name of this device; the answer file."""
        return self._ask("POST", "/v1/carried", data).body

    def _ask(self, method: str, path: str, body: bytes) -> Answered:
        """Signed; once more with a fresh nonce, and once more where the line mangled something."""
        if not self.nonce:
            self.hello()
        mangled = stale = False
        while True:
            headers = {
                VERSION: str(self.version), DEVICE: self._device or "-", NONCE: self.nonce,
                SIGNATURE: sign(self._key, request_bytes(method, path, body, self.nonce)),
            }  # fmt: skip
            self.sent += len(body)
            answer = self._transport.request(method, path, headers, body)
            self.received += len(answer.body)
            if 200 <= answer.status < 300:
                return answer
            declined = _declined(answer)
            if declined.error is ErrorCode.STALE_NONCE and not stale:
                stale = True
                self.nonce = declined.refusal.nonce or ""
                if not self.nonce:
                    self.hello()
            elif declined.error in (ErrorCode.BAD_SIGNATURE, ErrorCode.BODY) and not mangled:
                mangled = True
            else:
                raise declined


def hand_over(transport: Transport, data: bytes) -> bytes:
    """The same for a machine that is no device of the server: unsigned, within the server's limits.

    Raises:
        Trouble, Declined, NotSpoken: as every request.
    """
    answer = transport.request("POST", "/v1/carried", {VERSION: str(PROTOCOL)}, data)
    if not 200 <= answer.status < 300:
        raise _declined(answer)
    return answer.body


def _json(message: BaseModel) -> bytes:
    return message.model_dump_json(exclude_none=True).encode()


def _declined(answer: Answered) -> Declined:
    nowhere = answer.status in (404, 405)
    try:
        refusal = Refusal.model_validate_json(answer.body)
    except ValidationError as bad:
        if nowhere:
            raise NotSpoken("sync_not_spoken") from bad
        if answer.status >= 500 and answer.status != _PORTAL:
            raise Trouble("sync_no_answer", what=f"status {answer.status}") from bad
        raise Trouble("sync_answer_damaged", what=f"status {answer.status}") from bad
    if nowhere and refusal.error is ErrorCode.BODY:  # no such address or method there (section 10)
        raise NotSpoken("sync_not_spoken")
    return Declined(refusal)


def _read(answer: Answered, kind: type[M]) -> M:
    if not 200 <= answer.status < 300:
        raise _declined(answer)
    try:
        return kind.model_validate_json(answer.body)
    except ValidationError as bad:  # a portal that wants a click, a proxy's page, half an answer
        raise Trouble("sync_answer_damaged", what=kind.__name__) from bad


def _pages(answer: Answered, kind: type[M]) -> tuple[M, list[bytes]]:
    try:
        return read_page(answer.body, kind)
    except BadInput as bad:
        raise Trouble("sync_answer_damaged", what=bad.code) from bad
