"""Faults of a rule pack in words: the file, the line, the entry, and what is wrong."""

from __future__ import annotations

from jobdesk.host.policy_files import PlacedFault
from jobdesk.host.strings import has, text


def fault_words(placed: PlacedFault) -> str:
    """hardship.toml 第 12 行（hardship.JL2）：…"""
    fault = placed.fault
    code, detail = fault.code, fault.detail
    if code == "bad_value" and not detail:  # not written at all
        code, detail = "missing_key", fault.place.rpartition(".")[2]
    key = f"rules.fault.{code}"
    detail, _, more = detail.partition("|")
    if code == "wrong_type":
        more = text(f"rules.type.{more}")
    if code == "wrong_unit":
        detail, more = (text(f"rules.unit.{u}") or u for u in (detail, more))
    what = text(key, detail=detail, more=more) if has(key) else f"{code} {detail}"
    where = placed.file or text("rules.some_file")
    if placed.line:
        where = text("rules.at_line", file=where, line=placed.line)
    return text("rules.fault_of", where=where, name=fault.name, what=what) if fault.name else text(
        "rules.fault_in", where=where, what=what
    )  # fmt: skip
