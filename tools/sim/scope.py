"""Watching answers: nothing of another scope in one (S7), nothing of the erased, whole actions, verdicts that stay, and
nothing told that does not stand.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from jobdesk.cases.codec import decode
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import RULES, Op, Shape
from jobdesk.cases.restricting import is_withheld
from jobdesk.protocol.carried import cut
from jobdesk.protocol.codes import Verdict
from jobdesk.protocol.limits import MAX_BATCH_BYTES, MAX_PAGE_BYTES
from jobdesk.protocol.signing import DEVICE
from jobdesk.sync import carried_in
from jobdesk.sync.transport import Answered
from province.withholding import RESTRICTING
from tools.sim import verdicts
from tools.sim.ground import Ground
from tools.sim.oracle import Oracle
from tools.sim.server import Server
from tools.sim.wire import Letter


class Watch:
    """Reads what the province gives out."""

    def __init__(self, ground: Ground, oracle: Oracle, server: Server) -> None:
        self._ground, self._oracle, self._server = ground, oracle, server
        self.leaked: list[str] = []

    def answered(self, letter: Letter, answer: Answered) -> None:
        if answer.status == 200 and letter.path == "/v1/push":
            head = json.loads(zlib.decompress(letter.body).split(b"\n", 1)[0])
            self._pushed(letter.headers[DEVICE], head, answer.body)
        if answer.status != 200 or letter.path not in ("/v1/pull", "/v1/bootstrap"):
            return
        con, device = self._ground.con, letter.headers[DEVICE]
        row = con.execute("SELECT org, role FROM device WHERE id = ?", (device,)).fetchone()
        if device in self._server.out:
            self.leaked.append(f"M-2.7: {row[0]} was answered by {letter.path} although it is shut out")
        scope = self._ground.scope(row[0])
        head, *lines = zlib.decompress(answer.body).split(b"\n")
        told = json.loads(head)
        streams = {p["stream"] for p in told.get("pages", [])} | {
            s["stream"] for s in told.get("scope", {}).get("streams", [])
        }
        streams |= {told["stream"]} if "stream" in told else set()
        if streams - scope:
            self.leaked.append(f"{row[0]} was answered streams {sorted(streams - scope)}")
        self._notices(row[0], scope, [n["id"] for n in told.get("notices", [])])
        if not lines:
            return
        ops = [decode(line) for line in lines]
        self._of_the_erased(row[0], ops)
        told_too_much = _too_much(self._oracle, row[0], row[1], ops)
        if told_too_much:
            self.leaked.append(told_too_much)
        size = sum(len(line) + 1 for line in lines)
        if size > MAX_PAGE_BYTES or len(head) + size > MAX_BATCH_BYTES:
            self.leaked.append(f"section 14: {row[0]} was answered a page of {len(head)} and {size} bytes")
        for page in told.get("pages", []):
            if page["count"] and self._splits(page["stream"], page["end"]["seq"], size):
                self.leaked.append(f"M-5.2: a page of {page['stream']} ends inside an action")
        ids = [json.loads(json.loads(line)[0])[1] for line in lines]
        seen = {
            r[0] for r in con.execute(
                "SELECT l.op_id FROM listing l JOIN stream s ON s.num = l.stream "
                f"WHERE l.op_id IN ({','.join('?' * len(ids))}) AND s.id IN ({','.join('?' * len(scope))})",
                (*ids, *sorted(scope)),
            )
        }  # fmt: skip
        if len(seen) != len(set(ids)):
            self.leaked.append(f"{row[0]} was answered {len(set(ids)) - len(seen)} operations of others")

    def _notices(self, org: str, scope: frozenset[str], told: list[str]) -> None:
        marks = ",".join("?" * len(told)), ",".join("?" * len(scope))
        query = (
            "SELECT count(*) FROM notice n JOIN stream s ON s.num = n.home "
            f"WHERE n.id IN ({marks[0]}) AND s.id IN ({marks[1]})"
        )
        (seen,) = self._ground.con.execute(query, (*told, *sorted(scope))).fetchone()
        if seen != len(set(told)):
            self.leaked.append(f"{org} was told {len(set(told)) - seen} notices of others")

    def carried(self, device: str, facts: dict[str, str], data: bytes) -> None:
        """The same of an answer on a stick, opened as its PC opens it (M-12.3, M-12.5)."""
        try:
            back, rest = carried_in.opened(data, facts)
        except BadInput:  # a copy with an older key; who can read it says so when it comes back
            return
        for reply, body in zip(back.replies, cut(rest, [r.size for r in back.replies]), strict=True):
            if reply.status == 200 and reply.path == "/v1/push":
                self._pushed(device, json.loads(reply.ask), body)
            elif reply.path in ("/v1/pull", "/v1/bootstrap"):
                letter = Letter(reply.method, reply.path, {DEVICE: device}, b"")
                self.answered(letter, Answered(reply.status, body))

    def _pushed(self, device: str, head: Mapping[str, Any], answer: bytes) -> None:
        """M-4.2: what is acknowledged stands, at the moment of the answer. M-4.3: a verdict stays. M-2.7: of who is
        shut out nothing is listed.
        """
        replica, told = head["replica"], json.loads(answer)
        taken = any(one["verdict"] == Verdict.ACCEPTED for one in told["verdicts"])
        if taken and device in self._server.out:
            self.leaked.append(f"M-2.7: work of {replica} is listed although its machine is shut out")
        row = self._ground.con.execute("SELECT acked FROM replica WHERE id = ?", (replica,)).fetchone()
        seq = told["acked"]["seq"]
        if seq > (row[0] if row else 0):
            self.leaked.append(f"M-4.2: {seq} operations of {replica} are acknowledged and do not stand")
        rows = self._ground.con.execute("SELECT action, count(*) FROM op GROUP BY action").fetchall()
        changed = verdicts.changed(self._server.said, head, told["verdicts"], dict(rows))
        if changed:
            self.leaked.append(f"M-4.3: {changed}")

    def _of_the_erased(self, org: str, ops: Iterable[Op]) -> None:
        """M-7.1, M-7.2: of whom the server, or its operator when it was restored, knows as erased, only blank."""
        erased = {r[0] for r in self._ground.con.execute("SELECT subject FROM erased")}
        erased |= self._server.told_erased
        for op in ops:
            if op.subject.id in erased and op.payload is not None and RULES[op.kind].shape is not Shape.ERASE:
                self.leaked.append(f"M-7.2: {org} was answered what erased {op.subject.id} was")
                return

    def _splits(self, stream: str, end: int, size: int) -> bool:
        """Inside an action a page ends only where its next line has no room in an answer of so many bytes."""
        rows = self._ground.con.execute(
            "SELECT o.action, length(coalesce(r.line, o.line)) FROM listing l JOIN stream s ON s.num = l.stream "
            "JOIN op o ON o.op_id = l.op_id LEFT JOIN restricted r ON r.op_id = o.op_id "
            "WHERE s.id = ? AND l.seq IN (?, ?) ORDER BY l.seq",
            (stream, end, end + 1),
        ).fetchall()
        return len(rows) == 2 and rows[0][0] == rows[1][0] and size + rows[1][1] < MAX_PAGE_BYTES


def _too_much(oracle: Oracle, org: str, role: str, ops: Iterable[Op]) -> str:
    """What an answer told that it may not, by what was really written; empty when nothing."""
    for op in ops:
        typed = oracle.made.get(op.op_id)
        if (
            role != "desk"
            and op.payload is not None
            and RESTRICTING.tells(typed.payload if typed else op.payload)
        ):
            return f"{org} was answered a restricted {op.kind.value} of {op.subject.id}"
        if role == "desk" and is_withheld(op):
            return f"{org} was answered the header of {op.op_id} only"
    return ""
