"""Random stations: the parts of every month make the whole, and months carry over into each other."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from month_station import Town, town

from jobdesk.cases.ops import Kind
from jobdesk.reports.month_numbers import MonthNumbers
from jobdesk.reports.totals import checks
from jobdesk.services import merging, undoing
from jobdesk.services.registering import Child
from jobdesk.store.log import ops_of_subject

MONTHS = ("2026-01", "2026-02", "2026-03", "2026-04")
_STEP = st.tuples(
    st.sampled_from(["open", "end", "moved", "resume", "serve", "call", "late_end", "merge", "undo"]),
    st.integers(0, 5),
    st.integers(0, 9),
)


def play(t: Town, steps: list[tuple[str, int, int]]) -> None:
    """Do these things in order, a few days apart, each to one of the people there are."""
    people: list[str] = []
    aliased, kept_by = set[str](), set[str]()
    day = 5
    for verb, who, forward in steps:
        day = min(day + forward, 115)
        month, rest = divmod(day, 28)
        t.on(2026, month + 1, rest + 1)
        iso = f"2026-{month + 1:02d}-{rest + 1:02d}"
        if verb == "open" or not people:
            extra = {"graduate_kind": "university", "graduated_on": "2025-06"} if who % 2 else {}
            child = [Child("recognition", {"category": "JL2", "state": "ledger"})] if who % 3 == 0 else []
            people.append(t.person(f"某{len(people)}", *child, **extra))
            continue
        case_id = people[who % len(people)]
        is_open = t.desk.case(case_id).result().root.get("help_state") == "open"
        if verb in ("end", "moved") and is_open:
            t.end(case_id, "moved" if verb == "moved" else "employed")
        elif verb == "late_end" and is_open:
            t.end(case_id, on="2026-01-20")
        elif verb == "resume" and not is_open:
            t.resume(case_id)
        elif verb == "merge" and len(people) > 1:
            kept = people[(who + 1) % len(people)]
            if not aliased & {case_id, kept} and case_id not in kept_by:
                merging.merge(t.desk, kept, case_id, "同一人").result()
                aliased.add(case_id)
                kept_by.add(kept)
        elif verb == "undo":
            last = t.desk.read(lambda con, c=case_id: ops_of_subject(con, c)).result()[-1]
            if last.kind in (Kind.HELP_ENDED, Kind.HELP_RESUMED):
                undoing.undo_action(t.desk, last.action_id).result()
        elif verb == "serve":
            t.serve(case_id, iso, "2026-03-10", channel=("visit", "phone", "")[who % 3])
        elif verb == "call":
            t.serve(case_id, iso, type="HF", channel="phone", outcome="no_answer", engagement="attempt")


def parts_equal_the_whole(found: MonthNumbers) -> None:
    assert not [c for c in checks(found.report) if not c.ok]
    cover = found.report.cover
    assert cover is not None
    for key, number in (
        ("opening", cover.on_books.opening),
        ("closing", cover.on_books.closing),
        ("attempts", cover.attempts),
    ):
        assert found.total(key).count == number
    assert set(found.total("sheets").people) == set(found.file_nos)
    assert len({s.file_no for s in found.report.sheets}) == len(found.report.sheets)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_STEP, min_size=3, max_size=14))
def test_the_parts_make_the_whole_and_months_carry_over(steps: list[tuple[str, int, int]]):
    with tempfile.TemporaryDirectory() as folder, town(Path(folder)) as t:
        play(t, steps)
        t.on(2026, 6, 1)
        made = [t.month(m) for m in MONTHS]
        for found in made:
            parts_equal_the_whole(found)
        for one, following in itertools.pairwise(made):
            assert one.total("closing").people == following.total("opening").people
