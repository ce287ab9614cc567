"""What a citizen's number says, and what it does not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.id_number import (
    IdKind,
    age_on,
    birthday,
    check_digit,
    computable,
    convert15,
    examine,
    fits_damaged,
)

TODAY = date(2026, 11, 20)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    birth = draw(st.dates(date(1900, 1, 1), TODAY))
    region = draw(st.sampled_from(["229901", "222301", "810000", "830000", "999999"]))
    first17 = f"{region}{birth:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first17 + check_digit(first17)


@given(numbers())
def test_valid_numbers_are_read(number: str) -> None:
    reading = examine(number, TODAY)
    assert reading.ok and reading.normal == number and reading.region == number[:6]
    assert reading.birth is not None and f"{reading.birth:%Y%m%d}" == number[6:14]
    assert reading.sex == ("male" if int(number[16]) % 2 else "female")


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_never_valid(number: str, place: int, digit: str) -> None:
    wrong = number[:place] + digit + number[place + 1 :]
    assert wrong == number or not examine(wrong, TODAY).ok


@given(numbers(), st.integers(0, 16))
def test_two_swapped_digits_are_never_valid(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not examine(swapped, TODAY).ok


@given(st.text())
def test_never_raises(text: str) -> None:
    reading = examine(text, TODAY)
    assert (reading.kind is IdKind.EMPTY) == (reading.normal == "")


@pytest.mark.parametrize(
    "typed",
    [
        " 229901 19690307 1235 ",
        "２２９９０１１９６９０３０７１２３５",
        "'229901196903071235",
        "229901\t19690307\u30001235",
        "\ufeff229901196903071235\u200b",
    ],
)
def test_cleaning(typed: str) -> None:
    whole = "22990119690307123" + check_digit("22990119690307123")
    assert (
        examine(
            typed.replace("1235", "123" + whole[-1]).replace("１２３５", "１２３" + whole[-1]), TODAY
        ).normal
        == whole
    )


def test_small_x_is_the_check_digit_x() -> None:
    first17 = next(f for n in range(1000) if check_digit(f := f"22990119800101{n:03d}") == "X")
    assert examine(first17 + "x", TODAY).normal == first17 + "X"
    assert examine(first17 + "ｘ", TODAY).ok


def test_golden() -> None:
    assert check_digit("11010519491231002") == "X"  # the example of GB 11643-1999
    assert check_digit("44052418800101001") == "4"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", IdKind.EMPTY),
        (" \u3000", IdKind.EMPTY),
        ("229901800101123", IdKind.OLD15),
        ("229901801301123", IdKind.BAD_DATE),
        ("22990118991231001" + check_digit("22990118991231001"), IdKind.BAD_DATE),
        ("22990120261121001" + check_digit("22990120261121001"), IdKind.BAD_DATE),
        ("229901198002301234", IdKind.BAD_DATE),
        ("22990119800101123", IdKind.BAD_LENGTH),
        ("2299011980010112345", IdKind.BAD_LENGTH),
        ("2299011980O1011234", IdKind.BAD_CHARACTERS),
        ("无", IdKind.BAD_CHARACTERS),
        ("22990119800101123②", IdKind.BAD_CHARACTERS),
        ("2.29901E+17", IdKind.BAD_CHARACTERS),
        ("22990180010112X", IdKind.BAD_LENGTH),
        ("229901198001011000", IdKind.DAMAGED),
    ],
)
def test_kinds(typed: str, kind: IdKind) -> None:
    reading = examine(typed, TODAY)
    assert reading.kind is kind and not reading.ok


def test_damaged_says_birth_but_not_sex() -> None:
    reading = examine("229901198001011000", TODAY)
    assert (reading.birth, reading.sex) == (date(1980, 1, 1), None)


def test_a_true_number_may_end_in_000() -> None:
    first17 = next(
        f
        for n in range(0, 1000, 100)
        for d in range(31)
        if check_digit(f := f"229901198003{d + 1:02d}{n:03d}") == "0"
    )
    assert examine(first17 + "0", TODAY).kind is IdKind.VALID
    assert examine(first17 + "0", TODAY).perhaps_damaged


@given(numbers())
def test_the_true_number_is_among_those_that_compute(number: str) -> None:
    damaged = number[:15] + "000"
    assert fits_damaged(damaged, number) == (number[-1] != "X")
    male, female = computable(damaged, "male"), computable(damaged, "female")
    assert male + female == computable(damaged)
    assert 44 <= male <= 47 and 44 <= female <= 47


def test_age_agrees_or_leaves_none() -> None:
    damaged = "229901198001011000"
    assert computable(damaged, "male", (46, 46), today=TODAY) == computable(damaged, "male")
    assert computable(damaged, None, (47, 60), today=TODAY) == 0
    assert computable("229901198001011234") == 0
    with pytest.raises(ValueError):
        computable(damaged, None, (40, 50))


def test_another_persons_number_does_not_fit() -> None:
    other = "22990119800102100"
    assert not fits_damaged("229901198001011000", other + check_digit(other))


def test_convert15_keeps_what_it_says() -> None:
    whole = convert15("229901800101123")
    old, new = examine("229901800101123", TODAY), examine(whole, TODAY)
    assert new.ok and (old.birth, old.sex) == (new.birth, new.sex)


@given(st.dates(date(1930, 1, 1), date(2010, 12, 31)), st.integers(0, 70))
def test_a_birthday_is_the_first_day_of_its_age(birth: date, years: int) -> None:
    day = birthday(birth, years)
    assert age_on(birth, day) == years and age_on(birth, day - timedelta(days=1)) == years - 1


def test_leap_day_birthday_is_the_first_of_march() -> None:
    born = date(2000, 2, 29)
    assert age_on(born, date(2026, 2, 28)) == 25
    assert age_on(born, date(2026, 3, 1)) == 26
    assert age_on(born, date(2024, 2, 29)) == 24


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 40000))
def test_age_grows_by_one_at_most(birth: date, days: int) -> None:
    day = birth + timedelta(days)
    assert age_on(birth, day) >= 0
    assert age_on(birth, day + timedelta(1)) - age_on(birth, day) in (0, 1)
