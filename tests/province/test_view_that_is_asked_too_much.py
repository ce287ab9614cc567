"""The view is within the limit of its address: who makes up links keeps no database busy, nor whoever comes in."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import Connection

from province import viewing
from province.config import Config
from province.db.engine import EVERYTHING, Database
from province.identity import Identity
from province.serving import Province
from province.web.app import make_app
from tests.province.ground import NOW
from tests.province.http import Http

PER_MINUTE = 2
OF_AN_ADDRESS = 10 * PER_MINUTE


@pytest.fixture
def http(db: Database) -> Http:
    return Http(make_app(Province(db, lambda: NOW, lambda: "id"), Config(per_minute=PER_MINUTE)))


def test_made_up_links_are_bounded_before_the_database(
    db: Database, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    enter = viewing.enter

    def entered(con: Connection, token: str, me: Identity, now_ms: int) -> str | None:
        tried.append(token)
        return enter(con, token, me, now_ms)

    monkeypatch.setattr(viewing, "enter", entered)
    said = Counter(http.post(f"/view/in/x{n}", content=b"", headers={}).status_code for n in range(100))
    assert said == {403: OF_AN_ADDRESS, 429: 100 - OF_AN_ADDRESS} and len(tried) == OF_AN_ADDRESS
    assert http.request("GET", "/v1/hello", b"", {"Jobdesk-Protocol": "1"}).status_code == 429


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [("GET", "/view", ""), ("GET", "/view/in/x", ""), ("GET", "/view/kept/x", ""), ("POST", "/view/kept/x", ""),
     ("GET", "/view/streams.json", ""), ("POST", "/view/kept/x", "application/json"), ("GET", "/view/none", "")],
)  # fmt: skip
def test_every_address_of_the_view_says_when_to_come_again(
    http: Http, method: str, path: str, kind: str
) -> None:
    for _ in range(OF_AN_ADDRESS):
        assert http.request(method, path, b"", {"Content-Type": kind}).status_code != 429
    told = http.request(method, path, b"", {"Content-Type": kind})
    assert told.status_code == 429 and 0 < int(told.headers["retry-after"]) <= 60
    if kind or path.endswith(".json"):
        assert told.json()["error"] == "busy" and told.json()["detail"] == "rate"
    else:
        assert "秒后再试" in told.text and told.headers["Content-Security-Policy"]


def test_who_comes_in_by_a_link_has_room(db: Database, http: Http) -> None:
    with db.writing(EVERYTHING) as con:
        token = viewing.link(con, "220102", NOW)
    entered = http.post(f"/view/in/{token}", content=b"", headers={})
    cookie = {"Cookie": entered.headers["set-cookie"].split(";")[0]}
    asked = [http.request("GET", "/view", b"", cookie).status_code for _ in range(OF_AN_ADDRESS)]
    assert asked == [200] * (OF_AN_ADDRESS - 1) + [429]
