"""Commands that read: the list, today, the month's sheets."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from jobdesk.cases.due import DueLine
from jobdesk.cases.errors import BadInput, Refused
from jobdesk.cases.masking import mask_id, mask_phone
from jobdesk.cli.place import Place
from jobdesk.host.disk import disk_errors, replace_file
from jobdesk.host.strings import text
from jobdesk.services.desk import Desk
from jobdesk.services.kept_dates import as_of_today
from jobdesk.services.revealing import log_look
from jobdesk.services.settings import FORBID_UNMASKED, station_settings
from jobdesk.services.today import Board, load_board
from jobdesk.store import ledger


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: one object for ``--json``, lines for people."""

    data: Mapping[str, object]
    lines: list[str] = field(default_factory=list[str])
    exit_code: int = 0


def _may_unmask(desk: Desk, args: argparse.Namespace) -> None:
    if not args.reason.strip():
        raise Refused("unmasked_needs_reason")
    if desk.read(lambda con: station_settings(con, desk)).result().get(FORBID_UNMASKED):
        raise Refused("unmasked_forbidden")


def list_cases(place: Place, args: argparse.Namespace) -> Answer:
    """Everybody on the books, masked unless asked; asking is logged with its reason and count."""
    query = ledger.LedgerQuery(text=args.search, state="")
    opened = place.session(writable=True, title="list") if args.unmasked else place.reading("list")
    with opened as session:
        desk = session.desk
        if args.unmasked:
            _may_unmask(desk, args)
        found = desk.read(
            lambda con: as_of_today(con, desk, ledger.items(con, ledger.find_ids(con, query).ids))
        ).result()
        if args.unmasked:
            log_look(desk, "list", count=len(found), reason=args.reason.strip()).result()
    cases = [_case(i, args.unmasked) for i in found]
    lines = [f"{c['name']}\t{c['id_number'] or '-'}\t{c['phone'] or '-'}\t{c['community']}" for c in cases]
    lines.append(text("cli.people", count=len(cases)))
    return Answer({"cases": cases, "masked": not args.unmasked}, lines)


def _case(i: ledger.CaseItem, whole: bool) -> dict[str, object]:
    """One person. Masked, the birth date stays out: beside a masked number it would give it away."""
    data: dict[str, object] = {
        "case_id": i.case_id, "name": i.name,
        "id_number": i.id_number if whole else mask_id(i.id_number),
        "phone": i.phone if whole else mask_phone(i.phone),
        "sex": i.sex, "community": i.community, "categories": list(i.categories),
        "unverified": list(_texts(i.extra.get("unverified"))), "help_state": i.help_state,
        "opened_on": i.opened_on, "last_contact": i.last_contact, "next_contact": i.next_contact,
        "completeness": i.completeness, "missing": list(i.missing),
    }  # fmt: skip
    if whole:
        data["birth"] = i.birth
    return data


def _texts(value: object) -> list[str]:
    return [str(v) for v in cast("list[object]", value)] if isinstance(value, list) else []


def today(place: Place, args: argparse.Namespace) -> Answer:
    """The day's lines in their order."""
    with place.reading("today") as session:
        desk = session.desk
        made = load_board(desk).result()
    lines = [_line(made, line) for line in made.ordered()]
    said = [f"{n['due']}  {text('bucket.' + str(n['bucket']))}  {n['name']}  {n['what']}" for n in lines]
    return Answer({"date": made.today.isoformat(), "lines": lines}, said or [text("cli.nothing_today")])


def _line(made: Board, line: DueLine) -> dict[str, object]:
    item = made.items.get(line.subject)
    basis, params = line.basis, dict(line.params)
    name = item.name if item else str(params.get("file") or params.get("unit") or "")
    return {
        "key": line.key, "subject": line.subject, "name": name, "kind": line.kind.value,
        "what": text(f"due.{line.kind.value}", **params), "due": line.due.isoformat(),
        "original": line.original.isoformat(), "bucket": line.bucket.code, "working_days_away": line.away,
        "postponed": line.postponed, "rule": basis.rule, "status": str(basis.status),
        "params": params,
    }  # fmt: skip


def sheets(place: Place, args: argparse.Namespace) -> Answer:
    """The month's PDF: cover and one sheet per person."""
    from jobdesk.reports.month_job import month_pdf_of

    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", args.month):
        raise BadInput("month_unreadable", month=args.month)
    first = date.fromisoformat(args.month + "-01")
    opened = place.session(writable=True, title="sheets") if args.unmasked else place.reading("sheets")
    with opened as session:
        desk = session.desk
        if args.unmasked:
            _may_unmask(desk, args)

        def log(count: int) -> None:
            log_look(desk, "print", count=count, reason=args.reason.strip()).result()

        made = month_pdf_of(desk, first, masked=not args.unmasked, before=log if args.unmasked else None)
    with disk_errors(args.out):
        replace_file(args.out, made.data, mode=0o600)
    data = {"file": str(args.out), "pages": made.pages, "people": made.people, "checks_ok": made.checks_ok,
            "missing": made.missing, "masked": not args.unmasked}  # fmt: skip
    return Answer(data, [text("cli.sheets_made", path=str(args.out), pages=made.pages, people=made.people)])
