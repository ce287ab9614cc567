"""Which versions two sides speak, and what stays taken for ever."""

from __future__ import annotations

import pytest

from jobdesk.protocol.limits import PROTOCOL, SPOKEN
from jobdesk.protocol.versions import common, is_answered, kept


@pytest.mark.parametrize(("newest", "spoken"), [(1, (1,)), (2, (1, 2)), (3, (1, 2, 3)), (9, (7, 8, 9))])
def test_the_newest_and_the_two_before_it(newest: int, spoken: tuple[int, ...]) -> None:
    assert kept(newest) == spoken


def test_this_program_speaks_its_own() -> None:
    assert kept(PROTOCOL) == SPOKEN and PROTOCOL in SPOKEN


def test_the_newest_that_both_speak() -> None:
    assert common((1, 2, 3), (3, 4, 5)) == 3 and common((3, 4, 5), (1, 2, 3, 4)) == 4
    assert common((1,), (2, 3, 4)) is None


@pytest.mark.parametrize("said", ["", "x", "²", "-7", "7.0", "0", "1" * 5000, "10"])
def test_what_is_no_version_is_not_answered(said: str) -> None:
    assert not is_answered(said, "/v1/push", (7, 8, 9))


def test_a_push_of_an_older_version_is_always_taken() -> None:
    assert is_answered("1", "/v1/push", (7, 8, 9)) and not is_answered("1", "/v1/pull", (7, 8, 9))
    assert all(is_answered(str(v), "/v1/pull", (7, 8, 9)) for v in (7, 8, 9))


def test_what_was_saved_is_taken_from_every_version_over_a_line_and_in_a_file() -> None:
    for path in ("/v1/push", "/v1/carried"):
        assert is_answered("1", path, (3, 4, 5)) and not is_answered("6", path, (3, 4, 5))
    assert not is_answered("1", "/v1/pull", (3, 4, 5))
