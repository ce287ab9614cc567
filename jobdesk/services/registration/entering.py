"""失业登记: a spell begins. 再登记 is a new spell; what was used of subsidies carries over."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.cases.facts import is_open
from jobdesk.cases.ops import Json
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import opening
from jobdesk.store import reads
from jobdesk.store.station_file import Changes, Writing

FIRST, AGAIN = "首次登记", "再次登记"


def enter(desk: Desk, case_id: str, values: Mapping[str, Json]) -> Future[Changes]:
    """Open a spell of 失业登记.

    Args:
        values: ``since`` (the day of 登记, needed), ``reason`` (needed), ``registered_on``,
            ``application_no``, ``source`` …; ``kind`` is 首次登记 or 再次登记 by what stands.

    Raises (in the future):
        Refused: ``spell_needs`` with the field; ``spell_open`` while another runs on that day.
    """

    def job(w: Writing) -> Changes:
        for name in ("since", "reason"):
            if not values.get(name):
                raise Refused("spell_needs", field=name)
        state = reads.case_state(w.con, case_id)
        before = [r for r in state.of("registration") if r.get("registered") is not False]
        since = str(values["since"])
        if any(is_open(r.values(), since) and r.text("since") <= since for r in before):
            raise Refused("spell_open", field="since")
        body: dict[str, Json] = {
            "kind": AGAIN if before else FIRST, "registered": True, **{k: v for k, v in values.items() if v}
        }  # fmt: skip
        op = opening(case_subject(case_id), "registration", desk.new_id(), body)
        return w.append(desk.actor, [op])

    return desk.write(job)
