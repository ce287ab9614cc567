"""Whose row it is: the number first, people proposed without one, nobody merged unasked."""

from __future__ import annotations

from jobdesk.cases.id_number import check_digit
from jobdesk.services.desk import Desk
from jobdesk.services.importing.preview import Preview
from jobdesk.services.importing.verdicts import Decision, Verdict
from jobdesk.services.merging import merge

from .corpus import id_number
from .stations import look_at, operations, people, person, take_in

A, B = id_number(order=21), id_number(order=22)


def verdicts(preview: Preview) -> list[str]:
    return [row.verdict.value for row in preview.rows]


def codes(preview: Preview, index: int) -> list[str]:
    return [p.code for p in preview.rows[index].problems if p.code != "region_unknown"]


def test_fifteen_digits_find_the_eighteen_they_became(desk: Desk) -> None:
    old = A[:6] + A[8:17]
    take_in(desk, [person("赵国强", A)])
    preview = look_at(desk, [person("赵国强", old)])
    assert verdicts(preview) == ["changed"]
    take_in(desk, [person("赵国强", old)])
    assert people(desk)["赵国强"].extra["old_id_number"] == old
    assert len(people(desk)) == 1


def test_eighteen_digits_find_an_old_number(desk: Desk) -> None:
    old = A[:6] + A[8:17]
    take_in(desk, [person("赵国强", old)])
    take_in(desk, [person("赵国强", A)])
    assert [i.id_number for i in people(desk).values()] == [A]


def test_without_a_number_people_are_proposed_and_the_row_waits(desk: Desk) -> None:
    take_in(desk, [person("赵国强", A, "19900000001")])
    preview = look_at(desk, [person("赵国强", "", "19900000001", "南岭2号")])
    assert verdicts(preview) == ["held"] and codes(preview, 0) == ["perhaps_same_person"]
    (candidate,) = preview.rows[0].candidates
    assert candidate.by == ("name", "phone") and "*" in candidate.number_masked
    preview.decide(0, Decision(person=candidate.case_id))
    assert verdicts(preview) == ["changed"]
    preview.decide(0, Decision(person="new"))
    assert verdicts(preview) == ["new"]
    preview.decide(0, None)
    assert verdicts(preview) == ["held"]


def test_a_namesake_with_another_phone_is_no_question(desk: Desk) -> None:
    take_in(desk, [person("赵国强", A, "19900000001")])
    assert verdicts(look_at(desk, [person("赵国强", "", "19900000002")])) == ["new"]
    assert verdicts(look_at(desk, [person("赵国强", B, "19900000002")])) == ["new"]


def test_a_number_does_not_double_somebody_who_had_none(desk: Desk) -> None:
    take_in(desk, [person("赵国强", "", "19900000001")])
    preview = look_at(desk, [person("赵国强", A, "19900000001")])
    assert codes(preview, 0) == ["perhaps_same_person"]


def test_one_number_two_names_waits_and_says_who(desk: Desk) -> None:
    take_in(desk, [person("赵国强", A)])
    preview = look_at(desk, [person("钱桂芳", A)])
    assert verdicts(preview) == ["held"] and codes(preview, 0) == ["number_taken"]
    assert preview.rows[0].problems[-1].params == {"name": "赵国强"}
    before = operations(desk)
    take_in(desk, [person("钱桂芳", A)])
    assert list(people(desk)) == ["赵国强"] and operations(desk) > before


def test_the_second_row_that_says_otherwise_alters_nothing(desk: Desk) -> None:
    rows = [person("赵国强", A, "19900000001"), person("赵国强", A, "19900000002")]
    preview = look_at(desk, rows)
    assert verdicts(preview) == ["new", "held"] and codes(preview, 1) == ["repeated_differs"]
    take_in(desk, rows)
    assert people(desk)["赵国强"].phone == "19900000001"


def test_the_second_row_may_add_what_the_first_leaves_open(desk: Desk) -> None:
    rows = [
        person("赵国强", A, "19900000001"),
        person("赵国强", A, address="南岭1号", category="大龄失业人员"),
    ]
    assert verdicts(look_at(desk, rows)) == ["new", "changed"]
    take_in(desk, rows)
    assert (people(desk)["赵国强"].phone, people(desk)["赵国强"].address) == ("19900000001", "南岭1号")
    assert verdicts(look_at(desk, rows)) == ["unchanged", "unchanged"]


def test_a_row_that_repeats_a_waiting_one_waits_too(desk: Desk) -> None:
    rows = [person("赵国强", A), person("钱桂芳", A), person("赵国强", A)]
    preview = look_at(desk, rows)
    assert verdicts(preview) == ["held", "held", "held"] and "repeated_of_held" in codes(preview, 2)


def test_a_merged_file_is_found_under_both_numbers(desk: Desk) -> None:
    take_in(desk, [person("赵国强", A, "19900000001"), person("赵国彊", B, "19900000002")])
    here = people(desk)
    merge(desk, here["赵国强"].case_id, here["赵国彊"].case_id, "同一人").result()
    rows = [person("赵国强", A, "19900000001"), person("赵国彊", B, "19900000002")]
    assert verdicts(look_at(desk, rows)) == ["unchanged", "unchanged"]


def test_a_number_that_ends_in_000_is_asked_about_beside_damaged_ones(desk: Desk) -> None:
    firsts = (f"229901197506{day:02d}{n}00" for day in range(1, 29) for n in range(10))
    perhaps = next(first + "0" for first in firsts if check_digit(first) == "0")
    alone = look_at(desk, [person("赵国强", perhaps)])
    assert verdicts(alone) == ["new"]
    beside = look_at(desk, [person("赵国强", perhaps), person("单秀英", "229901196806181000")])
    assert beside.rows[0].verdict is Verdict.HELD and codes(beside, 0) == ["id_perhaps_damaged"]
    beside.decide(0, Decision(number=perhaps))
    assert beside.rows[0].verdict is Verdict.NEW
