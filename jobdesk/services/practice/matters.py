"""What the station does besides: posts, callers, staff who leave, mistakes put right."""

from __future__ import annotations

import struct
import tempfile
import zlib
from datetime import timedelta
from pathlib import Path

from jobdesk.cases.ops import Json
from jobdesk.cases.undoing import Kept
from jobdesk.services.attaching import attach
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import save_record
from jobdesk.services.merging import merge
from jobdesk.services.practice.lives import Life
from jobdesk.services.practice.people import People
from jobdesk.services.practice.roster import Roster
from jobdesk.services.practice.year import Deed, Year
from jobdesk.services.registering import register
from jobdesk.services.serving import correct_record
from jobdesk.services.staffing import add_staff, end_staff
from jobdesk.services.undoing import undo_action, withdraw_case, withdraw_record
from jobdesk.services.vacancies import add_vacancy
from jobdesk.services.walk_ins import note_walk_in, open_file_for

WALK_INS, POSTS = 26, 22
"""Own figures."""


class Matters:
    """Plans everything that is not the life of one person."""

    def __init__(self, year: Year, people: People, roster: Roster) -> None:
        self._year = year
        self._people = people
        self._roster = roster

    def plan_all(self) -> None:
        """Before the year is run; what needs people takes them by their place on the roster."""
        year = self._year
        for n in range(POSTS):
            year.plan(year.start + timedelta(days=n * 15), year.staff[0], self._post)
        span = (year.today - year.start).days
        for n in range(WALK_INS):
            day = year.start + timedelta(days=10 + n * (span - 13) // (WALK_INS - 1))
            year.plan(day, year.someone(), self._caller_opens if n % 12 == 5 else self._calls)
        lives = self._roster.lives
        last = year.today
        for n, life in enumerate(lives[3:60:9]):
            year.plan(last - timedelta(days=70 - n * 5), life.actor, self._put_right(life, n))
        for life in lives[5:45:13]:
            year.plan(last - timedelta(days=30), life.actor, self._attachment(life))
        year.plan(last - timedelta(days=45), year.staff[0], self._twice)
        year.plan(last - timedelta(days=20), year.staff[0], self._mistaken)

    # ------------------------------------------------------------------ staff

    def hire(self, desk: Desk) -> None:
        """Three colleagues begin on the first day."""
        for name in self._year.words["staff"]["others"]:
            changes = add_staff(desk, name).result()
            payload = changes.ops[0].payload or {}
            self._year.staff.append(str(payload["id"]))

    def plan_leaving(self) -> None:
        """One of them leaves in autumn; the open work goes to another in the same action."""
        year = self._year
        others: list[str] = year.words["staff"]["others"]
        leaving = year.staff[1 + others.index(year.words["staff"]["leaving"])]
        successor = year.staff[-1]

        def leave(desk: Desk) -> None:
            end_staff(desk, leaving, successor).result()
            year.staff.remove(leaving)
            for life in self._roster.lives:
                if life.actor == leaving:
                    life.actor = successor

        year.plan(year.today - timedelta(days=60), year.staff[0], leave)

    # ------------------------------------------------------------------ posts and callers

    def _post(self, desk: Desk) -> None:
        year = self._year
        valid = desk.today + timedelta(days=year.rng.randint(40, 150))
        values: dict[str, Json] = {
            **year.opening(),
            "pay": year.text("work", "pay"),
            "place": year.text("work", "areas"),
            "source": "企业来电",
            "checked_on": desk.today.isoformat(),
            "valid_until": valid.isoformat(),
            "headcount": year.rng.randint(1, 6),
        }
        changes = add_vacancy(desk, values).result()
        year.posts += [s.id for s in changes.subjects]

    def _calls(self, desk: Desk) -> None:
        self._caller(desk)

    def _caller(self, desk: Desk) -> str:
        """One line; its id."""
        year = self._year
        values: dict[str, Json] = {
            "channel": year.rng.choice(("station", "phone")),
            "phone": self._people.phone(),
            "name": self._people.surname() + year.rng.choice(("先生", "女士")),
            "matter": year.text("text", "walk_in"),
            "answer": year.text("text", "answer"),
        }
        changes = note_walk_in(desk, values).result()
        return next(s.id for s in changes.subjects)

    def _caller_opens(self, desk: Desk) -> None:
        person = self._people.draw(25, 50)
        open_file_for(desk, self._caller(desk), {**person.root, "owner": desk.actor}).result()

    # ------------------------------------------------------------------ mistakes and papers

    def _put_right(self, life: Life, n: int) -> Deed:
        """A wrong service: corrected, withdrawn or undone."""

        def mend(desk: Desk) -> None:
            services = desk.case(life.case_id).result().of("service") if life.case_id else []
            if not services:
                return
            newest = max(services, key=lambda s: s.text("served_on"))
            if n % 3 == 0:
                correct_record(desk, life.case_id, newest, {"channel": "station"}, "选错了服务方式").result()
            elif n % 3 == 1:
                key = ("service", newest.id)
                withdraw_record(
                    desk, case_subject(life.case_id), [key], "记到了别人名下", work_of_others=True
                ).result()
            else:
                root = desk.case(life.case_id).result().root
                done = save_record(desk, case_subject(life.case_id), root, {"note": "误填的备注"}).result()
                undo_action(desk, done.action_id).result()

        return mend

    def _attachment(self, life: Life) -> Deed:
        def add(desk: Desk) -> None:
            if not life.case_id:
                return
            with tempfile.TemporaryDirectory() as folder:
                scan = Path(folder) / "承诺书扫描件.png"
                scan.write_bytes(blank_picture(420, 594))
                attach(desk, life.case_id, scan, "情况属实承诺书（练习）").result()

        return add

    def _twice(self, desk: Desk) -> None:
        """Somebody written down twice, once without a number; found out and merged."""
        life = self._roster.lives[12]
        if not life.case_id:
            return
        values: dict[str, Json] = {
            "name": life.person.name,
            "phone": life.person.root.get("phone"),
            "owner": desk.actor,
        }
        twin = register(desk, values).result()
        merge(desk, life.case_id, twin.case_id, "同一人重复建档").result()

    def _mistaken(self, desk: Desk) -> None:
        person = self._people.draw(30, 45)
        made = register(desk, {**person.root, "owner": desk.actor}).result()
        kept: tuple[Kept, ...] = withdraw_case(desk, made.case_id, "误建：本人不在本辖区").result().kept
        assert not kept


def blank_picture(width: int, height: int) -> bytes:
    """A small PNG: a white page with a frame, as a scan might look from afar."""
    edge, line = b"\x00" * width, b"\x00" + b"\xff" * (width - 2) + b"\x00"
    rows = b"".join(b"\x00" + (edge if y in (0, height - 1) else line) for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
