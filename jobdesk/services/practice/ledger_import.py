"""A small ledger with damaged rows, imported into the practice station: some rows wait for a person."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path

from jobdesk.services.desk import Desk
from jobdesk.services.importing.applying import apply
from jobdesk.services.importing.preview import make_preview
from jobdesk.services.importing.read import read_path
from jobdesk.services.practice.people import People, Person

_HEAD = ("姓名", "性别", "身份证号", "家庭住址", "联系电话", "就业困难人员类型")
_NEW = 9
"""People of the ledger who are not on the books yet (own figure)."""


def import_ledger(desk: Desk, people: People, known: Sequence[Person], name: str) -> None:
    """Read, judge and carry out, as a person would who accepts the preview as it is.

    Args:
        known: people on the books; of one the ledger has a number that Excel damaged.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        with file.open("w", encoding="gb18030", newline="") as out:
            csv.writer(out).writerows([_HEAD, *rows_of(people, known)])
        preview = make_preview(desk, read_path(file, desk.today))
    apply(desk, preview)


def rows_of(people: People, known: Sequence[Person]) -> list[tuple[str, ...]]:
    """Good rows, and one each of: 000 at the end, a wrong check digit, an impossible date, a person twice."""
    fresh = [people.plain(41, 54, "2") for _ in range(_NEW)]
    rows = [_row(p, "大龄失业人员") for p in fresh]
    damaged = next(p for p in known if p.root.get("phone") and _is_plain(p.name))
    rows.insert(2, _row(damaged, "大龄失业人员", number=str(damaged.root["id_number"])[:15] + "000"))
    wrong, dated = people.plain(42, 50, "2"), people.plain(42, 50, "2")
    number = str(wrong.root["id_number"])
    last = "0" if number[-1] != "0" else "1"
    rows.insert(5, _row(wrong, "下岗失业人员", number=number[:-1] + last))
    number = str(dated.root["id_number"])
    rows.insert(7, _row(dated, "下岗失业人员", number=number[:10] + "1332" + number[14:]))
    again = list(_row(fresh[0], "大龄失业人员"))
    again[3] = "站前路9号2单元301"
    return [*rows, tuple(again)]


def _row(person: Person, kind: str, number: str = "") -> tuple[str, ...]:
    root = person.root
    sex = "男" if person.sex == "1" else "女"
    return (
        person.name,
        sex,
        number or str(root["id_number"]),
        str(root["address"]),
        str(root["phone"]),
        kind,
    )


def _is_plain(name: str) -> bool:
    """Whether every character has a place in GB 18030's two bytes, as an old ledger would have it."""
    return all(len(c.encode("gb18030")) == 2 for c in name)
