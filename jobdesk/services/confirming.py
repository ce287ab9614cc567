"""核对信息: confirm what stands in a field by 省系统 or 文书, without changing it."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.rules.proofs import KIND, PROVABLE, SOURCES, said
from jobdesk.services.desk import Desk
from jobdesk.services.editing import opening
from jobdesk.store import reads
from jobdesk.store.station_file import Changes, Writing


def confirm(desk: Desk, case_id: str, name: str, seen: Json, values: Mapping[str, Json]) -> Future[Changes]:
    """Write down that a field was confirmed. Taken back like any record; void once the field changes.

    Args:
        name: field of the file, one of ``PROVABLE``.
        seen: the value that stood on screen when it was confirmed.
        values: ``source``, ``document``, ``number``, ``looked_on``; the day is today where none is given.

    Raises:
        Refused: ``proof_source`` (neither 省系统 nor 文书), ``proof_document`` (a paper without its name),
            ``proof_day`` (a day to come), at once; ``proof_changed`` (in the future): something else
            stands in the field by now.
    """
    if name not in PROVABLE:
        raise KeyError(name)
    typed = {k: v for k, v in values.items() if v not in (None, "")}
    looked = str(typed.setdefault("looked_on", desk.today.isoformat()))
    if typed.get("source") not in SOURCES:
        raise Refused("proof_source", field="source")
    if typed.get("source") == "document" and not str(typed.get("document") or "").strip():
        raise Refused("proof_document", field="document")
    if looked > desk.today.isoformat():
        raise Refused("proof_day", field="looked_on")
    body: dict[str, Json] = {**typed, "field": name, "value": said(seen), "staff": desk.actor}

    def job(w: Writing) -> Changes:
        state = reads.case_state(w.con, case_id)
        if not said(seen) or said(state.root.get(name)) != said(seen):
            raise Refused("proof_changed")
        return w.append(desk.actor, [opening(Subject("case", case_id), KIND, w.new_id(), body)])

    return desk.write(job)
