"""One service as a line of the list. Pure: no Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from jobdesk.cases.contacts import Sort, sort_of
from jobdesk.cases.history import Entry
from jobdesk.host.strings import has, text
from jobdesk.host.template_files import service_rules
from jobdesk.services.case_files import CaseFile, Held
from jobdesk.ui.case_words import Words, t, unbroken
from jobdesk.ui.casefile.record_state import Mark, new_values, origin_marks, withdrawn_of

_LOOK = {"completed": "ok", "joined": "ok", "declined": "warn"}


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service.

    Attributes:
        lines: what was offered, the content, what came of it.
        people: who served, who went along, who entered it.
        files: (record id, title) of what is attached to it.
    """

    day: str
    type: str
    marks: tuple[Mark, ...]
    lines: tuple[str, ...]
    people: str
    files: tuple[tuple[str, str], ...]


def service_line(held: Held, file: CaseFile, words: Words, corrected: Entry | None) -> ServiceLine:
    """A service as the list shows it."""
    record = held.record

    def said(name: str) -> str:
        return words.value("service", name, record.get(name))

    offered = " ".join(p for p in (said("vacancies"), said("offered")) if p)
    outcome = " ".join(p for p in (said("outcome"), said("outcome_text")) if p)
    lines = [
        t("service_offered", words=offered) if offered else "",
        said("content"),
        t("service_outcome", words=outcome) if outcome else "",
    ]
    people = [
        t("service_staff", who=said("staff")) if record.get("staff") else "",
        t("service_companions", who=said("companions")) if record.get("companions") else "",
        t("service_entered", who=said("entered_by")) if record.get("entered_by") else "",
        t("service_place", place=said("place")) if record.get("place") else "",
        unbroken(t("service_next", day=said("next_contact"))) if record.get("next_contact") else "",
    ]
    files = [
        (a.record.id, a.record.text("title") or a.record.text("file_name"))
        for a in file.held("attachment")
        if a.record.get("belongs_to") == record.id
    ]
    return ServiceLine(
        said("served_on"), said("type"), _marks(held, file, words, corrected), tuple(s for s in lines if s),
        t("dot").join(p for p in people if p), tuple(files),
    )  # fmt: skip


def _marks(held: Held, file: CaseFile, words: Words, corrected: Entry | None) -> tuple[Mark, ...]:
    record = held.record
    marks: list[Mark] = []
    if record.get("channel"):
        marks.append(Mark(words.value("service", "channel", record.get("channel")), "outline"))
    sort, why = sort_of(record.values(), service_rules())
    if sort is Sort.ATTEMPT:
        key = f"why.{why}"
        marks.append(Mark(t("attempt"), "plain", text(key) if has(key) else ""))
    elif record.get("engagement"):
        engagement = record.text("engagement")
        look = _LOOK.get(engagement, "plain")
        marks.append(Mark(words.value("service", "engagement", engagement), look))
    if record.text("provider") not in ("", "own"):
        marks.append(Mark(words.value("service", "provider", record.get("provider")), "accent"))
    if record.get("round"):
        marks.append(Mark(t("round", number=str(record.get("round"))), "plain"))
    if record.get("group_event"):
        marks.append(Mark(t("group_event", name=record.text("group_event")), "plain"))
    if record.get("late_reason"):
        marks.append(Mark(t("late"), "warn", t("late_tip", reason=record.text("late_reason"))))
    if record.conflicts:
        marks.append(Mark(t("conflict_mark"), "warn"))
    if corrected is not None:
        tip = t(
            "corrected_tip",
            who=words.who(corrected.actor),
            when=words.moment(corrected.at),
            reason=corrected.reason,
        )
        marks.append(Mark(t("corrected"), "plain", tip))
    marks += origin_marks(held, file)
    return tuple(marks)


def types_of(file: CaseFile) -> dict[str, int]:
    """Service type → how many, the most frequent first."""
    counts = Counter(h.record.text("type") for h in file.held("service"))
    return dict(counts.most_common())


def withdrawn_lines(entries: Sequence[Entry], words: Words) -> list[str]:
    """5月22日 职业指导，已由于晓梅 5月23日 09:12 撤回：登错人."""
    found: list[str] = []
    for entry, by in withdrawn_of(entries, frozenset({"service"})):
        values = new_values(entry)
        day = words.value("service", "served_on", values.get("served_on")) or t("undated")
        kind = words.value("service", "type", values.get("type")) or text("record.service")
        undone = entry.undone_by
        if undone is None:
            continue
        reason = by.reason if by is not None else ""
        line = t(
            "withdrawn_line", day=day, type=kind, who=words.who(undone.actor), when=words.moment(undone.at)
        )
        found.append(line + (text("history.reason", reason=reason) if reason else ""))
    return found
