"""Steps are counted from records: different posts, no attempts, rounds, the circle and its rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from files import RULES, TEMPLATE, TODAY, File, graduate
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.facts import Rec, facts
from jobdesk.cases.ops import Json
from jobdesk.cases.progress import Progress, progress
from jobdesk.cases.rates import rates
from jobdesk.cases.templates import Circle, Counts
from jobdesk.host import template_files


def run(file: File, day: date = TODAY) -> Progress:
    return progress(file.facts(), TEMPLATE, RULES, day)


def counted(found: Progress, number: int = 1) -> dict[str, int]:
    return {s.step.code: s.counted for s in found.rounds[number - 1].steps}


def why(found: Progress) -> dict[str, str]:
    return {s.id: s.why for s in (*found.basis.counted, *found.basis.not_counted)}


def test_three_recommendations_are_three_different_posts() -> None:
    file = graduate()
    file.serve("GWTJ", "2026-06-05", vacancies=["v1"]).serve("GWTJ", "2026-06-06", vacancies=["v1"])
    file.serve("GWTJ", "2026-06-07", offered="超市 收银").serve("GWTJ", "2026-06-08", offered="超市收银")
    found = run(file)
    assert counted(found)["GWTJ"] == 2
    assert why(found)["service-2"] == "same_post"
    assert why(found)["service-4"] == "same_post"
    assert "same_text_is_one_post" in found.basis.notes


def test_unnamed_posts_do_not_add_up() -> None:
    file = graduate().serve("GWTJ", "2026-06-05").serve("GWTJ", "2026-06-06", offered=" ")
    found = run(file)
    assert counted(found)["GWTJ"] == 1
    assert why(found)["service-2"] == "post_unnamed"


def test_one_visit_may_offer_three_posts() -> None:
    assert counted(run(graduate().serve("GWTJ", "2026-06-05", vacancies=["a", "b", "c"])))["GWTJ"] == 3


def test_attempts_and_mass_messages_are_not_services() -> None:
    file = graduate()
    file.serve("ZYZD", "2026-06-05", outcome="no_answer")
    file.serve("GWTJ", "2026-06-06", group_event="推送", channel="online", vacancies=["v1"])
    file.serve("HF", "2026-06-07").serve("QT", "2026-06-08").serve("ZYZD", "")
    file.serve("ZYZD", "2026-08-01")
    found = run(file)
    assert sum(counted(found).values()) == 0
    assert list(why(found).values()) == [
        "no_answer",
        "mass_message",
        "follow_up",
        "no_step",
        "undated",
        "later",
    ]


def test_both_numbers_are_there_and_a_declined_post_was_offered() -> None:
    file = graduate()
    file.serve("GWTJ", "2026-06-05", vacancies=["a"], engagement="declined")
    file.serve("GWTJ", "2026-06-06", vacancies=["b"], engagement="joined")
    step = run(file).current.steps[1]
    assert (step.offered, step.joined, step.completed, step.counted) == (2, 1, 0, 2)
    joined = progress(file.facts(), TEMPLATE.counting(Counts.JOINED), RULES, TODAY)
    assert joined.current.steps[1].counted == 1
    assert joined.current.steps[1].step.counts_status == "own"
    assert {s.id: s.why for s in joined.basis.not_counted} == {"service-1": "not_joined"}


def test_services_of_others_count_with_their_source() -> None:
    step = run(graduate().serve("ZYZD", "2026-06-05", provider="school")).current.steps[0]
    assert step.done and step.events[0].provider == "school"


def whole_round(file: File, month: str, **more: Json) -> File:
    file.serve("ZYZD", f"{month}-02", **more)
    file.serve("GWTJ", f"{month}-03", vacancies=["a", "b", "c"], **more)
    return file.serve("JNPX", f"{month}-04", **more).serve("JYJX", f"{month}-05", **more)


def test_rounds_follow_by_completion() -> None:
    found = run(whole_round(graduate(), "2026-06").serve("ZYZD", "2026-07-01"))
    assert found.rounds_done == 1 and found.rounds[0].completed_on == "2026-06-05"
    assert found.current.number == 2 and counted(found, 2)["ZYZD"] == 1
    assert {s.id: s.why for s in found.rounds[0].basis.not_counted} == {"service-5": "other_round"}


def test_a_round_that_is_stated_holds() -> None:
    found = run(graduate().serve("ZYZD", "2026-06-01", round=2).serve("GWTJ", "2026-06-02", offered="x"))
    assert [r.number for r in found.rounds] == [1, 2]
    assert counted(found, 2) == {"ZYZD": 1, "GWTJ": 1, "JNPX": 0, "JYJX": 0}


def test_a_late_record_of_the_first_round_after_it_was_complete() -> None:
    found = run(whole_round(graduate(), "2026-06").serve("GWTJ", "2026-07-01", offered="x", round=1))
    assert found.rounds[0].steps[1].counted == 4 and found.rounds[0].filled == 6
    assert found.current.number == 2


def test_a_template_that_does_not_repeat_keeps_one_round() -> None:
    once = template_files.template("CN-131")
    found = progress(whole_round(graduate(), "2026-06").facts(), once, RULES, TODAY)
    assert len(found.rounds) == 1 and found.current.done
    assert found.current.steps[2].counted == 2, "training or internship: both are alternatives of one step"


@pytest.mark.parametrize(
    ("file", "circle", "reason", "outside", "notes"),
    [
        (graduate(), "graduates", "member", "", ()),
        (graduate(graduate_kind="special_education"), "graduates", "member", "", ()),
        (graduate(graduate_kind="none"), "", "not_graduate", "", ()),
        (graduate(graduate_kind=None), "", "graduate_unknown", "", ()),
        (graduate(graduated_on="2026-08"), "", "not_left", "", ()),
        (graduate(graduated_on=None), "graduates", "member", "", ("graduated_on_missing",)),
        (graduate().add("placement", since="2026-07", verified_on="2026-07-10"), "", "employed", "", ()),
        (graduate().add("placement", since="2026-07"), "graduates", "member", "", ("placement_unverified",)),
        (graduate().add("employment", since="2026-01", until="2026-05"), "graduates", "member", "", ()),
        (graduate(willingness="study"), "graduates", "member", "", ("statement_missing",)),
        (
            graduate().add("statement", kind="study", stated_on="2026-07-01"),
            "graduates", "member", "study", (),
        ),
        (
            graduate()
            .add("statement", kind="no_wish", stated_on="2026-07-01")
            .add("registration", since="2026"),
            "graduates", "member", "no_wish", ("check_registration",),
        ),
        (graduate().add("statement", kind="no_wish"), "graduates", "member", "", ("statement_undated",)),
        (
            graduate().add("statement", kind="study", stated_on="2026-01-01", until="2026-06-30"),
            "graduates", "member", "", (),
        ),
        (
            graduate().add("statement", kind="study", stated_on="2026-05-01").add(
                "statement", kind="wish", stated_on="2026-06-01"
            ),
            "graduates", "member", "", (),
        ),
    ],
)  # fmt: skip
def test_the_circle_and_its_rate(
    file: File, circle: str, reason: str, outside: str, notes: tuple[str, ...]
) -> None:
    member = run(file).member
    assert (member.circle, member.why, member.outside, member.notes) == (circle, reason, outside, notes)


def test_another_circle_has_a_rate_of_its_own() -> None:
    everybody = Circle("unemployed", "失业人员", frozenset(), TEMPLATE.source)
    open_to = TEMPLATE.opened_to(everybody)
    people = [("g", graduate()), ("h", File(opened_on="2026-06-01")), ("s", graduate())]
    people[2][1].add("statement", kind="study", stated_on="2026-07-01")
    whole_round(people[1][1], "2026-06", engagement="joined")
    found = rates((i, progress(f.facts(), open_to, RULES, TODAY)) for i, f in people)
    assert [(r.circle, r.inside, r.offered, r.joined, r.study) for r in found] == [
        ("graduates", ("g",), (), (), ("s",)),
        ("unemployed", ("h",), ("h",), ("h",), ()),
    ]
    assert rates([("h", progress(people[1][1].facts(), TEMPLATE, RULES, TODAY))]) == ()


_SERVICES = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["ZYZD", "GWTJ", "JNPX", "JYJX", "HF", "QT", "ZCXJ"]),
        "served_on": st.sampled_from(["", "2026-06-01", "2026-06-02", "2026-07-01", "2027-01-01"]),
    },
    optional={
        "vacancies": st.lists(st.sampled_from("abcd"), max_size=3),
        "offered": st.sampled_from(["", "x", "y"]),
        "engagement": st.sampled_from(["offered", "joined", "completed", "declined", "attempt"]),
        "outcome": st.sampled_from(["no_answer", "connected"]),
        "provider": st.sampled_from(["own", "school"]),
        "round": st.integers(0, 4),
        "group_event": st.just("e"),
        "channel": st.sampled_from(["phone", "online", "visit"]),
    },
)


@given(st.lists(_SERVICES, max_size=14), st.randoms(use_true_random=False), st.sampled_from(list(Counts)))
def test_every_record_is_counted_or_not_and_their_order_means_nothing(
    services: list[dict[str, Json]], random: object, counts: Counts
) -> None:
    rows = [Rec("service", f"s{n:02d}", values) for n, values in enumerate(services)]
    template = TEMPLATE.counting(counts)
    found = progress(facts("c", graduate().root, rows), template, RULES, TODAY)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    unread = [Rec("attachment", "a", {"title": "x"}), Rec("review", "r", {"text": "x"})]
    assert progress(facts("c", graduate().root, [*unread, *shuffled]), template, RULES, TODAY) == found
    everything = sorted(r.id for r in rows)
    assert sorted(s.id for s in (*found.basis.counted, *found.basis.not_counted)) == everything
    for one in found.rounds:
        assert sorted(s.id for s in (*one.basis.counted, *one.basis.not_counted)) == everything
        for step in one.steps:
            assert step.offered >= step.joined >= step.completed
    counted_events = {e.record for r in found.rounds for s in r.steps for e in s.events if e.why == "counted"}
    assert counted_events == {s.id for s in found.basis.counted}


@given(st.lists(_SERVICES, max_size=10))
def test_counting_alone_gives_the_same_numbers(services: list[dict[str, Json]]) -> None:
    given_facts = facts("c", graduate().root, [("service", f"s{n}", v) for n, v in enumerate(services)])
    whole = progress(given_facts, TEMPLATE, RULES, TODAY)
    bare = progress(given_facts, TEMPLATE, RULES, TODAY, trace=False)
    counted = [
        replace(r, basis=whole.basis, steps=tuple(replace(s, events=()) for s in r.steps))
        for r in whole.rounds
    ]
    assert counted == [replace(r, basis=whole.basis) for r in bare.rounds]


def test_a_complete_round_is_shown_until_a_service_begins_the_next() -> None:
    file = graduate().serve("ZYZD", "2026-06-01").serve("GWTJ", "2026-06-02", vacancies=["a", "b", "c"])
    file.serve("JNPX", "2026-06-03")
    assert run(file).shown.number == 1
    file.serve("JYJX", "2026-06-05")
    found = run(file)
    assert (found.current.number, found.shown.number, found.shown.filled) == (2, 1, 6)
    assert run(file.serve("ZYZD", "2026-06-09")).shown.number == 2
    assert run(graduate()).shown.number == 1
