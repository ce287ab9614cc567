"""Whole numbers for a damaged one, only where a second source supports them.

A second source is a file here, the file of a household member, another row of the same file, or a row
that an earlier import holds. The name must be the same, and the phone or the address too (or the
person stands in a household here); the fifteen digits that survived must fit. Nothing is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from jobdesk.cases.id_number import Sex, computable, fits_damaged
from jobdesk.services.importing.rows import ReadRow
from jobdesk.services.importing.verdicts import Proposal, Proposals
from jobdesk.store import import_lookups as lookups
from jobdesk.store import ledger
from jobdesk.store.log import Connection

_SEXES: Mapping[str, Sex] = {"1": "male", "2": "female"}


def of_row(con: Connection, damaged: ReadRow, key: str, rest: Iterable[ReadRow]) -> Proposals:
    """Proposals for a row of the file that is being previewed; ``rest`` are its other rows."""
    found = proposals(con, damaged.id_text, damaged.values, key)
    return _joined(found, damaged, rest)


def proposals(con: Connection, number: str, values: Mapping[str, Any], key: str) -> Proposals:
    """Proposals from the station alone.

    Args:
        number: the damaged number as it stands.
        values: what else the row says, by target.
        key: of the row, so that it is no source for itself.
    """
    name = values.get("case.name")
    if not isinstance(name, str) or not fits_something(number):
        return Proposals()
    listed = [*_from_files(con, name, number, values), *_from_held(con, name, number, values, key)]
    return _counted(number, values, listed)


def fits_something(number: str) -> bool:
    """Whether it is a number that Excel has damaged: only then there is anything to propose."""
    return computable(number) > 0


def _counted(number: str, values: Mapping[str, Any], listed: Iterable[Proposal]) -> Proposals:
    once: dict[str, Proposal] = {}
    for proposal in listed:
        once.setdefault(proposal.number, proposal)
    sex = _SEXES.get(str(values.get("case.sex") or ""))
    possible = computable(number, sex)
    agreeing = sum(1 for n in once if sex is None or (int(n[16]) % 2 == 1) == (sex == "male"))
    return Proposals(tuple(once.values()), max(0, possible - agreeing))


def _joined(found: Proposals, damaged: ReadRow, rest: Iterable[ReadRow]) -> Proposals:
    if not damaged.name or not fits_something(damaged.id_text):
        return found
    listed = list(found.listed)
    for row in rest:
        if row is damaged or row.name != damaged.name:
            continue
        number = row.values.get("case.id_number")
        if isinstance(number, str) and _another(damaged.id_text, number):
            by = _agreement(damaged.values, row.values)
            if by:
                listed.append(Proposal(number, "sheet", by, {"sheet": row.sheet, "row": row.number}))
    return _counted(damaged.id_text, damaged.values, listed)


def _another(damaged: str, number: str) -> bool:
    return number != damaged and fits_damaged(damaged, number)


def _from_files(con: Connection, name: str, damaged: str, values: Mapping[str, Any]) -> Iterable[Proposal]:
    people = [i for i in ledger.by_names(con, [name]).get(name, []) if _another(damaged, i.id_number)]
    members = lookups.members_among(con, [i.case_id for i in people]) if people else set[str]()
    for item in people:
        here = {
            "case.phone": item.phone, "case.phone_2": item.extra.get("phone_2"), "case.address": item.address,
        }  # fmt: skip
        by = _agreement(values, here)
        if by:
            yield Proposal(item.id_number, "case", by, {}, item.case_id)
        elif item.case_id in members:
            yield Proposal(item.id_number, "household", "household", {}, item.case_id)


def _from_held(
    con: Connection, name: str, damaged: str, values: Mapping[str, Any], key: str
) -> Iterable[Proposal]:
    for held in lookups.held_records(con):
        said = held.values.get("cells")
        if held.text("row_key") == key or not isinstance(said, dict):
            continue
        theirs = cast("Mapping[str, Any]", said.get("values") or {})
        number = theirs.get("case.id_number")
        if theirs.get("case.name") != name or not isinstance(number, str) or not _another(damaged, number):
            continue
        by = _agreement(values, theirs)
        if by:
            row = held.values.get("row")
            number_ = row if isinstance(row, int) else 0
            params: dict[str, str | int] = {
                "file": held.file_name, "sheet": held.text("sheet"), "row": number_,
            }  # fmt: skip
            yield Proposal(number, "held", by, params)


def _agreement(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    phones = {one.get("case.phone"), one.get("case.phone_2")} - {None, ""}
    if phones & {other.get("case.phone"), other.get("case.phone_2")}:
        return "phone"
    address = one.get("case.address")
    return "address" if address and address == other.get("case.address") else ""
