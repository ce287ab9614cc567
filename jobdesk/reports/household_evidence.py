"""认定依据: what was known of a household, and of whom, on the day of its first check and of the decision.

The snapshot holds ids, codes and dates; names are those of the books today. Custody is said nowhere, health
not on paper: there a member stands as 计入 or 不计入 and no reason is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import Refused
from jobdesk.cases.facts import Rec
from jobdesk.cases.ops import Json
from jobdesk.host import code_lists
from jobdesk.host.fact_words import fact_name, missing_words, value_words
from jobdesk.host.strings import has, text
from jobdesk.reports.furniture import Printed, Signer, signatures
from jobdesk.reports.grid import PORTRAIT, Geometry, Section, centred, pairs, table_head, table_row
from jobdesk.reports.month_pdf import Sheet, best_pages, draw_pages
from jobdesk.reports.page import MM, Paper
from jobdesk.reports.recognition_data import day_words, look_order
from jobdesk.services.household_list import HouseholdRow, HouseholdWhole

EVIDENCE = "household_evidence"
_AT = ("station", "county")
_HIDDEN = frozenset({"member_in_custody"})
_NOT_ON_PAPER = frozenset({"member_able"})
_VEILED = frozenset({"member_in_custody", "member_unable"})
_MEMBERS = (0, 3.5, 6.5, 9.5, 24)
_LOOKED = (0, 5, 11, 15, 19, 24)


@dataclass(frozen=True, slots=True)
class KnownMember:
    """One member as of that day.

    Attributes:
        stands: counted as labour force and without work, or why not.
        facts: (what, value) pairs, an unchecked one marked. missing: what was not known.
    """

    name: str
    relation: str
    stands: str
    facts: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]

    @property
    def told(self) -> str:
        """年龄 41；有劳动能力 是；缺：就业愿望."""
        found = [_t("fact", name=name, value=value) for name, value in self.facts]
        if self.missing:
            found.append(_t("missing", what=_t("comma").join(self.missing)))
        return _t("joint").join(found)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stood fast on one of the two days.

    Attributes:
        title: 初审时, 县级决定时.
        facts: of the household as a whole.
        versions: of the rules that it was judged by, in words, that of the household first.
        looked: 核对记录 up to that day: (what, where, day, result, who).
    """

    title: str
    on: str
    outcome: str
    sentence: str
    source: str
    status: str
    versions: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    members: tuple[KnownMember, ...]
    looked: tuple[tuple[str, str, str, str, str], ...]


def _t(key: str, **params: object) -> str:
    return text(f"evidence.{key}", **params)


def evidence_of(whole: HouseholdWhole, *, on_paper: bool = False) -> tuple[Evidence, ...]:
    """Both days in their order; empty before the first check."""
    kept = whole.state.root.get("snapshot")
    found: list[Evidence] = []
    for at in _AT:
        one = kept.get(at) if isinstance(kept, dict) else None
        if isinstance(one, dict):
            found.append(_evidence(whole, at, one, on_paper))
    if found and not found[-1].versions:  # before snapshots held them, the books knew that of the last day
        told = whole.row.facts.text("rule_version")
        found[-1] = replace(found[-1], versions=(version_words(told),) if told else ())
    return tuple(found)


def _evidence(whole: HouseholdWhole, at: str, kept: dict[str, Json], on_paper: bool) -> Evidence:
    source = [str(s) for s in _list(kept.get("source"))]
    status = _said(kept, "status")
    return Evidence(
        _t(at), _said(kept, "on"), text(f"outcome.{_said(kept, 'outcome') or 'unknown'}"),
        _said(kept, "sentence"), " ".join(s for s in source if s),
        text(f"basis.{status}") if has(f"basis.{status}") else "",
        tuple(version_words(str(v)) for v in _list(kept.get("versions"))),
        _facts(_list(kept.get("facts")), on_paper),
        tuple(_member(whole.row, m, on_paper) for m in _dicts(kept.get("members"))),
        tuple(_looked(whole, r) for r in sorted(_dicts(kept.get("looked")), key=_look_order)),
    )  # fmt: skip


def _member(row: HouseholdRow, kept: dict[str, Json], on_paper: bool) -> KnownMember:
    record = next((m for m in row.facts.of("member") if m.id == _said(kept, "member")), None)
    relation = _said(kept, "relation")
    why = _said(kept, "why")
    facts = _facts(_list(kept.get("facts")), on_paper)
    if on_paper and why in _VEILED:  # what is not so of them would tell the rest
        aged = fact_name("member_age").removeprefix(text("households.member"))
        facts = tuple(f for f in facts if f[0] == aged)
    return KnownMember(
        _name(row, _said(kept, "case"), record), code_lists.table("relation").name_of(relation),
        _stands(_said(kept, "labour"), _said(kept, "works"), "" if on_paper else why), facts,
        tuple(dict.fromkeys(missing_words(str(n)) for n in _list(kept.get("missing")))),
    )  # fmt: skip


def _name(row: HouseholdRow, case_id: str, record: Rec | None) -> str:
    file = row.people.get(case_id)
    return (file.text("name") if file is not None else "") or (record.text("name") if record else "")


def _stands(labour: str, works: str, why: str) -> str:
    if works == "met":
        return _t("works")
    if labour == "met":
        return _t("no_work") if works == "not_met" else _t("work_unknown")
    if labour == "unknown":
        return _t("unclear")
    return text(f"why.{why}") if why and has(f"why.{why}") else _t("outside")


def _facts(kept: Sequence[Json], on_paper: bool) -> tuple[tuple[str, str], ...]:
    found: dict[str, tuple[str, str]] = {}
    hidden = _HIDDEN | _NOT_ON_PAPER if on_paper else _HIDDEN
    for one in kept:
        parts = _list(one)
        if len(parts) != 3 or parts[0] in hidden:
            continue
        name, shown = str(parts[0]), str(parts[1])
        value = value_words(name, shown, day_words)
        said = fact_name(name)
        if name.startswith("member_"):
            said = said.removeprefix(text("households.member"))
        found[name] = (said, _t("unchecked", value=value) if parts[2] is True and shown else value)
    return tuple(found.values())


def _look_order(kept: dict[str, Json]) -> tuple[str, int, str]:
    return look_order(_said(kept, "looked_on"), _said(kept, "kind"), _said(kept, "id"))


def _looked(whole: HouseholdWhole, kept: dict[str, Json]) -> tuple[str, str, str, str, str]:
    names = {s.id: s.name for s in whole.staff}
    return (
        code_lists.table("verification_kind").name_of(_said(kept, "kind")), _said(kept, "system"),
        day_words(_said(kept, "looked_on")),
        code_lists.table("verification_result").name_of(_said(kept, "result")),
        names.get(_said(kept, "staff")) or _said(kept, "by_whom"),
    )  # fmt: skip


def _said(kept: dict[str, Json], name: str) -> str:
    value = kept.get(name)
    return value if isinstance(value, str) else ""


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _dicts(value: Json) -> list[dict[str, Json]]:
    return [cast("dict[str, Json]", v) for v in _list(value) if isinstance(v, dict)]


# ---- the paper


def evidence_pdf(whole: HouseholdWhole, printed: Printed, clock: Clock) -> bytes:
    """What is known of whom on both days, for the file of the application.

    Raises:
        Refused: ``claim_paper_not_yet`` before the first check.
    """
    found = evidence_of(whole, on_paper=True)
    if not found:
        raise Refused("claim_paper_not_yet")
    geo, title, facts = PORTRAIT, _t("title"), whole.row.facts
    head_name, number = facts.text("head_name"), facts.text("receipt_no")
    sections: list[Section] = []
    for one in found:
        sections += _sections(geo, one, whole)
    sections.append(
        Section("", [signatures([Signer(text(f"paper.claim.{s}")) for s in ("sign_staff", "sign_unit")],
                                20 * MM)], keep=True, joined=True)
    )  # fmt: skip
    paper = Paper(title, printed.unit, clock, printed.watermark)
    own = replace(printed, notice=_t("notice"))
    filed = text("paper.claim.filed", number=number) if number else ""
    head = Sheet(title, printed.unit, "", filed, (head_name, number), text("paper.claim.own_form"))
    draw_pages(paper, geo, best_pages(geo, sections), own, head)
    return paper.data()


def version_words(kept: str) -> str:
    """``households v1 2021-07-01`` of the books in words; another spelling stays as it is."""
    name, *rest = kept.rsplit(" ", 2)
    if len(rest) != 2 or not rest[0].startswith("v"):
        return kept
    return _t("version_words", pack=name, version=rest[0].removeprefix("v"), since=day_words(rest[1]))


def _sections(geo: Geometry, one: Evidence, whole: HouseholdWhole) -> list[Section]:
    facts = whole.row.facts
    on = day_words(one.on)
    source = _t("joint").join(p for p in (one.source, one.status) if p)
    rule = [
        pairs(geo, (0, 3.5, 12, text("paper.household.head"), facts.text("head_name") or None),
              (12, 15.5, 24, _t("outcome"), one.outcome)),
        pairs(geo, (0, 3.5, 24, _t("rule"), one.sentence or None)),
        pairs(geo, (0, 3.5, 24, _t("source"), source or None)),
    ]  # fmt: skip
    if one.versions:
        rule.append(pairs(geo, (0, 3.5, 24, _t("version"), _t("joint").join(one.versions))))
    rule += [pairs(geo, (0, 3.5, 24, name, value)) for name, value in one.facts]
    members = [
        table_row(geo, _MEMBERS, (m.name or None, m.relation or None, m.stands, m.told), "cccl", 9)
        for m in one.members
    ] or [centred(geo, _t("no_members"))]
    heads = [text("paper.household.member_name"), text("paper.household.member_relation"), _t("counted"),
             _t("known")]  # fmt: skip
    sections = [
        Section(_t("section_rule", at=one.title, day=on), rule),
        Section(_t("section_members", at=one.title), members, head=table_head(geo, _MEMBERS, heads)),
    ]
    looked = [table_row(geo, _LOOKED, tuple(p or "—" for p in r), "clccc", 9) for r in one.looked]
    names = [text(f"paper.claim.looked_{k}") for k in ("kind", "system", "on", "result", "who")]
    title = _t("section_looked", at=one.title)
    sections.append(
        Section(title, looked, head=table_head(geo, _LOOKED, names))
        if looked
        else Section(title, [centred(geo, text("paper.claim.form_looked_none"))])
    )
    return sections
