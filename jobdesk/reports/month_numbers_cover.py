"""The cover's numbers: each is the length of a list of the people or records behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jobdesk.cases.completeness import is_graduate
from jobdesk.cases.contacts import Sort
from jobdesk.cases.facts import Rec
from jobdesk.cases.presence import Move
from jobdesk.cases.progress import Progress
from jobdesk.cases.summary import identity
from jobdesk.host.code_lists import table
from jobdesk.host.strings import text
from jobdesk.reports.cover_data import (
    CategoryCount,
    Count,
    Cover,
    FollowUps,
    OnBooks,
    SheetCounts,
)
from jobdesk.reports.month_data import Signing
from jobdesk.reports.month_numbers_facts import is_verified, main_recognition, registration_of
from jobdesk.reports.month_numbers_people import Books, Person
from jobdesk.reports.month_numbers_sheet import late_reason, signing_of
from jobdesk.reports.month_numbers_steps import steps_of
from jobdesk.reports.month_numbers_tally import Tally
from jobdesk.reports.month_numbers_visits import due_visits

MOVES = (Move.NEW, Move.RESUMED, Move.MOVED_IN, Move.ENDED, Move.MOVED_OUT)
MAIN_TYPES = ("ZCXJ", "ZYZD", "GWTJ", "JNPX", "JYJX")
MAIN_FORMS = ("10", "21", "22", "30")
"""What the cover always names; other types and forms have a column where there is something to count."""
_ELSEWHERE = {"study": "study", "service": "army"}
"""Reasons of 结束帮扶 that are a way of their own among 去向."""


def cover_of(books: Books, made: Mapping[str, Progress], tally: Tally) -> Cover:
    """Count everything; ``tally`` keeps who is behind each number."""
    on_books = _on_books(books, tally)
    make_up, others = _make_up(books, made, tally)
    by_type, by_channel = _services(books, tally)
    placements, note = _placements(books, tally)
    services_note, books_note = notes_of(books, tally)
    return Cover(
        on_books=on_books,
        categories=make_up,
        others=others,
        households=((text("month.zero_households"), books.households),),
        by_type=by_type,
        by_channel=by_channel,
        attempts=tally.number("attempts"),
        follow_ups=_visits(books, tally),
        sheets=_papers(books, tally) if books.span.monthly else None,
        steps=steps_of(books, made, tally),
        placements=placements,
        placement_note=note,
        services_note=services_note,
        on_books_note=books_note,
    )


def _on_books(books: Books, tally: Tally) -> OnBooks:
    span = books.span
    for key in ("opening", *MOVES, "closing", "women", "returned"):
        tally.open(str(key))
    for person in books.people:
        if person.here(span.before):
            tally.add("opening", person.case_id)
        left = 0
        for move in person.moves:
            tally.add(move.move.value, person.case_id, move.day.isoformat())
            left += not move.move.comes
        if person.here(span.until):
            tally.add("closing", person.case_id)
            if identity(person.facts)[1] == "2":
                tally.add("women", person.case_id)
        else:
            left -= 1
        for _ in range(left):
            tally.add("returned", person.case_id)
    n = tally.number
    return OnBooks(
        n("opening"), n("new"), n("resumed"), n("moved_in"), n("ended"), n("moved_out"), n("closing"),
        n("women"), n("returned"),
    )  # fmt: skip


def notes_of(books: Books, tally: Tally) -> tuple[str, str]:
    """What the cover says of late entries and of services for people not on the books."""
    services: list[str] = []
    for person in books.people:
        for record, _ in person.services:
            if late_reason(books, person, record) is not None:
                tally.add("late_services", person.case_id, record.id)
    if count := tally.number("late_services"):
        services.append(text("month.late_services", count=count))
    for case_id, record in books.outside:
        tally.add("outside_services", case_id, record.id)
    if count := tally.number("outside_services"):
        services.append(text("month.outside_services", count=count))
    for case_id, move in books.late:
        key = "late_before" if move.day < books.span.since else "late_within"
        tally.add(key, case_id, move.day.isoformat())
    said = [
        text(f"month.{key}", count=tally.number(key))
        for key in ("late_before", "late_within")
        if tally.number(key)
    ]
    return "；".join(services), "；".join(said)


def _make_up(
    books: Books, made: Mapping[str, Progress], tally: Tally
) -> tuple[tuple[CategoryCount, ...], tuple[Count, ...]]:
    day = books.span.until.isoformat()
    codes = table("hardship")
    names = list(dict.fromkeys([*(e.name for e in codes.entries), text("month.category_text")]))
    used: set[str] = set()
    others = [text(f"month.other_{k}") for k in ("graduate", "registered", "rest")]
    for name in others:
        tally.open(f"other.{name}")
    for person in books.people:
        if not person.here(books.span.until):
            continue
        main = main_recognition(person, day)
        if main is not None:
            entry = codes.get(main[0].text("category"))
            name = entry.name if entry else text("month.category_text")
            used.add(name)
            tally.add(f"category.{name}.{main[1]}", person.case_id)
            tally.add(f"category.{main[1]}", person.case_id)
        elif person.case_id in made or is_graduate(person.facts):
            tally.add(f"other.{others[0]}", person.case_id)
        elif registration_of(books, person) is not None:
            tally.add(f"other.{others[1]}", person.case_id)
        else:
            tally.add(f"other.{others[2]}", person.case_id)
    shown = [n for n in names if n in used or codes.named(n)]
    return (
        tuple(
            CategoryCount(
                n, *(tally.number(f"category.{n}.{s}") for s in ("recognised", "in_progress", "ledger"))
            )
            for n in shown
        ),
        tuple((n, tally.number(f"other.{n}")) for n in others),
    )


def _services(books: Books, tally: Tally) -> tuple[tuple[Count, ...], tuple[Count, ...]]:
    types, channels = table("service_type"), table("channel")
    unsaid = text("paper.not_filled")
    type_names = [types.name_of(code) for code in MAIN_TYPES]
    channel_names = [e.name for e in channels.entries]
    tally.open("attempts")
    for person in books.people:
        for record, sort in person.services:
            if sort is Sort.ATTEMPT:
                tally.add("attempts", person.case_id, record.id)
            elif sort is Sort.FOLLOW_UP:
                tally.add("visits", person.case_id, record.id)
            else:
                kind = types.name_of(record.text("type")) or unsaid
                way = channels.name_of(record.text("channel")) or unsaid
                tally.add("services", person.case_id, record.id)
                tally.add(f"type.{kind}", person.case_id, record.id)
                tally.add(f"channel.{way}", person.case_id, record.id)
    return _named(tally, "type", type_names), _named(tally, "channel", channel_names)


def _named(tally: Tally, prefix: str, names: Iterable[str]) -> tuple[Count, ...]:
    """The known names in order, then whatever else was counted."""
    known = list(names)
    more = [k.removeprefix(f"{prefix}.") for k in tally.found if k.startswith(f"{prefix}.")]
    return tuple((n, tally.number(f"{prefix}.{n}")) for n in dict.fromkeys([*known, *more]))


def _visits(books: Books, tally: Tally) -> FollowUps:
    for person in books.people:
        for due in due_visits(books, person):
            tally.add("follow_ups.due", due.case_id, due.day.isoformat())
            tally.add(f"follow_ups.{due.state}", due.case_id, due.day.isoformat())
    n = tally.number
    return FollowUps(*(n(f"follow_ups.{k}") for k in ("due", "on_time", "late", "missed")))


def _papers(books: Books, tally: Tally) -> SheetCounts:
    key = {Signing.IN_PERSON: "to_sign", Signing.PHONE_ONLY: "phone_only", Signing.NO_SERVICE: "no_service"}
    for person in books.people:
        tally.add("sheets", person.case_id)
        tally.add(key[signing_of(person)], person.case_id)
    return SheetCounts(*(tally.number(k) for k in ("sheets", "to_sign", "phone_only", "no_service")))


def _placements(books: Books, tally: Tally) -> tuple[tuple[Count, ...], str]:
    """Each person once: the job that began in the period, else 升学 or 参军 by which help ended."""
    forms = table("employment_form")
    heard, unsaid = text("month.placed_heard"), text("month.work_unknown")
    for person in books.people:
        record = _placed(books, person)
        if record is not None and is_verified(record):
            name = forms.name_of(record.text("form")) or unsaid
            tally.add(f"placement.{name}", person.case_id, record.id)
            tally.add("placed", person.case_id, record.id)
            continue
        ended = next((_ELSEWHERE[m.reason] for m in person.moves if m.reason in _ELSEWHERE), "")
        if ended:
            tally.add(f"placement.{text(f'month.placed_{ended}')}", person.case_id)
        elif record is not None:
            tally.add(f"placement.{heard}", person.case_id, record.id)
            tally.add("heard", person.case_id, record.id)
    tally.open("placed")
    names = [*(forms.name_of(code) for code in MAIN_FORMS), heard]
    counts = _named(tally, "placement", names)
    note = text("month.placed_note", placed=tally.number("placed"), heard=tally.number("heard"))
    return counts, note


def _placed(books: Books, person: Person) -> Rec | None:
    """The latest job that began in the period, a verified one before one merely heard of."""
    first, last = books.span.since.isoformat(), books.span.until.isoformat()
    found = [
        r
        for kind in ("placement", "employment")
        for r in person.facts.of(kind)
        if _within(r.text("since"), first, last)
    ]
    return max(
        found,
        key=lambda r: (is_verified(r), r.kind == "placement", r.text("since"), r.id),
        default=None,
    )


def _within(since: str, first: str, last: str) -> bool:
    """Whether a job began in the period; a month counts to the period that holds its first day."""
    if not since:
        return False
    day = since if len(since) == 10 else f"{since}-01" if len(since) == 7 else f"{since}-01-01"
    return first <= day <= last
