"""What the page of rule packs says. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from jobdesk.cases.rules.verdict import Outcome
from jobdesk.host.fact_words import figure_words
from jobdesk.host.fault_words import fault_words
from jobdesk.host.signed_pack import kind_word
from jobdesk.host.strings import has, text
from jobdesk.services.pack_effects import Effects, EntryChange, VerdictChange
from jobdesk.services.policies import CALENDAR, LeftOut, Taken
from jobdesk.services.rule_packs import Offered, PacksHere

MOST_ENTRIES = 12
"""Changed entries that are told one by one (own figure); of the others the number."""


def t(key: str, /, **params: object) -> str:
    """A sentence of this page."""
    return text(f"packs.{key}", **params)


@dataclass(frozen=True, slots=True)
class PackLine:
    """One container in words.

    Attributes:
        in_use: stands behind what is in force now, or should: it can be rolled back.
        usable: False for one that should be in use and cannot be.
    """

    taken: Taken
    title: str
    about: str
    in_use: bool
    usable: bool = True


def lines_of(here: PacksHere, staff: Mapping[str, str]) -> tuple[list[PackLine], list[PackLine]]:
    """What is in use, and what was: replaced, rolled back."""
    newest: dict[tuple[str, str], Taken] = {}
    for one in here.history:
        if not one.rolled_back_on:
            held = newest.get((one.kind, one.name))
            if held is None or held.version < one.version:
                newest[one.kind, one.name] = one
    out = {o.taken.record for o in here.left_out}
    used = {t.record for t in here.now.in_use} | {t.record for t in newest.values() if t.kind == "calendar"}
    used |= out & {t.record for t in newest.values()}
    now = [replace(_line(one, staff, True), usable=one.record not in out)
           for one in here.history if one.record in used]  # fmt: skip
    past = [_line(one, staff, False) for one in here.history if one.record not in used]
    return now, past


def _line(one: Taken, staff: Mapping[str, str], in_use: bool) -> PackLine:
    title = t("line", kind=kind_word(one.kind), name=one.name, version=one.version)
    parts = [one.title, t("line_by", publisher=one.publisher_name)]
    parts.append(t("line_taken", day=one.taken_on, who=staff.get(one.taken_by, "")))
    if one.rolled_back_on:
        parts.append(t("line_rolled_back", day=one.rolled_back_on, reason=one.reason))
    return PackLine(one, title, "　".join(p for p in parts if p), in_use)


def shipped_words(here: PacksHere) -> str:
    """失业登记 2、困难认定 1 …: what is shipped and not replaced, with versions."""
    return "、".join(
        t("shipped_one", title=p.title, version=p.version) for p in here.now.packs.packs if not p.digest
    )


def left_out_words(left: LeftOut) -> tuple[str, str]:
    """That a pack could not be used, and what is in use instead."""
    why = f"packs.why.{left.code}"
    said = t("left_out", kind=kind_word(left.taken.kind), name=left.taken.name, version=left.taken.version,
             why=text(why) if has(why) else left.code)  # fmt: skip
    return said, instead_words(left)


def instead_words(left: LeftOut) -> str:
    """What is in use in its place."""
    if left.taken.kind == CALENDAR:
        return t("instead_guessed")
    if left.instead is None:
        return t("instead_shipped")
    return t("instead_version", version=left.instead.version)


def offer_words(offered: Offered) -> list[tuple[str, str]]:
    """What the file is, as (name, value)."""
    pack = offered.pack
    before = (
        t("offer_none_before")
        if offered.before is None
        else t("offer_version", version=offered.before.version)
    )
    return [
        (t("offer_name"), t("line", kind=kind_word(pack.kind), name=pack.name, version=pack.version)),
        (t("offer_title"), offered.title or t("unknown")),
        (t("offer_publisher"), pack.publisher.name),
        (t("offer_issued"), pack.issued_on.isoformat()),
        (t("offer_before"), before),
    ]


def refusal_words(offered: Offered) -> tuple[str, list[str]]:
    """Why it is refused, and its faults by file and line; empty when it can be taken in."""
    if offered.refusal is None:
        return "", []
    return (
        text(f"error.{offered.refusal.code}", **offered.refusal.params),
        [fault_words(f) for f in offered.faults],
    )


def head_words(effects: Effects) -> str:
    """How many were looked at and how many answers change."""
    if not effects.entries:
        return t("effects_nothing")
    touched = len({c.subject for c in effects.changes})
    head = "effects_ahead" if effects.ahead else "effects_head"
    return t(head, day=effects.day.isoformat(), entries=len(effects.entries), people=effects.people,
             households=effects.households, touched=touched, count=len(effects.changes))  # fmt: skip


def entry_words(change: EntryChange) -> tuple[str, str]:
    """The new sentence, and what it was before."""
    after = change.after.sentence if change.after else t("entry_gone")
    if change.after is not None and change.after.value is not None:
        after = f"{after}（{figure_words(change.after)}）"
    if change.before is None:
        return after, t("entry_new", key=change.key)
    before = change.before.sentence
    if change.before.value is not None:
        before = f"{before}（{figure_words(change.before)}）"
    return after, t("entry_before", before=before)


def count_words(effects: Effects, sentences: Mapping[str, str]) -> list[str]:
    """For each rule how many answers change from what to what."""
    return [
        t("count_line", rule=sentences.get(key, key), before=text(f"outcome.{a.value}"),
          after=text(f"outcome.{b.value}"), count=n)
        for (key, a, b), n in effects.counts().items()
    ]  # fmt: skip


def sentences_of(offered: Offered, effects: Effects) -> dict[str, str]:
    """Rule → its words as they would be."""
    made: dict[str, str] = {}
    for key in effects.judged:
        entry = offered.packs.on(key, effects.day) if offered.packs else None
        made[key] = entry.sentence if entry and entry.sentence else key
    return made


def tone_of(change: VerdictChange) -> str:
    """Who gains stands green, who loses stands red, who becomes open stands amber."""
    return {Outcome.MET: "ok", Outcome.NOT_MET: "bad", Outcome.UNKNOWN: "warn"}[change.after]
