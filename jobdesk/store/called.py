"""What a household is called by: its head, else the first of its members whose name is known."""

from __future__ import annotations

from collections.abc import Mapping

from jobdesk.cases.ops import Subject
from jobdesk.cases.state import SubjectState
from jobdesk.store import reads
from jobdesk.store.log import Connection


def head_in(state: SubjectState, names: Mapping[str, str]) -> str:
    """Empty where nobody is named.

    Args:
        names: of members by their file.
    """
    if head := state.root.text("head_name"):
        return head
    members = [m for m in state.of("member") if not m.text("until")]
    filed = (names.get(m.text("case"), "") for m in members)
    return next((n for n in (*filed, *(m.text("name") for m in members)) if n), "")


def head_of(con: Connection, household_id: str) -> str:
    """The same of one in the rows."""
    state = reads.subject_state(con, Subject("household", household_id))
    ids = [c for m in state.of("member") if (c := m.text("case"))]
    return head_in(state, {i: reads.case_state(con, i).root.text("name") for i in dict.fromkeys(ids)})
