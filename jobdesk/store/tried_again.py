"""Lines that another program could not work out (``store.unworkable``) are tried again by this one, once."""

from __future__ import annotations

from jobdesk import __version__
from jobdesk.cases.errors import Trouble
from jobdesk.cases.ops import Subject
from jobdesk.store import local
from jobdesk.store.station_file import StationFile, Writing
from jobdesk.store.unworkable import FAILED_FACT

_FAILED = "SELECT case_id FROM case_row WHERE json_extract(data, '$.unworkable') ORDER BY case_id"


def try_again(file: StationFile) -> None:
    """At an opening. What fails once more is noted as this program's; a full disk keeps nobody out."""
    if file.facts.get(FAILED_FACT, __version__) == __version__:
        return

    def job(w: Writing) -> None:
        local.set_fact(w.con, FAILED_FACT, __version__)
        w.refold(Subject("case", row[0]) for row in w.con.execute(_FAILED).fetchall())

    try:
        file.write(job).result()
    except Trouble:
        return
