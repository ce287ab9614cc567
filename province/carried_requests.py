"""One request of a file that was carried, and what follows from it, answered as far as there is room.

Over a line a desk would ask page after page; in a file every page comes at once (M-12). A request that is
refused is answered with its refusal, and the others of the file stand.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from time import monotonic
from typing import TypeVar
from urllib.parse import parse_qs

from jobdesk.cases.errors import BadInput
from jobdesk.protocol.bodies import read_body, read_page
from jobdesk.protocol.carried import CarriedReply
from jobdesk.protocol.codes import STATUS, ErrorCode
from jobdesk.protocol.limits import MAX_BLOB_BYTES, MAX_BODY_BYTES
from jobdesk.protocol.messages import (
    BootstrapAsk,
    BootstrapHead,
    Cursor,
    Message,
    Place,
    PullAsk,
    PullHead,
    PushHead,
    Station,
    StationsAsk,
    StationsHead,
)
from jobdesk.protocol.versions import is_answered
from province.asking import Asked, Vouched
from province.refusing import Refused
from province.serving import Province

M = TypeVar("M", bound=Message)
_STREAMS = 4000
"""Requests that one request of a file may become: every page of every stream in it."""
_PUSH = "/v1/push"
_PUSHED, _VERDICT = 2048, 256
"""Bytes of the answer to a push and of what it tells of one operation, at the very most."""


class NoRoom(Exception):
    """A reply that the largest file does not hold beside the others."""


@dataclass(slots=True)
class Back:
    """An answer as it grows.

    Attributes:
        left: bytes that the desk takes yet.
        beyond: as many more that a reader takes at all: what was done is named whatever ``left`` says.
        until: by ``monotonic``; what was not begun by then waits for another file.
        pushes_until: the same for pushes, so that each file brings what the next one begins behind.
        undone: something was not even begun.
    """

    left: int
    beyond: int = 0
    until: float = math.inf
    pushes_until: float = math.inf
    undone: bool = False
    replies: list[CarriedReply] = field(default_factory=list[CarriedReply])
    bodies: list[bytes] = field(default_factory=list[bytes])
    more: bool = False
    placed: dict[str, Place] = field(default_factory=dict[str, Place])
    """Where bootstraps of this file stand: what is pulled after them begins there."""

    def add(self, asked: Asked, status: int, body: bytes, *, ask: str = "", whole: int | None = None) -> None:
        """Raises NoRoom."""
        reply = CarriedReply(
            method=asked.method, path=asked.path, ask=ask, status=status, size=len(body), whole=whole
        )
        size = len(body) + len(_json(reply)) + 1
        if not self.holds(size):
            raise NoRoom
        self.replies.append(reply)
        self.bodies.append(body)
        self.left -= size

    def holds(self, size: int) -> bool:
        """Whether a reader takes so much more."""
        return size <= self.left + self.beyond

    @property
    def is_late(self) -> bool:
        """One thing is done in any case: the next file begins behind it."""
        return bool(self.replies) and monotonic() >= self.until

    @property
    def is_full(self) -> bool:
        return self.left <= 0 or self.is_late


def answer(province: Province, asked: Vouched, back: Back, version: int) -> None:
    """One request, and what follows from it, as far as there is room. Of a version that is no longer spoken
    what was saved is taken, as over a line (M-1.3). What has no room or no time left is without a reply.
    """
    try:
        if back.is_late:
            raise NoRoom
        _answer(province, asked, back, version)
    except NoRoom:
        back.more = back.undone = True


def _answer(province: Province, asked: Vouched, back: Back, version: int) -> None:
    if len(asked.body) > MAX_BODY_BYTES:
        too_large = Refused(ErrorCode.BODY, detail="too_large")
        back.add(asked, STATUS[ErrorCode.BODY], _json(province.refusal(too_large)))
        return
    where, _, query = asked.path.partition("?")
    late = where == _PUSH and bool(back.replies) and monotonic() >= back.pushes_until
    if late or not back.holds(_least(asked, where)):
        raise NoRoom
    try:
        if not is_answered(str(version), where, province.spoken):
            raise Refused(ErrorCode.UPGRADE, detail=str(version)[:20])
        match asked.method, where.split("/")[1:]:
            case "POST", ["v1", "renew"]:
                back.add(asked, 200, _json(province.renew(asked)))
            case "POST", ["v1", "push"]:
                _push(province, asked, back)
            case "POST", ["v1", "transfer"]:
                back.add(asked, 200, _json(province.transfer(asked)), ask=asked.body.decode())
            case "POST", ["v1", "pull"]:
                _pull(province, asked, back)
            case "POST", ["v1", "bootstrap"]:
                _bootstrap(province, asked, back)
            case "POST", ["v1", "stations"]:
                _stations(province, asked, back)
            case "POST", ["v1", "blobs"]:
                back.add(asked, 200, _json(province.blobs(asked)))
            case "PUT", ["v1", "blobs", digest]:
                numbers = _numbers(query)
                at, size = numbers.get("at", 0), numbers.get("size", 0)
                back.add(asked, 200, _json(province.put_blob(asked, _digest(digest), at, size)))
            case "GET", ["v1", "blobs", digest]:
                _content(province, asked, _digest(digest), back)
            case _:
                nowhere = Refused(ErrorCode.BODY, detail="address")
                back.add(asked, 404, _json(province.refusal(nowhere)))
    except Refused as no:
        back.add(asked, STATUS[no.error], _json(province.refusal(no)), ask=_said(asked))


def _least(asked: Asked, where: str) -> int:
    """Room without which a request is not begun: a refusal says it, escaped. Of a push that is its head."""
    said = 0 if asked.method != "POST" or where == _PUSH else len(asked.body)
    return 16 * 1024 + 4 * said


def _push(province: Province, asked: Vouched, back: Back) -> None:
    """Verdicts always have room: what was taken is named, or it would be sent for ever. Nothing is taken
    whose verdicts might not fit in the largest file.
    """
    try:
        head, _ = read_body(asked.body, PushHead)
    except BadInput as bad:
        raise Refused(ErrorCode.BODY, detail=bad.code) from bad
    if not back.holds(_PUSHED + _VERDICT * head.count):
        raise NoRoom
    back.add(asked, 200, _json(province.push(asked)), ask=_text(head))


def _pull(province: Province, asked: Vouched, back: Back) -> None:
    """Page after page. A cursor that is no place of the stream is told, and the stream goes on from its
    beginning, as the desk would ask next.
    """
    ask = _read(asked, PullAsk)
    at = {c.stream: c.at for c in ask.cursors} | back.placed
    for _ in range(_STREAMS):
        if back.is_full:
            back.more = True
            return
        ask = ask.model_copy(
            update={
                "cursors": [Cursor(stream=s, at=p) for s, p in at.items()],
                "max_bytes": max(1, min(ask.max_bytes, back.left)),
            }
        )
        one = Vouched(asked.method, asked.path, _json(ask), asked.device, "", "")
        try:
            body = province.pull(one)
        except Refused as no:
            back.add(one, STATUS[no.error], _json(province.refusal(no)), ask=_text(ask))
            if no.error is ErrorCode.DIVERGED and no.stream and at.get(no.stream, Place()).seq:
                at[no.stream] = Place()
            elif no.error is ErrorCode.OUT_OF_SCOPE and no.stream in at:
                del at[no.stream]
            else:
                return
            continue
        if len(body) > back.left and back.replies:
            back.more = True
            return
        back.add(one, 200, body)
        head, _ = read_page(body, PullHead)
        at |= {page.stream: page.end for page in head.pages}
        if not head.more:
            return
    back.more = True


def _bootstrap(province: Province, asked: Vouched, back: Back) -> None:
    ask = _read(asked, BootstrapAsk)
    for _ in range(_STREAMS):
        if back.is_full:
            back.more = True
            return
        ask = ask.model_copy(update={"max_bytes": max(1, min(ask.max_bytes, back.left))})
        one = Vouched(asked.method, asked.path, _json(ask), asked.device, "", "")
        body = province.bootstrap(one)
        if len(body) > back.left:
            back.more = True
            return
        back.add(one, 200, body, ask=_text(ask))
        head, _ = read_page(body, BootstrapHead)
        if not ask.subjects:
            back.placed[ask.stream] = head.at
        if head.complete:
            return
        ask = ask.model_copy(update={"at": head.at, "after": head.mark})
    back.more = True


def _stations(province: Province, asked: Vouched, back: Back) -> None:
    """The list whole, or another time: a part of it is of no use."""
    ask = _read(asked, StationsAsk)
    pages: list[tuple[Vouched, bytes, str]] = []
    while True:
        if back.is_late:
            raise NoRoom
        one = Vouched(asked.method, asked.path, _json(ask), asked.device, "", "")
        body = province.stations(one)
        pages.append((one, body, _text(ask)))
        head, lines = read_page(body, StationsHead)
        if sum(len(b) + 500 for _, b, _ in pages) > back.left:
            back.more = True
            return
        if not head.more or not lines:
            break
        ask = StationsAsk(after=Station.model_validate_json(lines[-1]).stream)
    for one, body, said in pages:
        back.add(one, 200, body, ask=said)


def _content(province: Province, asked: Vouched, digest: str, back: Back) -> None:
    """A content goes whole or another time."""
    chunks = list(_chunks(lambda at: province.get_blob(asked, digest, at), back.left))
    if not chunks:
        back.more = True
    for chunk, size in chunks:
        back.add(asked, 200, chunk, whole=size)


def _chunks(get: Callable[[int], tuple[bytes, int]], left: int) -> Generator[tuple[bytes, int]]:
    at = 0
    while True:
        chunk, size = get(at)
        if size > left:
            return
        yield chunk, size
        at += len(chunk)
        if at >= size or not chunk:
            return


def _read(asked: Asked, kind: type[M]) -> M:
    try:
        return kind.model_validate_json(asked.body)
    except ValueError as bad:
        raise Refused(ErrorCode.BODY) from bad


def _numbers(query: str) -> dict[str, int]:
    """Raises Refused for what the address would not take over a line either."""
    try:
        found = {k: int(v[0]) for k, v in parse_qs(query).items()}
    except ValueError as bad:
        raise Refused(ErrorCode.BODY, detail="query") from bad
    if any(not 0 <= v <= MAX_BLOB_BYTES for v in found.values()):
        raise Refused(ErrorCode.BODY, detail="query")
    return found


def _digest(text: str) -> str:
    if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
        raise Refused(ErrorCode.BODY, detail="query")
    return text


def _said(asked: Asked) -> str:
    """Head of a request that was refused: the desk has to know which of its own that was."""
    try:
        if asked.path == _PUSH:
            return _text(read_body(asked.body, PushHead)[0])
        return asked.body.decode() if asked.method == "POST" and json.loads(asked.body) else ""
    except (BadInput, ValueError, RecursionError):
        return ""


def _text(message: Message) -> str:
    return message.model_dump_json(exclude_none=True)


def _json(message: Message) -> bytes:
    return _text(message).encode()
