"""Parts of a sheet that come from dated records: categories, plan, services, work, subsidies, next contact.

Restricted groups and codes never get here; 残疾, 低保 and 重病 print as 就业困难人员 (issue text §4.2).
"""

from __future__ import annotations

from dataclasses import replace

from jobdesk.cases.completeness import CONDITIONS
from jobdesk.cases.contacts import Contacts, contacts_of
from jobdesk.cases.facts import CaseFacts, Rec, is_open
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.rules.subsidy_ends import shown_months, usages
from jobdesk.cases.rules.subsidy_months import families
from jobdesk.host.code_lists import table
from jobdesk.host.strings import text
from jobdesk.reports.month_data import Category, Measure, NextContact, Placement, Plan, Subsidy
from jobdesk.reports.month_numbers_people import Books, Person
from jobdesk.services.staffing import clerk_name

IN_PROGRESS = frozenset({"applied", "accepted", "supplement", "checked", "reported", "publicity"})
CHECKED_SOURCES = frozenset({"system", "document"})
WEEKDAYS = "一二三四五六日"


def staff_name(books: Books, value: str) -> str:
    """Name of a clerk; text that is no id (from a ledger) stays as it is; an id unknown here is of
    another station.
    """
    name = clerk_name(books.names, value)
    return text("paper.other_clerk") if name is None else name


def is_checked(record: Rec) -> bool:
    """Whether the fact comes from the provincial system or a document."""
    return record.text("source") in CHECKED_SOURCES


def recognition_on(record: Rec, day: str) -> str:
    """Where a recognition stood on an ISO day: ``recognised``, ``in_progress``, ``ledger`` or empty.

    One that was left after that day still stood.
    """
    since, until, state = record.text("since"), record.text("until"), record.text("state")
    if since and since > day and not day.startswith(since):
        return ""
    if until and until <= day:
        return ""
    if state == "exited":
        return "recognised" if until else ""
    if state in ("refused", "appealed", "withdrawn"):
        return ""
    if state in ("recognised", "review"):
        return "recognised"
    return "in_progress" if state in IN_PROGRESS else "ledger"


def main_recognition(person: Person, day: str) -> tuple[Rec, str] | None:
    """The record by which a person counts once: the one marked 主类别, else the furthest."""
    rank = {"recognised": 0, "in_progress": 1, "ledger": 2}
    found = [(r, s) for r in person.facts.of("recognition") if (s := recognition_on(r, day))]
    return min(
        found,
        key=lambda p: (p[0].values.get("main") is not True, rank[p[1]], p[0].text("since") or "9", p[0].id),
        default=None,
    )


def category_name(record: Rec) -> str:
    """As paper may say it: a sensitive kind is 就业困难人员; own text only where no code is known."""
    codes, code = table("hardship"), record.text("category")
    entry = codes.get(code)
    if entry is None:
        return text("month.hardship")
    return text("month.hardship") if codes.is_sensitive(code) else entry.name


def categories(books: Books, person: Person) -> tuple[Category, ...]:
    """Recognitions that stood on the last day, the main one first, then groups that paper may name."""
    day = books.span.until.isoformat()
    main = main_recognition(person, day)
    found = [r for r in person.facts.of("recognition") if recognition_on(r, day)]
    found.sort(key=lambda r: (not (main and r.id == main[0].id), r.text("since"), r.id))
    made = [_recognition(r, day) for r in found]
    groups = table("groups")
    for record in sorted(person.facts.of("group"), key=lambda r: (r.text("kind"), r.id)):
        entry = groups.get(record.text("kind"))
        if entry is None or entry.sensitive or entry.restricted or not is_open(record.values, day):
            continue
        made.append(
            Category(
                entry.name,
                table("sources").name_of(record.text("source"))
                if is_checked(record)
                else text("month.unchecked"),
                record.text("authority") or None,
                record.text("since") or None,
                record.text("number") or None,
            )
        )
    return tuple(dict.fromkeys(made))


def _recognition(record: Rec, day: str) -> Category:
    state = recognition_on(record, day)
    stands = record.text("state") if record.text("state") != "exited" else "recognised"
    name = table("recognition_state").name_of(stands or "ledger")
    if state != "recognised":
        return Category(category_name(record), name)
    return Category(
        category_name(record), name, record.text("authority") or None, record.text("since") or None,
        record.text("number") or None,
    )  # fmt: skip


def plan_asked(person: Person) -> bool:
    """Whether the notices ask for a plan."""
    return CONDITIONS["plan_asked"](person.facts)


def registration_of(books: Books, person: Person) -> str | None:
    """The spell of registered unemployment on the last day, never its reason."""
    day = books.span.until.isoformat()
    spells = [
        r for r in person.facts.of("registration")
        if r.values.get("registered") is not False and is_open(r.values, day)
    ]  # fmt: skip
    last = max(spells, key=lambda r: (r.text("since"), r.id), default=None)
    if last is None:
        return None
    said = text("month.since", day=last.text("since")) if last.text("since") else text("month.registered")
    return said if is_checked(last) else said + text("month.unchecked_mark")


def current_plan(books: Books, person: Person) -> Rec | None:
    """The newest plan agreed by the last day."""
    day = books.span.until.isoformat()
    plans = [r for r in person.facts.of("plan") if r.text("agreed_on") <= day]
    return max(plans, key=lambda r: (_whole(r, "version"), r.text("agreed_on"), r.id), default=None)


def _whole(record: Rec, name: str) -> int:
    value = record.values.get(name)
    return value if isinstance(value, int) else 0


def plan_of(books: Books, person: Person) -> Plan | None:
    """一人一策 as last agreed, with its measures in the order they are due."""
    plan = current_plan(books, person)
    if plan is None:
        return None
    notes = [text("month.plan_agreed", day=plan.text("agreed_on"))] if plan.text("agreed_on") else []
    if version := _whole(plan, "version"):
        notes.append(text("month.plan_version", number=version))
    if plan.text("review_on"):
        notes.append(text("month.plan_review", day=plan.text("review_on")))
    barriers = plan.values.get("barriers")
    codes = table("barriers")
    measures = sorted(
        (m for m in person.facts.of("measure") if m.text("plan") == plan.id),
        key=lambda m: (m.text("due") or "9", m.id),
    )
    return Plan(
        "　·　".join(notes),
        plan.text("analysis") or None,
        tuple(codes.name_of(str(b)) for b in barriers) if isinstance(barriers, list) else (),
        plan.text("barrier_text"),
        plan.text("wish") or _wish(person.facts),
        _dated(plan.text("goal"), plan.text("goal_due"), "month.by"),
        _promise(books, plan),
        _dated(plan.text("statement"), plan.text("statement_on"), "month.stated"),
        tuple(_measure(books, m) for m in measures),
    )


def _wish(facts: CaseFacts) -> str | None:
    return "；".join(t for n in ("wish_post", "wish_pay", "wish_area") if (t := facts.text(n))) or None


def _dated(words: str, day: str, key: str) -> str | None:
    if not words:
        return None
    return words + text(key, day=day) if day else words


def _promise(books: Books, plan: Rec) -> str | None:
    parts = [plan.text("promise")]
    if not parts[0]:
        return None
    if plan.text("promise_due"):
        parts.append(text("month.promise_due", day=plan.text("promise_due")))
    if owner := staff_name(books, plan.text("promise_owner")):
        parts.append(text("month.promise_owner", name=owner))
    if plan.text("promise_done_on"):
        parts.append(text("month.promise_done", day=plan.text("promise_done_on")))
    return "；".join(parts)


def _measure(books: Books, record: Rec) -> Measure:
    state = table("measure_state").name_of(record.text("state")) if record.text("state") else ""
    if record.text("done_on"):
        state = f"{state} {record.text('done_on')[5:]}".strip()
    elif record.text("state") == "postponed" and record.text("reason"):
        state = f"{state}（{record.text('reason')}）"
    owner = staff_name(books, record.text("owner")) or record.text("owner_text")
    return Measure(record.text("what"), owner or None, record.text("due") or None, state or None)


def service_content(books: Books, record: Rec) -> str | None:
    """What was offered and done: posts by name, then the free text."""
    named = record.values.get("vacancies")
    posts = [books.posts.get(str(v), "") for v in named] if isinstance(named, list) else []
    parts = ("、".join(p for p in posts if p), record.text("offered"), record.text("content"))
    told = [t for t in parts if t]
    return "；".join(dict.fromkeys(told)) or None


def service_outcome(record: Rec, attempt: bool) -> str | None:
    """What came of it; an attempt says that it does not count."""
    code, engagement = record.text("outcome"), record.text("engagement")
    named = table("outcome").name_of(code) if code else ""
    if not named and engagement:
        named = table("engagement").name_of(engagement)
    told = [t for t in (named, record.text("outcome_text")) if t]
    if attempt:
        told.append(text("month.not_counted"))
    return "；".join(told) or None


def work_on(person: Person, day: str) -> Rec | None:
    """The job that runs on an ISO day: a registered one first, then the latest placement."""
    for kind in ("employment", "placement"):
        running = [r for r in person.facts.of(kind) if r.text("since") <= day and is_open(r.values, day)]
        if running:
            placed = [r for r in person.facts.of("placement") if r in running]
            return max(placed or running, key=lambda r: (r.text("since"), r.id))
    return None


def is_verified(record: Rec) -> bool:
    """A placement that somebody verified, or an employment that a register or document shows."""
    return bool(record.text("verified_on")) or is_checked(record)


def work_of(books: Books, person: Person) -> Placement:
    """Where the person works on the last day; 未核实 when it was merely heard of."""
    record = work_on(person, books.span.until.isoformat())
    if record is None:
        return Placement(text("month.no_work"))
    form = table("employment_form").name_of(record.text("form")) if record.text("form") else None
    return Placement(
        form or text("month.work_unknown"),
        record.text("since") or None,
        record.text("place") or person.facts.text("work_place") or None,
        record.text("unit") or None,
        record.text("post") or None,
        record.text("contract") or None,
        is_verified(record),
    )


def subsidies_of(books: Books, person: Person) -> tuple[Subsidy, ...]:
    """Subsidies and 失业保险金 that touched the period, with months used where both ends are known."""
    first, last = books.span.since.isoformat(), books.span.until.isoformat()
    found: list[Subsidy] = []
    shared = _shared_months(books, person)
    for kind in ("subsidy", "benefit"):
        for r in sorted(person.facts.of(kind), key=lambda r: (r.text("since"), r.id)):
            since, until = r.text("since"), r.text("until")
            if (since and since > last) or (until and until < first[: len(until)]):
                continue
            codes = table("subsidy_kind")
            name = codes.name_of(r.text("kind")) if kind == "subsidy" else text("month.benefit")
            span = text("month.span", since=since or "—", until=until or "—")
            known = table("sources").name_of(r.text("source")) if is_checked(r) else text("month.unchecked")
            state = _stands(since, until, last, known)
            used = shared.get(r.text("kind")) if kind == "subsidy" else None
            found.append(Subsidy(name or text("paper.not_filled"), span, used or _used(r, books), state))
    return tuple(found)


def _stands(since: str, until: str, last: str, known: str) -> str:
    """本月情况: 正在享受 or ended within the period, and by what that is known; no start, no word of it."""
    if not since:
        return known
    ends = bool(until) and until <= last[: len(until)]
    return text("month.subsidy_ends" if ends else "month.subsidy_runs", known=known)


def _shared_months(books: Books, person: Person) -> dict[str, str]:
    """Kind of subsidy → months of its family against the limit: all payers of a person share one.

    A kind of several families is said by the narrowest.
    """
    packs, day = books.agenda.packs, books.span.until
    kinds = families(packs, day)
    said: dict[str, str] = {}
    for usage in sorted(usages(person.facts, packs, day), key=lambda u: -len(kinds[u.family])):
        limit = text("month.to_retirement") if usage.ended_by == "retirement" else usage.limit
        if limit is not None:
            words = text("month.used_of", months=shown_months(usage.months), limit=limit)
            heard = usage.ended_by == "retirement" and usage.extension.unchecked
            words += text("month.unchecked_mark") if heard else ""
            said.update(dict.fromkeys(kinds[usage.family], words))
    return said


def _used(record: Rec, books: Books) -> str:
    """Calendar months up to the last day counted, with those before jobdesk; the cap is not known here."""
    since = PartialDate.parse(record.text("since"))
    if since is None or since.month is None:
        return text("paper.nothing")
    until = PartialDate.parse(record.text("until"))
    last = min(until.last, books.span.until) if until else books.span.until
    months = (last.year - since.year) * 12 + last.month - since.month + 1
    return text("month.used", months=max(0, months) + _whole(record, "months_before"))


def as_of(books: Books, person: Person) -> CaseFacts:
    """Facts whose services end with the last day; a next contact typed after later ones is left out."""
    day = books.span.until.isoformat()
    services = person.facts.of("service")
    kept = tuple(r for r in services if r.text("served_on") <= day)
    if len(kept) == len(services):
        return person.facts
    root = {k: v for k, v in person.facts.root.items() if k not in ("next_contact", "next_contact_reason")}
    return replace(person.facts, root=root, records={**person.facts.records, "service": kept})


def contacts(books: Books, person: Person) -> Contacts:
    return contacts_of(as_of(books, person), books.rules)


def contact_of(books: Books, person: Person) -> NextContact | None:
    """The next contact agreed; None where none is, or the person has left the books."""
    if not person.here(books.span.until):
        return None
    found = contacts(books, person)
    if not found.next:
        return None
    partial = PartialDate.parse(found.next)
    day = found.next
    if partial and partial.exact:
        day = text("month.weekday", day=day, weekday=WEEKDAYS[partial.exact.weekday()])
    reason = found.next_reason or text(f"month.next_{found.next_from}")
    if partial and partial.last < books.span.until:
        reason += text("month.overdue")
    owner = staff_name(books, person.facts.text("owner"))
    return NextContact(day, None, owner or None, reason)
