"""Papers of households: 零就业家庭申请认定表 (自拟版式), 公示 without details, 认定名单 for the county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jobdesk.cases.clock import Clock, local_datetime
from jobdesk.cases.errors import Refused
from jobdesk.cases.households import MemberStanding
from jobdesk.cases.masking import mask_id
from jobdesk.host import code_lists
from jobdesk.host.strings import text
from jobdesk.reports.furniture import Printed, Signer, signatures
from jobdesk.reports.grid import PORTRAIT, Cell, Geometry, Row, Section, centred, pairs, table_head, table_row
from jobdesk.reports.household_evidence import EVIDENCE, evidence_pdf
from jobdesk.reports.household_letters import EXIT, RECEIPT, REFUSAL, SUPPLEMENT, household_letter
from jobdesk.reports.month_pdf import Sheet, best_pages, draw_pages
from jobdesk.reports.page import MM, Paper
from jobdesk.reports.recognition_data import day_words, look_order
from jobdesk.reports.recognition_letters import Publicity, publicity_pdf
from jobdesk.services.desk import Desk
from jobdesk.services.household_list import HouseholdRow, HouseholdWhole, household_whole, households
from jobdesk.services.staffing import staff_of
from jobdesk.store import reads
from jobdesk.store.log import Connection

FORM, PUBLICITY, LIST = "household_form", "household_publicity", "household_list"
LETTERS = (RECEIPT, SUPPLEMENT, REFUSAL, EXIT)
PAPERS = (FORM, EVIDENCE, *LETTERS, PUBLICITY, LIST)
MEMBERS = (0, 4, 7, 9, 15, 19, 24)
LOOKED = (0, 4, 10, 14, 19, 24)
LISTED = (0, 2, 6, 10, 12, 17, 21, 24)
_DECIDED = frozenset({"recognised", "review", "refused", "appealed", "exited"})


def _t(key: str, **params: object) -> str:
    return text(f"paper.household.{key}", **params)


def _c(key: str, **params: object) -> str:
    return text(f"paper.claim.{key}", **params)


def household_paper(con: Connection, desk: Desk, household_id: str, key: str, masked: bool = True) -> bytes:
    """One paper as a PDF.

    Args:
        key: one of ``PAPERS``; ``household_list`` is of the whole station, whatever household is named.

    Raises:
        Refused: ``paper_unknown``; ``claim_paper_not_yet`` when the household does not stand, or its 公示
            has no dates; ``household_none_recognised`` for a list without anybody.
    """
    if key not in PAPERS:
        raise Refused("paper_unknown", paper=key)
    printed = _printed(con, desk)
    if key == LIST:
        return list_pdf(households(con, desk).rows, printed, desk.clock)
    whole = household_whole(con, desk, household_id)
    if whole is None:
        raise Refused("claim_paper_not_yet")
    if key in LETTERS:
        own = replace(printed, notice=_t("letter_notice"))
        return household_letter(whole, key, desk, own, desk.clock)
    if key == EVIDENCE:
        return evidence_pdf(whole, printed, desk.clock)
    if key == PUBLICITY:
        phone = reads.subject_state(con, desk.station).root.text("supervision_phone")
        return household_publicity_pdf(whole, printed, desk.clock, phone)
    return form_pdf(whole, printed, desk.clock, masked)


def _printed(con: Connection, desk: Desk) -> Printed:
    station = reads.subject_state(con, desk.station).root
    by = next((s.name for s in staff_of(con, desk) if s.id == desk.actor), "")
    at = local_datetime(desk.clock.now_ms()).strftime("%Y-%m-%d %H:%M")
    return Printed(station.text("name"), by, at, watermark=text("paper.practice") if desk.practice else "")


# ---- 申请认定表


def form_pdf(whole: HouseholdWhole, printed: Printed, clock: Clock, mask: bool = True) -> bytes:
    """The form with what is known; what nobody has written is ruled for the pen. Numbers only where held."""
    geo, title, one = PORTRAIT, _t("form_title"), whole.row
    sections = [
        Section(_t("form_household"), _basics(geo, one)),
        _members(geo, one, mask),
        Section(_t("form_application"), [
            Row([Cell(geo, 0, geo.units, _t("form_apply_words"))], least=9 * MM),
            signatures([Signer(_t("sign_head"))], 17 * MM),
        ], keep=True),
        _looked(geo, whole),
        _opinion(
            geo, "form_station", one.facts.text("station_opinion") or None, ("sign_checker", "sign_head")
        ),
        _opinion(geo, "form_street", None, ("sign_staff", "sign_head")),
        _opinion(geo, "form_county", _decision(one), ("sign_county",), _c("form_county_note")),
    ]  # fmt: skip
    paper = Paper(title, printed.unit, clock, printed.watermark)
    own = replace(printed, notice=text("paper.masked" if mask else "paper.unmasked"))
    number = one.facts.text("receipt_no")
    head_name = one.facts.text("head_name")
    filed = _c("filed", number=number) if number else ""
    head = Sheet(title, printed.unit, "", filed, (head_name, number), _c("own_form"))
    draw_pages(paper, geo, best_pages(geo, sections), own, head)
    return paper.data()


def _basics(geo: Geometry, one: HouseholdRow) -> list[Row]:
    facts = one.facts
    place = " ".join(p for p in (facts.text("community"), facts.text("address")) if p)
    return [
        pairs(geo, (0, 3, 12, _t("head"), facts.text("head_name") or None),
              (12, 15, 24, _t("applied_on"), day_words(facts.text("applied_on")))),
        pairs(geo, (0, 3, 24, _t("address"), place or None)),
        pairs(geo, (0, 3, 12, _t("hukou_place"), facts.text("hukou_place") or None),
              (12, 15, 24, _t("count"), _t("counted", count=len(one.standing.members),
                                           labour=one.standing.labour, working=one.standing.working))),
    ]  # fmt: skip


def _members(geo: Geometry, one: HouseholdRow, mask: bool) -> Section:
    heads = [_t(f"member_{k}") for k in ("name", "relation", "age", "id", "hukou", "state")]
    rows = [
        table_row(geo, MEMBERS, _member(one, m, mask), "cccccl", 9)
        for m in one.standing.members
    ]  # fmt: skip
    blank = [table_row(geo, MEMBERS, (None,) * 6) for _ in range(max(0, 3 - len(rows)))]
    head = table_head(geo, MEMBERS, heads)
    return Section(_t("form_members"), [*rows, *blank], _t("form_members_note"), head)


def _member(one: HouseholdRow, member: MemberStanding, mask: bool) -> tuple[str | None, ...]:
    record, file = member.record, one.people.get(member.case_id)
    number = (file.text("id_number") if file is not None else "") or record.text("id_number")
    hukou = (file.text("hukou_kind") if file is not None else "") or record.text("hukou_kind")
    age = next((f.shown for f in member.labour.facts if f.name == "member_age"), "").replace("..", "—")
    return (
        one.name(record.id) or None,
        _named("relation", record.text("relation")),
        age or None,
        (mask_id(number) if mask else number) if number else "—",
        _named("hukou_kind", hukou),
        _state(member),
    )


def _state(member: MemberStanding) -> str | None:
    """就业, 失业 or a word that gives nothing away: 收监 and health stand in no paper of the station."""
    if member.works:
        return text("households.works")
    if member.why == "counted" and not member.missing:
        return text("households.unemployed")
    if member.why in ("member_studying", "member_pension", "member_serving", "member_child", "member_dead"):
        return text(f"households.short_{member.why}")
    return None if member.missing else text("households.outside")


def _named(table: str, code: str) -> str | None:
    return code_lists.table(table).name_of(code) if code else None


def _looked(geo: Geometry, whole: HouseholdWhole) -> Section:
    names = {s.id: s.name for s in whole.staff}
    rows = [
        table_row(
            geo, LOOKED,
            (_named("verification_kind", r.text("kind")) or "—", r.text("system") or "—",
             day_words(r.text("looked_on")), _named("verification_result", r.text("result")) or "—",
             names.get(r.text("staff")) or r.text("by_whom") or "—"),
            "clccc", 9,
        )
        for r in sorted(whole.state.of("verification"),
                        key=lambda r: look_order(r.text("looked_on"), r.text("kind"), r.id))
    ]  # fmt: skip
    if not rows:
        return Section(_t("form_looked"), [centred(geo, _c("form_looked_none"))])
    heads = [_c(f"looked_{k}") for k in ("kind", "system", "on", "result", "who")]
    return Section(_t("form_looked"), rows, head=table_head(geo, LOOKED, heads))


def _decision(one: HouseholdRow) -> str | None:
    """What the county decided, as transcribed; None leaves the room to the county's pen."""
    facts = one.facts
    if facts.text("state") not in _DECIDED:
        return None
    act = "refuse" if facts.text("refusal_reason") else "recognise"
    parts = (text(f"claim.act.{act}"), facts.text("decided_by"), day_words(facts.text("decided_on")),
             facts.text("decision_no"), facts.text("refusal_reason"))  # fmt: skip
    return "　".join(p for p in parts if p)


def _opinion(geo: Geometry, title: str, words: str | None, signers: Sequence[str], note: str = "") -> Section:
    rows = [
        Row([Cell(geo, 0, 3, _c("opinion"), "label"), Cell(geo, 3, geo.units, words)], least=10 * MM),
        signatures([Signer(_c(s)) for s in signers], 17 * MM),
    ]
    return Section(_t(title), rows, note, keep=True)


# ---- 公示, 名单


def household_publicity_pdf(whole: HouseholdWhole, printed: Printed, clock: Clock, phone: str = "") -> bytes:
    """公示 shows the name of who applied, community, matter, days, phone and unit: nothing of the members.

    Raises:
        Refused: ``claim_paper_not_yet`` while no days are written down.
    """
    facts = whole.row.facts
    if not (facts.text("publicity_from") and facts.text("publicity_until")):
        raise Refused("claim_paper_not_yet")
    names = ((facts.text("head_name"), facts.text("community")),)
    since, until = facts.text("publicity_from"), facts.text("publicity_until")
    shown = Publicity(_t("publicity_matter"), names, since, until, printed.unit, phone or None)
    return publicity_pdf(shown, printed, clock)


def list_pdf(rows: Sequence[HouseholdRow], printed: Printed, clock: Clock) -> bytes:
    """认定名单: recognised 零就业家庭 with filing number, day, rung and whether somebody works by now.

    Raises:
        Refused: ``household_none_recognised``.
    """
    zero = [r for r in rows if r.facts.text("kind") == "zero"]
    found = [r for r in zero if r.facts.text("state") in ("recognised", "review")]
    if not found:
        raise Refused("household_none_recognised")
    geo, title = PORTRAIT, _t("list_title")
    heads = [_t(f"list_{k}") for k in ("no", "head", "community", "count_column", "number", "decided", "job")]
    body = [
        table_row(geo, LISTED, _listed(n, r), "cclcccc", 9)
        for n, r in enumerate(sorted(found, key=lambda r: (r.facts.text("decided_on"), r.id)), 1)
    ]  # fmt: skip
    sections = [
        Section("", body, head=table_head(geo, LISTED, heads)),
        Section("", [signatures([Signer(_c("sign_staff")), Signer(_c("sign_unit"))], 20 * MM)], keep=True,
                joined=True),
    ]  # fmt: skip
    paper = Paper(title, printed.unit, clock, printed.watermark)
    own = replace(printed, notice=_t("list_notice"))
    head = Sheet(title, printed.unit, "", _t("list_count", count=len(found)), (title,), _c("own_form"))
    draw_pages(paper, geo, best_pages(geo, sections), own, head)
    return paper.data()


def _listed(number: int, row: HouseholdRow) -> tuple[str | None, ...]:
    facts = row.facts
    job = _t("list_yes") if row.clock.cleared_on and row.clock.ended is None else _t("list_not_yet")
    return (
        str(number), facts.text("head_name") or None, facts.text("community") or None,
        str(len(row.standing.members)), facts.text("filing_no") or None, facts.text("decided_on"), job,
    )  # fmt: skip
