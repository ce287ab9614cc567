"""Every MUST of the protocol is held to by something that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.conformance.musts import ALL
from tools.conformance.table import ROWS, Row, written

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/sync-protocol.md").read_text("utf-8")
NUMBERS = re.findall(r"^- \*\*M-([\d.]+)\*\*", PAGE, re.MULTILINE)


def test_no_number_is_given_twice() -> None:
    assert len(NUMBERS) > 50 and len(set(NUMBERS)) == len(NUMBERS)


def test_no_must_stands_without_a_number() -> None:
    """Those of section 10 did, and nobody was held to them."""
    numbered, loose = False, list[str]()
    for line in PAGE.partition("<!-- not asked -->")[0].splitlines():
        numbered = line.startswith("- **M-") or (numbered and line.startswith("  "))
        if re.search(r"\bMUST\b", line) and not numbered:
            loose.append(line)
    assert len(loose) == 1 and "Every MUST has a number" in loose[0]


def test_every_must_has_a_row_and_every_row_a_must() -> None:
    assert set(NUMBERS) - ROWS.keys() == set(), "a MUST that nobody is held to"
    assert ROWS.keys() - set(NUMBERS) == set(), "a check of a MUST that there is not"


@pytest.mark.parametrize(("number", "row"), ROWS.items(), ids=list(ROWS))
def test_what_a_row_names_is_there(number: str, row: Row) -> None:
    assert row.wire or row.tests, number
    assert row.wire or row.why != "over the wire", "what is not asked over the wire says why"
    assert set(row.wire) <= {m.__name__ for m in ALL}
    for named in row.tests:
        file, name = named.split("::")
        assert f"\ndef {name}(" in (ROOT / file).read_text("utf-8"), named


def test_every_check_over_the_wire_is_of_some_must() -> None:
    assert {m.__name__ for m in ALL} == {name for row in ROWS.values() for name in row.wire}


def test_the_page_says_what_no_outside_test_sees() -> None:
    assert written(PAGE) == PAGE, "run: python -m tools.conformance.table"
