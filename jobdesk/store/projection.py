"""Folded subjects → rows and search index, inside the writing transaction.

The only file that knows rows come from a log.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from jobdesk import __version__
from jobdesk.cases.facts import CaseFacts, facts_of
from jobdesk.cases.ops import Subject
from jobdesk.cases.state import RecordKey, RecordState, SubjectState
from jobdesk.cases.summary import ADDRESSES, CaseSummary, summary_of
from jobdesk.host.template_files import summary_rules
from jobdesk.store import kept, local, merged
from jobdesk.store.log import Connection
from jobdesk.store.pinyin import readings
from jobdesk.store.reads import case_state
from jobdesk.store.rows import INSERT_RECORD, RecordLine, line_of
from jobdesk.store.search import terms_of
from jobdesk.store.unworkable import FAILED_FACT, attempt

CASE_COLUMNS = (
    "case_id", "name", "sort_name", "id_number", "birth", "sex", "phone", "community", "address",
    "education", "categories", "main_category", "is_graduate", "is_hardship", "hukou_kind", "tier",
    "owner", "help_state", "help_reason", "opened_on", "last_contact", "next_contact", "employer",
    "lists", "completeness", "missing", "conflicts", "merged_into", "data",
)  # fmt: skip
_WRITTEN = (*CASE_COLUMNS, *kept.COLUMNS)
_MARKS = ",".join("?" * len(_WRITTEN))
_INSERT_CASE = f"INSERT INTO case_row({','.join(_WRITTEN)}) VALUES ({_MARKS})"
_UPDATE_CASE = f"UPDATE case_row SET {','.join(f'{c}=?' for c in _WRITTEN[1:])} WHERE rowid=?"
_STANDING = "SELECT rowid, merged_into FROM case_row WHERE case_id = ?"
_MERGED_INTO = CASE_COLUMNS.index("merged_into")
_DATA = CASE_COLUMNS.index("data")
_NEXT, _TIER, _STATE = (CASE_COLUMNS.index(c) for c in ("next_contact", "tier", "help_state"))
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
        "disputed": list(s.disputed),
        "hardship": s.hardship, "unworkable": s.unworkable,
    }  # fmt: skip
    return (
        s.case_id, s.name, sort_name, s.id_number, s.birth, s.sex, s.phone, s.community, s.address,
        education, SEP.join(c.code for c in s.chips), s.main_category, int(s.is_graduate),
        int(s.hardship in ("recognised", "unverified")), hukou_kind, s.tier, s.owner, s.help_state,
        s.help_reason, s.opened_on,
        s.last_contact, s.next_contact, s.employer, SEP.join(s.lists), s.percent, SEP.join(s.missing),
        s.conflicts, s.merged_into,
        json.dumps({k: v for k, v in extra.items() if v}, ensure_ascii=False, separators=(",", ":")),
    )  # fmt: skip


def _unjudged(values: tuple[object, ...]) -> tuple[object, ...]:
    """The line as it is written: whom the rules of the day are to judge anew holds the agreed day and the
    recorded tier until then; a file that is not in care keeps them.
    """
    settled = values[_STATE] != "open" or values[_MERGED_INTO] != ""
    return (*values, values[_NEXT], values[_TIER], int(settled))


def case_terms(summary: CaseSummary, others: Iterable[CaseFacts | RecordState] = ()) -> str:
    """The search line of one person, found by what stands in merged files too."""
    s = summary
    names, numbers, places = [s.name], [s.id_number, s.old_id_number, s.phone, s.phone_2], list(s.addresses)
    for other in others:
        names.append(other.text("name"))
        numbers += [other.text(n) for n in ("id_number", "old_id_number", "phone", "phone_2")]
        places += [other.text(n) for n in ADDRESSES]
    return terms_of(_once(names), _once(numbers), (*s.employers, *_once(places)))


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t for t in texts if t))


def line_and_terms(con: Connection, state: SubjectState) -> tuple[tuple[object, ...], str]:
    """The ledger line and the search line of a person's file, with what stands in the files merged into it.

    Those are read from their rows.
    """
    return _line_and_terms(state, [case_state(con, a) for a in merged.aliases_of(con, state.subject.id)])


def _line_and_terms(state: SubjectState, aliases: Sequence[SubjectState]) -> tuple[tuple[object, ...], str]:
    with attempt("the line", state.subject.id):
        return _worked_out(state, aliases)
    return _as_it_stands(state, aliases)


def _as_it_stands(state: SubjectState, aliases: Sequence[SubjectState]) -> tuple[tuple[object, ...], str]:
    """Without any rule. What finds somebody stays: over a fault of ours nobody is registered twice."""
    root, number = state.root, state.root.text("id_number")
    bare = CaseSummary(
        state.subject.id, name=root.text("name"), id_number=number, id_tail=number[-4:],
        old_id_number=root.text("old_id_number"), birth=root.text("birth"), sex=root.text("sex"),
        phone=root.text("phone"), phone_2=root.text("phone_2"), address=root.text("address"),
        community=root.text("community"), help_state=root.text("help_state") or "open",
        opened_on=root.text("opened_on"), owner=root.text("owner"), merged_into=root.text("merged_into"),
        conflicts=sum(len(record.conflicts) for one in (state, *aliases) for record in one),
        addresses=_once(root.text(n) for n in ADDRESSES), unworkable=True,
    )  # fmt: skip
    return case_values(bare, "", ""), case_terms(bare, [a.root for a in aliases])


def _note_failed(con: Connection, values: tuple[object, ...]) -> None:
    """So that another program tries again (``store.tried_again``)."""
    data = str(values[_DATA])
    if "unworkable" in data and "unworkable" in json.loads(data):
        local.set_fact(con, FAILED_FACT, __version__)


def _worked_out(state: SubjectState, aliases: Sequence[SubjectState]) -> tuple[tuple[object, ...], str]:
    facts, others = facts_of(state), [facts_of(a) for a in aliases]
    for other in others:
        facts = facts.joined(other)
    summary = summary_of(facts, summary_rules())
    values = case_values(summary, facts.text("education"), facts.text("hukou_kind"))
    return values, case_terms(summary, others)


def project(
    con: Connection, states: Iterable[SubjectState], touched: dict[Subject, set[RecordKey]] | None = None
) -> set[Subject]:
    """Write the rows of these subjects, and the lines of the files that count them as their own.

    Args:
        touched: for a subject the records that changed; a subject not named is rewritten whole.

    Returns:
        Files of which only the line was written anew: one that is or was merged into them changed.
    """
    lines: list[tuple[object, ...]] = []
    cases: list[SubjectState] = []
    for state in states:
        subject = state.subject
        if subject.kind == "household":
            kept.doubt_members(con, state)
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
            cases.append(state)
    con.executemany(INSERT_RECORD, lines)
    counting = {target for state in cases for target in _project_case(con, state)}
    return _project_lines(con, merged.upward(con, counting))


def _project_lines(con: Connection, case_ids: Iterable[str]) -> set[Subject]:
    """Write the lines of these files anew from their rows; one that is not here has none."""
    found = [state for i in sorted(case_ids) if (state := case_state(con, i)).exists]
    for state in found:
        _project_case(con, state)
    return {state.subject for state in found}


def project_new(con: Connection, states: list[SubjectState]) -> set[Subject]:
    """Write rows of subjects that have none yet (bulk import): no deletes, no look-ups for each.

    Returns:
        As ``project``: files here already that count one of these, and new ones that count another.
    """
    lines: list[RecordLine] = []
    cases: list[tuple[object, ...]] = []
    homes: list[SubjectState] = []
    terms: list[str] = []
    for state in states:
        lines.extend(line_of(state.subject, record) for record in state)
        if state.subject.kind == "household":
            homes.append(state)
        if state.subject.kind == "case" and state.exists:
            values, words = _line_and_terms(state, ())
            _note_failed(con, values)
            cases.append(values)
            terms.append(words)
    con.executemany(INSERT_RECORD, [line.as_tuple() for line in lines])
    if cases:
        (first,) = con.execute("SELECT coalesce(max(rowid), 0) + 1 FROM case_row").fetchone()
        con.executemany(
            f"INSERT INTO case_row(rowid,{','.join(_WRITTEN)}) VALUES (?,{_MARKS})",
            [(first + n, *_unjudged(values)) for n, values in enumerate(cases)],
        )
        con.executemany(
            "INSERT INTO search(rowid, terms) VALUES (?,?)", [(first + n, t) for n, t in enumerate(terms)]
        )
    for home in homes:
        kept.doubt_members(con, home)
    targets = {target for values in cases if (target := str(values[_MERGED_INTO]))}
    here = merged.kept_among(con, [str(values[0]) for values in cases])
    return _project_lines(con, merged.upward(con, targets | here))


def _project_case(con: Connection, state: SubjectState) -> set[str]:
    """Write one line; returns the files to which this one pointed before and points now."""
    case_id = state.subject.id
    row = con.execute(_STANDING, (case_id,)).fetchone()
    pointed = {row[1]} - {""} if row else set[str]()
    if not state.exists:
        if row:
            con.execute("DELETE FROM case_row WHERE case_id = ?", (case_id,))
            con.execute("DELETE FROM search WHERE rowid = ?", (row[0],))
        return pointed
    values, terms = line_and_terms(con, state)
    _note_failed(con, values)
    pointed |= {str(values[_MERGED_INTO])} - {""}
    if row is None:
        rowid = con.execute(_INSERT_CASE, _unjudged(values)).lastrowid
        con.execute("INSERT INTO search(rowid, terms) VALUES (?,?)", (rowid, terms))
        return pointed
    con.execute(_UPDATE_CASE, (*_unjudged(values)[1:], row[0]))
    (old,) = con.execute("SELECT terms FROM search WHERE rowid = ?", (row[0],)).fetchone()
    if old != terms:
        con.execute("UPDATE search SET terms = ? WHERE rowid = ?", (terms, row[0]))
    return pointed
