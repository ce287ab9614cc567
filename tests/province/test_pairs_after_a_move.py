"""A file moves away from others of one number, one of which was merged: the rest is a pair (M-6.7); both databases."""

from __future__ import annotations

import pytest

from jobdesk.cases.ops import Kind
from province import doubles
from province.afterwards import Afterwards
from province.db.engine import Database
from tests.province.ground import NOW, DeskHere
from tests.province.test_moving import case, moves, number, sets, told


@pytest.fixture
def desks(db: Database) -> tuple[DeskHere, DeskHere]:
    """Three files of one number at one station, one of them merged into another."""
    a, b = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2")
    for subject in ("p", "q", "r"):
        case(a, subject, id_number=number(1))
    a.act(new=[sets("r", Kind.MERGED, {"merged_into": "p"})])
    a.push()
    return a, b


def pairs(desk: DeskHere) -> list[list[str]]:
    return sorted(n.subjects for n in told(desk) if n.kind == "duplicate")


def test_what_was_merged_says_nothing_of_the_others(desks: tuple[DeskHere, DeskHere]) -> None:
    """Neither station was told of anybody, as long as any of the files had ever been merged."""
    a, b = desks
    moves(a, "p", "b")
    a.push()
    assert pairs(a) == [["q", "p"]] and pairs(b) == [["p", "q"]]


def test_what_moved_at_an_older_server_is_told_by_the_sweep(
    db: Database, desks: tuple[DeskHere, DeskHere], monkeypatch: pytest.MonkeyPatch
) -> None:
    """On either database: it is no matter of two at the same moment."""
    a, b = desks
    with monkeypatch.context() as older:
        older.setattr(doubles, "follow", lambda *_: {})
        moves(a, "p", "b")
        a.push()
    assert pairs(a) == pairs(b) == []
    Afterwards(db, lambda: NOW, lambda: b"s" * 32, lambda: None).push_came((), ())
    assert pairs(a) == [["q", "p"]] and pairs(b) == [["p", "q"]]
