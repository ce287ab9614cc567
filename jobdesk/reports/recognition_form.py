"""就业困难人员申请认定表 (自拟版式: the provincial layout is not known), opinions to be signed."""

from __future__ import annotations

from dataclasses import replace

from jobdesk.cases.clock import Clock
from jobdesk.host.strings import text
from jobdesk.reports.furniture import Printed, Signer, signatures
from jobdesk.reports.grid import PORTRAIT, Cell, Geometry, Row, Section, centred, pairs, table_head, table_row
from jobdesk.reports.month_data import PersonSheet, masked
from jobdesk.reports.month_pdf import Sheet, best_pages, draw_pages
from jobdesk.reports.month_sheet import graduate_row
from jobdesk.reports.notices import identity_rows
from jobdesk.reports.page import MM, Paper
from jobdesk.reports.recognition_data import ClaimPaper, day_words

EDGES = (0, 4, 10, 14, 19, 24)
TICKED, OPEN = "√", "□"


def _t(key: str, **params: object) -> str:
    return text(f"paper.claim.{key}", **params)


def form_pdf(person: PersonSheet, claim: ClaimPaper, printed: Printed, clock: Clock, mask: bool) -> bytes:
    """The form with what is known; opinions that nobody has written are ruled for the pen."""
    geo, title = PORTRAIT, _t("form_title")
    shown = masked(person) if mask else person
    sections = [
        Section(_t("form_basics"), _basics(geo, shown, claim)),
        Section(_t("form_category"), _categories(geo, claim), _t("form_category_note")),
        Section(_t("form_application"), [
            Row([Cell(geo, 0, geo.units, _t("form_apply_words"))], least=9 * MM),
            signatures([Signer(_t("sign_person"))], 17 * MM),
        ], keep=True),
        _looked(geo, claim),
        _opinion(geo, "form_station", claim.text("station_opinion") or None, ("sign_checker", "sign_head")),
        _opinion(geo, "form_street", None, ("sign_staff", "sign_head")),
        _opinion(geo, "form_county", _decision(claim), ("sign_county",), _t("form_county_note")),
    ]  # fmt: skip
    paper = Paper(title, printed.unit, clock, printed.watermark)
    own = replace(printed, notice=text("paper.masked" if mask else "paper.unmasked"))
    number = text("paper.file_no", number=person.file_no)
    receipt = _t("filed", number=claim.text("receipt_no")) if claim.text("receipt_no") else number
    head = Sheet(title, printed.unit, "", receipt, (person.name, person.file_no), _t("own_form"))
    draw_pages(paper, geo, best_pages(geo, sections), own, head)
    return paper.data()


def _basics(geo: Geometry, person: PersonSheet, claim: ClaimPaper) -> list[Row]:
    s = "paper.sheet."
    rows = [
        *identity_rows(geo, person),
        pairs(geo, (0, 3, 16, text(s + "hukou"), person.hukou),
              (16, 19, 24, text(s + "hukou_kind"), person.hukou_kind)),
        pairs(
            geo, (0, 3, 8, text(s + "education"), person.education),
            (8, 11, 16, _t("registration"), claim.registration or None),
            (16, 19, 24, _t("work_capacity"), claim.work_capacity or None),
        ),
        pairs(geo, (0, 3, 12, _t("certificate"), claim.certificate or None),
              (12, 15, 24, _t("form_applied"), day_words(claim.text("applied_on")))),
    ]  # fmt: skip
    if person.graduate:
        rows.append(graduate_row(geo, person.graduate))
    return rows


def _categories(geo: Geometry, claim: ClaimPaper) -> list[Row]:
    words = [f"{TICKED if on else OPEN} {name}" for name, on in claim.categories]
    rows: list[Row] = []
    for k in range(0, len(words), 3):
        three = words[k : k + 3]
        cells = [Cell(geo, n * 8, (n + 1) * 8, word) for n, word in enumerate(three)]
        rows.append(Row(cells, dividers=False))
    return rows


def _looked(geo: Geometry, claim: ClaimPaper) -> Section:
    heads = [_t(f"looked_{k}") for k in ("kind", "system", "on", "result", "who")]
    rows = [
        table_row(geo, EDGES, (r.kind, r.system or "—", r.on, r.result, r.who or "—"), "clccc", 9)
        for r in claim.looked
    ]
    if not rows:
        return Section(_t("form_looked"), [centred(geo, _t("form_looked_none"))])
    return Section(_t("form_looked"), rows, head=table_head(geo, EDGES, heads))


def _decision(claim: ClaimPaper) -> str | None:
    """What the county decided, as transcribed; None leaves the room to the county's pen."""
    if claim.text("state") not in ("recognised", "review", "refused", "appealed", "exited"):
        return None
    state = text("claim.act.refuse") if claim.text("refusal_reason") else text("claim.act.recognise")
    parts = (state, claim.text("decided_by"), day_words(claim.text("decided_on")), claim.text("decision_no"),
             claim.text("refusal_reason"))  # fmt: skip
    return "　".join(p for p in parts if p)


def _opinion(
    geo: Geometry, title: str, words: str | None, signers: tuple[str, ...], note: str = ""
) -> Section:
    return Section(
        _t(title),
        [
            Row([Cell(geo, 0, 3, _t("opinion"), "label"), Cell(geo, 3, geo.units, words)], least=10 * MM),
            signatures([Signer(_t(s)) for s in signers], 17 * MM),
        ],
        note,
        keep=True,
    )
