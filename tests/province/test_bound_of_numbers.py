"""Nobody goes through ID numbers by asking: whatever looks one up is counted (M-6.6, M-6.9)."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select

from jobdesk.protocol.messages import Notice
from province import orgs, transfers
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from tests.province.ground import DeskHere
from tests.province.test_desks_above import push
from tests.province.test_moving import case, number
from tests.province.test_web import Device, Server, refusal


class Asking:
    """Files with ID numbers at three stations; the second asks."""

    def __init__(self, db: Database) -> None:
        with db.writing(EVERYTHING) as con:
            orgs.add(con, [orgs.Org("c", "丙站", "station", "220102", "")])
        self.server = Server(db)
        for org, replica, first in (("a", "r1", 0), ("c", "r3", 200)):
            device, desk = Device(self.server), DeskHere(db, org, replica)
            device.enrol(self.server.code(org))
            for n in range(first, first + 3):
                case(desk, f"{org}{n}", id_number=number(n))
            case(desk, f"{org}-both", id_number=number(99))
            push(device, desk)
        self.b = Device(self.server)
        self.b.enrol(self.server.code("b"))

    def ask(self, mark: str, serial: int, device: Device | None = None, to: str = "b") -> httpx.Response:
        said = f'{{"id":"{mark}","step":"request","number":"{number(serial)}","to":"{to}"}}'
        return (device or self.b).ask("/v1/transfer", said.encode())

    def others(self, mark: str, serial: int) -> list[str]:
        return Notice.model_validate_json(self.ask(mark, serial).content).others


@pytest.fixture
def asking(db: Database, monkeypatch: pytest.MonkeyPatch) -> Asking:
    monkeypatch.setattr(transfers, "MOST_A_DAY", 2)
    return Asking(db)


@pytest.mark.parametrize("first", ["own-", "over-", "released-"])
def test_a_word_has_no_id_of_the_servers(asking: Asking, first: str) -> None:
    """They were taken for copies of what the server had told, and not counted."""
    assert {refusal(asking.ask(f"{first}{n}", 100 + n)) for n in range(4)} == {"body"}
    asking.ask("one", 0)
    assert refusal(asking.ask("own-one", 201)) == "body"


def test_an_id_is_known_for_its_own_number_only(asking: Asking, db: Database) -> None:
    """It answered with the files of any number that it was sent with, as often as one liked."""
    assert asking.others("one", 99) == ["c-both"]
    assert [asking.others("one", n) for n in (200, 201, 777)] == [[], [], []]
    assert asking.others("one", 99) == ["c-both"], "the same again is the same"
    assert asking.ask("two", 300).json()["detail"] == "nobody"
    assert asking.ask("two", 200).json()["detail"] == "nobody"
    assert asking.ask("three", 0).json()["detail"] == "requests"
    assert asking.others("one", 99) == ["c-both"], "what was asked and counted stands"
    with db.reading(EVERYTHING) as con:
        kept = str([tuple(r) for r in con.execute(select(t.notice)).all()])
    assert number(99) not in kept


def test_what_one_has_already_counts_too(asking: Asking) -> None:
    county = Device(asking.server)
    county.enrol(asking.server.code("220102", "county"))
    for n in range(2):
        assert asking.ask(f"h{n}", n, county, "a").json()["detail"] == "here"
    assert asking.ask("h0", 0, county, "a").json()["detail"] == "here"
    assert asking.ask("h2", 2, county, "a").json()["detail"] == "requests"


def test_a_county_asks_for_the_station_that_it_names(asking: Asking) -> None:
    """The word stood under the station that has the file, and the bound of the other one never grew."""
    county = Device(asking.server)
    county.enrol(asking.server.code("220102", "county"))
    made = [Notice.model_validate_json(asking.ask(f"k{n}", n, county).content) for n in range(2)]
    assert {(n.sender, n.to) for n in made} == {("b", "a")}
    assert asking.ask("k2", 2, county).json()["detail"] == "requests"
