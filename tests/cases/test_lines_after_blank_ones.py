"""What goes on with a blanked line is found whole, whatever the order, and in one walk."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.clock import Stamp
from jobdesk.cases.codec import GENESIS
from jobdesk.cases.erasing import after_blank_lines, is_blank, known_to
from jobdesk.cases.ops import SCHEMA, Kind, Op, Subject

HOUSES = (Subject("household", "h1"), Subject("household", "h2"))


def line(op_id: str, bases: Sequence[str], house: Subject = HOUSES[0], *, blank: bool = False) -> Op:
    payload = {"record": "member", "id": "m", "set": {"relation": "x"}, "bases": {"relation": list(bases)}}
    return Op(
        op_id, "r", 1, Stamp(1, 0, "r"), "staff", "a", SCHEMA, Kind.FIELDS_SET, house,
        None if blank else payload, b"" if blank else b"s" * 16, GENESIS, b"",
    )  # fmt: skip


def by_definition(ops: Iterable[Op]) -> list[str]:
    """Round by round until a round finds nothing."""
    listed = list(ops)
    gone = {(op.subject, op.op_id) for op in listed if is_blank(op)}
    bases = {op.op_id: {(op.subject, one) for one in known_to(op)} for op in listed}
    found: set[str] = set()
    while more := [op for op in listed if op.op_id not in found and not gone.isdisjoint(bases[op.op_id])]:
        gone |= {(op.subject, op.op_id) for op in more}
        found |= {op.op_id for op in more}
    return [op.op_id for op in listed if op.op_id in found]


IDS = st.sampled_from([f"o{n}" for n in range(12)])
LINES = st.builds(line, IDS, st.lists(IDS, max_size=3), st.sampled_from(HOUSES), blank=st.booleans())


@given(st.lists(LINES, max_size=20))
def test_it_is_what_the_definition_says(ops: list[Op]) -> None:
    """Of two households, in any order, in circles, and where one id is borne twice."""
    assert after_blank_lines(ops) == by_definition(ops)


def test_a_long_chain_that_stands_backwards_is_one_walk() -> None:
    """Each names the next, the last a blank one: a push of one operation held the station for minutes."""
    many = 12_000
    chain = [line(f"o{n}", [f"o{n + 1}"]) for n in range(many)]
    began = time.process_time()
    found = after_blank_lines([*chain, line(f"o{many}", (), blank=True)])
    assert found == [op.op_id for op in chain]
    assert time.process_time() - began < 3
