"""A slip in the code is seen before anybody asks the server."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.enrolment_code import ALPHABET, EnrolmentCode, enrolment_code, parse_enrolment_code
from jobdesk.cases.errors import BadInput

CODES = st.binary(min_size=9, max_size=12).map(enrolment_code)


def test_golden() -> None:
    """Codes on paper outlive the program: the spelling is frozen."""
    assert enrolment_code(bytes(range(9))).text == "0020-G30G-2GC1-R83F"
    assert enrolment_code(b"\xff" * 9).text == "ZZZZ-ZZZZ-ZZZZ-ZZ4G"


@given(CODES)
def test_round_trip(code: EnrolmentCode) -> None:
    assert parse_enrolment_code(code.text) == code
    typed = code.text.lower().replace("-", "　").replace("0", "o").replace("1", "l")
    assert parse_enrolment_code(typed) == code
    assert code.text not in repr(code) and str(code.secret) not in repr(code)
    assert code.masked.endswith(code.text[-4:]) and code.text[:14] not in code.masked


@given(CODES, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_any_wrong_character_is_seen(code: EnrolmentCode, at: int, instead: str) -> None:
    whole = code.text.replace("-", "")
    slip = whole[:at] + instead + whole[at + 1 :]
    if slip != whole:
        with pytest.raises(BadInput, match="enrolment_code_check"):
            parse_enrolment_code(slip)


@given(CODES, st.integers(0, 15), st.integers(0, 15))
def test_any_two_swapped_are_seen(code: EnrolmentCode, one: int, other: int) -> None:
    letters = list(code.text.replace("-", ""))
    whole = "".join(letters)
    letters[one], letters[other] = letters[other], letters[one]
    if "".join(letters) != whole:
        with pytest.raises(BadInput):
            parse_enrolment_code("".join(letters))


def test_length_and_characters_are_named() -> None:
    with pytest.raises(BadInput) as short:
        parse_enrolment_code("ABCD-EFGH")
    assert dict(short.value.params) == {"got": 8, "want": 16}
    with pytest.raises(BadInput) as strange:
        parse_enrolment_code("ABCU-0000-00!0-0000")
    assert strange.value.params["groups"] == "1、3"
    with pytest.raises(BadInput, match="length"):
        parse_enrolment_code("")


def test_randomness_is_asked_for() -> None:
    with pytest.raises(ValueError, match="few"):
        enrolment_code(os.urandom(8))
