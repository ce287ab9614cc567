"""The tree of organisations as operators write it: slips are mended, what cannot work is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from province import enrolling, orgs, stations
from province.cli import org_file
from province.cli.commands import main
from province.db import tables as t
from province.db.engine import EVERYTHING, Database, open_database
from province.migrating import migrate
from province.orgs import Org
from tests.province.ground import NOW, DeskHere, sqlite_at
from tests.province.test_strays import enrolled

HEAD = "id,name,level,parent,region\n"


def add(db: Database, *found: Org) -> None:
    with db.writing(EVERYTHING) as con:
        orgs.add(con, found)


def refused(db: Database, told: str, *found: Org) -> None:
    with pytest.raises(ValueError, match=told), db.writing(EVERYTHING) as con:
        orgs.add(con, found)


def known(db: Database, org: str) -> tuple[str, str, str | None, str]:
    o = t.org.c
    with db.reading(EVERYTHING) as con:
        row = con.execute(select(o.name, o.level, o.parent, o.region).where(o.id == org)).one()
        return row.name, row.level, row.parent, row.region


def streams(db: Database) -> set[str]:
    """Of stations that are on the list."""
    with db.reading(EVERYTHING) as con:
        return set(stations._read(con).ids)  # pyright: ignore[reportPrivateUsage]


def test_ids_and_names_that_cannot_work_are_refused(db: Database) -> None:
    for wrong in ("吉林", "x y", "a;b", "a" * 65, ""):
        refused(db, "只能是字母", Org(wrong, "名", "county", "22"))
    for name in ("a\nb", "a\0b", "长" * 201):
        refused(db, "控制字符", Org("c1", name, "county", "22"))
    refused(db, "没有名称", Org("c1", " ", "county", "22"))
    refused(db, "写在下级之前", Org("c1", "县", "county", "later"))
    refused(db, "不在 county 之上", Org("c1", "县", "county", "220102"))


def test_an_office_that_becomes_a_station_gets_its_stream(db: Database) -> None:
    add(db, Org("t2", "误填", "township", "220102"))
    add(db, Org("t2", "三站", "station", "220102"))
    with db.writing(EVERYTHING) as con:
        assert enrolling.issue_code(con, "t2", "desk", NOW)
    assert DeskHere(db, "t2", "r2").caller().home is not None


def test_a_station_that_was_none_is_taken_back_by_the_right_file(db: Database) -> None:
    """It was one for ever, and the right file was refused whole from then on."""
    add(db, Org("c2", "县二", "station", "22", "2202"))
    with db.writing(EVERYTHING) as con:
        code = enrolling.issue_code(con, "c2", "desk", NOW)
    assert "c2" in streams(db)
    county = DeskHere(db, "22", "r9", role="province")
    scope = {s.id for s in county.caller().streams}
    add(db, Org("c2", "县二", "county", "22", "2202"), Org("c2s", "站", "station", "c2"))
    assert streams(db) == {"a", "b", "c2s"}
    assert {s.id for s in county.caller().streams} == scope - {"c2"} | {"c2s"}
    with db.reading(EVERYTHING) as con:
        (ends,) = con.execute(select(t.enrolment_code.c.expires_ms)).scalars()
        assert ends == 0, f"{code} would let a desk in where no station is"
    add(db, Org("c3", "县三", "county", "22"))
    for level in ("station", "county", "station"):
        add(db, Org("c3", "县三", level, "22"))
    assert "c3" in streams(db)
    desk = DeskHere(db, "c3", "r3")
    desk.act("p")
    desk.push()
    assert DeskHere(db, "c3", "r3").caller().home is not None


def test_a_station_that_somebody_works_at_stays_one(db: Database) -> None:
    desk = DeskHere(db, "a", "r1")
    desk.act("p")
    desk.push()
    refused(db, "服务站，已经有电脑登记过或者有数据.*新的编号", Org("a", "甲站", "county", "22"))
    enrolled(db, DeskHere(db, "b", "r2"))
    refused(db, "服务站，已经有电脑登记过或者有数据.*新的编号", Org("b", "乙站", "township", "220102"))
    assert streams(db) == {"a", "b"}


def test_an_office_that_others_are_under_is_made_no_station(db: Database) -> None:
    refused(db, "下面有 2 个机构（如 a）.*级别写错的请改正", Org("220102", "县", "station", "22"))
    add(db, Org("220102", "县", "township", "22"))  # stations may be under that
    add(db, Org("t1", "乡", "township", "22"))
    with db.writing(EVERYTHING) as con:
        enrolling.issue_code(con, "t1", "county", NOW)
    enrolled(db, DeskHere(db, "t1", "r1", role="county"))
    refused(db, "有 1 台电脑.*revoke", Org("t1", "乡", "station", "22"))


def test_a_new_name_changes_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The county saw the station no more, and nobody had said so."""
    db = sqlite_at(tmp_path)
    monkeypatch.setenv("JOBDESK_PROVINCE_DATABASE", f"sqlite:///{tmp_path / 'province.db'}")
    add(db, Org("a", "甲站", "station", "220102", "2201"))
    assert main(["org", "a", "新名", "station"]) == 0
    assert known(db, "a") == ("新名", "station", "220102", "2201")
    assert main(["org", "a", "新名", "station", "--parent", "22", "--region", ""]) == 0
    assert known(db, "a") == ("新名", "station", "22", "")
    table = tmp_path / "names.csv"
    table.write_text("name,ID,level\n再改,a,station\n", encoding="utf-8")
    assert main(["orgs", str(table)]) == 0
    assert known(db, "a") == ("再改", "station", "22", "")
    db.engine.dispose()


def test_nothing_leaves_the_sight_of_those_above_by_an_empty_cell(db: Database) -> None:
    """A station became a root, and its county saw it no more; nobody had said so."""
    told = "没有写上级机构，而已经有 .*--parent"
    refused(db, f"a：{told}", Org("a", "甲站", "station", ""))
    refused(db, f"f.csv:3：220102：{told}", Org("220102", "县", "county", "", at="f.csv:3"))
    refused(db, f"n：{told}", Org("n", "新站", "station", None))
    refused(db, f"22：{told}", Org("23", "省", "province"), Org("22", "市", "prefecture", None))
    add(db, Org("22", "省", "province", ""), Org("23", "邻省", "province", None))
    assert known(db, "a")[2] == "220102"


def test_a_county_may_be_the_topmost_until_somebody_is_above(tmp_path: Path) -> None:
    migrate(url := f"sqlite:///{tmp_path / 'county.db'}", "县")
    db = open_database(url)
    add(db, Org("c", "县", "county"), Org("s", "站", "station", "c"))
    refused(db, "c：没有写上级机构", Org("c", "县", "county"), Org("22", "省", "province"))
    add(db, Org("22", "省", "province"), Org("c", "县", "county", "22"))
    db.engine.dispose()


@pytest.mark.parametrize(
    ("org", "role", "told"),
    [("220102", "desk", "不是服务站"), ("22", "desk", "不是服务站"), ("a", "county", "只能是 desk"),
     ("a", "province", "只能是 desk")],
)  # fmt: skip
def test_no_code_for_a_machine_that_could_only_be_kept_apart(
    db: Database, org: str, role: str, told: str
) -> None:
    with db.writing(EVERYTHING) as con:
        with pytest.raises(ValueError, match=told):
            enrolling.issue_code(con, org, role, NOW)
        assert enrolling.issue_code(con, org, "carrier", NOW)


def test_a_file_of_the_office_programs_is_read(tmp_path: Path) -> None:
    """With remarks, empty rows, and in the encoding that Excel saves in."""
    text = f'{HEAD}# 备注\n22,吉林,province,,22\n,,,,\n\nc,"县, 一",county,22,2201,,\n'
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "gbk"):
        file = tmp_path / f"{encoding}.csv"
        file.write_bytes(text.replace("\n", "\r\n").encode(encoding))
        first, second = org_file.read(file)
        assert (first.name, first.parent, first.at) == ("吉林", "", f"{encoding}.csv:3")
        assert (second.name, second.parent, second.at) == ("县, 一", "22", f"{encoding}.csv:6")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "t.csv：文件里没有机构"),
        (HEAD.encode(), "t.csv：文件里没有机构"),
        ("编号,名称,级别\n".encode(), "t.csv:1：列名里没有 id、name、level"),
        ("id,name,level,上级\na,甲站,station,220102\n".encode(), "t.csv:1：没有“上级”这样的列；可用的列名只有 id,"),
        (b"id,name,level,parent,,region\n", "t.csv:1：第 5 列没有列名"),
        (b"id,name,level,parent,Parent\n", "t.csv:1：同一个列名写了两次"),
        (f"{HEAD}22,吉,province,,22\na,甲站,station,,\n".encode(), "t.csv:3：a：没有写上级机构"),
        (b"id;name;level\n", "t.csv:1：列名里没有"),
        (f"{HEAD}# 一\n# 二\n22,吉,province,,\nX,县,kounty,22,\n".encode(), "t.csv:5：没有“kounty”这个级别"),
        (f"{HEAD}# 一\n22,,province,,\n".encode(), "t.csv:3：没有 name"),
        (f"{HEAD}22,吉,province,,\n22,林,province,,\n".encode(), "t.csv:3：编号 22 在第 2 行已经有了"),
        (f"{HEAD}22,吉,province,,,林\n".encode(), "t.csv:2：这一行的内容比第一行的列多"),
        (f'{HEAD}# 一\n22,"吉,province,,22\nX1,县,county,22,1\n'.encode(), "t.csv:3：从这一行起引号没有成对"),
        (f'{HEAD}22,"吉"林,province,,22\n'.encode(), "t.csv:2：从这一行起引号没有成对"),
        (f"{HEAD}\n22,{'长' * 131_073},province,,22\n".encode(), "t.csv:3：一格内容超过 131,072 个字符"),
        (f"{HEAD}22,吉\0林,province,,22\n".encode(), "t.csv:2：有空字符（NUL）"),
        (HEAD.encode("utf-16"), "t.csv:1：有空字符（NUL）|t.csv：既不是 UTF-8"),
        (b"\xff\xff\xff", "t.csv：既不是 UTF-8 也不是 GB18030"),
        (f"{HEAD}22,吉,province,,22\n# 一\nX1S,站,station,X9,\n".encode(), "t.csv:4：X1S：没有上级机构 X9"),
        (f"{HEAD}22,吉,province,,22\n吉,站,station,,\n".encode(), "t.csv:3：编号“吉”不能用"),
    ],
)  # fmt: skip
def test_a_file_that_is_wrong_is_refused_whole_with_its_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    body: bytes,
    told: str,
) -> None:
    db = sqlite_at(tmp_path)
    monkeypatch.setenv("JOBDESK_PROVINCE_DATABASE", f"sqlite:///{tmp_path / 'province.db'}")
    file = tmp_path / "t.csv"
    file.write_bytes(body)
    assert main(["orgs", str(file)]) == 1
    said = capsys.readouterr()
    assert said.out == "" and any(one in said.err for one in told.split("|")), said.err
    assert known(db, "22")[0] == "省"
    db.engine.dispose()
