"""A 下发名单 from the county: some who have a file here, and two whom nobody here knows."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from jobdesk.services.assignments.answering import answer
from jobdesk.services.assignments.reading import load_people
from jobdesk.services.assignments.taking import read_list, take_list
from jobdesk.services.desk import Desk
from jobdesk.services.practice.people import People, Person

TITLE, ISSUER = "离校未就业高校毕业生核查名单（练习）", "示例区人力资源和社会保障局"
DUE_IN, ANSWERED = 6, 3
"""Days from the day it came to the deadline, and how many are answered already (own figures)."""
_HEAD = ("序号", "姓名", "身份证号", "联系电话", "反馈情况", "备注")


def take_county_list(desk: Desk, known: Sequence[Person], people: People) -> None:
    """Take the list in and answer the first names."""
    found = [p for p in known if p.root.get("phone")]
    strangers = [people.plain(21, 25, sex) for sex in "12"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "离校未就业毕业生核查名单.xlsx"
        _write(path, [*found, *strangers], desk.today)
        read = read_list(desk, path).result()
        due = desk.today + timedelta(days=DUE_IN)
        made = take_list(desk, read, TITLE, ISSUER, due).result()
    lines = [p.record.id for p in load_people(desk, made).result() if p.case_id][:ANSWERED]
    if lines:
        answer(desk, made, lines, "employed").result()


def _write(path: Path, people: Sequence[Person], day: date) -> None:
    """The same bytes for the same day: the station's content does not depend on the machine's clock."""
    book = xlsxwriter.Workbook(str(path))
    made = datetime.combine(day, time(), UTC)
    book.set_properties({"created": made})  # pyright: ignore[reportUnknownMemberType]
    sheet = book.add_worksheet("名单")  # pyright: ignore[reportUnknownMemberType]
    sheet.merge_range(0, 0, 0, len(_HEAD) - 1, TITLE)
    for at, name in enumerate(_HEAD):
        sheet.write_string(1, at, name)
    sheet.set_column(1, 2, 22)
    for n, person in enumerate(people, 1):
        root = person.root
        cells = (str(n), person.name, str(root["id_number"]), str(root.get("phone") or ""))
        for at, text in enumerate(cells):
            sheet.write_string(n + 1, at, text)
    book.close()
