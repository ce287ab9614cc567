"""就业登记: a fact of its own with day, form, unit and 凭据. 灵活就业 by promise is marked as such."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json
from jobdesk.cases.registration_spells import FLEXIBLE, PROMISE
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import opening
from jobdesk.store.station_file import Changes

UNIT_WORK = frozenset({"10", "30"})
"""Forms that have a unit."""


def register_work(desk: Desk, case_id: str, values: Mapping[str, Json]) -> Future[Changes]:
    """Enter a 就业登记.

    Raises:
        Refused: ``work_needs`` with the field (since, form, evidence_kind; a unit for work in one);
            ``work_promise``: only 灵活就业 is registered by promise.
    """
    body = {k: v for k, v in values.items() if v}
    lacking = next((n for n in ("since", "form", "evidence_kind") if not body.get(n)), "")
    if not lacking and body["form"] in UNIT_WORK and not body.get("unit"):
        lacking = "unit"
    if lacking:
        raise Refused("work_needs", field=lacking)
    if body["evidence_kind"] == PROMISE and body["form"] != FLEXIBLE:
        raise Refused("work_promise", field="evidence_kind")
    return desk.act([opening(case_subject(case_id), "employment", desk.new_id(), body)])
