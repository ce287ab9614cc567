"""A desk that knows nothing but the wire: keys, signatures, a chain, cursors."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from jobdesk.cases.clock import FixedClock, HybridClock
from jobdesk.cases.codec import GENESIS, canonical, encode, op_hash, payload_hash
from jobdesk.cases.id_number import check_digit
from jobdesk.cases.ops import NewOp, Op, Subject, opened
from jobdesk.protocol.bodies import read_body, write_lines
from jobdesk.protocol.codes import STATUS
from jobdesk.protocol.messages import (
    Cursor,
    Enrolled,
    Hello,
    PageHead,
    Place,
    PullAsk,
    PullHead,
    PushAnswer,
    PushHead,
    Refusal,
)
from jobdesk.protocol.signing import (
    DEVICE,
    NONCE,
    SIGNATURE,
    VERSION,
    new_device_key,
    public_of,
    request_bytes,
    sign,
)

NOW = 1_800_000_000_000


class Skipped(Exception):
    """This server cannot be asked; the message says why. Told, never passed over in silence."""


class Wire(Protocol):
    """A server, in this process or over HTTP."""

    def request(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response: ...


@dataclass
class Desk:
    """One machine and one replica. Ids are fresh at every run: a server may be asked again and again."""

    wire: Wire
    key: bytes = field(default_factory=new_device_key)
    replica: str = field(default_factory=lambda: secrets.token_hex(12))
    enrolled: Enrolled | None = None
    ops: list[Op] = field(default_factory=list[Op])
    acked: Place = field(default_factory=Place)
    version: str = "1"

    def __post_init__(self) -> None:
        self.clock = HybridClock(FixedClock(NOW), self.replica)

    def hello(self) -> Hello:
        return Hello.model_validate_json(self.wire.request("GET", "/v1/hello", b"", {VERSION: "1"}).content)

    def ask(self, method: str, path: str, body: bytes = b"", **changed: str) -> httpx.Response:
        nonce = changed.pop("nonce", "") or self.hello().nonce
        device = self.enrolled.device if self.enrolled else ""
        headers = {VERSION: self.version, DEVICE: device, NONCE: nonce,
                   SIGNATURE: sign(self.key, request_bytes(method, path, body, nonce))}  # fmt: skip
        return self.wire.request(method, path, body, {**headers, **changed})

    def enrol(self, code: str, signer: bytes = b"") -> httpx.Response:
        """``signer``: another key than the one that is brought."""
        body = (
            f'{{"code":"{code}","device_key":"{public_of(self.key).hex()}","program":"conformance",'
            f'"station_subject":"{self.replica}"}}'
        )
        if signer:
            return Desk(self.wire, signer).ask("POST", "/v1/enrol", body.encode())
        answer = self.ask("POST", "/v1/enrol", body.encode())
        if answer.status_code == 200:
            self.enrolled = Enrolled.model_validate_json(answer.content)
        return answer

    @property
    def stream(self) -> str:
        assert self.enrolled is not None
        return self.enrolled.station.stream

    def act(self, *new: NewOp) -> list[Op]:
        """One action in the chain."""
        action = secrets.token_hex(12)
        made: list[Op] = []
        for one in new:
            salt = secrets.token_bytes(16)
            last = self.ops[-1] if self.ops else None
            op = Op(
                secrets.token_hex(12), self.replica, len(self.ops) + 1, self.clock.next(), "staff", action, 1,
                one.kind, one.subject, one.payload, salt, op_hash(last) if last else GENESIS,
                payload_hash(salt, one.payload), canonical(one.payload),
            )  # fmt: skip
            self.ops.append(op)
            made.append(op)
        return made

    def note(self, subject: str, text: str = "内容") -> list[Op]:
        return self.act(opened(Subject("case", subject), "service", secrets.token_hex(8), {"content": text}))

    def send(self, lines: Sequence[bytes] | None = None, **said: object) -> httpx.Response:
        """A push: everything behind ``acked``, or these lines."""
        given = [encode(o) for o in self.ops[self.acked.seq :]] if lines is None else list(lines)
        head = PushHead.model_validate(
            {"replica": self.replica, "acked": self.acked, "last_seq": len(self.ops), "now_ms": NOW,
             "count": len(given)} | said
        )  # fmt: skip
        return self.ask("POST", "/v1/push", write_lines(head, given))

    def push(self, lines: Sequence[bytes] | None = None, **said: object) -> PushAnswer:
        answer = self.send(lines, **said)
        assert answer.status_code == 200, answer.text
        told = PushAnswer.model_validate_json(answer.content)
        self.acked = told.acked
        return told

    def pull(self, cursors: Sequence[Cursor] = (), max_bytes: int = 1 << 20) -> tuple[PullHead, list[bytes]]:
        answer = self.ask("POST", "/v1/pull", _pull(cursors, max_bytes))
        assert answer.status_code == 200, answer.text
        return read_body(answer.content, PullHead)

    def pages(self, max_bytes: int = 1 << 20) -> Iterator[tuple[PageHead, list[bytes]]]:
        """Every page of the own stream, from its beginning."""
        at = Place()
        for _ in range(10_000):
            head, found = self.pull([Cursor(stream=self.stream, at=at)], max_bytes)
            page = next(p for p in head.pages if p.stream == self.stream)
            assert page.start == at
            yield page, found[: page.count]
            at = page.end
            if page.end.seq == page.head:
                return
        raise AssertionError("a pull without end")

    def everything(self, max_bytes: int = 1 << 20) -> tuple[list[bytes], Place, str]:
        """(lines, end, digest) of the own stream, page by page from its beginning."""
        lines: list[bytes] = []
        at, digest = Place(), ""
        for page, found in self.pages(max_bytes):
            lines += found
            at, digest = page.end, page.digest or digest
        return lines, at, digest


def _pull(cursors: Sequence[Cursor], max_bytes: int) -> bytes:
    return PullAsk(cursors=list(cursors), max_bytes=max_bytes).model_dump_json().encode()


def error(answer: httpx.Response) -> str:
    """The word of a refusal, whose status is the one that belongs to it (M-10.1, M-10.2)."""
    told = Refusal.model_validate_json(answer.content)
    assert answer.status_code in (STATUS[told.error], 404, 405), (told.error, answer.status_code)
    return told.error.value


class Life(Protocol):
    """What only somebody at the server can do. Each returns when the server answers again.

    Raises:
        Skipped: nobody said how.
    """

    def back_up(self) -> None:
        """A backup, and the older ones can be restored no longer."""
        ...

    def restore(self) -> None:
        """That backup takes the place of the database, and everything is done that belongs to it: a new epoch,
        the register of the erased. Contents stay as they are.
        """
        ...

    def kill(self) -> None:
        """Every process of the server dies without a warning (``kill -9``), and they start again."""
        ...

    def revoke(self, device: str) -> None: ...


@dataclass
class Ground:
    """Two desks of one station, one of another, and who is at the server.

    Attributes:
        code: the first desk's, which it has used.
        forged: what was answered to that code before, with the desk's key and another's signature.
    """

    wire: Wire
    code: str
    one: Desk
    two: Desk
    other: Desk
    life: Life
    forged: httpx.Response


def fresh() -> str:
    return secrets.token_hex(12)


def id_number() -> str:
    """Of nobody: a region that does not exist."""
    number = f"229901{1930 + secrets.randbelow(70)}{1 + secrets.randbelow(9):02d}{10 + secrets.randbelow(18)}"
    number += f"{secrets.randbelow(1000):03d}"
    return number + check_digit(number)
