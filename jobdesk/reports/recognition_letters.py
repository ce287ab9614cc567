"""Papers in words: 承诺书, 受理回执, 补正, 不予认定, 退出; and 公示, which shows nothing sensitive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jobdesk.cases.clock import Clock
from jobdesk.cases.errors import Refused
from jobdesk.host.strings import text
from jobdesk.reports.fonts import SONG
from jobdesk.reports.furniture import Printed, Signer, signatures
from jobdesk.reports.grid import PORTRAIT, Cell, Row, Section
from jobdesk.reports.month_data import PersonSheet, masked
from jobdesk.reports.month_pdf import Sheet, best_pages, draw_pages
from jobdesk.reports.notices import identity_rows
from jobdesk.reports.page import MM, Paper
from jobdesk.reports.recognition_data import ClaimPaper, day_words

BODY = 10.5
_WALL, _WALL_LABEL = 14.0, 11.0
"""What hangs on a wall is read standing."""


def _t(key: str, **params: object) -> str:
    return text(f"paper.claim.{key}", **params)


def promise_pdf(person: PersonSheet, _claim: ClaimPaper, printed: Printed, clock: Clock, mask: bool) -> bytes:
    """承诺书, for the person's signature."""
    lines = [_t(f"promise_{n}", name=person.name, unit=printed.unit) for n in range(1, 9)]
    return _letter("promise", person, lines, ("sign_person", "sign_staff"), printed, clock, mask)


def receipt_pdf(person: PersonSheet, claim: ClaimPaper, printed: Printed, clock: Clock, mask: bool) -> bytes:
    """受理回执 with its number and the day by which the county decides, as far as a rule says."""
    _want(claim, "accepted_on", "receipt_no")
    lines = [
        _t("to_whom", name=person.name or _t("blank")),
        _t("receipt_1", applied=day_words(claim.text("applied_on")),
           accepted=day_words(claim.text("accepted_on")), number=claim.text("receipt_no")),
        _t("receipt_2"),
        _t("receipt_limit", sentence=claim.limit.sentence, source=claim.limit.source,
           day=day_words(claim.limit.day)) if claim.limit else _t("receipt_no_limit"),
        _t("receipt_3"),
    ]  # fmt: skip
    return _letter(
        "receipt", person, lines, ("sign_unit", "sign_staff", "sign_received"), printed, clock, mask
    )


def supplement_pdf(
    person: PersonSheet, claim: ClaimPaper, printed: Printed, clock: Clock, mask: bool
) -> bytes:
    """一次性补正告知书: one list."""
    _want(claim, "supplement_on", "supplement_list")
    lines = [
        _t("to_whom", name=person.name or _t("blank")),
        _t("supplement_1", applied=day_words(claim.text("applied_on"))),
        *listed(claim.text("supplement_list")),
        _t("supplement_2"),
    ]
    return _letter(
        "supplement", person, lines, ("sign_unit", "sign_staff", "sign_received"), printed, clock, mask
    )


def listed(typed: str) -> list[str]:
    """The lines of a list as typed, numbered where nobody did."""
    asked = [line.strip() for line in typed.splitlines() if line.strip()]
    numbered = len(asked) > 1 and not asked[0][0].isdigit()
    return [f"　　{n}. {line}" if numbered else f"　　{line}" for n, line in enumerate(asked, 1)]


def refusal_pdf(person: PersonSheet, claim: ClaimPaper, printed: Printed, clock: Clock, mask: bool) -> bytes:
    """不予认定告知书: who decided, why, and the remedy."""
    _want(claim, "refusal_reason", "decided_on")
    lines = [
        _t("to_whom", name=person.name or _t("blank")),
        _t("refusal_1", applied=day_words(claim.text("applied_on")), by=_known(claim, "decided_by")),
        _t("refusal_2", on=day_words(claim.text("decided_on")), number=_known(claim, "decision_no")),
        _t("refusal_reason", reason=claim.text("refusal_reason")),
        _t("refusal_remedy", remedy=claim.remedy or _t("blank")),
        _t("refusal_3"),
    ]  # fmt: skip
    return _letter(
        "refusal", person, lines, ("sign_unit", "sign_staff", "sign_received"), printed, clock, mask
    )


def exit_pdf(person: PersonSheet, claim: ClaimPaper, printed: Printed, clock: Clock, mask: bool) -> bytes:
    """退出告知书. A restricted or sensitive reason stands in the decision, not here. Of the dead it goes to
    the family, and promises nothing.
    """
    _want(claim, "exited_on", "exit_code")
    dead = claim.text("exit_code") == "dead"
    name, on = person.name or _t("blank"), day_words(claim.text("exited_on"))
    lines = [
        _t("to_whom", name=_t("family_of", name=name) if dead else name),
        _t("exit_of", name=name, on=on) if dead else _t("exit_1", on=on),
        _t("exit_reason", reason=claim.exit_reason or _t("exit_veiled")),
        _t("exit_by", by=_known(claim, "exit_decided_by"), number=_known(claim, "exit_decision_no")),
        *(() if dead else (_t("exit_2"), _t("exit_3"))),
    ]
    received = "sign_family" if dead else "sign_received"
    return _letter("exit", person, lines, ("sign_unit", "sign_staff", received), printed, clock, mask)


@dataclass(frozen=True, slots=True)
class Publicity:
    """What a 公示 may show, and nothing else.

    Attributes:
        names: one a line; of a household the name of who applied.
        phone: of the supervision; ruled for the pen where it is not known.
    """

    matter: str
    names: tuple[tuple[str, str], ...]
    since: str
    until: str
    unit: str
    phone: str | None = None


def publicity_pdf(shown: Publicity, printed: Printed, clock: Clock) -> bytes:
    """公示: 姓名, 社区, 公示事项, 起止日期, 监督电话, 受理机关. No number, phone, address or category."""
    geo, title = PORTRAIT, _t("publicity_title")
    paper = Paper(title, printed.unit, clock, printed.watermark)
    rows = [_paragraphs([_t("publicity_1", matter=shown.matter)], _WALL)]
    rows += [
        _large((0, 4, 12, _t("publicity_name"), name),
               (12, 16, 24, _t("publicity_community"), community or None))
        for name, community in shown.names
    ]  # fmt: skip
    span = _t("publicity_from_to", since=day_words(shown.since), until=day_words(shown.until))
    rows += [
        _large((0, 4, 24, _t("publicity_matter"), shown.matter)),
        _large((0, 4, 24, _t("publicity_span"), span)),
        _large((0, 4, 12, _t("publicity_phone"), shown.phone),
               (12, 16, 24, _t("publicity_unit"), shown.unit)),
    ]  # fmt: skip
    sections = [
        Section("", rows),
        Section("", [signatures([Signer(_t("sign_unit"))], 30 * MM)], keep=True, joined=True),
    ]
    own = replace(printed, notice=_t("publicity_notice"))
    head = Sheet(title, "", "", "", (shown.matter,), _t("own_form"))
    draw_pages(paper, geo, best_pages(geo, sections), own, head)
    return paper.data()


def _large(*items: tuple[float, float, float, str, str | None]) -> Row:
    geo = PORTRAIT
    cells: list[Cell] = []
    for a, mid, b, label, value in items:
        cells += [Cell(geo, a, mid, label, "label", size=_WALL_LABEL), Cell(geo, mid, b, value, size=_WALL)]
    return Row(cells, least=15 * MM)


def person_publicity_pdf(person: PersonSheet, claim: ClaimPaper, printed: Printed, clock: Clock) -> bytes:
    """公示 of one person's application, where a pack asks for it.

    Raises:
        Refused: ``claim_paper_no_publicity`` where none does.
    """
    if not claim.publicity:
        raise Refused("claim_paper_no_publicity")
    return publicity_pdf(
        Publicity(_t("publicity_person"), ((person.name, claim.community),), claim.text("publicity_from"),
                  claim.text("publicity_until"), printed.unit, claim.supervision_phone or None),
        printed, clock,
    )  # fmt: skip


def _known(claim: ClaimPaper, name: str) -> str:
    return claim.text(name) or _t("blank")


def _want(claim: ClaimPaper, *names: str) -> None:
    if not all(claim.text(n) for n in names):
        raise Refused("claim_paper_not_yet")


def _letter(
    kind: str, person: PersonSheet, lines: Sequence[str], signers: Sequence[str], printed: Printed,
    clock: Clock, mask: bool,
) -> bytes:  # fmt: skip
    shown = masked(person) if mask else person
    identity = Section(text("paper.notice.filled"), identity_rows(PORTRAIT, shown))
    number = text("paper.file_no", number=person.file_no)
    own = replace(printed, notice=text("paper.masked" if mask else "paper.unmasked"))
    return letter_pdf(_t(f"{kind}_title"), identity, lines, signers, number, (person.name, person.file_no),
                      own, clock)  # fmt: skip


def letter_pdf(
    title: str, whose: Section, lines: Sequence[str], signers: Sequence[str], number: str,
    named: tuple[str, ...], printed: Printed, clock: Clock,
) -> bytes:  # fmt: skip
    """A letter: whose it is, paragraphs, signatures.

    Args:
        number: at the right of the head. named: what following pages repeat.
        signers: keys of ``paper.claim``.
    """
    paper = Paper(title, printed.unit, clock, printed.watermark)
    sections = [
        whose,
        Section("", [_paragraphs(lines)]),
        Section("", [signatures([Signer(_t(s)) for s in signers], 30 * MM)], keep=True, joined=True),
    ]
    head = Sheet(title, printed.unit, "", number, named, _t("own_form"))
    draw_pages(paper, PORTRAIT, best_pages(PORTRAIT, sections), printed, head)
    return paper.data()


def _paragraphs(lines: Sequence[str], size: float = BODY) -> Row:
    geo = PORTRAIT
    cell = Cell(geo, 0.5, geo.units - 0.5, "\n".join(lines), size=size, face=SONG, lead=1.75)
    return Row([cell], margin=8 * MM)
