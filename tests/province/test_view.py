"""The view of a county and the province, and the command line: ids and station names, never a person."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert, text, update

from jobdesk.cases.codec import decode
from jobdesk.cases.ops import Subject, opened
from jobdesk.host import strings
from jobdesk.protocol.messages import PushHead
from province import enrolling, orgs, quarantine, viewing
from province.cli import showing
from province.cli.commands import main
from province.config import Config
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from province.identity import identity
from province.serving import Province
from province.web.app import make_app
from tests.province.conftest import on_postgres
from tests.province.ground import NOW, DeskHere, sqlite_at
from tests.province.http import Http
from tools.postgres import Postgres


def visit(db: Database, token: str) -> list[httpx.Response]:
    """The door, the button twice, the page, the same as JSON."""

    async def run() -> list[httpx.Response]:
        transport = httpx.ASGITransport(make_app(Province(db, lambda: NOW, lambda: "id"), Config()))
        async with httpx.AsyncClient(transport=transport, base_url="http://province") as client:
            return [await client.get(f"/view/in/{token}"), await client.post(f"/view/in/{token}"),
                    await client.get("/view"), await client.get("/view/streams.json"),
                    await client.post(f"/view/in/{token}")]  # fmt: skip

    return asyncio.run(run())


def test_a_link_opens_the_view_once_and_shows_what_waits(db: Database) -> None:
    desk = DeskHere(db)
    enrolled(db, desk)
    desk.act("p", text="隐私")
    desk.push(revoked=True)
    with db.writing(EVERYTHING) as con:
        token = viewing.link(con, "220102", NOW)
    door, entered, page, data, again = visit(db, token)
    assert door.status_code == 200 and entered.status_code == 303 and again.status_code == 403
    assert "HttpOnly" in entered.headers["set-cookie"] and "SameSite=strict" in entered.headers["set-cookie"]
    called = (strings.text("sync.apart.title"), "<th>编号<th>", "登记已被撤销")  # as at the desk
    for word in ("甲站", "乙站", "从未", desk.ops[0].action_id, *called, "核实内容后列入"):
        assert word in page.text, word
    assert "隐私" not in page.text and "<script" not in page.text
    assert (
        "th{text-align:left;font-weight:600;color:#57606a;white-space:nowrap}" in page.text
    )  # 条数 in two lines
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert [s["kept"] for s in data.json()["stations"]] == [1, 0]
    (kept,) = data.json()["kept"]
    assert (kept["station"], kept["means"]) == ("甲站", "电脑的登记已被撤销") and "丢弃" in kept["way_out"]
    assert page.text.count("甲站") == 2  # whom to call stands beside what was kept apart


def looking(db: Database, org: str, caplog: pytest.LogCaptureFixture) -> Callable[..., httpx.Response]:
    """A browser that came in by a link of this organisation."""
    caplog.set_level(logging.INFO, "province")
    with db.writing(EVERYTHING) as con:
        token = viewing.link(con, org, NOW)
    http = Http(make_app(Province(db, lambda: NOW, lambda: "id"), Config()))
    cookie = http.post(f"/view/in/{token}", content=b"", headers={}).headers["set-cookie"].split(";")[0]

    def ask(method: str, path: str, content: bytes = b"", kind: str = "") -> httpx.Response:
        return http.request(method, path, content, {"Cookie": cookie, "Content-Type": kind})

    return ask


def button(page: httpx.Response, do: str, to: str = "a") -> bytes:
    """What a form of the page sends."""
    found = re.search('name="mark" value="([0-9a-f]{64})"', page.text)
    assert found, page.text
    return f"do={do}&to={to}&mark={found[1]}".encode()


def enrolled(db: Database, *desks: DeskHere) -> None:
    with db.writing(EVERYTHING) as con:
        for desk in desks:
            con.execute(
                insert(t.device).values(id=f"dev-{desk.replica}", org=desk.org, role=desk.role, enrolled_ms=NOW,
                                        public_key=desk.replica.encode(), valid_until_ms=NOW + 1)
            )  # fmt: skip


def test_a_county_decides_what_becomes_of_what_was_kept_apart(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    desk = DeskHere(db)
    enrolled(db, desk)
    (good,), (bad,) = desk.act("p", text="隐私"), desk.act("q")
    desk.push(revoked=True)
    ask = looking(db, "220102", caplog)
    address = f"/view/kept/{good.action_id}"
    front = ask("GET", "/view").text
    assert address in front
    assert (
        '<td class="w">从未<td class="n">0<td class="n">0<td class="n">—<td>—' in front
    )  # nobody told anything
    page = ask("GET", address)
    for word in (
        "甲站",
        good.action_id,
        "第 1 台，20",
        " 登记（dev-",
        "电脑的登记已被撤销",
        "填写的电脑另外看到一条通知",  # and no other: they were told of no refusal
        "列入后不能收回",
        "丢弃后不能找回",
        "required",
    ):
        assert word in page.text, word
    assert "隐私" not in page.text
    sent = button(page, "release")
    assert ask("POST", address, sent.replace(b"mark=", b"mark=0")).status_code == 400  # no form of ours
    assert ask("POST", f"/view/kept/{bad.action_id}", sent).status_code == 400
    assert "已列入" in ask("POST", address, sent).text
    assert ask("POST", address, sent).status_code == 404 and ask("GET", address).status_code == 404
    desk.pull()
    assert len(desk.pulled["a"]) == 1
    told = ask("POST", f"/view/kept/{bad.action_id}", b'{"do":"discard"}', "application/json")
    assert told.json() == {"done": "discarded"}
    for mark in ("é", "标记", "%C3%A9", "%ED%A0%80"):  # these were our fault (500)
        assert ask("POST", address, f"do=discard&mark={mark}".encode()).status_code == 400
    for body in (b"{}", b"[1]", b"\xff", b'{"do":"drop"}', b"x" * 5000):
        assert ask("POST", address, body, "application/json").status_code == 400
    with db.reading(EVERYTHING) as con:
        assert quarantine.waiting(con) == []
    logged = [f for r in caplog.records if (f := getattr(r, "fields", {})).get("path") == "/view/kept"]
    done = next(f for f in logged if f.get("outcome") == "released")
    assert (done["decision"], done["action"], done["org"]) == ("release", good.action_id, "220102") and done[
        "visit"
    ]
    assert "隐私" not in str(logged)


@pytest.mark.parametrize("action", ["%00", "a%00b", "%ED%A0%80", "..%2F..", "x" * 5000])
def test_an_address_that_no_action_has_is_gone(
    db: Database, caplog: pytest.LogCaptureFixture, action: str
) -> None:
    """PostgreSQL takes no NUL in a text: it was our fault (500)."""
    ask = looking(db, "220102", caplog)
    assert ask("GET", f"/view/kept/{action}").status_code == 404
    for do in (b'{"do":"release"}', b'{"do":"discard"}'):
        told = ask("POST", f"/view/kept/{action}", do, "application/json")
        assert told.status_code == 404


def test_a_station_synced_also_when_its_machine_was_shut_out_since(db: Database) -> None:
    """It was said never to have synced; and one whose machine was only let in was said to have."""
    desk = DeskHere(db)
    server = Province(db, lambda: NOW, lambda: "id")
    enrolled(db, desk)

    def told() -> tuple[int | None, int, int]:
        with db.reading(EVERYTHING) as con:
            (line,) = [s for s in viewing.overview(con, "220102", NOW).stations if s.stream == "a"]
        return line.seen_ms, line.devices, line.waiting

    def pushes(left: int, at: int, *, witness: bool = False) -> None:
        head = PushHead(replica="r9" if witness else "r1", last_seq=left, now_ms=at, count=0, witness=witness)
        server.now_ms = lambda: at
        server.take(desk.caller(), server.me(), head, [])

    assert told() == (None, 1, 0)
    pushes(3, NOW)
    assert told() == (NOW, 1, 3)
    pushes(70, NOW, witness=True)  # of somebody else's chain nothing waits on this machine
    assert told() == (NOW, 1, 3)
    with db.writing(EVERYTHING) as con:
        enrolling.revoke(con, "dev-r1", "stolen", NOW + 5)
    pushes(9, NOW + 10)
    assert told() == (NOW, 0, 0), "what a thief sends is no sync of the station"


def test_two_stations_of_one_name_are_told_apart(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    """A new person went to whichever came last."""
    with db.writing(EVERYTHING) as con:
        con.execute(t.org.update().where(t.org.c.id == "b").values(name="甲站"))
    desk = DeskHere(db)
    enrolled(db, desk)
    (op,) = desk.act("p")
    desk.push(revoked=True)
    ask = looking(db, "220102", caplog)
    listed = ask("GET", "/view").text
    assert listed.count("甲站（a）") == 2 and listed.count("甲站（b）") == 1
    page = ask("GET", f"/view/kept/{op.action_id}").text
    assert re.findall(r'<option value="(\w+)" selected>', page) == ["a"]
    assert "甲站（a）" in page and "甲站（b）" in page


def test_nobody_decides_beyond_what_is_under_him(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Another county's, a machine of above, and a subject of above a county's own station."""
    with db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("x", "别县", "county", "22"), orgs.Org("c", "丙站", "station", "x")])
    a, c, above = DeskHere(db), DeskHere(db, "c", "r3"), DeskHere(db, "22", "r4", "county")
    enrolled(db, a, c, above)
    a.act("p")
    a.push()
    (foreign,), (high,) = c.act("p", text="插手"), above.act("new")
    c.push()
    above.push()
    county, other, top = (looking(db, org, caplog) for org in ("220102", "x", "22"))
    for ask in (county, looking(db, "a", caplog)):
        assert ask("GET", f"/view/kept/{foreign.action_id}").status_code == 404
        for do in (b'{"do":"release"}', b'{"do":"discard"}'):
            told = ask("POST", f"/view/kept/{foreign.action_id}", do, "application/json")
            assert (told.status_code, told.json()) == (404, {"error": "gone"})
    address = f"/view/kept/{foreign.action_id}"
    page = other("GET", address)
    refused = other(
        "POST", address, button(page, "release", "c")
    )  # the person is at home in the first county
    assert refused.status_code == 409 and "请联系服务器管理人员" in refused.text
    elsewhere = other("POST", address, b'{"do":"release","to":"a"}', "application/json")
    assert elsewhere.status_code == 404
    assert "请联系服务器管理人员" in county("GET", "/view").text  # a machine of above
    assert (
        county("POST", f"/view/kept/{high.action_id}", b'{"do":"discard"}', "application/json").status_code
        == 404
    )
    assert "已列入" in top("POST", address, button(top("GET", address), "release")).text
    a.pull()
    assert len(a.pulled["a"]) == 2
    http = Http(make_app(Province(db, lambda: NOW, lambda: "id"), Config()))
    assert http.get(address).status_code == 403
    nobody = http.post(address, content=b'{"do":"discard"}', headers={"Content-Type": "application/json"})
    assert nobody.status_code == 401


def test_what_is_restricted_is_listed_by_somebody_who_may_not_see_it(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    desk, above = DeskHere(db), DeskHere(db, "220102", "r9", "county")
    enrolled(db, desk)
    (op,) = desk.act(new=[opened(Subject("case", "c1"), "group", "g1", {"kind": "released"})])
    desk.push(revoked=True)
    ask = looking(db, "220102", caplog)
    assert "released" not in ask("GET", f"/view/kept/{op.action_id}").text
    told = ask("POST", f"/view/kept/{op.action_id}", b'{"do":"release"}', "application/json")
    assert told.json() == {"done": "released"}
    for who, payload in ((desk, op.payload), (above, None)):
        who.pull()
        assert [decode(line).payload for line in who.pulled["a"]] == [payload]


def test_what_many_newer_ones_stand_before_is_still_there(
    db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """The newest 200 were listed, a stolen machine's all of them; and of an older one the page said 没有这次保存，
    或者已经处理.
    """
    stolen, honest = DeskHere(db), DeskHere(db, "a", "r2")
    enrolled(db, stolen, honest)
    old, first = *stolen.act("p0"), *honest.act("p1")
    stolen.push(revoked=True)
    honest.push(revoked=True)
    with db.writing(EVERYTHING) as con:
        con.execute(update(t.quarantine).values(at_ms=NOW - 1))
    for n in range(viewing.MOST_KEPT):
        stolen.act(f"q{n}")
    stolen.push(revoked=True)
    ask = looking(db, "220102", caplog)
    listed = ask("GET", "/view").text
    assert f"/view/kept/{first.action_id}" in listed and f"/view/kept/{old.action_id}" not in listed
    assert listed.count("/view/kept/") == viewing.MOST_KEPT and "每台电脑先列最新的" in listed
    page = ask("GET", f"/view/kept/{old.action_id}")
    assert (
        page.status_code == 200
        and "已列入" in ask("POST", f"/view/kept/{old.action_id}", button(page, "release")).text
    )


def test_more_organisations_than_a_statement_takes_values(postgres: Postgres) -> None:
    """65,535 are PostgreSQL's most; the page said ``busy`` for ever."""
    db, many = on_postgres(postgres), 66_000
    desk = DeskHere(db)
    enrolled(db, desk)
    (op,) = desk.act("p")
    desk.push(revoked=True)
    with db.writing(EVERYTHING) as con:
        con.execute(
            text("INSERT INTO org (id, name, level, parent, region) "
                 "SELECT 'z' || n, '站', 'station', '220102', '' FROM generate_series(1, :many) n"),
            {"many": many},
        )  # fmt: skip
        con.execute(
            text("INSERT INTO stream (id, org, hash, digest) "
                 "SELECT 'z' || n, 'z' || n, '', '' FROM generate_series(1, :many) n"), {"many": many},
        )  # fmt: skip
    with db.reading(EVERYTHING) as con:
        seen = viewing.overview(con, "22", NOW)
        assert len(seen.stations) == many + 2 and [k.action for k in seen.kept] == [op.action_id]
        showing.devices(con, "22", NOW)
        by = quarantine.decider(con, "22")
    with db.writing(by.scope) as con:
        assert quarantine.discard(con, op.action_id, NOW, by) == 1
    db.engine.dispose()


def test_a_clock_that_is_far_off_is_told_in_days(db: Database) -> None:
    desk = DeskHere(db)
    with db.writing(EVERYTHING) as con:
        con.execute(insert(t.device).values(id="dev-r1", org="a", role="desk", public_key=b"k", enrolled_ms=NOW,
                                            valid_until_ms=NOW, seen_ms=NOW, skew_ms=3 * 86_400_000))  # fmt: skip
        token = viewing.link(con, desk.org, NOW)
    assert "3 天" in visit(db, token)[2].text


def test_a_link_ends_after_a_quarter_of_an_hour_and_a_cookie_after_half_a_day(db: Database) -> None:
    quarter, day = NOW + 15 * 60_000, NOW + 12 * 3_600_000
    with db.writing(EVERYTHING) as con:
        first, second = (viewing.link(con, "22", NOW) for _ in range(2))
        me = identity(con)
        assert viewing.enter(con, first, me, quarter + 1) is None
        assert viewing.enter(con, first, me, quarter) is not None
        cookie = viewing.enter(con, second, me, NOW) or ""
    assert (viewing.who(cookie, me, day), viewing.who(cookie, me, day + 1)) == ("22", None)


def test_a_county_sees_no_other_and_a_cookie_is_not_to_be_forged(db: Database) -> None:
    with db.writing(EVERYTHING) as con:
        orgs.add(con, [orgs.Org("x", "别县", "county", "22")])
        token = viewing.link(con, "x", NOW)
        with pytest.raises(LookupError):
            viewing.link(con, "nowhere", NOW)
    assert "甲站" not in visit(db, token)[2].text
    assert visit(db, "none")[1].status_code == 403

    async def forged() -> list[int]:
        transport = httpx.ASGITransport(make_app(Province(db, lambda: NOW, lambda: "id"), Config()))
        async with httpx.AsyncClient(transport=transport, base_url="http://province") as client:
            tries = ("", "22", "22.ffffffffffff.00", "22.zz.00", "...")
            return [
                (await client.get("/view", headers={"Cookie": f"jobdesk_view={c}"})).status_code
                for c in tries
            ]

    assert asyncio.run(forged()) == [403] * 5


def test_the_command_line_runs_a_server_through_its_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JOBDESK_PROVINCE_DATABASE", f"sqlite:///{tmp_path / 'p.db'}")
    monkeypatch.setenv("JOBDESK_PROVINCE_CONTENTS", str(tmp_path / "contents"))

    def say(*args: str, fails: bool = False) -> str:
        assert main(args) == (1 if fails else 0), args
        caught = capsys.readouterr()
        return caught.out + caught.err

    assert "没有初始化" in say("orgs", fails=True)
    assert "已就绪" in say("migrate") and "已就绪" in say("migrate")
    table = tmp_path / "orgs.csv"
    table.write_text(
        "id,name,level,parent,region\n22,省,province,,22\na,甲站,station,22,\n", encoding="utf-8"
    )
    assert "新增 2" in say("orgs", str(table)) and "新增 0" in say("orgs", str(table))
    assert "甲站" in say("orgs")
    say("org", "b", "乙站", "station", "--parent", "22")
    assert "nowhere" in say("org", "c", "丙站", "station", "--parent", "nowhere", fails=True)
    assert say("code", "a").count("-") == 3
    assert "没有编号为“nowhere”的机构" in say("code", "nowhere", fails=True)
    assert "打不开" in say("orgs", str(tmp_path / "none.csv"), fails=True)
    (tmp_path / "shut").write_text("")
    assert "打不开" in say("carried", str(tmp_path / "shut"), fails=True)
    say("devices")
    say("revoke", "nobody", "stolen", fails=True)
    assert say("quarantine") == ""
    say("quarantine", "release", "none", fails=True)
    say("backup", "mon")
    assert "最早可恢复" in say("safe")
    say("backup", "mon", fails=True)
    say("backup", "mon", "--dropped")
    assert "0 条" in say("erased", "--to", str(tmp_path / "erased"))
    assert "0 条" in say("revoked", "--to", str(tmp_path / "revoked"))
    lists = ("--erased", str(tmp_path / "erased"), "--revoked", str(tmp_path / "revoked"))
    assert "没有给出已清除对象的名册" in say("epoch", fails=True)
    assert "是空的" in (no := say("epoch", *lists, fails=True)) and "--none-erased" in no
    assert len(say("epoch", *lists, "--none-erased").splitlines()[0]) == 32
    assert say("export", str(tmp_path / "out")) == ""
    assert "/view/in/" in say("view", "22")
    assert say("view", "22", "--url", "https://server.example/").startswith("https://server.example/view/in/")


def test_the_sample_is_a_tree_of_real_places_with_invented_stations(tmp_path: Path) -> None:
    db = sqlite_at(tmp_path)
    with db.writing(EVERYTHING) as con:
        found = orgs.sample(Path("resources/regions"))
        assert orgs.add(con, found) == len(found) - 2  # the province and the county are there
        assert all("示例" in o.name for o in found if o.level == "station")
    db.engine.dispose()
