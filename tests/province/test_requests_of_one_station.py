"""A request names files of one station (M-6.11)."""

from __future__ import annotations

import pytest

from jobdesk.protocol.codes import ErrorCode
from province import orgs
from province.db.engine import EVERYTHING, Database
from province.refusing import Refused
from tests.province.ground import DeskHere
from tests.province.test_moving import ask, case


def test_what_goes_along_is_at_the_same_station(db: Database) -> None:
    """Two stations would have had to answer it."""
    with db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("c", "丙站", "station", "220102", "")])
    a, b, c = DeskHere(db, "a", "r1"), DeskHere(db, "b", "r2"), DeskHere(db, "c", "r3")
    for desk, subject in ((a, "p"), (b, "q")):
        case(desk, subject, name="张某")
        desk.push()
    with pytest.raises(Refused) as no:
        ask(c, id="n1", step="request", subject="p", more=["q"], to="c")
    assert no.value.error is ErrorCode.OUT_OF_SCOPE
    assert ask(c, id="n2", step="request", subject="p", to="c").subjects == ["p"]
