"""How policies, amounts and months are said on screen. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jobdesk.cases.id_number import age_on
from jobdesk.cases.partial_date import PartialDate, exact_day
from jobdesk.cases.policy_matching import Match, Standing
from jobdesk.cases.rules.pack import Entry
from jobdesk.cases.rules.policy_cards import Amount, Card
from jobdesk.cases.rules.subsidy_ends import Usage, shown_months
from jobdesk.host import code_lists
from jobdesk.host.fact_words import fact_name, lack_words
from jobdesk.host.strings import text

LOOKS = {Standing.POSSIBLE: "ok", Standing.LACKING: "warn", Standing.NOT: "plain"}


def t(key: str, /, **params: object) -> str:
    """A sentence of 政策."""
    return text(f"policies.{key}", **params)


def mark(status: str) -> str:
    """（待确认）, （自定）, （原规划期已满…）; nothing for what is confirmed."""
    key = {"own": "app.own_figure", "unconfirmed": "app.unconfirmed", "lapsed": "app.lapsed"}.get(status)
    return t("mark", word=text(key)) if key else ""


def day(value: date | str) -> str:
    """2026年7月15日."""
    whole = exact_day(value) if isinstance(value, str) else value
    if whole is None:
        return str(value)
    return t("day", year=whole.year, month=whole.month, day=whole.day)


def applicants(card: Card) -> str:
    """个人、单位."""
    return "、".join(t(f"applicant_{a}") for a in card.applicants)


def lacks(one: Match) -> str:
    """还缺：创业意愿（未填）、签订劳动合同."""
    said = [lack_words(lack) for lack in one.lacks]
    return t("lacks", what="、".join(said)) if said else ""


def lack_name(fact: str) -> str:
    """A fact, or a rule that nothing says for the day."""
    return t("lack_rule") if ":" in fact else fact_name(fact)


def since(entry: Entry) -> str:
    """2022年4月29日起; 2015年起 where a document gives its year only (施行日未见)."""
    start = entry.valid_from
    if (start.month, start.day) == (1, 1):
        return t("since_year", year=start.year)
    return t("since", day=day(start))


def term(entry: Entry | None, on: date) -> str:
    """A rule of a card in its words, with document, clause and mark."""
    if entry is None:
        return ""
    said = f"{entry.source.document} {entry.source.clause}"
    return t("term", sentence=entry.sentence or t("lack_rule"), by=said) + mark(entry.status_on(on))


def amount_lines(found: Sequence[Amount], on: date) -> list[str]:
    """Every figure with document, day and mark; what is not known is said, with what stood before."""
    lines: list[str] = []
    for one in found:
        if one.now is not None:
            source = one.now.source
            begun = since(one.now)
            by = (
                t("by_own", since=begun)
                if source.document == "jobdesk"
                else (t("by", document=source.document, since=begun))
            )
            lines.append(one.now.sentence + by + mark(one.now.status_on(on)))
        elif one.gap is not None:
            before = ""
            if one.before is not None:
                last = day(one.before.valid_to) if one.before.valid_to is not None else ""
                before = t("before", sentence=one.before.sentence, until=last)
            lines.append(one.gap.sentence + before)
    return lines


def family(usage: Usage) -> str:
    """社保补贴, 岗位补贴."""
    return t(f"family_{usage.family}")


def months(usage: Usage) -> str:
    """已享 14 个月，上限 36 个月."""
    used = shown_months(usage.months)
    if usage.limit is None:
        return t("months_no_limit", used=used)
    if usage.ended_by == "retirement":
        return t("months_to_retirement", used=used)
    return t("months_of", used=used, limit=usage.limit, left=usage.left)


def end(usage: Usage) -> str:
    """预计 2026年12月31日 期满（按最长期限）."""
    if not usage.running:
        return t("not_running")
    if usage.end is None:
        return t("end_unknown")
    first, last = usage.end
    said = day(first) if first == last else t("range", first=day(first), last=day(last))
    return t("end", day=said, by=t(f"ended_by_{usage.ended_by}"))


def retirement_lines(usage: Usage) -> list[str]:
    """Both ages, one line a possible type; nothing where the question does not arise."""
    ext = usage.extension
    if not (ext.asks or ext.claimed or ext.confirmed == "retirement"):
        return []
    table = code_lists.table("retirement_type")
    lines: list[str] = []
    for one in ext.retirements:
        lines.append(t("retires", kind=table.name_of(one.kind), original=_span(one.original),
                       statutory=_span(one.statutory)))  # fmt: skip
    if ext.asks:
        lines.append(
            t("near_answers", original=t(f"near_{ext.by_original}"), statutory=t(f"near_{ext.by_statutory}"))
        )
    return lines


def _span(pair: tuple[date, date]) -> str:
    first, last = pair
    return day(first) if first == last else t("range", first=day(first), last=day(last))


def about(sex: str, birth: str, today: date) -> str:
    """女 24 岁; what is not known is left out."""
    said = [code_lists.table("sex").name_of(sex)] if sex in ("1", "2") else []
    born = PartialDate.parse(birth) if birth else None
    if born is not None and born.month is not None:
        said.append(t("age", age=age_on(born.last, today)))
    return " ".join(said)


def policy_names(codes: Sequence[str]) -> str:
    """Names of policies by their codes."""
    table = code_lists.table("policy")
    return "、".join(table.name_of(c) for c in codes)
