"""A second replica that knew nothing of the first: what two desks write at once stays visible."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from jobdesk.cases.clock import FixedClock
from jobdesk.cases.codec import GENESIS
from jobdesk.cases.ids import IdSource
from jobdesk.cases.ops import Json, Op
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import change, save_record
from jobdesk.services.practice.lives import Life
from jobdesk.services.practice.people import People
from jobdesk.services.practice.year import Deed, Year
from jobdesk.store.log import Log, Tip, insert
from jobdesk.store.station_file import Writing


class OtherDesk:
    """Another PC of the station; what it wrote arrives after this one wrote on the same fields."""

    def __init__(self, year: Year, people: People, clock: FixedClock, ids: IdSource) -> None:
        self._year = year
        self._people = people
        self._ids = ids
        self._log = Log(Tip(ids(), 0, GENESIS, (0, 0)), clock, ids)

    def plan_all(self, lives: Sequence[Life]) -> None:
        """Some files on which both desks worked; the last two in fields where no clock decides."""
        year = self._year
        for n, life in enumerate(lives[7:103:16]):
            day = year.today - timedelta(days=24 - 3 * n)
            year.plan(day, life.actor, self._both(life, n))

    def _both(self, life: Life, n: int) -> Deed:
        def write(desk: Desk) -> None:
            if not life.case_id:
                return
            before = desk.case(life.case_id).result()
            ours, theirs = self._values(life, n)
            save_record(desk, case_subject(life.case_id), before.root, ours).result()
            op = change(case_subject(life.case_id), before.root, theirs)
            if op is None:
                return
            ops, tip = self._log.stamp_all([op], self._year.staff[-1], self._ids())
            self._log.tip = tip
            desk.write(lambda w: _arrive(w, ops)).result()

        return write

    def _values(self, life: Life, n: int) -> tuple[dict[str, Json], dict[str, Json]]:
        if n % 3 == 0:
            return {"phone": self._people.phone()}, {"phone": self._people.phone()}
        if n % 3 == 1:
            address = str(life.person.root["address"])
            return {"address": address + "（租住）"}, {"address": "站前路18号3单元402"}
        name = life.person.name
        return {"name": name[:-1] + "艳"}, {"name": name[:-1] + "燕"}


def _arrive(w: Writing, ops: Sequence[Op]) -> None:
    """What the other desk wrote stands in this file too."""
    insert(w.con, list(ops), once=True)
    w.refold({op.subject for op in ops})
