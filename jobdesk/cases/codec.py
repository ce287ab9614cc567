"""The canonical bytes of an operation, and the hashes over them. Frozen: golden vectors hold it.

Canonical JSON here is UTF-8, keys in code-point order, no spaces, no escapes beyond those JSON
requires, whole numbers only. A payload's hash takes a random salt, so that an ID number cannot be
guessed back from its hash; the salt goes when the payload is erased. A header holds no values and
chains to the one before it on the same replica.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, cast

from jobdesk.cases.clock import Stamp
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import SCHEMA, Json, Kind, Op, Subject
from jobdesk.cases.spelling import reader, speller

ENCODING = 1
GENESIS = bytes(32)
_MAX_INT = 2**53
Upcaster = Callable[[Mapping[str, Json]], Mapping[str, Json]]

_encode = speller()
_read = reader(json.JSONDecoder())


def canonical(value: Json | Mapping[str, Json]) -> bytes:
    """The one spelling of a JSON value.

    Raises:
        TypeError: floats, half a surrogate pair, or anything else that canonical JSON does not know.
    """
    _check(value)
    try:
        return _encode(value).encode("utf-8", "strict")
    except UnicodeEncodeError:
        raise TypeError("half a surrogate pair is not text") from None


def _check(value: object) -> None:
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return
    if kind is int:
        if not -_MAX_INT < cast(int, value) < _MAX_INT:
            raise TypeError("whole number out of range")
    elif kind is list:
        for item in cast("list[object]", value):
            _check(item)
    elif isinstance(value, Mapping):
        for key, item in cast("Mapping[object, object]", value).items():
            if type(key) is not str:
                raise TypeError("keys are text")
            _check(item)
    else:
        raise TypeError(f"{kind.__name__} has no canonical form")


def payload_hash(salt: bytes, payload: Mapping[str, Json]) -> bytes:
    """SHA-256 of the salt followed by the canonical payload."""
    return body_hash(salt, canonical(payload))


def body_hash(salt: bytes, body: bytes) -> bytes:
    """The same over a payload that is canonical bytes already."""
    return sha256(salt + body).digest()


def header(op: Op) -> bytes:
    """The canonical header: identity, time, place in the chain, hash of the payload; no values."""
    return _encode(
        [
            ENCODING, op.op_id, op.replica_id, op.replica_seq, op.stamp.ms, op.stamp.counter, op.actor,
            op.action_id, op.schema, op.kind.value, op.subject.kind, op.subject.id,
            op.prev_hash.hex(), op.payload_hash.hex(),
        ]
    ).encode()  # fmt: skip


def hash_of_columns(head: Sequence[object]) -> bytes:
    """``op_hash`` from the values of a header, in its order, behind ``ENCODING``; hashes as bytes."""
    *values, prev, hashed = cast("Sequence[Any]", head)
    return sha256(_encode([ENCODING, *values, prev.hex(), hashed.hex()]).encode()).digest()


def op_hash(op: Op) -> bytes:
    """What the next operation of the same replica chains to."""
    return sha256(header(op)).digest()


def encode(op: Op) -> bytes:
    """Header, salt and payload as one line of canonical JSON: journal frames and the wire."""
    body = None if op.payload is None else (op.body or canonical(op.payload)).decode()
    return _encode([header(op).decode(), op.salt.hex(), body]).encode()


def decode(data: bytes) -> Op:
    """The operation of such a line.

    Raises:
        BadInput: not an operation of any version known here.
    """
    try:
        _, first, salt, body = parts(data)
        return assembled(first, salt, body)
    except (ValueError, TypeError, RecursionError) as bad:
        raise BadInput("op_unreadable") from bad


def parts(data: bytes) -> tuple[str, Sequence[Any], str, str | None]:
    """A line taken apart: its header as it is spelled and as it reads, salt, payload as it is spelled.

    Raises:
        ValueError, TypeError, RecursionError: it is no such line. What the parts are is not looked at.
    """
    try:
        line = _read(data.decode())
    except ValueError:  # spelled in another way than we do
        line = json.loads(data)
    head, salt, body = line
    return head, _read(head), salt, body


def assembled(head: Sequence[object], salt: str, body: str | None, spelled: bytes = b"") -> Op:
    """The operation of a line that was taken apart: its header parsed, its payload as it is spelled.

    Args:
        spelled: for ``Op.body``, where ``body`` is known to be canonical.

    Raises:
        BadInput: as ``decode``.
    """
    try:
        (version, op_id, replica, seq, ms, counter, actor, action, schema, kind, s_kind, s_id,
         prev, hashed) = cast("Sequence[Any]", head)  # fmt: skip
        if version != ENCODING:
            raise BadInput("op_version", version=version)
        payload = None if body is None else _payload(body)
        if not (
            type(op_id) is type(replica) is type(actor) is type(action) is type(s_kind) is type(s_id) is str
            and type(seq) is type(ms) is type(counter) is type(schema) is int
            and (payload is None or type(payload) is dict)
        ):
            raise BadInput("op_unreadable")
        return Op(
            op_id, replica, seq, Stamp(ms, counter, replica), actor, action, schema, _KINDS[kind],
            Subject(s_kind, s_id), cast("dict[str, Json] | None", payload), bytes.fromhex(salt),
            bytes.fromhex(prev), bytes.fromhex(hashed), spelled,
        )  # fmt: skip
    except (ValueError, TypeError, KeyError, RecursionError) as bad:
        raise BadInput("op_unreadable") from bad


_KINDS = {str(kind): kind for kind in Kind}


def _no_float(text: str) -> Json:
    raise ValueError("whole numbers only")


_payload = reader(json.JSONDecoder(parse_float=_no_float, parse_constant=_no_float))


def upcast(op: Op) -> Mapping[str, Json] | None:
    """The payload as today's schema would have written it; None when erased.

    Each step lifts one version; none exists while SCHEMA is 1. A version newer than this program is
    kept in the log untouched and folded as far as its fields are known.
    """
    payload = op.payload
    if payload is None or op.schema >= SCHEMA:
        return payload
    for version in range(op.schema, SCHEMA):
        payload = UPCASTERS[(op.kind, version)](payload)
    return payload


UPCASTERS: dict[tuple[Kind, int], Upcaster] = {}
"""(kind, version it lifts from) → function; a test demands one for every kind and past version."""
