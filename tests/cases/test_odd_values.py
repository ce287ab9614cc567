"""What a field does not take is kept as a version and never shown as the value."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases import schema
from jobdesk.cases.clock import Stamp
from jobdesk.cases.facts import facts_of
from jobdesk.cases.fold import fold, fold_new
from jobdesk.cases.ops import SCHEMA, Json, Kind, Op, Subject
from jobdesk.cases.schema import RECORDS, Field, FieldType
from jobdesk.cases.state import SubjectState
from jobdesk.store.rows import line_of, state_of

CASE = Subject("case", "c1")
SCALARS: st.SearchStrategy[Json] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**52), 2**52), st.text(max_size=4)
)
ANYTHING: st.SearchStrategy[Json] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=2), inner, max_size=2)
    ),
    max_leaves=4,
)
FIELDS = [
    (kind, f)
    for kind in ("case", *sorted(schema.CHILDREN["case"]))
    for f in RECORDS[kind]
    if f.type is not FieldType.JSON and (kind, f.name) not in schema.MOVES
]


def op(n: int, body: dict[str, Json], kind: Kind = Kind.OPENED, replica: str = "r") -> Op:
    return Op(f"o{n}", replica, n, Stamp(n, 0, replica), "a", "x", SCHEMA, kind, CASE, body)


def body(record: str, /, **values: Json) -> dict[str, Json]:
    return {"record": record, "id": "c1" if record == "case" else "r1", "set": values}


def from_rows(state: SubjectState) -> SubjectState:
    lines = [line_of(CASE, r) for r in state]
    return state_of(CASE, [(v.kind, v.record_id, v.data, v.heads) for v in lines])


def shown(state: SubjectState) -> Iterable[tuple[str, str, Json]]:
    for record in state:
        yield from ((record.kind, name, value) for name, value in record.values().items())


@given(st.sampled_from(FIELDS), ANYTHING, ANYTHING, st.booleans())
def test_whatever_is_written_the_value_is_what_the_field_takes(
    field: tuple[str, Field], one: Json, other: Json, added: bool
) -> None:
    kind, declared = field
    first = {**body(kind), "add": {declared.name: one}} if added else body(kind, **{declared.name: one})
    for ops in (
        [op(1, first)],
        [op(1, first), op(2, body(kind, **{declared.name: other}), Kind.FIELDS_SET, "s")],
    ):
        state = fold(ops, CASE)
        assert fold_new(ops, CASE) == state
        assert from_rows(state).records == state.records
        assert all(schema.fits(*found) for found in shown(state))
        facts = facts_of(state)
        assert all(schema.fits("case", n, v) for n, v in facts.root.items())


@pytest.mark.parametrize("odd", [["x"], {"a": 1}, 7, True], ids=str)
def test_an_odd_value_stays_in_sight_and_is_replaced_by_whoever_saw_it(odd: Json) -> None:
    wrong = op(1, body("service", type=odd, served_on="2026-06-20"))
    record = fold([wrong]).record("service", "r1")
    assert (record.get("type"), record.fields["type"].is_odd) == (None, True)
    assert [h.value for h in record.fields["type"].heads] == [odd]
    mended = op(2, {**body("service", type="HF"), "bases": {"type": ["o1"]}}, Kind.RECORD_CORRECTED)
    record = fold([wrong, mended]).record("service", "r1")
    assert (record.get("type"), record.fields["type"].is_odd, record.conflicts) == ("HF", False, ())


def test_beside_an_honest_version_an_odd_one_is_a_conflict_and_is_not_shown() -> None:
    honest, odd = (
        op(1, body("case", phone="19900000001")),
        op(2, body("case", phone=["1"]), Kind.FIELDS_SET, "s"),
    )
    root = fold([honest, odd]).root
    assert (root.get("phone"), root.conflicts) == ("19900000001", ("phone",))
    added = op(3, {**body("case"), "add": {"phone": ["2"]}}, Kind.FIELDS_SET, "s")
    assert fold([honest, added]).root.get("phone") == "19900000001"
