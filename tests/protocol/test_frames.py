"""Bodies travel whole or not at all; a bomb is not inflated."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.codec import decode, op_hash
from jobdesk.cases.errors import BadInput
from jobdesk.cases.ops import Op
from jobdesk.protocol.bodies import read_body, write_body
from jobdesk.protocol.chains import EMPTY, StreamPoint, add, element, link, remove, walk
from jobdesk.protocol.frames import inflate
from jobdesk.protocol.messages import PullAsk, PushHead
from tests.protocol.actions import some_ops

HEAD = PushHead(replica="r1", now_ms=1, count=2, last_seq=2)


def test_a_body_comes_back_as_it_went() -> None:
    ops = some_ops(3, text="换行\n“引号”\t𬭎")
    head, lines = read_body(write_body(HEAD, ops), PushHead)
    assert head == HEAD
    assert [decode(line) for line in lines] == ops


@given(st.integers(0, 400), st.binary(max_size=40))
def test_a_damaged_body_is_refused_and_nothing_else(cut: int, junk: bytes) -> None:
    whole = write_body(HEAD, some_ops(2))
    for bad in (whole[: min(cut, len(whole) - 1)], whole[:cut] + junk, junk, whole + junk + b"\0"):
        if bad == whole:
            continue
        try:
            head, lines = read_body(bad, PushHead)
        except BadInput as fault:
            assert fault.code in ("batch_unreadable", "batch_too_large", "message_unreadable")
        else:
            pytest.fail(f"{head} {lines}")


def test_a_bomb_is_refused_before_it_is_in_memory() -> None:
    bomb = zlib.compress(b"0" * 50_000_000, 9)
    with pytest.raises(BadInput, match="batch_too_large"):
        inflate(bomb, 1_000_000)
    with pytest.raises(BadInput, match="batch_too_large"):
        read_body(bomb, PushHead)


def test_heads_of_newer_programs_are_read_as_far_as_they_are_known() -> None:
    body = zlib.compress(b'{"replica":"r1","now_ms":1,"count":0,"colour":"red"}')
    assert read_body(body, PushHead)[0].replica == "r1"
    with pytest.raises(BadInput, match="message_unreadable"):
        read_body(zlib.compress(b'{"cursors":[{"stream":"../x"}]}'), PullAsk)


def test_the_chain_knows_order_and_the_digest_only_what_is_there() -> None:
    ops = some_ops(4)
    point = walk(StreamPoint(), ops)
    assert point.seq == 4 and point != walk(StreamPoint(), [*ops[:2], ops[3], ops[2]])
    assert link(walk(StreamPoint(), ops[:3]), op_hash(ops[3])) == point
    parts = [element(n, op_hash(op)) for n, op in enumerate(ops, 1)]
    whole = add(EMPTY, parts)
    assert whole == add(add(EMPTY, parts[2:]), parts[:2])
    assert remove(whole, parts[1:]) == add(EMPTY, parts[:1])
    assert remove(whole, parts) == EMPTY


def test_an_erased_payload_changes_neither_chain_nor_digest() -> None:
    (op,) = some_ops(1)
    blank = Op(**{**{n: getattr(op, n) for n in Op.__slots__ if n != "body"}, "payload": None, "salt": b""})
    assert op_hash(blank) == op_hash(op)
