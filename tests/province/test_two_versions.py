"""A server of a later day and a desk of today, and the other way round (M-1.1 to M-1.3).

There is one version so far: the numbers of the other side are invented, its messages are those of version 1. What
is proved is who answers which number, that what was saved goes all the same, and what both sides say about it.
"""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from jobdesk.cases.clock import FixedClock
from jobdesk.protocol.bodies import write_body
from jobdesk.protocol.messages import PushAnswer, PushHead, Refusal
from jobdesk.protocol.signing import VERSION
from jobdesk.sync import engine
from province.config import Config
from province.db.engine import Database
from province.web.app import make_app
from tests.province.ground import NOW, DeskHere
from tests.province.http import Http
from tests.province.test_web import Device
from tests.province.test_web import Server as Web
from tests.sync.ground import PC, Server


@pytest.fixture
def tomorrow(db: Database) -> Web:
    """Newest version 5: it answers 3, 4 and 5."""
    made = Web(db)
    made.province.spoken = (3, 4, 5)
    made.http = Http(make_app(made.province, Config(per_minute=1000)))
    return made


def enrolled(server: Web) -> Device:
    device = Device(server)
    assert device.enrol(server.code(), **{VERSION: "5"}).status_code == 200
    return device


def pushed(device: Device, desk: DeskHere, version: str) -> httpx.Response:
    head = PushHead(replica=desk.replica, last_seq=len(desk.ops), now_ms=NOW, count=len(desk.ops))
    return device.ask("/v1/push", write_body(head, desk.ops), **{VERSION: version})


def test_the_two_before_the_newest_are_answered_in_their_own(tomorrow: Web) -> None:
    device = enrolled(tomorrow)
    for version in ("3", "4", "5"):
        answer = device.ask("/v1/pull", b"{}", **{VERSION: version})
        assert answer.status_code == 200 and answer.headers[VERSION] == version


@pytest.mark.parametrize("version", ["2", "6", "", "x"])
def test_another_one_may_not_pull_and_is_told_what_there_is(tomorrow: Web, version: str) -> None:
    answer = enrolled(tomorrow).ask("/v1/pull", b"{}", **{VERSION: version})
    told = Refusal.model_validate_json(answer.content)
    assert answer.status_code == 426 and told.error == "upgrade" and told.versions == [3, 4, 5]


def test_what_an_older_desk_saved_is_taken(tomorrow: Web, db: Database) -> None:
    device, desk = enrolled(tomorrow), DeskHere(db, replica="r-old")
    desk.act("c1")
    answer = pushed(device, desk, "1")
    assert answer.status_code == 200 and answer.headers[VERSION] == "1"
    assert PushAnswer.model_validate_json(answer.content).acked.seq == 1


@pytest.fixture
def pc(tmp_path: Path) -> PC:
    clock = FixedClock.at(2026, 7, 1)
    return PC(tmp_path / "pc", Server(tmp_path / "server", clock), clock)


def test_an_old_desk_still_sends_what_was_saved_and_says_that_it_is_old(pc: PC) -> None:
    pc.enrol().sync_well()
    pc.open_case("saved")
    pc.server.province.spoken = (3, 4, 5)
    receipt = pc.sync()
    assert receipt.error == "sync_upgrade" and receipt.waiting == 0 and receipt.sent_ops == 1
    assert "/v1/pull" not in pc.wire.paths[-2:]
    pc.server.province.spoken = (1,)
    assert pc.sync_well().agreed
    pc.close()
    pc.server.db.engine.dispose()


def test_a_new_desk_speaks_as_an_older_server_does(pc: PC, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SPOKEN", (1, 2, 3))
    monkeypatch.setattr(engine, "PROTOCOL", 3)
    pc.enrol().sync_well()
    assert pc.wire.said[VERSION] == "1"
    pc.server.province.spoken = (1, 2)
    pc.sync_well()
    assert pc.wire.said[VERSION] == "2"
    pc.close()
    pc.server.db.engine.dispose()


def test_a_server_that_is_too_old_gets_nothing_it_cannot_know(
    pc: PC, monkeypatch: pytest.MonkeyPatch
) -> None:
    pc.enrol().sync_well()
    pc.open_case("waits")
    monkeypatch.setattr(engine, "SPOKEN", (3, 4, 5))
    monkeypatch.setattr(engine, "PROTOCOL", 5)
    receipt = pc.sync()
    assert receipt.error == "sync_upgrade" and receipt.waiting == 1
    pc.close()
    pc.server.db.engine.dispose()
