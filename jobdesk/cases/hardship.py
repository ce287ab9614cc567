"""就业困难人员: what every category of the packs says of one person on one day. 可申请认定, never 已认定.

A category is *open to apply* when its conditions are met and no ground of 不予认定 is known to hold. What
nobody has looked up (工商, 参保) keeps no one from applying: it is named, and the station looks it up.
"""

from __future__ import annotations

from dataclasses import dataclass

from jobdesk.cases.ops import Json
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.verdict import FactUsed, Outcome, Verdict
from jobdesk.cases.rules.vocabulary import judge, met

PREFIX = "hardship."
REFUSE = "hardship.refuse."
ZERO_MEMBER = "JL4"
"""零就业家庭成员 among the categories: the application names the household."""
_NOT_A_CATEGORY = ("base", "minimum_wage")


@dataclass(frozen=True, slots=True)
class CategoryVerdict:
    """One category.

    Attributes:
        code: of the list ``hardship`` (JL1 …), or of an older version's own category.
        verdict: ``entry`` is None where the version of that day is not known.
    """

    code: str
    verdict: Verdict
    may_apply: bool


@dataclass(frozen=True, slots=True)
class HardshipVerdicts:
    """All of one person on one day; ``grounds`` are those of 不予认定."""

    categories: tuple[CategoryVerdict, ...]
    grounds: tuple[Verdict, ...]

    @property
    def may_apply(self) -> tuple[str, ...]:
        return tuple(c.code for c in self.categories if c.may_apply)

    def of(self, code: str) -> CategoryVerdict | None:
        return next((c for c in self.categories if c.code == code), None)


def category_codes(at: Situation) -> tuple[str, ...]:
    """Categories that the packs of that day know, a declared gap among them."""
    found: list[str] = []
    for key in at.packs.keys(PREFIX):
        name = key.removeprefix(PREFIX)
        if not is_category(key):
            continue
        if any(e.valid_from <= at.day and e.covers(at.day) for e in at.packs.versions(key)):
            found.append(name)
    return tuple(sorted(found))


def is_category(key: str) -> bool:
    """Whether a key of the packs is a category: ``hardship.JL2`` is, ``hardship.JL2.months`` is not."""
    name = key.removeprefix(PREFIX)
    return "." not in name and name not in _NOT_A_CATEGORY


def grounds_of(at: Situation) -> tuple[Verdict, ...]:
    """不予认定 ①–③; ④ (其他情形) is for the county and no rule."""
    return tuple(judge(key, at) for key in _ground_keys(at))


def verdicts(at: Situation) -> HardshipVerdicts:
    """Every category and every ground, with its trace."""
    grounds = grounds_of(at)
    barred = any(g.outcome is Outcome.MET for g in grounds)
    made = tuple(
        CategoryVerdict(code, found, found.outcome is Outcome.MET and not barred)
        for code, found in ((code, judge(PREFIX + code, at)) for code in category_codes(at))
    )
    return HardshipVerdicts(made, grounds)


def open_categories(at: Situation, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Of these categories those open to apply; the bare answer, for lists."""
    found = tuple(code for code in wanted if met(PREFIX + code, at))
    if found and any(met(key, at) for key in _ground_keys(at)):
        return ()
    return found


def _ground_keys(at: Situation) -> list[str]:
    return [
        key
        for key in at.packs.keys(REFUSE)
        if (entry := at.packs.on(key, at.day)) is not None and entry.kind == "rule"
    ]


def snapshot(at: Situation, code: str) -> dict[str, Json]:
    """The verdict and its facts of that day, to be kept with the recognition (初审, 县级决定)."""
    verdict = judge(PREFIX + code, at)
    names = ("kind", "system", "looked_on", "result", "staff", "by_whom")
    looked: list[Json] = [
        {"id": r.id, **{n: r.text(n) for n in names}}
        for r in at.facts.of("verification")
        if r.text("looked_on") and r.text("looked_on") <= at.iso
    ]
    grounds: list[Json] = [kept(g) for g in grounds_of(at)]
    return {
        "on": at.iso, "category": code, "verdict": kept(verdict), "grounds": grounds, "looked": looked,
    }  # fmt: skip


def kept(verdict: Verdict) -> dict[str, Json]:
    """A verdict as JSON: rule, version, source, facts with their values, what was missing."""
    entry = verdict.entry
    out: dict[str, Json] = {
        "rule": verdict.key,
        "outcome": verdict.outcome.value,
        "facts": [_fact(f) for f in verdict.facts],
        "missing": list(verdict.missing),
    }
    if entry is not None:
        out |= {
            "pack": entry.pack,
            "valid_from": entry.valid_from.isoformat(),
            "sentence": entry.sentence,
            "document": entry.source.document,
            "clause": entry.source.clause,
            "status": entry.status_on(verdict.day),
            "figures": {e.key: e.value for e in verdict.figures},
        }
    return out


def _fact(used: FactUsed) -> Json:
    return {
        "name": used.name, "value": used.shown, "op": used.op, "wanted": used.wanted,
        "outcome": used.outcome.value, "unchecked": used.unchecked,
        **({"heard": used.heard} if used.heard else {}),
    }  # fmt: skip


def version_of(at: Situation, code: str) -> str:
    """``hardship@2022-05-01``: the pack's name, its version and since when the rule holds."""
    entry = at.packs.on(PREFIX + code, at.day)
    if entry is None:
        return ""
    pack = next((p for p in at.packs.packs if p.name == entry.pack), None)
    number = f" v{pack.version}" if pack is not None else ""
    return f"{entry.pack}{number} {entry.valid_from.isoformat()}"
