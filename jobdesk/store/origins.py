"""Which values of a person's file came from an imported sheet and were not written since."""

from __future__ import annotations

from jobdesk.cases.ops import Subject
from jobdesk.store.log import Connection
from jobdesk.store.reads import subject_state


def fields_from_sheet(con: Connection, case_id: str) -> frozenset[str]:
    """Root fields whose every standing value was written by an import: 台账记载, not checked by anybody."""
    rows = con.execute(
        "SELECT op_id FROM op WHERE subject_id = ? AND import_id IS NOT NULL", (case_id,)
    ).fetchall()
    if not rows:
        return frozenset()
    imported = {row[0] for row in rows}
    root = subject_state(con, Subject("case", case_id)).root
    return frozenset(
        name for name, held in root.fields.items() if held.heads and {h.op_id for h in held.heads} <= imported
    )
