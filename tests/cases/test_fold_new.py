"""The fast way over openings says what the fold says, and leaves everything else to it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.clock import Stamp
from jobdesk.cases.fold import fold, fold_new
from jobdesk.cases.ops import SCHEMA, Json, Kind, Op, Subject

SUBJECT = Subject("case", "c1")
VALUES = st.one_of(
    st.text(max_size=3), st.integers(-3, 3), st.booleans(), st.none(), st.just(list[Json](["x"]))
)
BODIES = st.fixed_dictionaries(
    {
        "record": st.sampled_from(["case", "service", "plan"]),
        "id": st.sampled_from(["c1", "r1", "r2", "r3"]),
        "set": st.dictionaries(st.sampled_from(["name", "help_state", "note", "type"]), VALUES, max_size=4),
    },
    optional={
        "add": st.dictionaries(
            st.sampled_from(["lists", "barriers", "note", "type"]), st.lists(st.text(max_size=2), max_size=3)
        ),
        "import": st.just("i1"),
        "bases": st.just({}),
    },
)
KINDS = st.sampled_from(
    [*[Kind.OPENED] * 4, Kind.SERVICE_RECORDED, *[Kind.FIELDS_SET] * 3, Kind.UNDONE, Kind.HELP_ENDED]
)


@given(st.lists(st.tuples(KINDS, BODIES), min_size=1, max_size=8))
def test_both_ways_agree(bodies: list[tuple[Kind, dict[str, Json]]]) -> None:
    ops = [
        Op(f"o{n}", "r", n, Stamp(n, 0, "r"), "a", "x", SCHEMA, kind, SUBJECT, body)
        for n, (kind, body) in enumerate(bodies, 1)
    ]
    assert fold_new(ops, SUBJECT) == fold(ops, SUBJECT)
