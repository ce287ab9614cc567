"""Examples of what a merged file says beside the one that was kept."""

from __future__ import annotations

from collections.abc import Mapping

from jobdesk.cases.beside import beside
from jobdesk.cases.clock import Stamp
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.state import FieldState, Head, RecordState, SubjectState


def root(case: str, values: Mapping[str, Json], *, needs: tuple[str, ...] = ()) -> RecordState:
    fields = {n: FieldState(v, (Head(f"{case}-{n}", v, Stamp(1, 0, "r"), "s"),)) for n, v in values.items()}
    sets = {"service_needs": {n: (f"{case}-{n}",) for n in needs}} if needs else {}
    return RecordState("case", case, fields, sets)


def file(case: str, values: Mapping[str, Json], *, needs: tuple[str, ...] = ()) -> SubjectState:
    made = root(case, values, needs=needs)
    return SubjectState(Subject("case", case), {("case", case): made})


def told(kept: RecordState, name: str, *merged: SubjectState) -> list[tuple[str, Json, bool]]:
    return [(b.case_id, b.written, b.lacking) for b in beside(kept, merged, name)]


def test_a_blank_field_may_take_what_a_merged_file_holds_each_value_once() -> None:
    kept, same = root("k", {"name": "刘淑琴"}), file("b", {"education": "21"})
    assert told(kept, "education", file("a", {"education": "21"}), same) == [("a", "21", True)]
    assert told(kept, "skills", file("a", {"skills": None}), file("b", {"skills": ""})) == []
    assert told(root("k", {"local_hukou": None}), "local_hukou", file("a", {"local_hukou": False})) == [
        ("a", False, True)
    ]


def test_another_value_is_told_and_the_same_one_is_not() -> None:
    kept = root("k", {"phone": "19900000001", "education": "21"})
    merged = file("a", {"phone": "19900000002", "education": "21"})
    assert told(kept, "phone", merged) == [("a", "19900000002", False)]
    assert told(kept, "education", merged) == []


def test_of_many_values_those_that_lack_are_taken_beside_ones_own() -> None:
    kept, merged = root("k", {}, needs=("1", "2")), file("a", {}, needs=("2", "3"))
    (one,) = beside(kept, [merged], "service_needs")
    assert one.value == ["3"] and one.written == ["1", "2", "3"] and one.lacking
    assert not beside(kept, [file("a", {}, needs=("1",))], "service_needs")


def test_how_the_other_file_was_worked_with_is_not_told() -> None:
    merged = file("a", {"next_contact": "2026-08-01", "owner": "s2"})
    assert told(root("k", {}), "next_contact", merged) == []
    assert told(root("k", {}), "owner", merged) == [("a", "s2", True)]
    assert told(root("k", {"owner": "s1"}), "owner", merged) == []


def test_a_question_that_waits_for_a_person_comes_first() -> None:
    heads = tuple(Head(f"o{n}", v, Stamp(n, 0, "r"), "s") for n, v in enumerate(("21", "31")))
    kept = RecordState("case", "k", {"education": FieldState("31", heads)})
    assert told(kept, "education", file("a", {"education": "11"})) == []
