"""A command that cannot do what it is asked says why, what to look at, and nothing that is not so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from province.cli import faults
from province.cli.commands import main
from province.db.engine import EVERYTHING, open_database
from tests.province.conftest import on_postgres
from tests.province.ground import DeskHere, sqlite_at
from tests.province.test_strays import enrolled
from tools.postgres import Postgres

Say = Callable[..., str]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    def said(*args: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(args) == code, args
        caught = capsys.readouterr()
        return caught.out + caught.err

    return said


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskHere:
    db = sqlite_at(tmp_path)
    db.engine.dispose()
    monkeypatch.setenv("JOBDESK_PROVINCE_DATABASE", f"sqlite:///{tmp_path / 'province.db'}")
    return DeskHere(open_database(f"sqlite:///{tmp_path / 'province.db'}"))


def test_what_is_revoked_is_not_unknown(here: DeskHere, say: Say) -> None:
    enrolled(here.db, here)
    assert "没有编号为“nosuch”" in say("revoke", "nosuch", "stolen", code=1)
    assert say("revoke", "dev-r1", "stolen").startswith("已撤销登记")
    again = say("revoke", "dev-r1", "other")
    assert re.search(r"在 \d{4}-\d\d-\d\d \d\d:\d\d 已经撤销", again) and "没有编号" not in again


def test_machines_of_nobody(here: DeskHere, say: Say) -> None:
    assert "没有已注册的电脑" in say("devices") and "没有已注册的电脑" in say("devices", "a")
    assert "没有编号为“nosuch”的机构" in say("devices", "nosuch", code=1)
    enrolled(here.db, here)
    assert "dev-r1" in say("devices", "220102")


def test_a_backup_has_a_name_and_safe_is_what_all_hold(here: DeskHere, say: Say) -> None:
    for name in ("", " ", "a\nb"):
        assert "备份要有名称" in say("backup", name, code=1)
    assert "没有登记的备份" in say("safe")
    with here.db.writing(EVERYTHING) as con:  # as an older program took it
        con.execute(text("INSERT INTO backup (id, at_ms) VALUES ('', 1)"))
    say("backup", "mon")
    said = say("safe")
    assert "最早可恢复" in said and "以上 2 个备份里都有" in said
    assert say("backup", "", "--dropped") == ""


def test_a_day_whose_backup_failed_has_another_one(here: DeskHere, say: Say) -> None:
    """It said that there is a record of that name, and no more; the name is taken for good."""
    say("backup", "2026-11-21")
    said = say("backup", "2026-11-21", code=1)
    assert "backup 2026-11-21 --dropped" in said and "province backup 2026-11-21-2，" in said
    say("backup", "2026-11-21", "--dropped")
    assert "--dropped" not in (said := say("backup", "2026-11-21", code=1)) and "换一个名称" in said
    say("backup", "2026-11-21-2")
    assert "province backup 2026-11-21-3，" in say("backup", "2026-11-21", code=1)
    assert "2026-11-21-2" in say("safe")


def test_what_was_typed_in_another_encoding(
    here: DeskHere, say: Say, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It said that a codec cannot encode a character. What is no text comes in as halves of pairs."""
    for args in (("org", "n", "新\udcce\udcd2", "station", "--parent", "220102"), ("code", "\udcff")):
        said = say(*args, code=1)
        assert said.startswith("没有完成：参数“") and "不是 UTF-8" in said and "LANG=C.UTF-8" in said
        assert "“新??”" in said or "“?”" in said
    monkeypatch.setenv("JOBDESK_PROVINCE_DATABASE", f"sqlite:///{tmp_path / 'new.db'}")
    monkeypatch.setenv("JOBDESK_PROVINCE_NAME", "\udcff")
    said = say("migrate", code=1)
    assert "环境变量 JOBDESK_PROVINCE_NAME 不是 UTF-8" in said and "LANG=C.UTF-8" in said


def test_a_database_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Postgres, say: Say
) -> None:
    """All of these said OperationalError, and to run migrate first."""
    owner, app = postgres.new_database("for_commands")

    def with_(url: str, *args: str) -> str:
        monkeypatch.setenv("JOBDESK_PROVINCE_DATABASE", url)
        said = say(*(args or ("orgs",)), code=1)
        assert said.count("\n") == 1 and said.startswith("没有完成：")
        return said

    pair = "postgresql+psycopg://x:geheim@/y?host="
    for url, *told in (
        (app.replace("jobdesk_app@", "nobody_of_it:geheim@"), "没有这个角色", "角色 nobody_of_it", "连不上"),
        (app.replace("for_commands", "other"), "没有这个数据库", "数据库 other"),
        ("postgresql+psycopg://x:geheim@127.0.0.1:1/y", "没有 PostgreSQL 在运行", "127.0.0.1:1，"),
        ("postgresql+psycopg://x@host.invalid/y", "主机名写错了", "host.invalid:5432"),
        (f"{pair}a.invalid:1,b.invalid:2", "主机名写错了", "（a.invalid:1,b.invalid:2；", "&host=乙:5432"),
        (f"{pair}a.invalid:1&host=b.invalid:2", "主机名写错了", "（a.invalid:1,b.invalid:2，"),
        (f"{pair}a.invalid,b.invalid&port=1,2", "主机名写错了", "（a.invalid,b.invalid，端口 1,2，"),
        ("sqlite:////nowhere/at/all.db", "打不开数据库文件", "/nowhere/at/all.db"),
        ("province.db", "JOBDESK_PROVINCE_DATABASE 不是可用的数据库地址"),
    ):
        said = with_(url)
        assert all(one in said for one in told) and "geheim" not in said and "migrate" not in said, said
    assert "先执行 migrate" in with_(owner) and "先执行 migrate" in with_(f"sqlite:///{tmp_path}/empty.db")
    assert "JOBDESK_PROVINCE_OWNER" in (said := with_(app, "migrate")) and "先执行" not in said
    odd = tmp_path / "odd.db"
    odd.write_text("no database " * 100)
    assert "不是数据库" in with_(f"sqlite:///{odd}")


def test_a_role_that_may_not_use_the_tables(
    monkeypatch: pytest.MonkeyPatch, postgres: Postgres, say: Say
) -> None:
    db = on_postgres(postgres)
    url = db.engine.url
    db.engine.dispose()
    owner = open_database(url.set(username="owner").render_as_string(False))
    with owner.engine.begin() as con:
        con.execute(text("REVOKE ALL ON org FROM jobdesk_app"))
    owner.engine.dispose()
    monkeypatch.setenv("JOBDESK_PROVINCE_DATABASE", url.render_as_string(False))
    said = say("orgs", code=1)
    assert "没有权限用这些表" in said and "角色 jobdesk_app" in said and "migrate）" not in said


def test_tables_of_a_newer_program(here: DeskHere, say: Say) -> None:
    with here.db.engine.begin() as con:
        con.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "较新的程序" in say("migrate", code=1)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ('server at "h", port 5 failed: FATAL:  password authentication failed for user "x"', "密码不对"),
        ('server at "h", port 5 failed: fe_sendauth: no password supplied', "没有写"),
        ('server at "h" failed: FATAL:  no pg_hba.conf entry for host "h", user "x"', "pg_hba.conf"),
        ("server at \"h\", port 5 failed: 致命错误:  用户 \"x\" 密码验证失败", "PostgreSQL 的日志"),
    ],
)  # fmt: skip
def test_what_a_failed_connection_says_is_told_in_one_line(reason: str, told: str) -> None:
    fault = OperationalError("SELECT 隐私", {"name": "隐私"}, Exception(f"connection failed: {reason}\nmore"))
    said = faults.told(fault, "postgresql+psycopg://x:geheim@h:5/y", owner=False)
    assert told in said and "h:5，数据库 y，角色 x" in said
    assert "\n" not in said and "隐私" not in said and "geheim" not in said


@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_what_crossed_the_work_of_the_server_is_run_again(state: str) -> None:
    """It said only the name of the fault, and to read the log."""
    reason = Exception("deadlock detected")
    reason.sqlstate = state  # type: ignore[attr-defined]
    said = faults.told(
        OperationalError("UPDATE 隐私", {}, reason), "postgresql+psycopg://x@h:5/y", owner=False
    )
    assert "什么都没有改动" in said and "再执行一次" in said and "日志" not in said
