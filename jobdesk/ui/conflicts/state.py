"""The list of who waits and the head of a person, as values. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from jobdesk.cases.masking import mask_id, mask_phone
from jobdesk.cases.ops import Subject
from jobdesk.cases.partial_date import PartialDate
from jobdesk.host import code_lists
from jobdesk.services.conflict_board import Line
from jobdesk.store.conflict_reads import Who
from jobdesk.ui.case_words import label, record_name
from jobdesk.ui.conflicts.saying import Saying, fields_line, t

_TAIL = 4


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the list on the left; ``key`` finds what it stands for. ``day`` is never cut."""

    key: str
    name: str
    mark: str
    count: str
    what: str
    note: str
    day: str = ""

    @property
    def spoken(self) -> str:
        said = (self.name, self.mark, self.count, self.what, self.note, self.day)
        return "，".join(p for p in said if p)


def item_of(line: Line, saying: Saying) -> Item:
    """A person who waits: whose the other version is, and since when."""
    if not any(d.versions for d in line.differences):
        return Item(line.subject.id, name_of(line.subject, line.who), "", "", _fields(line), "")
    versions = sorted((v for d in line.differences for v in d.versions), key=lambda v: v.stamp, reverse=True)
    other = next((v for v in versions if v.actor != saying.me), versions[0])
    handed = line.differences[0].escalation
    at = saying.names.places.get(other.stamp.replica)
    station = (at.station if at else "") or saying.names.streams.get(line.stream, "") or t("own_station")
    if at is not None and (at.above or at.elsewhere or at.unsure):
        station = saying.place(other.stamp.replica)
    note = t("list_note", station=station, who=saying.name(other.actor, other.stamp.replica))
    day = saying.day(other.stamp.ms)
    if handed is not None:
        whose = saying.names.streams.get(line.stream, "")  # known above, where there are many
        who = saying.name(handed.by, "")
        note = t("list_note", station=whose, who=who) if whose else who
        day = t("list_handed_above" if whose else "list_handed", day=saying.day(handed.at_ms))
    return Item(
        line.subject.id, name_of(line.subject, line.who),
        t("critical") if any(d.critical for d in line.differences) else "",
        t("places", count=len(line.differences)), fields_line(saying, line.differences), note, day,
    )  # fmt: skip


def _fields(line: Line) -> str:
    """Where nothing is known of the questions but where they stood."""
    asked = line.differences
    return t("list_dot").join(label(d.record[0], d.field) or record_name(d.record[0]) for d in asked)


def kept_item(line: Line, saying: Saying) -> Item:
    """A person who waits no more, kept for what somebody has typed about them."""
    item = replace(item_of(line, saying), mark=t("gone_mark"), count="")
    known = any(d.versions for d in line.differences)
    return replace(item, what=fields_line(saying, line.differences, waits=False)) if known else item


def name_of(subject: Subject, who: Who) -> str:
    """The person, or what else it is."""
    if who.name or subject.kind != "case":
        return who.name or record_name(subject.kind)
    return t("name_asked") if who.name_asked else t("nameless")


def identity(who: Who, today: date, *, revealed: bool) -> str:
    """女 · 48岁 · 229901********028X; without a number the phone: there may be two of one name."""
    parts = [code_lists.table("sex").name_of(who.sex) if who.sex else ""]
    born = PartialDate.parse(who.birth) if who.birth else None
    if born is not None:
        parts.append(t("age", years=_age(born, today)))
    if who.id_number:
        parts.append(who.id_number if revealed else mask_id(who.id_number))
    elif who.phone:
        parts.append(who.phone if revealed else mask_phone(who.phone))
    return " · ".join(p for p in parts if p)


def mark_of(who: Who, today: date) -> str:
    """What tells a person from another of the same name: four digits of a number, else the age."""
    born = PartialDate.parse(who.birth) if who.birth else None
    if who.id_number:
        return t("who_number", tail=who.id_number[-_TAIL:])
    if who.phone:
        return t("who_phone", tail=mask_phone(who.phone)[-_TAIL:])
    return t("age", years=_age(born, today)) if born is not None else ""


def names_apart(whose: Sequence[tuple[Subject, Who]], today: date) -> list[str]:
    """Names of a list; where two in it are called the same, with what tells them apart."""
    named: dict[str, set[str]] = {}
    for subject, who in whose:
        named.setdefault(name_of(subject, who), set()).add(subject.id)
    said: list[str] = []
    for subject, who in whose:
        name = name_of(subject, who)
        mark = mark_of(who, today) if len(named[name]) > 1 else ""
        said.append(t("who_marked", name=name, mark=mark) if mark else name)
    return said


def _age(born: PartialDate, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month or 1, born.day or 1))
