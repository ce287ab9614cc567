"""An answer file as a line: the exchange asks, and what the file holds of it is answered.

What was asked when the file was written and what is asked now need not be the same: somebody typed on, a line
was there in between, another answer was read first. So answers are found by what they are about: a push by
replica and place, a page by stream and cursor. What this file has passed is dropped, what it has not reached
is left, and what nobody asked is ``Unanswered``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import BaseModel

from jobdesk.cases.codec import op_hash
from jobdesk.cases.errors import BadInput
from jobdesk.protocol.bodies import read_body, read_page, write_lines
from jobdesk.protocol.carried import CarriedBack, CarriedReply, cut
from jobdesk.protocol.chains import StreamPoint, link
from jobdesk.protocol.codes import STATUS, ErrorCode, Verdict
from jobdesk.protocol.messages import (
    BlobsAsk,
    BlobState,
    BlobsTold,
    BootstrapAsk,
    PageHead,
    Place,
    PullAsk,
    PullHead,
    PushAnswer,
    PushHead,
    Refusal,
    Scope,
    StreamInfo,
)
from jobdesk.store.taking_in import read_lines
from jobdesk.sync.client import Unanswered
from jobdesk.sync.transport import Answered


@dataclass(frozen=True, slots=True)
class _Reply:
    head: CarriedReply
    body: bytes


@dataclass(slots=True)
class AnswerFile:
    """The server as an answer shows it (``transport.Transport``).

    Attributes:
        scope: streams of this desk now, where it has heard from the server since the answer was made; None
            where the answer is the newest word.
        ahead: pages were met that begin behind the cursor: an earlier answer was not read yet.
    """

    back: CarriedBack
    rest: bytes
    scope: Sequence[StreamInfo] | None = None
    ahead: bool = False
    _replies: list[_Reply] = field(default_factory=list[_Reply])
    _last: PullHead | None = None

    def __post_init__(self) -> None:
        """Raises BadInput ``carried_damaged``."""
        heads = self.back.replies
        bodies = cut(self.rest, [r.size for r in heads])
        self._replies = [_Reply(h, b) for h, b in zip(heads, bodies, strict=True)]

    def taken_of_others(self) -> set[tuple[str, str]]:
        """(replica, action) of what this desk offered as a witness and the server had lost (M-8.2)."""
        taken: set[tuple[str, str]] = set()
        for reply in self._of("/v1/push"):
            said = PushHead.model_validate_json(reply.head.ask) if reply.head.ask else None
            if said is not None and said.witness and reply.head.status == 200:
                verdicts = PushAnswer.model_validate_json(reply.body).verdicts
                taken |= {(said.replica, v.action) for v in verdicts if v.verdict is Verdict.ACCEPTED}
        return taken

    def refused_of_others(self) -> tuple[bool, dict[str, int]]:
        """Whether a push as a witness was refused, also one that the server could not read, whose answer does
        not say whose it was; and from where on chains go on differently there (M-4.9), by replica.
        """
        refused, forks, ends = False, dict[str, int](), dict[str, int]()
        for reply in self._of("/v1/push"):
            said = PushHead.model_validate_json(reply.head.ask) if reply.head.ask else None
            if said is not None and not said.witness:
                continue
            if reply.head.status != 200:
                refused = True
                if said is not None and _refusal(reply).error is ErrorCode.FORK:
                    forks.setdefault(said.replica, ends.get(said.replica, 0) + 1)
            if said is not None:
                ends[said.replica] = said.last_seq
        return refused, forks

    def lives(self) -> set[str]:
        """Replicas that this desk spoke for when it was written; the one it wrote in then is among them."""
        asked = [PushHead.model_validate_json(r.head.ask) for r in self._of("/v1/push") if r.head.ask]
        return {said.replica for said in asked if not said.witness}

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answered:
        try:
            return self._answer(method, path, body)
        except (BadInput, ValueError) as odd:  # signed by the server, and yet not what it says
            raise Unanswered("carried_damaged") from odd

    def _answer(self, method: str, path: str, body: bytes) -> Answered:
        where = path.partition("?")[0]
        match method, where:
            case "GET", "/v1/hello":
                return Answered(200, _json(self.back.hello))
            case "POST", "/v1/push":
                return self._push(read_body(body, PushHead)[0])
            case "POST", "/v1/pull":
                return self._pull(PullAsk.model_validate_json(body))
            case "POST", "/v1/bootstrap":
                return self._bootstrap(BootstrapAsk.model_validate_json(body))
            case "POST", "/v1/blobs":
                return Answered(200, _json(self._held(BlobsAsk.model_validate_json(body))))
            case "PUT", _:
                return self._sent(where)
            case "GET", _ if where.startswith("/v1/blobs/"):
                return self._content(where)
            case _:
                return self._same(method, path, body)

    def _same(self, method: str, path: str, body: bytes) -> Answered:
        """The very request: a renewal, a word between stations, a page of their list."""
        wanted = json.loads(body) if body else None
        for reply in self._replies:
            said = json.loads(reply.head.ask) if reply.head.ask else None
            if (reply.head.method, reply.head.path, said) == (method, path, wanted):
                return Answered(reply.head.status, reply.body)
        raise Unanswered("carried_unanswered", path=path)

    def _push(self, asked: PushHead) -> Answered:
        """The answer over the place where the desk stands; what it has passed is no news."""
        for reply in self._of("/v1/push"):
            said = PushHead.model_validate_json(reply.head.ask) if reply.head.ask else None
            if said is None or said.replica != asked.replica or said.witness != asked.witness:
                continue
            if reply.head.status == 200:
                told = PushAnswer.model_validate_json(reply.body)
                fits = said.acked.seq <= asked.acked.seq < told.acked.seq or said.acked == asked.acked
            else:
                fits = said.acked == asked.acked
            if fits:
                self._replies.remove(reply)
                return Answered(reply.head.status, reply.body)
        raise Unanswered("carried_unanswered", path="/v1/push")

    def _bootstrap(self, asked: BootstrapAsk) -> Answered:
        wanted = (asked.stream, asked.subjects, asked.at, asked.after)
        for reply in self._of("/v1/bootstrap"):
            if not reply.head.ask:
                continue
            said = BootstrapAsk.model_validate_json(reply.head.ask)
            if (said.stream, said.subjects, said.at, said.after) == wanted:
                return Answered(reply.head.status, reply.body)
        raise Unanswered("carried_unanswered", path="/v1/bootstrap")

    # ------------------------------------------------------------------ pages

    def _pull(self, asked: PullAsk) -> Answered:
        at = {c.stream: c.at for c in asked.cursors}
        waiting = self._of("/v1/pull")
        while waiting:
            reply = waiting.pop(0)
            self._replies.remove(reply)
            if reply.head.status != 200:
                if self._concerns(reply, at):
                    return Answered(reply.head.status, reply.body)
                continue
            head, lines = read_page(reply.body, PullHead)
            pages, kept = self._pages(head, lines, at)
            self._last = self._now(head)
            if pages or not waiting:
                head = self._last.model_copy(update={"pages": pages, "more": bool(waiting)})
                return Answered(200, write_lines(head, kept))
        if self._last is None:
            raise Unanswered("carried_unanswered", path="/v1/pull")
        return Answered(200, write_lines(self._last.model_copy(update={"pages": [], "more": False}), []))

    def _concerns(self, reply: _Reply, at: Mapping[str, Place]) -> bool:
        """Whether a refusal is about a place where the desk still stands."""
        refusal = _refusal(reply)
        if refusal.error not in (ErrorCode.DIVERGED, ErrorCode.OUT_OF_SCOPE):
            return True
        if refusal.stream is None or self.scope is not None:
            return False
        said = PullAsk.model_validate_json(reply.head.ask)
        then = {c.stream: c.at for c in said.cursors}.get(refusal.stream)
        return then is not None and then == at.get(refusal.stream)

    def _now(self, head: PullHead) -> PullHead:
        if self.scope is None:
            return head
        return head.model_copy(update={"scope": Scope(version=head.scope.version, streams=list(self.scope))})

    def _pages(
        self, head: PullHead, lines: list[bytes], at: Mapping[str, Place]
    ) -> tuple[list[PageHead], list[bytes]]:
        """What follows the cursors, cut where they stand in the middle."""
        pages: list[PageHead] = []
        kept: list[bytes] = []
        begin = 0
        for page in head.pages:
            part, begin = lines[begin : begin + page.count], begin + page.count
            fitting = self._fitting(page, part, at.get(page.stream, Place()))
            if fitting is not None and self._mine(page.stream):
                pages.append(fitting[0])
                kept += fitting[1]
        return pages, kept

    def _mine(self, stream: str) -> bool:
        return self.scope is None or any(s.stream == stream for s in self.scope)

    def _fitting(self, page: PageHead, lines: list[bytes], at: Place) -> tuple[PageHead, list[bytes]] | None:
        if page.start == at:
            return page, lines
        if page.start.seq > at.seq:
            self.ahead = self.ahead or page.end.seq > at.seq
            return None
        if not page.start.seq < at.seq < page.end.seq or len(lines) != page.end.seq - page.start.seq:
            return None
        point = StreamPoint(page.start.seq, bytes.fromhex(page.start.hash))
        passed = lines[: at.seq - page.start.seq]
        for line in read_lines(passed):
            point = link(point, op_hash(line.op) if line.op else line.hash)
        if point.hash.hex() != at.hash:
            return None
        rest = lines[len(passed) :]
        return page.model_copy(update={"start": at, "count": len(rest)}), rest

    # ------------------------------------------------------------------ contents

    def _held(self, asked: BlobsAsk) -> BlobsTold:
        """What the server said it holds; what went with the file is sent to ``_sent`` to hear of it."""
        states: dict[str, BlobState] = {}
        for reply in self._of("/v1/blobs"):
            if reply.head.status == 200:
                told = BlobsTold.model_validate_json(reply.body)
                states |= {s.digest: s for s in told.blobs if s.complete}
        for reply in self._replies:
            digest = _digest(reply.head.path)
            if reply.head.method == "PUT" and reply.head.status == 200 and digest in asked.digests:
                states.setdefault(digest, BlobState(digest=digest, held=0, complete=False))
        return BlobsTold(blobs=[states[d] for d in asked.digests if d in states])

    def _sent(self, where: str) -> Answered:
        """How far the last chunk of it in the file brought it."""
        for reply in reversed(self._replies):
            head = reply.head
            if head.method == "PUT" and head.status == 200 and head.path.partition("?")[0] == where:
                return Answered(200, reply.body)
        raise Unanswered("carried_unanswered", path=where)

    def _content(self, where: str) -> Answered:
        """One chunk after another; the client asks where the last one ended."""
        for reply in self._replies:
            if (
                reply.head.method == "GET"
                and reply.head.path.partition("?")[0] == where
                and reply.head.status == 200
            ):
                self._replies.remove(reply)
                return Answered(200, reply.body, {"jobdesk-size": str(reply.head.whole or 0)})
        absent = Refusal(error=ErrorCode.BODY, detail="absent")
        return Answered(STATUS[ErrorCode.BODY], _json(absent))

    def _of(self, path: str) -> list[_Reply]:
        return [r for r in self._replies if r.head.path == path]


def _refusal(reply: _Reply) -> Refusal:
    return Refusal.model_validate_json(reply.body)


def _digest(path: str) -> str:
    return path.partition("?")[0].rpartition("/")[2]


def _json(message: BaseModel) -> bytes:
    return message.model_dump_json(exclude_none=True).encode()
