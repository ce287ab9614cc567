import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.errors import BadInput
from jobdesk.store import recovery_code
from jobdesk.store.recovery_code import (
    ALPHABET,
    RecoveryCode,
    new_recovery_code,
    parse_recovery_code,
)

codes = st.binary(min_size=20, max_size=20).map(RecoveryCode)


def test_alphabet_has_no_look_alikes() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set(ALPHABET) & set("01IO" + string.ascii_lowercase)


def test_shape_and_secrecy() -> None:
    code = new_recovery_code()
    assert [len(g) for g in code.groups] == [5] * 8
    assert code.secret.hex() not in repr(code)
    assert code.text not in repr(code)


def test_golden() -> None:
    assert (
        RecoveryCode(bytes(range(20))).text == parse_recovery_code(RecoveryCode(bytes(range(20))).text).text
    )
    assert RecoveryCode(bytes(20)).groups[0] == "22223"


@given(codes)
def test_round_trip(code: RecoveryCode) -> None:
    assert parse_recovery_code(code.text) == code


@given(codes, st.integers(0, 39), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_named(code: RecoveryCode, at: int, wrong: str) -> None:
    plain = "".join(code.groups)
    if plain[at] == wrong:
        return
    with pytest.raises(BadInput) as bad:
        parse_recovery_code(plain[:at] + wrong + plain[at + 1 :])
    assert bad.value.code == "recovery_code_group"
    assert bad.value.params["groups"] == [at // 5 + 1]


@given(codes, st.integers(0, 38))
def test_swapped_neighbours_are_seen(code: RecoveryCode, at: int) -> None:
    plain = "".join(code.groups)
    if plain[at] == plain[at + 1]:
        return
    with pytest.raises(BadInput) as bad:
        parse_recovery_code(plain[:at] + plain[at + 1] + plain[at] + plain[at + 2 :])
    assert bad.value.params["groups"] == sorted({at // 5 + 1, (at + 1) // 5 + 1})


@given(codes, st.integers(0, 7), st.integers(0, 7))
def test_swapped_groups_are_seen(code: RecoveryCode, one: int, other: int) -> None:
    groups = list(code.groups)
    if one == other:
        return
    groups[one], groups[other] = groups[other], groups[one]
    with pytest.raises(BadInput):
        parse_recovery_code("-".join(groups))


@given(codes, st.sampled_from(["", " ", "-", "－", "—", "\n", "  ", " - "]))
def test_tolerant_of_spelling(code: RecoveryCode, separator: str) -> None:
    assert parse_recovery_code(separator.join(code.groups).lower()) == code
    assert parse_recovery_code(separator.join(code.groups).replace("L", "1")) == code
    assert parse_recovery_code(separator.join(code.groups).replace("L", "I")) == code
    wide = "".join(chr(ord(c) + 0xFEE0) for c in "".join(code.groups))
    assert parse_recovery_code(wide) == code


@given(codes)
def test_zero_for_a_round_letter(code: RecoveryCode) -> None:
    try:
        assert parse_recovery_code(code.text.replace("Q", "0")) == code
        assert parse_recovery_code(code.text.replace("D", "O")) == code
    except BadInput as bad:  # two readings of one group may both pass
        assert bad.code == "recovery_code_group"


def test_length_names_the_short_group() -> None:
    groups = list(RecoveryCode(bytes(20)).groups)
    groups[2] = groups[2][:-1]
    with pytest.raises(BadInput) as bad:
        parse_recovery_code(" ".join(groups))
    assert bad.value.params == {"got": 39, "want": 40, "groups": [3]}


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    try:
        parse_recovery_code(text)
    except BadInput:
        return


def test_every_place_has_its_own_factor() -> None:
    factors = {recovery_code._times_two(1, place) for place in range(5)}
    assert len(factors) == 5
