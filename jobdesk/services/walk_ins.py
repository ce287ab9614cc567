"""来访来电登记: one line for somebody who is not on the books, without ID number; a file on request."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.ops import Json, Subject
from jobdesk.services.desk import Desk
from jobdesk.services.editing import change, opening
from jobdesk.services.registering import Registered, case_opening, with_derived
from jobdesk.store import reads
from jobdesk.store.log import Connection
from jobdesk.store.reads import Record
from jobdesk.store.station_file import Changes, Writing


def note_walk_in(desk: Desk, values: Mapping[str, Json]) -> Future[Changes]:
    """One line: when, how, who (a name is enough), what about, what was answered."""
    subject = Subject("walk_in", desk.new_id())
    body: dict[str, Json] = {"came_on": desk.today.isoformat(), "staff": desk.actor, **values}
    return desk.act([opening(subject, "walk_in", subject.id, body)])


def walk_ins(con: Connection, *, since: str | None = None, until: str | None = None) -> list[Record]:
    """Lines by day, newest first."""
    return sorted(reads.records(con, "walk_in", since=since, until=until), key=lambda r: (r.day or "", r.id),
                  reverse=True)  # fmt: skip


def open_file_for(desk: Desk, walk_in_id: str, extra: Mapping[str, Json] | None = None) -> Future[Registered]:
    """Make a file of a line; the line points to it, nothing is typed again."""

    def job(w: Writing) -> Registered:
        subject = Subject("walk_in", walk_in_id)
        line = reads.subject_state(w.con, subject).root
        values = with_derived(desk, {"name": line.get("name"), "phone": line.get("phone"), **(extra or {})})
        case, ops = case_opening(desk, values)
        link = change(subject, line, {"case": case.id})
        return Registered(case.id, w.append(desk.actor, [*ops, *([link] if link else [])]))

    return desk.write(job)
