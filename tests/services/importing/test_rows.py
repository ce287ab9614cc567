"""Typed values, and what is not right with a row."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from jobdesk.cases.id_number import IdKind
from jobdesk.cases.schema import field
from jobdesk.host import strings
from jobdesk.services.importing import layouts, problems, read, repeats
from jobdesk.services.importing.grid import Raw
from jobdesk.services.importing.phones import read_phones

from .corpus import TODAY, codes, id_number, read_cells

HEADER: list[Raw] = ["序号", "姓名", "性别", "年龄", "身份证号", "联系电话", "失业时间"]
SAMPLE = Path(__file__).parents[3] / "resources" / "samples" / "就业困难人员管理台帐.xlsx"


def person(**changed: Raw) -> list[Raw]:
    line: dict[str, Raw] = {
        "serial": 1.0, "name": "解春梅", "sex": "女", "age": 51.0, "number": id_number(1975, 6, 18, 22),
        "phone": 19900000001.0, "since": "2026.3",
    }  # fmt: skip
    line.update(changed)
    return list(line.values())


def one(**changed: Raw) -> tuple[dict[str, object], list[str], bool]:
    result = read_cells([HEADER, person(**changed)])
    row = result.rows[0]
    return dict(row.values), codes(result)[0], row.held


def test_a_clean_row() -> None:
    values, found, held = one()
    assert values == {
        "case.name": "解春梅",
        "case.sex": "2",
        "case.id_number": id_number(1975, 6, 18, 22),
        "case.phone": "19900000001",
        "registration.since": "2026-03",
    }
    assert found == [] and not held


def test_where_a_value_came_from() -> None:
    row = read_cells([HEADER, person(since="2026年3月")]).rows[0]
    assert row.number == 2 and row.address("registration.since") == "G2"
    assert row.original("registration.since") == "2026年3月"
    assert row.cells()["F"] == "19900000001"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (float(id_number()), "id_damaged"),
        ("229901197506180000", "id_damaged"),
        ("2.29901E+17", "id_scientific"),
        (id_number()[:17] + ("1" if id_number()[17] != "1" else "2"), "id_bad_checksum"),
        ("229901197302300028", "id_bad_date"),
        ("2299011975061802", "id_bad_length"),
        ("见户口本", "id_bad_characters"),
    ],
)
def test_numbers_that_hold_a_row(number: Raw, code: str) -> None:
    values, found, held = one(number=number, sex="", age="")
    assert code in found and held
    assert "case.id_number" not in values


def test_a_number_cell_is_damaged_even_when_its_zeros_satisfy_the_checksum() -> None:
    lucky = next(
        float(id_number(1960 + y, m, 1, 0)[:15] + "000")
        for y in range(40)
        for m in range(1, 13)
        if id_number(1960 + y, m, 1, 0).endswith("000")
    )
    row = read_cells([HEADER, person(number=lucky, sex="", age="")]).rows[0]
    assert row.id_reading is not None and row.id_reading.kind is IdKind.DAMAGED and row.held


def test_spaces_tabs_and_full_width_figures_in_a_number() -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in id_number(1975, 6, 18, 22))
    spaced = "\t" + wide[:6] + " " + wide[6:14] + "\n" + wide[14:]
    assert one(number=spaced)[0]["case.id_number"] == id_number(1975, 6, 18, 22)


def test_fifteen_digits_are_kept_as_the_old_number_and_hold_nothing() -> None:
    for number in ("229901750618022", 229901750618022.0):
        values, found, held = one(number=number)
        assert values["case.old_id_number"] == "229901750618022"
        assert "case.id_number" not in values
        assert "id_old15" in found and not held


def test_sex_and_birth_that_disagree_hold() -> None:
    assert one(sex="男")[1:] == (["sex_disagrees"], True)
    header: list[Raw] = ["姓名", "身份证号", "出生年月"]
    agreeing = read_cells([header, ["解春梅", id_number(1975, 6, 18, 22), "1975.6"]])
    assert codes(agreeing) == [[]]
    wrong = read_cells([header, ["解春梅", id_number(1975, 6, 18, 22), "1976.6"]])
    assert codes(wrong) == [["birth_disagrees"]] and wrong.rows[0].held


@pytest.mark.parametrize("age", [50.0, 51.0, 52.0, "51岁"])
def test_completed_years_and_nominal_years_are_both_right(age: Raw) -> None:
    assert one(age=age)[1] == []


def test_an_age_far_off_is_a_hint() -> None:
    assert one(age=40.0)[1:] == (["age_differs"], False)


def test_the_day_of_filling_counts_for_the_age() -> None:
    rows: list[list[Raw]] = [HEADER, person(age=41.0), ["填报日期：2016年10月30日"]]
    assert codes(read_cells(rows)) == [[]]


def test_unknown_and_historic_regions_are_hints_and_never_fill_the_household_place() -> None:
    for number in (id_number(), "220181197506180018"):
        row = read_cells([HEADER, person(number=number, sex="", age="")]).rows[0]
        assert "case.hukou_place" not in row.values
    row = read_cells([HEADER, person(sex="", age="")]).rows[0]
    assert [p.code for p in row.problems] == ["region_unknown"] and not row.held


def test_names() -> None:
    assert one(name="解　春 梅")[0]["case.name"] == "解春梅"
    assert one(name="")[1:] == (["name_missing"], True)


@pytest.mark.parametrize(
    ("text", "numbers", "problem"),
    [
        ("139 0000 0001", ("13900000001",), None),
        ("139-0000-0001", ("13900000001",), None),
        ("+86 13900000001", ("13900000001",), None),
        ("13900000001.0", ("13900000001",), None),
        ("13900000001/13900000002", ("13900000001", "13900000002"), None),
        ("1390000000113900000002", ("13900000001", "13900000002"), None),
        ("13900000001 0431-85551234", ("13900000001", "0431-85551234"), None),
        ("0431-85551234", ("0431-85551234",), None),
        ("85551234", ("85551234",), None),
        ("43185551234", ("43185551234",), "phone_zero_lost"),
        ("1390000001", ("1390000001",), "phone_length"),
        ("1.39E+10", (), "phone_scientific"),
        ("13900000001(儿子)", ("13900000001",), None),
    ],
)
def test_phones(text: str, numbers: tuple[str, ...], problem: str | None) -> None:
    reading = read_phones(text)
    assert (reading.numbers, reading.problem) == (numbers, problem)


def test_two_phones_in_a_cell_and_words_beside_one() -> None:
    values, _, held = one(phone="19900000001、19900000002")
    assert (values["case.phone"], values["case.phone_2"]) == ("19900000001", "19900000002")
    assert one(phone="19900000001（儿子）")[0]["case.note"] == "联系电话：19900000001（儿子）"
    assert not held and one(phone="1990000001")[1:] == (["phone_length"], False)


def test_dates_in_cells() -> None:
    assert one(since=46082.0)[0]["registration.since"] == "2026-03-01"
    assert one(since=date(2026, 3, 1))[0]["registration.since"] == "2026-03-01"
    ranged = one(since="2024.3-2025.2")[0]
    assert (ranged["registration.since"], ranged["registration.until"]) == ("2024-03", "2025-02")
    assert one(since="2024年3月至今")[0]["registration.since"] == "2024-03"
    assert one(since="2026.2.30")[1:] == (["date_impossible"], True)
    assert one(since="去年")[1:] == (["date_unreadable"], False)
    assert one(since=2026.1)[1:] == (["date_ambiguous"], False)
    assert one(since="")[1] == []


def test_serials_of_the_1904_system() -> None:
    row = read_cells([HEADER, person(since=46082.0 - 1462)], system_1904=True).rows[0]
    assert row.values["registration.since"] == "2026-03-01"


def test_hidden_rows_are_read_and_marked() -> None:
    rows = read_cells(
        [HEADER, person(), person(number=id_number(1980, 1, 1, 2), age="")], hidden_rows={2}
    ).rows
    assert [r.hidden for r in rows] == [False, True]


def test_a_formula_without_a_value() -> None:
    result = read_cells([HEADER, person(number="", phone="")], unfilled={(1, 4), (1, 5)})
    assert codes(result) == [["cell_unfilled", "cell_unfilled_other"]] and result.rows[0].held


def test_two_people_with_one_number_are_both_held_with_both_places() -> None:
    result = read_cells([HEADER, person(), person(name="单秀英")])
    assert codes(result) == [["number_of_two_people"], ["number_of_two_people"]]
    assert [r.problems[-1].params["row"] for r in result.rows] == [3, 2]
    assert all(r.held for r in result.rows)


def test_one_person_twice() -> None:
    same = read_cells([HEADER, person(), person(serial=2.0)])
    assert codes(same) == [[], ["repeated"]] and not same.rows[1].held
    assert same.rows[1].repeats is same.rows[0]
    other = read_cells([HEADER, person(), person(phone=19900000009.0)])
    assert codes(other) == [[], ["repeated_differs"]]
    assert [r.held for r in other.rows] == [False, True]
    emptier = read_cells([HEADER, person(phone=""), person()])
    assert codes(emptier) == [[], ["repeated"]]


def test_one_person_in_two_rows_under_a_merged_name() -> None:
    header: list[Raw] = ["姓名", "身份证号", "服务日期", "服务内容"]
    rows: list[list[Raw]] = [
        header,
        ["解春梅", id_number(), "2026.3.1", "介绍岗位"],
        ["", "", "2026.4.1", "回访"],
        ["单秀英", id_number(1980), "", ""],
    ]
    found = read_cells(rows, merged=[(1, 0, 2, 0), (1, 1, 2, 1)]).rows
    assert [r.name for r in found] == ["解春梅", "单秀英"]
    assert found[0].joined == [2]
    assert found[0].values["service#2.served_on"] == "2026-04-01"
    assert found[0].values["service#2.content"] == "回访"


def test_second_source_for_a_damaged_number_in_the_same_file() -> None:
    whole = id_number(1975, 6, 18, 22)
    rows = [HEADER, person(number=float(whole), serial=1.0), person(serial=2.0)]
    result = read_cells(rows)
    (source,) = repeats.second_sources(result.rows[0], result.rows)
    assert (source.number, source.by, source.row.number) == (whole, "phone", 3)
    stranger = read_cells([HEADER, person(number=float(whole)), person(phone=19900000009.0)])
    assert repeats.second_sources(stranger.rows[0], stranger.rows) == []


def test_the_key_of_a_row_does_not_hang_on_its_place() -> None:
    a = read_cells([HEADER, person(), person(name="单秀英", number="")]).rows[1]
    b = read_cells([HEADER, person(name="单秀英", number="", serial=9.0)]).rows[0]
    assert a.key() == b.key() != read_cells([HEADER, person()]).rows[0].key()


def test_the_sample_ledger() -> None:
    found = read.read_path(SAMPLE, TODAY)
    assert len(found.rows) == 44 and found.plans[0].layout is not None
    assert all(g.target for g in found.plans[0].guesses) and not found.plans[0].questions
    kinds = [p.code for r in found.rows for p in r.problems if p.holds]
    assert sorted(kinds) == [
        "id_bad_checksum", "id_bad_date", "id_damaged", "id_damaged", "number_of_two_people",
        "number_of_two_people", "sex_disagrees",
    ]  # fmt: skip
    assert [r.number for r in found.rows if r.hidden] == [33]


def test_every_value_is_a_field_and_every_problem_has_its_sentence() -> None:
    found = read.read_path(SAMPLE, TODAY)
    for row in found.rows:
        for target in row.values:
            record, name, _, _ = layouts.split_target(target)
            assert field(record, name) is not None
        for problem in row.problems:
            assert strings.text(f"import.problem.{problem.code}", **problem.params)
    for code in problems.HOLDING:
        assert strings.has(f"import.problem.{code}") and strings.has(f"import.kind.{code}")
