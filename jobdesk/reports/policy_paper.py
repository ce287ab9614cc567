"""政策告知单: the policies one person may ask for, to carry home. A name, no ID number, no category.

It promises nothing: every amount stands with its document and 以经办机构核定为准, and what no document
says is printed as not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from jobdesk.cases.clock import Clock
from jobdesk.cases.policy_matching import Match, Standing
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.rules.policy_cards import Amount, amounts, terms
from jobdesk.host.fact_words import lack_words
from jobdesk.host.strings import text
from jobdesk.reports.furniture import Printed, Signer, signatures
from jobdesk.reports.grid import PORTRAIT, Cell, Row, Section, centred, pairs
from jobdesk.reports.month_data import PersonSheet
from jobdesk.reports.month_pdf import Sheet, best_pages, draw_pages
from jobdesk.reports.page import Paper

_SPLIT = 4
_SHAMING = frozenset({"recognised", "groups", "categories", "disabled", "monthly_income"})
"""Facts whose very name on a paper in somebody's hand tells more than the person may want."""


def _t(key: str, **params: object) -> str:
    return text(f"paper.policy.{key}", **params)


def worth_telling(found: Sequence[Match]) -> list[Match]:
    """What stands on the paper: 可能符合, and what the person is meant by and still lacks something for."""
    return [m for m in found if m.standing is Standing.POSSIBLE or (m.in_circle and m.card.tell == "circle")]


def policy_pdf(
    person: PersonSheet, found: Sequence[Match], packs: PackSet, day: date, printed: Printed, clock: Clock
) -> bytes:
    """The paper of one person; one page says so when there is nothing to tell."""
    geo, title = PORTRAIT, _t("title")
    chosen = worth_telling(found)
    lead = _t("lead", count=len(chosen)) if chosen else _t("lead_nothing")
    sections = [Section("", [Row([Cell(geo, 0, geo.units, lead)])])]
    for number, one in enumerate(chosen, 1):
        heading = f"{number}．{one.card.paper_title}"
        rows = [
            pairs(geo, (0, _SPLIT, geo.units, label, value))
            for label, value in _lines(one, packs, day)
            if value
        ]
        standing = "receiving" if one.receiving else one.standing.value
        sections.append(Section(heading, rows, _t(f"standing_{standing}"), keep=True))
    if not chosen:
        sections.append(Section("", [centred(geo, _t("nothing"))]))
    signers = [Signer(_t("staff")), Signer(_t("phone"), dated=False), Signer(_t("person"))]
    foot = [Row([Cell(geo, 0, geo.units, _t("foot"))]), signatures(signers)]
    sections.append(Section("", foot, keep=True, joined=True))  # nobody signs a page that tells nothing
    paper = Paper(title, printed.unit, clock, printed.watermark)
    own = replace(printed, notice=_t("notice"))
    written = _t("day", day=f"{day.year}年{day.month}月{day.day}日")
    head = Sheet(
        title, printed.unit, _t("name", name=person.name or text("paper.not_filled")),
        written, (person.name, written), _t("own_text"),
    )  # fmt: skip
    draw_pages(paper, geo, best_pages(geo, sections), own, head)
    return paper.data()


def _lines(one: Match, packs: PackSet, day: date) -> list[tuple[str, str]]:
    card = one.card
    rules = terms(card, packs, day)
    status = {"unconfirmed": _t("unconfirmed"), "lapsed": _t("lapsed")}.get(rules.status, "")
    source = card.entry.source
    return [
        (_t("applicant"), "、".join(text(f"policies.applicant_{a}") for a in card.applicants)),
        (_t("needs"), rules.needs.sentence if rules.needs is not None else ""),
        (_t("lacks"), lacks_words(one) if one.standing is Standing.LACKING and not one.receiving else ""),
        (_t("also"), "；".join(card.also)),
        (_t("amounts"), amounts_words(amounts(card, packs, day), day)),
        (_t("papers"), _t("papers_as", papers="、".join(card.papers)) if card.papers else ""),
        (_t("where"), card.where),
        (_t("unknown"), "；".join(card.unknown)),
        (_t("source"), f"{source.document}{status}"),
    ]


def lacks_words(one: Match) -> str:
    """还缺 in words, without what would name a category."""
    names = [lack_words(lack, on_screen=False) for lack in one.lacks if lack.fact not in _SHAMING]
    return "、".join(n for n in names if n) or _t("lacks_talk")


def _by(entry: Entry) -> str:
    start = entry.valid_from
    whole = f"{start.year}年{start.month}月{start.day}日"
    year_only = (start.month, start.day) == (1, 1)
    since = _t("since_year", year=start.year) if year_only else _t("since", day=whole)
    own = entry.source.document == "jobdesk"
    return _t("by_own", since=since) if own else _t("by", document=entry.source.document, since=since)


def amounts_words(found: Sequence[Amount], day: date) -> str:
    """Every figure with its document, its day and its mark; a gap says that it is not known."""
    said: list[str] = []
    for one in found:
        if one.now is not None:
            marks = {"unconfirmed": _t("unconfirmed"), "own": _t("own"), "lapsed": _t("lapsed")}
            said.append(one.now.sentence + _by(one.now) + marks.get(one.now.status_on(day), ""))
        elif one.gap is not None:
            said.append(one.gap.sentence)
    return _t("amounts_as", amounts="；".join(said)) if said else _t("amounts_none")
