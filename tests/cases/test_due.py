"""Due lines: which, by when, why, put off, in which bucket and order."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from files import TODAY, File, agenda, graduate
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.due import Bucket, DueKind, DueLine, order
from jobdesk.cases.due_lines import DUE_RECORDS, MAKERS, due_lines, held_rows_line, vacancy_line
from jobdesk.cases.facts import facts
from jobdesk.cases.ops import Json


def lines(file: File, today: date = TODAY, **changes: int) -> dict[str, DueLine]:
    return {line.kind.value: line for line in due_lines(file.facts(), agenda(today, **changes))}


def only(file: File, today: date = TODAY, **changes: int) -> DueLine:
    (line,) = due_lines(file.facts(), agenda(today, **changes))
    return line


def test_a_typed_contact_is_overdue_in_working_days() -> None:
    line = only(File(next_contact="2026-07-10", next_contact_reason="面谈"))
    assert (line.kind, line.bucket, line.away) == (DueKind.CONTACT, Bucket.OVERDUE, -3)
    assert line.key == "contact:2026-07-10" and line.uid == "case-1/contact:2026-07-10"
    assert dict(line.params)["reason"] == "面谈"


@pytest.mark.parametrize(
    ("due", "bucket"),
    [
        ("2026-07-14", Bucket.OVERDUE),
        ("2026-07-15", Bucket.TODAY),
        ("2026-07-19", Bucket.THIS_WEEK),
        ("2026-07-20", Bucket.LATER),
    ],
)
def test_buckets(due: str, bucket: Bucket) -> None:
    assert only(File(next_contact=due)).bucket is bucket


def test_nothing_beyond_the_horizon() -> None:
    assert lines(File(next_contact="2026-08-15")) == {}
    assert lines(File(next_contact="2026-08-15"), horizon_days=31).keys() == {"contact"}


def test_first_round_then_interval() -> None:
    file = File(opened_on="2026-07-01", first_round_on="2026-07-20", last_contact="2025-02")
    line = only(file)
    assert line.kind is DueKind.FIRST_ROUND and line.basis.status == "own"
    assert dict(line.params)["last"] == "2025-02", "the true last contact stays in sight"
    file.serve("HF", "2026-07-10")
    following = only(file)
    assert following.kind is DueKind.CONTACT_INTERVAL and following.due == date(2026, 8, 10)
    assert (
        following.basis.status == "unconfirmed" and following.basis.source.document == "吉就组办〔2022〕1号"
    )


def test_nobody_starts_overdue_by_the_interval() -> None:
    assert only(File(opened_on="2026-07-01", last_contact="2025-02")).due == date(2026, 8, 1)


def test_the_interval_goes_by_tier_and_can_be_switched_off() -> None:
    file = File(opened_on="2026-07-01", tier="3")
    assert lines(file, contact_months_tier_3=3) == {}
    assert only(file, contact_months=5).due == date(2026, 8, 1)
    assert lines(file, contact_months_tier_3=0) == {}


def test_putting_off_keeps_the_original_in_sight() -> None:
    file = File(next_contact="2026-07-13").add(
        "postponement", line="contact:2026-07-13", until="2026-07-17", reason="本人住院"
    )
    line = only(file)
    assert (line.due, line.original, line.postponed) == (date(2026, 7, 17), date(2026, 7, 13), "本人住院")
    assert line.key == "contact:2026-07-13" and line.bucket is Bucket.THIS_WEEK
    assert only(file, date(2026, 7, 20)).away == -1
    file.root["next_contact"] = "2026-07-14"
    assert only(file).postponed == "", "a day agreed anew is another line"


def test_putting_off_to_an_earlier_day_does_nothing() -> None:
    file = File(next_contact="2026-07-16").add(
        "postponement", line="contact:2026-07-16", until="2026-07-15", reason="x"
    )
    assert only(file).due == date(2026, 7, 16)


def test_ended_merged_and_dead_ask_for_nothing() -> None:
    for root in ({"help_state": "ended"}, {"merged_into": "case-2"}, {"deceased_on": "2026-07"}):
        assert due_lines(File(next_contact="2026-07-01", **root).facts(), agenda()) == []


def plan(**values: Json) -> File:
    return File().add("plan", version=1, agreed_on="2026-05-18", **values)


def test_measures_of_the_current_plan() -> None:
    file = plan()
    file.add("measure", plan="plan-1", what="推荐", due="2026-07-14")
    file.add("measure", plan="plan-1", what="做完", due="2026-07-01", done_on="2026-06-30")
    file.add("measure", plan="plan-1", what="另约", due="2026-07-01", state="missed")
    file.add("measure", plan="plan-1", what="新约", due="2026-07-16", replaces="measure-3", reason="住院")
    file.add("measure", plan="plan-1", what="无期限")
    found = sorted(due_lines(file.facts(), agenda()), key=order)
    assert [(line.kind, line.record) for line in found] == [
        (DueKind.MEASURE, "measure-1"),
        (DueKind.MEASURE, "measure-4"),
    ]
    file.add("plan", version=2, agreed_on="2026-07-10")
    assert due_lines(file.facts(), agenda()) == [], "a new agreement asks for its own measures"


def test_a_missed_measure_stays_until_another_is_agreed() -> None:
    file = plan().add("measure", plan="plan-1", what="x", due="2026-07-01", state="missed")
    assert only(file).bucket is Bucket.OVERDUE


def test_promise_goal_and_review() -> None:
    file = plan(
        promise="推荐岗位",
        promise_due="2026-07-15",
        goal="就业",
        goal_due="2026-07-16",
        review_on="2026-07-17",
    )
    assert lines(file).keys() == {"promise", "plan_goal", "plan_review"}
    file.add("review", plan="plan-1", reviewed_on="2026-07-16", next_on="2026-07-30")
    found = lines(file)
    assert found.keys() == {"promise", "plan_review"} and found["plan_review"].due == date(2026, 7, 30)
    kept = plan(promise_due="2026-07-15", promise_done_on="2026-07-14")
    assert due_lines(kept.facts(), agenda()) == []


def test_the_own_figure_asks_for_steps_and_says_so() -> None:
    found = lines(graduate(opened_on="2026-06-15", next_contact="2026-09-01"))
    line = found["step"]
    assert line.due == date(2026, 7, 13) and line.key == "step:ZYZD.1:2026-07-13"
    assert line.basis.status == "own" and "composition_unconfirmed" in line.basis.notes
    assert dict(line.params) == {"step": "职业指导", "counted": 0, "required": 1, "round": 1}


def test_steps_are_not_asked_of_others_nor_outside_the_rate() -> None:
    assert "step" not in lines(File(opened_on="2026-06-15", next_contact="2026-09-01"))
    outside = graduate(opened_on="2026-06-15").add("statement", kind="study", stated_on="2026-07-01")
    assert "step" not in lines(outside)
    done = graduate(opened_on="2026-06-15").serve("ZYZD", "2026-06-20", provider="school")
    assert "step" not in lines(done)


def test_a_step_agreed_in_the_plan_is_due_on_its_day() -> None:
    file = graduate(opened_on="2026-06-15", next_contact="2026-09-01").serve("ZYZD", "2026-06-16")
    file.add("plan", version=1, agreed_on="2026-06-16")
    file.add("measure", plan="plan-1", what="推荐3个岗位", step="GWTJ", due="2026-07-14")
    line = lines(file)["step"]
    assert line.due == date(2026, 7, 14) and line.record == "measure-1" and line.basis.rule == "step_agreed"
    assert "measure" not in lines(file)


def test_the_second_round_is_nobody_s_duty_until_it_is_begun() -> None:
    file = graduate(opened_on="2026-01-05", next_contact="2026-09-01")
    file.serve("ZYZD", "2026-02-01").serve("GWTJ", "2026-02-02", vacancies=["a", "b", "c"])
    file.serve("JNPX", "2026-02-03").serve("JYJX", "2026-02-04")
    assert "step" not in lines(file)
    file.serve("GWTJ", "2026-06-01", vacancies=["d"])
    assert lines(file)["step"].key.startswith("step:ZYZD.2:")


def test_ends_are_looked_at_ahead_and_never_moved() -> None:
    file = File(opened_on="2026-07-10", next_contact="2026-09-01").add(
        "subsidy", kind="public_post", until="2026-08"
    )
    line = lines(file)["subsidy_end"]
    assert line.due == date(2026, 8, 1) and dict(line.params)["until"] == "2026-08"
    late = File(opened_on="2026-07-10", next_contact="2026-09-01").add("benefit", until="2026-07-20")
    assert lines(late)["benefit_end"].due == date(2026, 7, 10), "not overdue before the file was opened"
    late.serve("HF", "2026-07-14", outcome="no_answer")
    assert "benefit_end" in lines(late)
    late.serve("HF", "2026-07-14")
    assert "benefit_end" not in lines(late)
    gone = File(next_contact="2026-09-01").add("benefit", until="2026-06-01")
    assert lines(gone) == {}


def test_notice_goes_with_the_first_contact_then_on_its_own() -> None:
    file = File(notice_on=None, opened_on="2026-07-01", first_round_on="2026-07-20")
    line = only(file)
    assert line.also == ("notice",)
    file.serve("HF", "2026-07-06", next_contact="2026-07-30")
    found = lines(file)
    assert found["notice"].due == date(2026, 7, 13)
    assert found["notice"].basis.counted[0].id == "service-1"


def test_held_rows_and_vacancies() -> None:
    values: dict[str, Json] = {"file_name": "台账三.xlsx", "imported_on": "2026-07-08"}
    line = held_rows_line("imp", values, 4, agenda())
    assert line is not None and line.due == TODAY and dict(line.params)["rows"] == 4
    assert held_rows_line("imp", values, 0, agenda()) is None
    assert held_rows_line("imp", {**values, "state": "undone"}, 4, agenda()) is None
    put_off = held_rows_line("imp", values, 4, agenda(), {line.key: ("2026-07-17", "等县里名单")})
    assert put_off is not None and put_off.postponed == "等县里名单"
    post = vacancy_line("v", {"unit": "某厂", "valid_until": "2026-07-17"}, agenda())
    assert post is not None and post.due == date(2026, 7, 14)
    assert vacancy_line("v", {"valid_until": "2026-07-14"}, agenda()) is None


def test_unknown_years_are_said() -> None:
    file = File(notice_on=None, opened_on="2026-12-01", next_contact="2027-01-20")
    file.serve("HF", "2026-12-30")
    assert "workdays_guessed" in lines(file, date(2027, 1, 2))["notice"].basis.notes


_DATES = st.dates(date(2026, 5, 1), date(2026, 9, 30)).map(date.isoformat)
_ROWS = st.one_of(
    st.tuples(st.just("service"), st.fixed_dictionaries(
        {"type": st.sampled_from(["ZYZD", "GWTJ", "HF"]), "served_on": _DATES},
        optional={"next_contact": _DATES, "outcome": st.just("no_answer")})),
    st.tuples(st.just("measure"), st.fixed_dictionaries({"due": _DATES},
        optional={"done_on": _DATES, "plan": st.sampled_from(["p1", "p2"])})),
    st.tuples(st.just("plan"), st.fixed_dictionaries({"agreed_on": _DATES},
        optional={"goal_due": _DATES, "promise_due": _DATES, "review_on": _DATES})),
    st.tuples(st.just("review"), st.fixed_dictionaries({"reviewed_on": _DATES},
        optional={"next_on": _DATES})),
    st.tuples(st.sampled_from(["benefit", "subsidy"]), st.fixed_dictionaries({"until": _DATES})),
    st.tuples(st.just("postponement"), st.fixed_dictionaries(
        {"line": _DATES.map("contact:{}".format), "until": _DATES, "reason": st.just("x")})),
)  # fmt: skip


@given(
    st.lists(_ROWS, max_size=12), st.randoms(use_true_random=False), st.booleans(), _DATES, st.integers(0, 90)
)
def test_lines_depend_on_what_rules_read_and_on_nothing_else(
    rows: list[tuple[str, dict[str, Json]]], random: object, graduated: bool, following: str, ahead: int
) -> None:
    root = (graduate if graduated else File)(next_contact=following, opened_on="2026-05-04").root
    records = [(kind, f"{kind}{n:02d}", values) for n, (kind, values) in enumerate(rows)]
    today = agenda(TODAY + timedelta(days=ahead))
    found = sorted(due_lines(facts("c", root, records), today), key=order)
    more = [*records, ("attachment", "a1", {"title": "x"}), ("group", "g1", {"kind": "veteran"})]
    random.shuffle(more)  # type: ignore[attr-defined]
    again = sorted(due_lines(facts("c", root, more), today), key=order)
    assert again == found and [x.basis for x in again] == [x.basis for x in found]
    assert "attachment" not in DUE_RECORDS
    assert len({line.key for line in found}) == len(found)
    for a, b in pairwise(found):
        assert (a.bucket, a.due) <= (b.bucket, b.due)
    for line in found:
        assert line.due >= line.original and line.due <= today.horizon
        assert (line.due < today.today) == (line.bucket is Bucket.OVERDUE)
        assert line.basis.rule


def test_what_was_agreed_for_a_step_is_never_silent() -> None:
    others = File(next_contact="2026-09-01").add("plan", version=1, agreed_on="2026-05-18")
    others.add("measure", plan="plan-1", what="推荐", step="GWTJ", due="2026-07-14")
    assert lines(others)["measure"].record == "measure-1", "outside the circle it is a measure like any other"
    mine = graduate(opened_on="2026-07-01", next_contact="2026-09-01")
    mine.add("plan", version=1, agreed_on="2026-05-18")
    mine.add("measure", plan="plan-1", what="第一次", step="GWTJ", due="2026-07-14")
    mine.add("measure", plan="plan-1", what="第二次", step="GWTJ", due="2026-07-16")
    mine.add("measure", plan="plan-1", what="宣介", step="ZCXJ", due="2026-07-13")
    found = {line.record: line.kind for line in due_lines(mine.facts(), agenda()) if line.record}
    # the first date dates the step; the others, and steps of another template, stand for themselves
    assert found["measure-1"] is DueKind.STEP
    assert found["measure-2"] is found["measure-3"] is DueKind.MEASURE


def test_a_measure_names_one_of_the_alternatives_of_a_step() -> None:
    from dataclasses import replace

    from jobdesk.host.template_files import template

    file = graduate(opened_on="2026-07-01", next_contact="2026-09-01")
    file.add("plan", version=1, agreed_on="2026-05-18")
    file.add("measure", plan="plan-1", what="见习", step="JYJX", due="2026-07-14")
    found = due_lines(file.facts(), replace(agenda(), template=template("JL-1311-B")))
    assert [(line.kind, line.due) for line in found if line.record] == [(DueKind.STEP, date(2026, 7, 14))]


def test_who_is_not_asked_has_nothing_to_say() -> None:
    root: dict[str, Json] = {
        "id_number": "229901197001010013",
        "transfer_wish": "门卫",
        "work_capacity": "able",
    }
    rows = {
        kind: {"state": "recognised", "kind": "social_flexible", "since": "2026-01-01", "until": "2026-07-20"}
        for kind in sorted(DUE_RECORDS)
    }
    for make, needed, _field in MAKERS:
        file = graduate(**root)
        for kind in rows.keys() - needed:
            file.add(kind, **rows[kind])
        assert not needed or not list(make(file.facts(), agenda(), {}))


def test_where_no_pack_has_a_figure_no_days_are_made_up() -> None:
    assert agenda().by_pack(TODAY, None) == TODAY
    saturday = date(2026, 7, 18)
    assert agenda().by_pack(saturday, None) == date(2026, 7, 20), "the next working day"
