"""Rows hold all of a folded record, whichever way they were written."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobdesk.cases.clock import Stamp
from jobdesk.cases.fold import fold, fold_new
from jobdesk.cases.ops import SCHEMA, Json, Kind, Op, Subject
from jobdesk.cases.state import SubjectState
from jobdesk.store.rows import RecordLine, line_of, state_of

SUBJECT = Subject("case", "c1")
NAMES = st.sampled_from(["name", "phone", "note"])
OPENED = st.fixed_dictionaries(
    {
        "record": st.just("service"),
        "id": st.sampled_from(["r1", "r2"]),
        "set": st.dictionaries(
            NAMES, st.one_of(st.none(), st.integers(-2, 2), st.text(max_size=2)), max_size=3
        ),
    },
    optional={"add": st.dictionaries(st.just("lists"), st.lists(st.text(max_size=2), max_size=2))},
)


def _lines(state: SubjectState) -> list[RecordLine]:
    return sorted((line_of(SUBJECT, r) for r in state), key=lambda line: line.record_id)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from([Kind.OPENED, Kind.FIELDS_SET]), OPENED), min_size=1, max_size=4))
def test_a_record_is_read_back_from_its_row(bodies: list[tuple[Kind, dict[str, Json]]]) -> None:
    ops = [
        Op(f"o{n}", "r", n, Stamp(n, 0, "r"), "a", "x", SCHEMA, kind, SUBJECT, body)
        for n, (kind, body) in enumerate(bodies, 1)
    ]
    state = fold(ops, SUBJECT)
    lines = _lines(state)
    rows = [(line.kind, line.record_id, line.data, line.heads) for line in lines]
    assert _lines(fold_new(ops, SUBJECT)) == lines
    for record in state_of(SUBJECT, rows):
        whole = state.record(record.kind, record.id)
        assert record.values() == whole.values() and record.fields == whole.fields
        assert record.opened == whole.opened and set(record.conflicts) == set(whole.conflicts)
