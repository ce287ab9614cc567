"""The registers beside the backups: they only grow, whatever state the database is in when they are written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from jobdesk.cases.codec import encode
from jobdesk.cases.ops import Kind, NewOp, Subject
from province import enrolling
from province.cli import commands, registers
from province.cli.registers import Which
from province.db.engine import EVERYTHING, Database
from province.identity import identity
from province.register import Entry, erases, read, written
from tests.province.ground import NOW, DeskHere, sqlite_at
from tests.province.test_strays import enrolled


def lines(file: Path) -> list[str]:
    return [one.subject for one in read(registers.lines_in(file, Which.ERASED).values())]


def keep(file: Path, known: Iterable[str]) -> int:
    there = registers.lines_in(file, Which.ERASED).values() if file.exists() else ()
    return registers.keep(file, there, known, Which.ERASED)


def erased(subject: str) -> str:
    """An entry with what erased."""
    op = DeskHere(Database(create_engine("sqlite://"), 1)).act(
        new=[NewOp(Kind.ERASED, Subject("case", subject), {"reason": "request"})]
    )[0]
    return Entry(subject, encode(op)).text


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeskHere]:
    """A server that the commands are for, and a desk of it."""
    db = sqlite_at(tmp_path)
    monkeypatch.setenv("JOBDESK_PROVINCE_DATABASE", f"sqlite:///{tmp_path / 'province.db'}")
    monkeypatch.setenv("JOBDESK_PROVINCE_CONTENTS", str(tmp_path / "contents"))
    yield DeskHere(db)
    db.engine.dispose()


def test_a_register_only_grows_and_keeps_what_erased(tmp_path: Path) -> None:
    """Written after a restore, before the new epoch: the database knows less than the file."""
    file = tmp_path / "erased.txt"
    p, q, r = map(erased, "pqr")
    assert keep(file, [p, "q"]) == 2
    assert keep(file, ["p", r, q]) == 3
    whole = f"{Which.ERASED.heading}\n{p}\n{q}\n{r}\n"
    assert file.read_text("utf-8") == whole
    assert keep(file, []) == 3
    assert file.read_text("utf-8") == whole
    assert [p.name for p in tmp_path.iterdir()] == ["erased.txt"]


@pytest.mark.parametrize("which", Which)
def test_a_register_is_read_once(
    tmp_path: Path, here: DeskHere, monkeypatch: pytest.MonkeyPatch, which: Which
) -> None:
    """What was checked is what is written: the file may change in between, and of a large one it takes long."""
    file, read_them = tmp_path / "register.txt", list[Path]()
    assert commands.main([which.value, "--to", str(file)]) == 0
    lines_in = registers.lines_in

    def counted(file: Path, which: Which) -> dict[int, str]:
        read_them.append(file)
        return lines_in(file, which)

    monkeypatch.setattr(registers, "lines_in", counted)
    assert commands.main([which.value, "--to", str(file)]) == 0
    assert read_them == [file]


def test_where_the_database_is_away_the_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "erased.txt"
    keep(file, ["p"])
    monkeypatch.setenv("JOBDESK_PROVINCE_DATABASE", "postgresql+psycopg://nobody@127.0.0.1:1/none")
    assert commands.main(["erased", "--to", str(file)]) == 1
    assert commands.main(["revoked", "--to", str(file)]) == 1
    assert lines(file) == ["p"]
    (tmp_path / "damaged").write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match="不是文本文件"):
        keep(tmp_path / "damaged", ["p"])
    assert (tmp_path / "damaged").read_bytes() == b"\xff\xfe"


def test_what_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "erased.txt").mkdir()
    (tmp_path / "erased.txt" / "x").touch()
    with pytest.raises(OSError):
        keep(tmp_path / "erased.txt", ["p"])
    (tmp_path / "there").mkdir()
    with pytest.raises(RuntimeError):
        keep(tmp_path / "there" / "erased.txt", _breaks())
    assert list((tmp_path / "there").iterdir()) == []
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def _breaks() -> Iterator[str]:
    yield "p"
    raise RuntimeError("the line to the database broke")


def test_an_empty_register_is_taken_only_when_somebody_says_so(
    tmp_path: Path, here: DeskHere, capsys: pytest.CaptureFixture[str]
) -> None:
    here.act("p")
    here.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "request"})])
    here.push()
    with here.db.reading(EVERYTHING) as con:
        known = list(written(con))
    file, empty = tmp_path / "erased.txt", tmp_path / "empty.txt"
    assert commands.main(["erased", "--to", str(file)]) == 0
    assert list(registers.lines_in(file, Which.ERASED).values()) == known
    capsys.readouterr()
    for nothing in ("\n", f"{Which.ERASED.heading}\n"):
        empty.write_text(nothing)
        for asked in (["epoch"], ["epoch", "--erased", str(empty)]):
            assert commands.main(asked) == 1
            assert "--none-erased" in capsys.readouterr().err
    assert commands.main(["epoch", "--erased", str(file)]) == 0
    said = capsys.readouterr()
    assert len(said.out.strip()) == 32 and "已清除的对象 1 个、已撤销的电脑 0 台" in said.err
    assert commands.main(["epoch", "--erased", str(empty), "--none-erased"]) == 0


def epoch_of(desk: DeskHere) -> str:
    with desk.db.reading(EVERYTHING) as con:
        return identity(con).epoch


@pytest.mark.parametrize("headed", [True, False], ids=["headed", "of an older server"])
def test_registers_that_were_exchanged_are_refused_whole(
    tmp_path: Path, here: DeskHere, capsys: pytest.CaptureFixture[str], headed: bool
) -> None:
    """The erased came back and could be read, and nothing was said."""
    enrolled(here.db, here)
    here.act("p")
    here.act(new=[NewOp(Kind.ERASED, Subject("case", "p"), {"reason": "request"})])
    here.push()
    with here.db.writing(EVERYTHING) as con:
        assert enrolling.revoke(con, "dev-r1", "stolen", NOW)
    files = {which: tmp_path / f"{which}.txt" for which in Which}
    for which, file in files.items():
        assert commands.main([which.value, "--to", str(file)]) == 0
        if not headed:
            file.write_text(file.read_text().partition("\n")[2])
    first, line, kept = epoch_of(here), 1, {f: f.read_bytes() for f in files.values()}
    for which in files:
        other = files[which.other]
        for asked in (
            ["epoch", "--none-erased", f"--{which}", str(other)],
            [which.value, "--to", str(other)],
        ):
            capsys.readouterr()
            assert commands.main(asked) == 1
            said = capsys.readouterr().err
            assert f"{other}:{line}：" in said and f"province {which} --to" in said, said
    assert epoch_of(here) == first and {f: f.read_bytes() for f in files.values()} == kept
    given = ["--erased", str(files[Which.ERASED]), "--revoked", str(files[Which.REVOKED])]
    assert commands.main(["epoch", *given]) == 0
    assert "已清除的对象 1 个、已撤销的电脑 1 台" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("which", "line", "told"),
    [
        (Which.ERASED, "张某某", "不是对象编号"),
        (Which.ERASED, "id,name,level", "不是对象编号"),
        (Which.ERASED, erased("p").replace("p\t", "other\t"), "不是这个对象的清除操作"),
        (Which.ERASED, erased("p")[:-20], "改成只有编号"),
        (Which.ERASED, 'p\t["[]","",null]', "不是这个对象的清除操作"),
        (Which.ERASED, "# 别的", "不认识的标题行"),
        (Which.REVOKED, "a b", "不是电脑编号"),
        (Which.REVOKED, erased("p"), "已清除对象的名册"),
    ],
)
def test_one_wrong_line_spoils_a_register(
    tmp_path: Path, here: DeskHere, capsys: pytest.CaptureFixture[str], which: Which, line: str, told: str
) -> None:
    file = tmp_path / "register.txt"
    file.write_text(f"{which.heading}\nq\n\n{line}\n", encoding="utf-8")
    before, first = file.read_bytes(), epoch_of(here)
    for asked in (["epoch", "--none-erased", f"--{which}", str(file)], [which.value, "--to", str(file)]):
        assert commands.main(asked) == 1
        said = capsys.readouterr().err
        assert f"{file}:4：" in said and told in said, said
    assert epoch_of(here) == first and file.read_bytes() == before


def test_what_a_newer_program_erased_stays_in_a_register() -> None:
    """A server that was put back to an older program reads no more of it than whom it is about."""
    head, *rest = json.loads(erased("p").partition("\t")[2])
    newer = json.loads(head)
    newer[8] = 99
    line = json.dumps([json.dumps(newer), *rest]).encode()
    assert erases(Entry("p", line)) and not erases(Entry("q", line))


def test_a_register_with_the_marks_of_another_system_is_read(tmp_path: Path) -> None:
    file = tmp_path / "erased.txt"
    file.write_bytes(f"\ufeff{Which.ERASED.heading}\r\np\r\n".encode())
    assert lines(file) == ["p"]
