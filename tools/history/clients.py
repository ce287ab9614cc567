"""Concurrent clients that write down when they asked what, and what they were told."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import httpx
from pydantic import ValidationError

from jobdesk.cases.codec import decode, encode
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import Kind, Op, Subject, fields_set, opened
from jobdesk.protocol.bodies import read_body
from jobdesk.protocol.codes import ErrorCode, Verdict
from jobdesk.protocol.messages import Cursor, Place, PullAsk, PullHead, PushAnswer, Refusal
from tools.conformance.desk import Desk
from tools.history.checking import Pull, Push

now = time.monotonic
"""One clock for all clients: they are threads of one process."""


@dataclass
class Lines:
    """A server by the addresses of its processes; each request goes to another one.

    A request may be sent twice, or its answer thrown away, as a line does.
    """

    addresses: list[str]
    rng: Random
    faults: float = 0.0

    def __post_init__(self) -> None:
        limits = httpx.Limits(max_keepalive_connections=4, max_connections=8)
        self._clients = [
            httpx.Client(base_url=a, timeout=30, trust_env=False, limits=limits) for a in self.addresses
        ]

    def request(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> httpx.Response:
        client = self.rng.choice(self._clients)
        chance = self.rng.random()
        answer = client.request(method, path, content=content, headers=headers)
        if chance < self.faults and path == "/v1/push":
            raise httpx.ReadError("the answer was lost")
        if chance < 2 * self.faults:
            other = self.rng.choice(self._clients)
            answer = other.request(method, path, content=content, headers=headers)
        return answer

    def close(self) -> None:
        for client in self._clients:
            client.close()


@dataclass
class Client:
    """One desk that pushes, and reads its stream from two cursors of its own: behind, and from the start.

    Attributes:
        refused: requests that the server did not do, by what they asked and its reason.
    """

    name: str
    desk: Desk
    rng: Random
    shared: list[str]
    history: list[Push | Pull] = field(default_factory=list["Push | Pull"])
    cursor: Place = field(default_factory=Place)
    moved: dict[str, str] = field(default_factory=dict[str, str])
    refused: Counter[str] = field(default_factory=Counter[str])

    def write(self) -> None:
        """One to four actions of one to three operations, some on subjects that others write to as well."""
        for _ in range(self.rng.randrange(1, 5)):
            subject = (
                self.rng.choice(self.shared) if self.rng.random() < 0.5 else f"s-{self.rng.randrange(10**12)}"
            )
            ids = [f"r-{self.rng.randrange(10**15)}" for _ in range(self.rng.randrange(1, 4))]
            self.desk.act(*(opened(Subject("case", subject), "service", i, {"content": "x"}) for i in ids))

    def move(self, to: str) -> None:
        """A person of this station goes to another one: one operation in two streams."""
        subject = f"m-{self.rng.randrange(10**12)}"
        root = Subject("case", subject)
        self.desk.act(opened(root, "case", subject, {"name": "合成"}))
        (op,) = self.desk.act(fields_set(root, "case", subject, {"station": to}, {}, kind=Kind.TRANSFERRED))
        self.moved[op.op_id] = to

    def push(self) -> None:
        ops = self.desk.ops[self.desk.acked.seq :]
        if not ops:
            return
        if self.rng.random() < 0.3:  # a piece of it first, not at the border of an action
            ops = ops[: self.rng.randrange(1, len(ops) + 1)]
        began = now()
        try:
            answer = self.desk.send([encode(o) for o in ops])
        except (httpx.HTTPError, ValidationError):
            self._sent(began, None, ops, ())
            return
        ended = now()
        if answer.status_code >= 500:  # its database died under it: whatever it did
            self._sent(began, None, ops, ())
            return
        if answer.status_code != 200:
            self._sent(began, None, ops, ())
            refusal = self._refused("push", answer)
            if refusal.acked is not None:
                self.desk.acked = refusal.acked
            return
        told = PushAnswer.model_validate_json(answer.content)
        apart = {v.action for v in told.verdicts if v.verdict is Verdict.QUARANTINED}
        acked = [o for o in ops if o.replica_seq <= told.acked.seq and o.action_id not in apart]
        self._sent(began, ended, ops, acked)
        self.desk.acked = told.acked

    def _refused(self, what: str, answer: httpx.Response) -> Refusal:
        refusal = Refusal.model_validate_json(answer.content)
        self.refused[f"{what} {refusal.error.value}"] += 1
        return refusal

    def _sent(self, began: float, ended: float | None, ops: list[Op], acked: list[Op] | tuple[()]) -> None:
        self.history.append(
            Push(self.name, began, ended, self.desk.stream, tuple(o.op_id for o in ops),
                 tuple(o.op_id for o in acked))
        )  # fmt: skip
        named = {o.op_id for o in acked}
        for op in ops:
            if (to := self.moved.get(op.op_id)) is not None:
                told = (op.op_id,) if op.op_id in named else ()
                self.history.append(Push(self.name, began, ended, to, (op.op_id,), told))

    def pull(self, at: Place, max_bytes: int) -> tuple[Place, bool]:
        """One page behind ``at``: where it ended, and whether there is more."""
        ask = PullAsk(cursors=[Cursor(stream=self.desk.stream, at=at)], max_bytes=max_bytes)
        began = now()
        try:
            answer = self.desk.ask("POST", "/v1/pull", ask.model_dump_json().encode())
            ended = now()
            if answer.status_code >= 500:
                return at, True
            if answer.status_code != 200:
                said = self._refused("pull", answer).error
                return Place() if said is ErrorCode.DIVERGED else at, True
            head, lines = read_body(answer.content, PullHead)
        except (httpx.HTTPError, ValidationError, BadInput):
            return at, True
        at_line = 0
        for page in head.pages:
            part = lines[at_line : at_line + page.count]
            at_line += page.count
            if page.stream == self.desk.stream:
                ops = tuple(decode(x).op_id for x in part)
                self.history.append(
                    Pull(self.name, began, ended, page.stream, page.start.seq, page.end.seq, page.head, ops)
                )
                return page.end, page.end.seq < page.head
        return at, False

    def work(self, until: float, target: str) -> None:
        """Until the moment; errors are for the caller's thread to keep."""
        while now() < until:
            chance = self.rng.random()
            if chance < 0.5:
                self.write()
                if target and self.rng.random() < 0.1:
                    self.move(target)
                self.push()
            else:
                self.cursor, _ = self.pull(self.cursor, self.rng.choice((1, 2000, 1 << 20)))
            if self.rng.random() < 0.05:
                self.read_all()

    def read_all(self) -> bool:
        """From the beginning to the end as it was told; whether it came to it."""
        at, more, failed = Place(), True, 0
        while more and failed < 20:
            before = at
            at, more = self.pull(at, 1 << 20)
            if more and at.seq <= before.seq:
                failed += 1
                time.sleep(0.1)
        return not more

    def finish(self) -> None:
        """Push what is left, without a fault on the line."""
        for _ in range(50):
            if self.desk.acked.seq >= len(self.desk.ops):
                return
            self.push()


def run_all(clients: list[Client], seconds: float, target: Callable[[Client], str]) -> list[BaseException]:
    """All at once; what broke in a client (not in the server's answers)."""
    until, broken = now() + seconds, list[BaseException]()

    def one(client: Client) -> None:
        try:
            client.work(until, target(client))
        except Exception as error:  # noqa: BLE001  a thread's end is told where it can be seen
            broken.append(error)

    threads = [threading.Thread(target=one, args=(c,)) for c in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return broken
