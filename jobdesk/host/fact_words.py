"""What rules read and compare, in words: for 查看依据 on screen, and for papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from jobdesk.cases.basis import Checked
from jobdesk.cases.partial_date import PartialDate
from jobdesk.cases.policy_matching import Lack
from jobdesk.cases.rules.engine import shown_wanted
from jobdesk.cases.rules.pack import Entry, PackSet
from jobdesk.cases.rules.terms import FIGURE, All, AnyOf, Compare, Not, Op, RuleRef, Term
from jobdesk.cases.rules.vocabulary import TABLES
from jobdesk.host import code_lists
from jobdesk.host.strings import has, text

RULE = "rule:"
PROOF = "proof:"
Days = Callable[[str], str]


def fact_name(name: str) -> str:
    """What a fact is called; a fact of a later program by its own name."""
    key = f"fact.{name}"
    return text(key) if has(key) else name


def lack_words(lack: Lack, *, on_screen: bool = True) -> str:
    """What stands between a person and a policy: 签订劳动合同（未填）, 先注销失业登记, 灵活就业（未核实）.

    Paper says less: it does not tell the person what the station has not filled in.
    """
    if lack.unwanted:
        key = f"lack_no.{lack.fact}"
        return text(key) if has(key) else text("lack_no.other", name=fact_name(lack.fact))
    name = text("policies.lack_rule") if ":" in lack.fact else fact_name(lack.fact)
    if on_screen and lack.missing:
        how = "unchecked" if lack.unchecked else "heard" if lack.heard else "missing"
        return text(f"policies.lack_{how}", name=name)
    return name


def value_words(name: str, shown: str, day: Days) -> str:
    """The value of a fact as a person reads it: codes by their lists, 是／否, dates, bounds.

    Restricted codes (刑满释放, 戒毒康复) stay hidden. Empty is 未填.
    """
    if not shown:
        return text("checked.blank")
    table = TABLES.get(name)
    if table:
        return "、".join(_code(table, code) for code in shown.split(",")) or text("checked.none")
    if shown in ("yes", "no"):
        return text(f"checked.{shown}")
    low, dots, high = shown.partition("..")
    if dots and low.lstrip("-").isdecimal() and high.lstrip("-").isdecimal():
        return text("checked.between", low=low, high=high)
    partial = PartialDate.parse(shown) if len(shown) >= 7 else None
    return day(shown) if partial is not None else shown


def condition_words(checked: Checked, day: Days) -> str:
    """条件（不少于 16）成立."""
    if checked.wanted.startswith(FIGURE):
        wanted = text("checked.no_figure")
    else:
        wanted = value_words(checked.name, checked.wanted, day)
    if checked.op == Op.KNOWN.value:
        what = text("checked.is_known" if checked.wanted == "yes" else "checked.is_blank")
    elif checked.op == Op.IS.value and checked.wanted in ("yes", "no"):
        what = text("checked.flag", value=wanted)
    else:
        what = text("checked.compared", op=text(f"op.{checked.op}"), value=wanted)
    return text(f"checked.condition_{checked.outcome}", what=what)


def missing_words(name: str) -> str:
    """What is missing: a fact, or a rule or figure that nothing says for the day."""
    if name.startswith(RULE):
        return text("checked.no_rule", key=name.removeprefix(RULE))
    if name.startswith(FIGURE):
        return text("checked.no_figure_of", key=name.removeprefix(FIGURE))
    if name.startswith(PROOF):
        return text("checked.to_prove", field=text(f"field.case.{name.removeprefix(PROOF)}"))
    return fact_name(name)


def _code(table: str, code: str) -> str:
    found = code_lists.table(table)
    return text("checked.hidden") if found.is_restricted(code) else found.name_of(code)


def term_words(term: Term, packs: PackSet, on: date, day: Days) -> str:
    """A test in words: （年龄（周岁）不少于 16 个 且 …）; figures as they are on the day."""
    match term:
        case All(parts):
            return text("term.all", parts=text("term.and").join(term_words(p, packs, on, day) for p in parts))
        case AnyOf(parts):
            return text("term.any", parts=text("term.or").join(term_words(p, packs, on, day) for p in parts))
        case Not(part):
            return text("term.not", part=term_words(part, packs, on, day))
        case RuleRef(key):
            return text("term.rule", key=key)
        case Compare(fact, op, wanted):
            name = fact_name(fact)
            if op is Op.KNOWN:
                return text("term.is_known" if wanted else "term.is_blank", fact=name)
            if isinstance(wanted, str) and wanted.startswith(FIGURE):
                figure = packs.figure(wanted.removeprefix(FIGURE), on)
                said = figure_words(figure) if figure else missing_words(wanted)
            else:
                said = value_words(fact, shown_wanted(wanted), day)
            if isinstance(wanted, bool):
                return text("term.flag", fact=name, value=said)
            return text("term.compared", fact=name, op=text(f"op.{op.value}"), value=said)


def figure_words(figure: Entry) -> str:
    """6 个月."""
    return f"{figure.value} {text(f'rules.unit.{figure.unit}')}".strip()
