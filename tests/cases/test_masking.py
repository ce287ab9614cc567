"""A mask shows what was agreed and never more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases import masking, schema
from jobdesk.cases.id_number import examine
from jobdesk.cases.masking import mask_birth, mask_id, mask_name, mask_phone
from jobdesk.host.assets import csv_rows


def test_shapes() -> None:
    assert mask_id("229901198001011234") == "229901********1234"
    assert mask_id("229901800101123") == "229901*****1123"
    assert mask_phone("19912345678") == "199****5678"


@given(st.text(max_size=40))
def test_odd_values_show_a_third_at_most(value: str) -> None:
    for mask, usual in ((mask_id, (15, 18)), (mask_phone, (11,))):
        masked = mask(value)
        assert len(masked) == len(value)
        if len(value) not in usual:
            shown = sum(a == b for a, b in zip(masked, value, strict=True) if a != "*")
            assert shown <= len(value) // 3


def test_short_values_show_nothing() -> None:
    assert mask_id("12") == "**" and mask_phone("") == ""
    assert mask_phone("0431-88888888") == "*********8888"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("1980-04-26", "1980-**-**"), ("1980.4.26", "1980.*.**"), ("1980年4月", "1980年*月"), ("1980", "1980"),
        ("19800426", "1980****"), ("19336", "*****"), ("29337", "*****"), ("4/26/1980", "*/**/****"), ("", ""),
    ],
)  # fmt: skip
def test_of_a_birth_date_the_year_stays(typed: str, shown: str) -> None:
    assert mask_birth(typed) == shown


def test_a_masked_number_and_a_masked_birth_date_do_not_give_the_number() -> None:
    number, birth = "229901198004260011", "1980-04-26"
    shown = mask_id(number)
    left = [
        candidate
        for day in (date(1980, 1, 1) + timedelta(n) for n in range(366))
        if (candidate := shown[:6] + day.strftime("%Y%m%d") + shown[-4:])
        and examine(candidate, date(2026, 1, 1)).ok and mask_birth(day.isoformat()) == mask_birth(birth)
    ]  # fmt: skip
    assert len(left) > 20
    assert schema.field("case", "birth").masked  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王秀兰", "王**"), ("尉迟志远", "尉迟**"), ("尉迟", "尉*"), ("欧阳修", "欧阳*"), ("叶赫那拉氏", "叶赫那拉*"),
        ("马佳琪", "马**"), ("章佳怡", "章**"), ("贺兰英", "贺**"), ("王", "王"), ("", ""),
    ],
)  # fmt: skip
def test_of_a_name_the_surname_stays_and_no_given_name_shows(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_every_compound_surname_that_stays_is_one_of_the_table() -> None:
    assert {row["surname"] for row in csv_rows("surnames.csv")} >= masking._COMPOUND  # pyright: ignore[reportPrivateUsage]
