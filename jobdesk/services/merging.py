"""Two files of one person: one becomes the other's alias. Both stay whole, so it can be taken apart again."""

from __future__ import annotations

from concurrent.futures import Future

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Kind
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.editing import change
from jobdesk.store.reads import aliases_of, case_state
from jobdesk.store.station_file import Changes, Writing


def merge(desk: Desk, kept_id: str, alias_id: str, reason: str) -> Future[Changes]:
    """Let ``alias_id`` point to ``kept_id``.

    Raises (in the future):
        Refused: a file with itself, a file that is an alias already, or a target that is one.
    """

    def job(w: Writing) -> Changes:
        kept, alias = case_state(w.con, kept_id), case_state(w.con, alias_id)
        if kept_id == alias_id or kept.root.get("merged_into") or alias.root.get("merged_into"):
            raise Refused("merge_not_possible", case=alias_id)
        if aliases_of(w.con, alias_id):
            raise Refused("merge_has_aliases", case=alias_id)
        op = change(alias.subject, alias.root, {"merged_into": kept_id}, kind=Kind.MERGED, reason=reason)
        return w.append(desk.actor, [op] if op else [])

    return desk.write(job)


def unmerge(desk: Desk, alias_id: str, reason: str) -> Future[Changes]:
    """Take two files apart again; each is as it was, with what was added since."""

    def job(w: Writing) -> Changes:
        alias = case_state(w.con, alias_id)
        op = change(
            case_subject(alias_id), alias.root, {"merged_into": None}, kind=Kind.UNMERGED, reason=reason
        )
        return w.append(desk.actor, [op] if op else [])

    return desk.write(job)
