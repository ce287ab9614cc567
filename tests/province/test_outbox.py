"""Files for other systems: what changed, who left, and how much of a person stands in them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
from sqlalchemy import select

from jobdesk.cases.ops import Kind, NewOp, Subject, opened, withdrawn
from province.adapters.files import Files
from province.adapters.outbox import Batch, give
from province.db import tables as t
from province.db.engine import EVERYTHING, Database
from tests.province.ground import DeskHere
from tests.province.test_moving import case, moves


def test_files_for_other_systems_hold_what_changed_since(db: Database, tmp_path: Path) -> None:
    desk = DeskHere(db)
    person = {"name": "=1+1", "sex": "1", "disability": "视力一级", "ever_employed": True}
    desk.act(new=[opened(Subject("case", "p"), "case", "p", person)])
    desk.push()
    for form, count in (("csv", 1), ("json", 0)):
        assert [len(b.rows) for b in give(db, Files(tmp_path, form)) if b.stream == "a"] == [count] * count
    (row,) = csv.DictReader(io.StringIO((tmp_path / "a-1-1.csv").read_text("utf-8-sig")))
    assert (row["subject"], row["name"], row["ever_employed"]) == (
        "p",
        "'=1+1",
        "是",
    ) and "disability" not in row
    assert (tmp_path / "a-1-1.csv").stat().st_mode & 0o077 == 0
    for n, form in enumerate(("json", "xlsx")):
        desk.act("p")
        desk.push()
        assert len(list(give(db, Files(tmp_path, form), sensitive=True))) == 1
        file = tmp_path / f"a-{n + 2}-{n + 2}.{form}"
        if form == "json":
            assert json.loads(file.read_text("utf-8"))["people"][0]["disability"] == "视力一级"
        else:
            sheet = openpyxl.load_workbook(file).active
            assert sheet is not None and sheet["D2"].value == "=1+1" and sheet["D2"].data_type == "s"


def test_what_one_system_was_given_is_still_new_to_another(db: Database, tmp_path: Path) -> None:
    desk = DeskHere(db)
    desk.act(new=[opened(Subject("case", "p"), "case", "p", {"name": "甲"})])
    desk.push()
    for system, counts in (("", [1]), ("人社", [1]), ("人社", []), ("", [])):
        given = give(db, Files(tmp_path / f"to-{system}", "csv"), system=system)
        assert [len(b.rows) for b in given] == counts


def test_desks_go_on_while_files_are_written(db: Database) -> None:
    desk = DeskHere(db)
    desk.act(new=[opened(Subject("case", "p"), "case", "p", {"name": "甲"})])
    desk.push()

    kept: list[Batch] = []

    class Slow:
        """Somebody saves while a batch is on its way."""

        def keep(self, batch: Batch) -> None:
            desk.act("p")
            assert desk.push().acked.seq == 2
            kept.append(batch)

    assert [b.until for b in give(db, Slow())] == [1]
    assert [len(b.rows) for b in kept] == [1]
    with db.reading(EVERYTHING) as con:
        assert con.execute(select(t.exported.c.seq).where(t.exported.c.seq > 0)).scalars().all() == [1]


class Kept:
    """Batches in memory."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []

    def keep(self, batch: Batch) -> None:
        self.rows += [dict(zip(batch.columns, row, strict=True)) for row in batch.rows]


def given(db: Database, *, sensitive: bool = False) -> list[dict[str, str]]:
    kept = Kept()
    assert list(give(db, kept, sensitive)) is not None
    return kept.rows


def test_whoever_left_is_told_by_the_id_alone(db: Database, tmp_path: Path) -> None:
    """They stayed in the other system for ever."""
    a, b = DeskHere(db), DeskHere(db, "b", "r2")
    for subject in ("erased", "moved", "slip", "stays"):
        case(a, subject, name="张某", id_number="229901198001011238")
    a.push()
    assert {(r["subject"], r["standing"], r["now_at"]) for r in given(db)} == {
        (s, "here", "a") for s in ("erased", "moved", "slip", "stays")
    }
    a.act(new=[NewOp(Kind.ERASED, Subject("case", "erased"), {"reason": "request"})])
    moves(a, "moved", "b")
    a.act(new=[withdrawn(Subject("case", "slip"), [a.ops[2].op_id])])
    a.push()
    b.act("moved")
    b.push()
    list(give(db, Files(tmp_path, "json")))
    told = json.loads((tmp_path / "a-5-7.json").read_text("utf-8"))["people"]
    assert told == [
        {"subject": "erased", "standing": "erased"},
        {"subject": "moved", "standing": "moved", "now_at": "b"},
        {"subject": "slip", "standing": "withdrawn", "now_at": "a"},
    ]
    (arrived,) = json.loads((tmp_path / "b-1-3.json").read_text("utf-8"))["people"]
    assert (arrived["subject"], arrived["standing"], arrived["name"]) == ("moved", "here", "张某")
    b.act(new=[NewOp(Kind.ERASED, Subject("case", "moved"), {"reason": "request"})])
    b.push()
    rows = given(db)  # told by both stations, as both had given him
    assert [(r["subject"], r["standing"]) for r in rows] == [("moved", "erased")] * 2
    assert not any(v for r in rows for k, v in r.items() if k not in ("subject", "standing"))


def test_what_is_restricted_decides_who_is_here_and_is_never_told(db: Database) -> None:
    """An opening that mixes is withheld whole, and so is a withdrawal by its reason: the one was told as
    opened by mistake, so the other system took a person out; the other stayed in it.
    """
    desk = DeskHere(db)
    told = {"name": "张某", "sex": "1", "note": "刑满释放"}
    desk.act(new=[opened(Subject("case", "mixed"), "case", "mixed", told)])
    desk.act(new=[opened(Subject("case", "slip"), "case", "slip", {"name": "李某"})])
    desk.push()
    rows = {r["subject"]: r for r in given(db)}
    assert {s: r["standing"] for s, r in rows.items()} == {"mixed": "here", "slip": "here"}
    assert not any(v for k, v in rows["mixed"].items() if k not in ("subject", "standing", "now_at"))
    desk.act(new=[withdrawn(Subject("case", "slip"), [desk.ops[1].op_id], reason="戒毒所来电")])
    desk.push()
    (gone,) = given(db)
    assert (gone["subject"], gone["standing"], gone["name"]) == ("slip", "withdrawn", "")


def test_numbers_are_whole_only_where_they_are_asked_for(db: Database) -> None:
    desk = DeskHere(db)
    person = {"name": "张某", "id_number": "229901198001011238", "birth": "1980-01-01", "phone": "19912345678",
              "phone_2": "0431-1234567", "disability_card": "22990119800101123841"}  # fmt: skip
    case(desk, "p", **person)
    desk.push()
    (row,) = given(db)
    assert (row["id_number"], row["birth"], row["phone"]) == (
        "229901********1238",
        "1980-**-**",
        "199****5678",
    )
    assert "1234567" not in row["phone_2"] and "disability_card" not in row
    desk.act("p")
    desk.push()
    (row,) = given(db, sensitive=True)
    assert {k: row[k] for k in person} == person
