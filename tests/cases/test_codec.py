"""The bytes of an operation are frozen: what was written once reads and hashes alike for ever."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.clock import Stamp
from jobdesk.cases.codec import (
    GENESIS,
    UPCASTERS,
    canonical,
    decode,
    encode,
    header,
    op_hash,
    payload_hash,
    upcast,
)  # fmt: skip
from jobdesk.cases.errors import BadInput
from jobdesk.cases.fold import fold
from jobdesk.cases.ops import SCHEMA, Kind, Op, Subject

MUSEUM = Path(__file__).parents[1] / "museum"
FROZEN = {
    "ops-v1.jsonl": "ad99c0415487eba5f93ba536fd1a64303c632a9c8b6ce0c099e400f9e1cf0169",
    "ops-v2.jsonl": "a33725f2a019024bf75c5c61ce9599e9d4c9ba80e3be3e6dec819c393e10686f",
}
"""File → SHA-256 of it. A line is added here for a new file; none is ever changed."""


def exhibits() -> list[dict[str, str]]:
    files = sorted(MUSEUM.glob("ops-v*.jsonl"))
    return [json.loads(line) for f in files for line in f.read_text(encoding="utf-8").split("\n") if line]


EXHIBITS = exhibits()
each = pytest.mark.parametrize("shown", EXHIBITS, ids=[e["name"] for e in EXHIBITS])


def test_nobody_touched_the_museum() -> None:
    found = {f.name: sha256(f.read_bytes()).hexdigest() for f in MUSEUM.glob("ops-v*.jsonl")}
    assert found == FROZEN


@each
def test_an_old_operation_reads_and_hashes_as_it_did(shown: dict[str, str]) -> None:
    op = decode(shown["op"].encode())
    assert encode(op).decode() == shown["op"]
    assert op.payload_hash.hex() == shown["payload_hash"] and op_hash(op).hex() == shown["header_hash"]
    if op.payload is not None:
        assert payload_hash(op.salt, op.payload) == op.payload_hash
        assert upcast(op) is not None


@each
def test_a_header_holds_no_values(shown: dict[str, str]) -> None:
    op = decode(shown["op"].encode())
    if op.payload:
        texts = [v for v in op.payload.get("set", {}).values() if isinstance(v, str) and v]  # type: ignore[union-attr]
        assert not [t for t in texts if t in header(op).decode()]


def test_the_chain_of_the_museum_holds_and_folds() -> None:
    ops = [decode(e["op"].encode()) for e in EXHIBITS]
    previous = GENESIS
    for op in ops:
        assert op.prev_hash == previous
        previous = op_hash(op)
    for subject in {op.subject for op in ops}:
        fold([op for op in ops if op.subject == subject])


def test_every_kind_is_in_the_museum() -> None:
    assert set(Kind) - {decode(e["op"].encode()).kind for e in EXHIBITS} == set()


def test_every_past_version_of_every_kind_can_be_lifted() -> None:
    assert UPCASTERS.keys() == {(kind, version) for kind in Kind for version in range(1, SCHEMA)}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=10,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["set", "reason", "𬭎"]), json_values), st.sampled_from(Kind))
def test_decode_is_the_inverse_of_encode(payload: dict[str, object], kind: Kind) -> None:
    body: dict[str, object] = payload
    hashed = payload_hash(b"s" * 16, body)  # type: ignore[arg-type]
    op = Op(
        "o", "r", 1, Stamp(2, 3, "r"), "a", "b", SCHEMA, kind, Subject("case", "c"), body,  # type: ignore[arg-type]
        b"s" * 16, GENESIS, hashed,
    )  # fmt: skip
    assert decode(encode(op)) == op
    assert decode(encode(replace(op, payload=None, salt=b""))) == replace(op, payload=None, salt=b"")


def test_one_spelling() -> None:
    assert canonical({"b": 1, "a": ["𬭎", '"', "\n", "é"]}) == '{"a":["𬭎","\\"","\\n","é"],"b":1}'.encode()
    assert canonical({"\U00020000": 1, "\uffff": 2}).startswith('{"\uffff"'.encode()), (
        "code points, not UTF-16"
    )
    assert canonical({"x": True}) != canonical({"x": 1})


def test_a_salt_changes_the_hash() -> None:
    assert payload_hash(b"a" * 16, {"x": 1}) != payload_hash(b"b" * 16, {"x": 1})


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), 2**53, -(2**53), b"x", (1,), {1: 2}, {"a": {3}}, "\ud800"]
)
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"x": value})  # type: ignore[dict-item]


GOOD = EXHIBITS[0]["op"]


@pytest.mark.parametrize(
    "line",
    [
        b"", b"{}", b"[]", b"null", b"\xff", GOOD.encode()[:-5], GOOD.replace("Opened", "Invented").encode(),
        json.dumps(["[2]", "", None]).encode(), b"[" * 100_000,
        json.dumps([json.loads(GOOD)[0], "zz", None]).encode(),
        json.dumps([json.loads(GOOD)[0], "", '{"x":1.5}']).encode(),
        json.dumps([json.loads(GOOD)[0], "", "[]"]).encode(),
        json.dumps([json.loads(GOOD)[0].replace(",1,1772", ',"1",1772'), "", None]).encode(),
    ],
    ids=range(13),
)  # fmt: skip
def test_a_damaged_line_is_bad_input(line: bytes) -> None:
    with pytest.raises(BadInput):
        decode(line)


def test_a_newer_encoding_says_so() -> None:
    head = json.loads(json.loads(GOOD)[0])
    newer = json.dumps([json.dumps([2, *head[1:]]), "", None]).encode()
    with pytest.raises(BadInput, match="op_version"):
        decode(newer)
