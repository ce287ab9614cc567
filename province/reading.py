"""Lines of a push as the server needs them: who, where in the chain, about whom; and whether they are sound.

An operation of a newer program is known by its header: its hash counts in the chain although its kind means
nothing here yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from types import MappingProxyType
from typing import Any, cast

from jobdesk.cases.codec import canonical, decode, op_hash
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import RULES, SCHEMA, Json, Kind, Op, Shape
from jobdesk.cases.schema import CHILDREN
from jobdesk.protocol.codes import Reason
from jobdesk.protocol.limits import MAX_OP_BYTES

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_KINDS = frozenset(k.value for k in Kind)
_SEQ = 2**53
_LAST_MS = 253_402_271_999_999
"""The end of the year 9999 in Jilin: no calendar of a desk goes on."""
_DEPTH = 64
"""Values within values, in a payload (own figure): what is written has four."""
_UNKNOWN = b""


@dataclass(slots=True)
class Item:
    """One line.

    Attributes:
        op: None when it is none, or one of a program newer than this one.
        seq: 0 where the line says none; then it stands where it came.
        hash: empty where it cannot be known.
        reason: why it cannot be listed.
    """

    line: bytes
    op: Op | None = None
    op_id: str = ""
    replica: str = ""
    seq: int = 0
    action: str = ""
    subject: str = ""
    prev: bytes = b""
    hash: bytes = _UNKNOWN
    reason: Reason | None = None

    @property
    def sound(self) -> Op:
        """The operation of a line that has no reason against it."""
        assert self.op is not None
        return self.op


def item(line: bytes) -> Item:
    """Never raises: what cannot be read is told by its reason."""
    try:
        op = decode(line)
        made = Item(
            line, op, op.op_id, op.replica_id, op.replica_seq, op.action_id, op.subject.id, op.prev_hash,
            op_hash(op),
        )  # fmt: skip
        known = True
    except (BadInput, ValueError):
        made, known = _by_header(line), False
    if not _names_well(made):
        return Item(line, reason=Reason.UNREADABLE)
    if len(line) > MAX_OP_BYTES:
        made.op, made.reason = None, Reason.TOO_LARGE
    elif not known:
        made.reason = Reason.NEWER_SCHEMA
    else:
        made.reason = fault(made.sound)
    return made


def fault(op: Op) -> Reason | None:
    """What is wrong with an operation by itself, whoever sent it."""
    if op.schema > SCHEMA:
        return Reason.NEWER_SCHEMA
    if op.schema < 1 or op.subject.kind not in CHILDREN:
        return Reason.BAD_PAYLOAD
    if not (0 <= op.stamp.ms <= _LAST_MS and 0 <= op.stamp.counter < _SEQ):  # no desk could show or keep it
        return Reason.BAD_PAYLOAD
    if op.payload is None:
        return Reason.BAD_PAYLOAD if op.salt else None
    try:
        body = canonical(op.payload)
    except (TypeError, RecursionError):
        return Reason.BAD_PAYLOAD
    # as many brackets as the depth has at most, or fewer: nothing to walk through
    if body.count(b"{") + body.count(b"[") > _DEPTH and _too_deep(op.payload):
        return Reason.BAD_PAYLOAD
    if sha256(op.salt + body).digest() != op.payload_hash:
        return Reason.BAD_PAYLOAD
    return None if _fits(op.kind, op.payload) else Reason.BAD_PAYLOAD


def root_values(op: Op) -> Mapping[str, Json]:
    """What an operation sets on the root record of its subject; empty for all others."""
    payload = op.payload
    if payload is None or payload.get("record") != op.subject.kind:
        return {}
    values = payload.get("set")
    return values if isinstance(values, dict) else {}


def subject_of(line: bytes) -> str:
    """Whom a listed line is about, by its header."""
    return str(json.loads(json.loads(line)[0])[11])


def moves_to(op: Op) -> str | None:
    """The stream an operation moves its subject to."""
    if RULES[op.kind].shape is not Shape.SET:
        return None
    station = root_values(op).get("station")
    return station if isinstance(station, str) and station else None


def digest_of(op: Op) -> str | None:
    """The content an operation names."""
    values = op.payload.get("set") if op.payload is not None else None
    digest = values.get("digest") if isinstance(values, dict) else None
    return digest if isinstance(digest, str) and re.fullmatch(r"[0-9a-f]{64}", digest) else None


def is_id(name: object) -> bool:
    """Whether anybody can be called so: nothing else is asked of the database, which takes not every text."""
    return isinstance(name, str) and _ID.fullmatch(name) is not None


def _too_deep(payload: Mapping[str, Json]) -> bool:
    """Whoever reads it later goes down by calls, of which there are so many only."""
    level: list[object] = [payload]
    for _ in range(_DEPTH):
        inner: list[object] = []
        for value in level:
            if isinstance(value, dict):
                inner += cast("dict[str, object]", value).values()
            elif isinstance(value, list):
                inner += cast("list[object]", value)
        level = [v for v in inner if isinstance(v, dict | list)]
        if not level:
            return False
    return True


_PARTS: Mapping[str, type] = MappingProxyType(
    {"record": str, "id": str, "set": dict, "bases": dict, "add": dict, "drop": dict, "fields": dict,
     "ops": list, "import": str, "reason": str}
)  # fmt: skip
"""What a body may say (``cases.ops``), and as what: whoever reads it later relies on that."""
_OF_LISTS = ("bases", "add", "drop", "fields")


def _fits(kind: Kind, payload: Mapping[str, Json]) -> bool:
    for name, value in payload.items():
        if not isinstance(value, _PARTS.get(name, object)):
            return False
        if name in _OF_LISTS and isinstance(value, dict):
            for listed in value.values():
                if not isinstance(listed, list):
                    return False
    match RULES[kind].shape:
        case Shape.ERASE:
            return True
        case Shape.WITHDRAW:
            ops = payload.get("ops")
            return isinstance(ops, list) and all(isinstance(o, str) for o in ops)
        case Shape.OPEN | Shape.SET:
            return "record" in payload and "id" in payload


def _by_header(line: bytes) -> Item:
    """The header of a line whose kind or version is not known here."""
    try:
        head, salt, body = json.loads(line)
        values = cast("list[Any]", json.loads(head))
        if len(values) < 14 or not isinstance(salt, str):
            return Item(line)
        if body is not None and not isinstance(json.loads(body), dict):
            return Item(line)
        version, op_id, replica, seq, _ms, _counter, _actor, action, schema, _kind = values[:10]
        known = version == 1 and schema <= SCHEMA and _kind in _KINDS
        if known or type(seq) is not int:
            return Item(line)
        return Item(line, None, op_id, replica, seq, action, values[11], bytes.fromhex(values[12]),
                    sha256(head.encode()).digest())  # fmt: skip
    except (ValueError, TypeError, RecursionError, AttributeError):
        return Item(line)


def _names_well(made: Item) -> bool:
    names = (made.op_id, made.replica, made.action, made.subject)
    return all(map(is_id, names)) and 0 < made.seq < _SEQ
