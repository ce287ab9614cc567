"""注销失业登记 with its reason code: never by itself; a placement only proposes it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.ops import Json
from jobdesk.cases.registration_spells import work_running
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import change
from jobdesk.store.station_file import Changes


def end_spell(desk: Desk, case_id: str, loaded: RecordState, values: Mapping[str, Json]) -> Future[Changes]:
    """End a spell of 失业登记.

    Args:
        values: ``until`` and ``end_reason``, both needed; ``note``.

    Raises:
        Refused: ``spell_needs`` with the field, ``spell_backwards``, ``spell_ended``.
    """
    for name in ("until", "end_reason"):
        if not values.get(name):
            raise Refused("spell_needs", field=name)
    if loaded.get("until"):
        raise Refused("spell_ended", field="until")
    since = loaded.text("since")
    if since and str(values["until"]) < since:
        raise Refused("spell_backwards", field="until")
    op = change(case_subject(case_id), loaded, {k: v for k, v in values.items() if v})
    return desk.act([op] if op else [])


def proposed_reason(facts: CaseFacts, packs: PackSet, desk: Desk) -> tuple[str, str]:
    """(day, reason code) that the work which runs now proposes for 注销; empty where none does."""
    work = work_running(facts, desk.today.isoformat())
    if not work:
        return "", ""
    entry = packs.on("registration.end_reason", desk.today)
    code = entry.data.get(work[0].text("form"), "") if entry is not None else ""
    return work[0].text("since"), str(code)
