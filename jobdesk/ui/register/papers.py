"""告知书, 比对授权, 承诺书 for somebody who is being registered: what is known is printed, masked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path

from jobdesk.cases.clock import local_datetime
from jobdesk.cases.ops import Json
from jobdesk.host import code_lists
from jobdesk.host.disk import disk_errors
from jobdesk.host.strings import text
from jobdesk.services.desk import Desk
from jobdesk.services.revealing import log_look
from jobdesk.services.staffing import StaffMember
from jobdesk.store import reads
from jobdesk.ui.register.state import Identity

_KINDS = {"notice_on": "PRIVACY", "compare_on": "COMPARE", "truth_on": "TRUTH"}


def notice_for(
    desk: Desk,
    paper: str,
    values: Mapping[str, Json],
    found: Identity,
    path: Path,
    staff: Sequence[StaffMember],
) -> Future[None]:
    """Write the paper as a PDF; the print is logged without a person's name."""
    unit = desk.read(lambda con: reads.subject_state(con, desk.station).root.text("name"))

    def job() -> None:
        from jobdesk.reports.furniture import Printed
        from jobdesk.reports.month_data import PersonSheet
        from jobdesk.reports.notices import Notice, notice_pdf

        def known(name: str) -> str | None:
            value = values.get(name)
            return value if isinstance(value, str) and value else None

        sex = known("sex") or found.sex
        person = PersonSheet(
            file_no=text("register.new_file"),
            name=known("name") or "",
            sex=code_lists.table("sex").name_of(sex) if sex else None,
            age=found.age,
            birth=known("birth") or found.birth or None,
            id_number=found.reading.normal or None,
            phone=known("phone"),
            education=None,
            registration=None,
            hukou=known("hukou_place"),
            hukou_kind=None,
            address=known("address"),
            insured_at=None,
        )
        log_look(desk, "print", field=paper).result()
        by = next((s.name for s in staff if s.id == desk.actor), "")
        made = local_datetime(desk.clock.now_ms())
        mark = text("window.practice") if desk.practice else ""
        printed = Printed(unit.result(), by, f"{made:%Y-%m-%d %H:%M}", watermark=mark)
        data = notice_pdf(Notice[_KINDS[paper]], [person], printed, desk.clock)
        with disk_errors(path):
            path.write_bytes(data)

    return desk.file.work.aside(job)
