"""Folded subjects → rows and search index, inside the writing transaction.

The only file that knows rows come from a log.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from jobdesk.cases.ops import Subject
from jobdesk.cases.state import RecordKey, SubjectState
from jobdesk.cases.summary import CaseSummary, summarise
from jobdesk.host.template_files import summary_rules
from jobdesk.store.log import Connection
from jobdesk.store.pinyin import readings
from jobdesk.store.rows import INSERT_RECORD, RecordLine, line_of
from jobdesk.store.search import terms_of

CASE_COLUMNS = (
    "case_id", "name", "sort_name", "id_number", "birth", "sex", "phone", "community", "address",
    "education", "categories", "main_category", "is_graduate", "is_hardship", "hukou_kind", "tier",
    "owner", "help_state", "help_reason", "opened_on", "last_contact", "next_contact", "employer",
    "lists", "completeness", "missing", "conflicts", "merged_into", "data",
)  # fmt: skip
_MARKS = ",".join("?" * len(CASE_COLUMNS))
_INSERT_CASE = f"INSERT INTO case_row({','.join(CASE_COLUMNS)}) VALUES ({_MARKS})"
_UPDATE_CASE = (
    f"UPDATE case_row SET {','.join(f'{c}=?' for c in CASE_COLUMNS[1:])} WHERE case_id=? RETURNING rowid"
)
SEP = "\x1f"
"""Between the values of a list column."""


def case_values(summary: CaseSummary, education: str, hukou_kind: str) -> tuple[object, ...]:
    """The ledger line in the order of CASE_COLUMNS."""
    s = summary
    spelled = readings(s.name)
    sort_name = " ".join(spelled[0].full) if spelled else ""
    extra = {
        "unverified": [c.code for c in s.chips if not c.verified],
        "next_from": s.next_from, "next_reason": s.next_reason, "last_record": s.last_record,
        "attempts": s.attempts, "placed": s.placed, "registered": s.registered, "deceased": s.deceased,
        "old_id_number": s.old_id_number, "phone_2": s.phone_2, "unsigned": list(s.unsigned),
        "hardship": s.hardship,
    }  # fmt: skip
    return (
        s.case_id, s.name, sort_name, s.id_number, s.birth, s.sex, s.phone, s.community, s.address,
        education, SEP.join(c.code for c in s.chips), s.main_category, int(s.is_graduate),
        int(bool(s.hardship)), hukou_kind, s.tier, s.owner, s.help_state, s.help_reason, s.opened_on,
        s.last_contact, s.next_contact, s.employer, SEP.join(s.lists), s.percent, SEP.join(s.missing),
        s.conflicts, s.merged_into,
        json.dumps({k: v for k, v in extra.items() if v}, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip


def case_terms(summary: CaseSummary) -> str:
    """The search line of one person."""
    s = summary
    numbers = (s.id_number, s.old_id_number, s.phone, s.phone_2)
    return terms_of((s.name,), numbers, (*s.employers, *s.addresses))


def line_and_terms(state: SubjectState) -> tuple[tuple[object, ...], str]:
    """The ledger line and the search line of a person's file."""
    summary = summarise(state, summary_rules())
    root = state.root
    return case_values(summary, root.text("education"), root.text("hukou_kind")), case_terms(summary)


def project(
    con: Connection, states: Iterable[SubjectState], touched: dict[Subject, set[RecordKey]] | None = None
) -> None:
    """Write the rows of these subjects.

    Args:
        touched: for a subject the records that changed; a subject not named is rewritten whole.
    """
    lines: list[tuple[object, ...]] = []
    for state in states:
        subject = state.subject
        keys = None if touched is None else touched.get(subject)
        if keys is None:
            con.execute("DELETE FROM record_row WHERE subject_id = ?", (subject.id,))
        else:
            gone = [(*k, subject.id) for k in keys if k not in state.records]
            con.executemany(
                "DELETE FROM record_row WHERE kind = ? AND record_id = ? AND subject_id = ?", gone
            )
        chosen = state.records.values() if keys is None else (
            state.records[k] for k in keys if k in state.records
        )  # fmt: skip
        lines.extend(line_of(subject, record).as_tuple() for record in chosen)
        if subject.kind == "case":
            _project_case(con, state)
    con.executemany(INSERT_RECORD, lines)


def project_new(con: Connection, states: list[SubjectState]) -> None:
    """Write rows of subjects that have none yet (bulk import): no deletes, no look-ups."""
    lines: list[RecordLine] = []
    cases: list[tuple[object, ...]] = []
    terms: list[str] = []
    for state in states:
        lines.extend(line_of(state.subject, record) for record in state)
        if state.subject.kind == "case" and state.exists:
            values, words = line_and_terms(state)
            cases.append(values)
            terms.append(words)
    con.executemany(INSERT_RECORD, [line.as_tuple() for line in lines])
    if cases:
        (first,) = con.execute("SELECT coalesce(max(rowid), 0) + 1 FROM case_row").fetchone()
        con.executemany(
            f"INSERT INTO case_row(rowid,{','.join(CASE_COLUMNS)}) VALUES (?,{_MARKS})",
            [(first + n, *values) for n, values in enumerate(cases)],
        )
        con.executemany(
            "INSERT INTO search(rowid, terms) VALUES (?,?)", [(first + n, t) for n, t in enumerate(terms)]
        )


def _project_case(con: Connection, state: SubjectState) -> None:
    case_id = state.subject.id
    if not state.exists:
        row = con.execute("DELETE FROM case_row WHERE case_id = ? RETURNING rowid", (case_id,)).fetchone()
        if row:
            con.execute("DELETE FROM search WHERE rowid = ?", (row[0],))
        return
    values, terms = line_and_terms(state)
    row = con.execute(_UPDATE_CASE, (*values[1:], case_id)).fetchone()
    if row is None:
        rowid = con.execute(_INSERT_CASE, values).lastrowid
        con.execute("INSERT INTO search(rowid, terms) VALUES (?,?)", (rowid, terms))
        return
    (old,) = con.execute("SELECT terms FROM search WHERE rowid = ?", row).fetchone()
    if old != terms:
        con.execute("UPDATE search SET terms = ? WHERE rowid = ?", (terms, row[0]))
