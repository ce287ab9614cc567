"""What a household is called by (``cases.household_name``), from its state and its rows."""

from __future__ import annotations

from collections.abc import Mapping

from jobdesk.cases.household_name import head_name
from jobdesk.cases.ops import Subject
from jobdesk.cases.state import SubjectState
from jobdesk.store import reads
from jobdesk.store.log import Connection


def head_in(state: SubjectState, names: Mapping[str, str]) -> str:
    """Empty where nobody is named.

    Args:
        names: of members by their file.
    """
    return head_name(state.root.text("head_name"), state.of("member"), names)


def head_of(con: Connection, household_id: str) -> str:
    """The same of one in the rows."""
    state = reads.subject_state(con, Subject("household", household_id))
    ids = [c for m in state.of("member") if (c := m.text("case"))]
    return head_in(state, {i: reads.case_state(con, i).root.text("name") for i in dict.fromkeys(ids)})
