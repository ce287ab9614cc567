"""帮扶对象月度跟踪服务表: the rows of one person's sheet.

Ruled for the pen are blanks of identity, plan and signature. What a register or a record would have to say
(registration, insurance, services, placement, subsidies) prints 未填, — or 无 and leaves no room to write.
"""

from __future__ import annotations

from collections.abc import Sequence

from jobdesk.host.strings import text
from jobdesk.reports.fonts import HEI, width
from jobdesk.reports.furniture import Signer, signatures
from jobdesk.reports.grid import (
    BASE,
    PAD,
    VALUE,
    Cell,
    Geometry,
    Row,
    Section,
    centred,
    pairs,
    table_head,
    table_row,
)
from jobdesk.reports.month_data import Counting, Graduate, PersonSheet, Plan, Service, Signing
from jobdesk.reports.page import MM, Paper
from jobdesk.reports.step_boxes import step_rows

CATEGORY_EDGES = (0, 7, 12, 16, 19, 24)
MEASURE_EDGES = (0, 2, 14, 17, 20, 24)
SERVICE_EDGES = (0, 2, 4.5, 6.25, 16, 22, 24)
SUBSIDY_EDGES = (0, 7, 13, 17, 24)
BLANK_MEASURES = 3


def _t(key: str) -> str:
    return text(f"paper.sheet.{key}")


def person_sections(
    geo: Geometry, sheet: PersonSheet, barriers: Sequence[str], own_signature: bool
) -> list[Section]:
    """The seven sections of a sheet, in order."""
    return [
        _basics(geo, sheet),
        _recognition(geo, sheet),
        plan_section(geo, sheet.plan, barriers, _t("plan"), "" if sheet.plan_asked else _t("plan_not_asked")),
        _services(geo, sheet),
        _steps(geo, sheet),
        _placement(geo, sheet),
        _contact(geo, sheet, own_signature),
    ]


def _basics(geo: Geometry, sheet: PersonSheet) -> Section:
    gap = text("paper.not_filled")
    rows = [
        identity_row(geo, sheet),
        pairs(
            geo,
            (0, 3, 8, _t("phone"), sheet.phone),
            (8, 11, 16, _t("education"), sheet.education),
            (16, 19, 24, _t("registration"), sheet.registration or gap),
        ),
        pairs(geo, (0, 3, 16, _t("hukou"), sheet.hukou), (16, 19, 24, _t("hukou_kind"), sheet.hukou_kind)),
        pairs(
            geo,
            (0, 3, 16, _t("address"), sheet.address),
            (16, 19, 24, _t("insured_at"), sheet.insured_at or gap),
        ),
    ]
    if sheet.graduate:
        rows.append(graduate_row(geo, sheet.graduate))
    note = text("paper.sheet.missing", count=sheet.missing) if sheet.missing else ""
    return Section(_t("basics"), rows, note)


def identity_row(geo: Geometry, sheet: PersonSheet) -> Row:
    """Name, sex, age (or, unmasked, the birth date) and ID number."""
    if sheet.birth:
        edges, label, value = (8, 9.6, 10.8, 13), _t("birth"), sheet.birth
    else:
        years = text("paper.sheet.years", age=sheet.age) if sheet.age is not None else None
        edges, label, value = (8, 10.5, 12, 14), _t("age"), years
    sex, sex_value, third, third_value = edges
    cells = [
        Cell(geo, 0, 3, _t("name"), "label"),
        Cell(geo, 3, sex, sheet.name, size=11),
        Cell(geo, sex, sex_value, _t("sex"), "head"),
        Cell(geo, sex_value, third, sheet.sex, align="c"),
        Cell(geo, third, third_value, label, "head"),
        Cell(geo, third_value, 16, value, align="c", fit=True),
        Cell(geo, 16, 19, _t("id_number"), "label"),
        Cell(geo, 19, 24, sheet.id_number, fit=True),
    ]
    return Row(cells)


def graduate_row(geo: Geometry, graduate: Graduate) -> Row:
    """School, subject and date of graduation."""
    return pairs(
        geo,
        (0, 3, 8, _t("school"), graduate.school),
        (8, 11, 16, _t("major"), graduate.major),
        (16, 19, 24, _t("graduated"), graduate.graduated),
    )


def _recognition(geo: Geometry, sheet: PersonSheet) -> Section:
    dash = text("paper.nothing")
    heads = [_t(k) for k in ("category", "state", "authority", "decided_on", "document")]
    rows = [
        table_row(
            geo,
            CATEGORY_EDGES,
            (c.name, c.state, c.authority or dash, c.decided_on or dash, c.document or dash),
            "lcccc",
            9,
        )
        for c in sheet.categories
    ]
    if not rows:
        return Section(_t("recognition"), [centred(geo, _t("no_category"))], _t("recognition_note"))
    return Section(_t("recognition"), rows, _t("recognition_note"), table_head(geo, CATEGORY_EDGES, heads))


def plan_section(
    geo: Geometry, plan: Plan | None, barriers: Sequence[str], title: str, unasked: str = ""
) -> Section:
    """一人一策. Without a plan every line is ruled, unless the person's category does not ask for one."""
    if plan is None and unasked:
        return Section(title, [centred(geo, unasked)])
    shown = plan or Plan(_t("plan_none"))
    rows = [
        pairs(geo, (0, 3, 24, _t("analysis"), shown.analysis)),
        tick_row(geo, _t("barriers"), barriers, shown.barriers, shown.barrier_note),
        pairs(geo, (0, 3, 12, _t("intention"), shown.intention), (12, 15, 24, _t("goal"), shown.goal)),
        pairs(geo, (0, 3, 12, _t("promise"), shown.promise), (12, 15, 24, _t("statement"), shown.statement)),
        table_head(
            geo, MEASURE_EDGES, [_t(k) for k in ("number", "measure", "owner", "due", "measure_state")]
        ),
    ]
    dash = text("paper.nothing")
    for place, m in enumerate(shown.measures, 1):
        values = (str(place), m.what, m.owner, m.due, m.state or dash)
        rows.append(table_row(geo, MEASURE_EDGES, values, "clccc", 9))
    if not shown.measures:
        rows += [
            table_row(geo, MEASURE_EDGES, (str(k + 1), None, None, None, dash), "clccc")
            for k in range(BLANK_MEASURES)
        ]
    return Section(title, rows, shown.note)


def tick_row(geo: Geometry, label: str, options: Sequence[str], chosen: Sequence[str], other: str) -> Row:
    """Tick boxes beside a label; the free words after them go to lines of their own where they need to."""
    side = 2.7 * MM
    x0, end = geo.x(3) + PAD, geo.x(geo.units) - PAD
    places: list[tuple[float, int, str]] = []
    x, line = x0, 0
    for option in options:
        wide = side + 1.2 * MM + width(option, HEI, VALUE)
        if x + wide > end:
            x, line = x0, line + 1
        places.append((x, line, option))
        x += wide + 4.2 * MM
    own_line = bool(other) and x + width(other, HEI, VALUE) > end
    extra = Cell(geo, 3, geo.units, other) if own_line else None
    lead = 5.6 * MM
    ticks = (line + 1) * lead

    def paint(paper: Paper, geo: Geometry, y: float, height: float) -> None:
        words = len(extra.lines) * VALUE * 1.36 if extra else 0.0
        first = y - (height - ticks - words) / 2 - lead / 2
        for at, row, option in places:
            middle = first - row * lead
            paper.tick(at, middle - side / 2, side, option in chosen)
            paper.text(at + side + 1.2 * MM, middle - VALUE * BASE, option, HEI, VALUE)
        if extra:
            extra.draw(paper, geo, first - line * lead - lead / 2, words)
        elif other:
            paper.text(x, first - line * lead - VALUE * BASE, other, HEI, VALUE)

    least = ticks + (len(extra.lines) * VALUE * 1.36 + 1.6 * MM if extra else 0) if line or extra else 0.0
    return Row([Cell(geo, 0, 3, label, "label"), Cell(geo, 3, geo.units, "")], least, paint)


def _services(geo: Geometry, sheet: PersonSheet) -> Section:
    heads = table_head(
        geo,
        SERVICE_EDGES,
        [_t(f"service_{k}") for k in ("day", "kind", "channel", "content", "outcome", "staff")],
    )
    counted = text(
        "paper.sheet.service_counts",
        services=sheet.count(Counting.SERVICE),
        visits=sheet.count(Counting.FOLLOW_UP),
    )
    notes = [counted]
    if tries := sheet.count(Counting.ATTEMPT):
        notes.append(text("paper.sheet.service_attempts", count=tries))
    if sheet.service_note:
        notes.append(sheet.service_note)
    rows = [_service_row(geo, s) for s in sheet.services]
    if not rows:
        rows = [centred(geo, _t("services_none"))]
    return Section(_t("services"), rows, "　·　".join(notes), heads)


def _service_row(geo: Geometry, s: Service) -> Row:
    told = [s.content or text("paper.nothing")]
    if s.source:
        told.append(text("paper.sheet.source", source=s.source))
    if s.late:
        told.append(text("paper.sheet.late_reason", reason=s.late))
    day = s.day if s.late is None else f"{s.day}\n{_t('late')}"
    content = "\n".join(told)
    values = (day, s.kind, s.channel, content, s.outcome or text("paper.nothing"), s.staff)
    return table_row(geo, SERVICE_EDGES, values, "ccclcc" if not s.outcome else "cccllc", 9)


def _steps(geo: Geometry, sheet: PersonSheet) -> Section:
    if sheet.steps is None:
        return Section(_t("steps_none_title"), [centred(geo, _t("steps_none"))])
    rows = step_rows(sheet.steps)
    if sheet.steps.outside:
        rows.append(centred(geo, text("paper.sheet.outside", reason=sheet.steps.outside)))
    return Section(_t("steps"), rows, sheet.steps.note)


def _placement(geo: Geometry, sheet: PersonSheet) -> Section:
    p, dash = sheet.placement, text("paper.nothing")
    kind = (p.kind if p else None) or text("paper.not_filled")
    if p and p.kind and not p.verified:
        kind += _t("unverified")
    rows = [
        pairs(
            geo,
            (0, 3, 8, _t("placement_kind"), kind),
            (8, 11, 16, _t("placement_since"), (p and p.since) or dash),
            (16, 19, 24, _t("placement_place"), (p and p.place) or dash),
        ),
        pairs(
            geo,
            (0, 3, 8, _t("employer"), (p and p.employer) or dash),
            (8, 11, 16, _t("post"), (p and p.post) or dash),
            (16, 19, 24, _t("term"), (p and p.term) or dash),
        ),
    ]
    if sheet.subsidies:
        heads = [_t(k) for k in ("subsidy", "subsidy_span", "subsidy_used", "subsidy_state")]
        rows.append(table_head(geo, SUBSIDY_EDGES, heads))
        rows += [
            table_row(geo, SUBSIDY_EDGES, (s.name, s.span, s.used, s.state), "lccl", 9)
            for s in sheet.subsidies
        ]
    else:
        rows.append(centred(geo, _t("subsidies_none")))
    return Section(_t("placement"), rows, _t("placement_note"), keep=True)


def _contact(geo: Geometry, sheet: PersonSheet, own_signature: bool) -> Section:
    c, dash = sheet.contact, text("paper.nothing")
    rows = [
        pairs(
            geo,
            (0, 3, 8, _t("contact_day"), (c and c.day) or dash),
            (8, 11, 16, _t("contact_channel"), (c and c.channel) or dash),
            (16, 19, 24, _t("contact_staff"), (c and c.staff) or dash),
        ),
        pairs(geo, (0, 3, 24, _t("contact_reason"), (c and c.reason) or dash)),
        pairs(geo, (0, 3, 24, _t("summary"), sheet.summary or dash)),
        signatures(signers(sheet, own_signature)),
    ]
    note = {Signing.PHONE_ONLY: "contact_note_phone", Signing.NO_SERVICE: "contact_note_none"}.get(
        sheet.signing, "contact_note" if own_signature else "contact_note_off"
    )
    return Section(_t("contact"), rows, _t(note), keep=True, joined=True)


def signers(sheet: PersonSheet, own_signature: bool) -> list[Signer]:
    """The blocks of the last row; a month without meeting the person leaves them no line to sign on."""
    said = {Signing.PHONE_ONLY: "said_phone", Signing.NO_SERVICE: "said_none"}.get(sheet.signing)
    found = [Signer(text(f"paper.signer_{who}")) for who in ("staff", "head", "above")]
    if said:
        found.insert(0, Signer(text("paper.signer_person"), _t(said), sheet.signing_lines))
    elif own_signature:
        found.insert(0, Signer(text("paper.signer_person")))
    return found
