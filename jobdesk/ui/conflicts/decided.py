"""What was decided, in the same form; and the same as lines of the printed log. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from jobdesk.cases import schema
from jobdesk.cases.ops import Json, Subject
from jobdesk.cases.settling import KEPT, THIRD, TOOK
from jobdesk.services.conflict_log import Decision, Decisions
from jobdesk.ui.case_words import is_veiled, label, record_name
from jobdesk.ui.conflicts.deeds import Deed
from jobdesk.ui.conflicts.question import QuestionCard, VersionCard, key_of
from jobdesk.ui.conflicts.saying import Saying, sentence, t
from jobdesk.ui.conflicts.state import Item, mark_of, name_of


def item_of_decision(one: Decision, saying: Saying) -> Item:
    """A line of 已处理."""
    mark = t("undone") if one.undone else t("crossed_mark") if one.crossed else ""
    together = t("together", count=one.together) if one.together > 1 else ""
    return Item(
        one.op_id, name_of(one.subject, one.who), mark, together,
        t("decided_what", field=_decided_field(one), how=how_of(one, saying)),
        saying.who(one.by, one.replica), saying.moment(one.at_ms),
    )  # fmt: skip


def _decided_field(one: Decision) -> str:
    if not one.field:
        return record_name(one.record[0])
    name = label(one.record[0], one.field)
    return name if one.record[0] in schema.CHILDREN else f"{record_name(one.record[0])}{name}"


def how_of(one: Decision, saying: Saying) -> str:
    """How it was decided, in words: 保留原显示的, 改用郑立群的, 另填, 都不用，留空白."""
    if not one.field:
        return t("how_kept_record" if one.how == KEPT else "how_removed")
    if one.how == TOOK:
        taken = next((v for v in one.versions if _same(v.value, one.value)), None)
        if taken is not None:
            return t("how_took", who=saying.who(taken.actor, taken.replica))
    if keeps_a_blank(one):
        return t("keep_blank")
    return t({KEPT: "how_kept", THIRD: "how_third"}.get(one.how, "how_other"))


def keeps_a_blank(one: Decision) -> bool:
    """A blank that none of the versions is was kept: nobody's, and called as its button was."""
    blank = one.value in (None, "") and all(v.value not in (None, "") for v in one.versions)
    return bool(one.field) and one.how == KEPT and blank


def _same(one: Json, other: Json) -> bool:
    return type(one) is type(other) and one == other


def card_of_decision(one: Decision, saying: Saying, *, above: bool) -> QuestionCard:
    """A decision in the same form: what stood beside each other, and what holds since.

    Args:
        above: this desk stands over stations and may take back what was decided above.
    """
    title, chosen = _decided_field(one), t("chosen_then" if one.undone else "chosen")
    versions = [
        VersionCard(
            saying.who_full(v.actor, v.replica),
            saying.value(one.record, one.field, v.value) if one.field else t("taken_back"),
            f"{saying.moment(v.at_ms)} · {saying.place(v.replica)}",
            chosen if one.field and _same(v.value, one.value) else t("other"),
            bool(one.field) and _same(v.value, one.value),
        )
        for v in one.versions
    ]  # fmt: skip
    if one.field and not any(v.on for v in versions):
        versions.insert(0, VersionCard(
            saying.who_full(one.by, one.replica) if one.how == THIRD else t("before"),
            saying.value(one.record, one.field, one.value),
            t("how_third") if one.how == THIRD else t("keep_blank" if keeps_a_blank(one) else "how_kept"),
            chosen, True,
        ))  # fmt: skip
    if one.undone:  # it does not hold any more: nothing stands out
        versions = [replace(v, on=False) for v in versions]
    said = sentence(
        "decided_sentence", title=title, who=saying.who(one.by, one.replica), when=saying.moment(one.at_ms),
        place=saying.place(one.replica, short=True), how=how_of(one, saying),
        value=saying.value(one.record, one.field, one.value) if one.field else "",
        reason=t("say_reason", reason=one.reason) if one.reason else "",
    ) if one.field and not keeps_a_blank(one) else sentence(
        "decided_record", title=title, who=saying.who(one.by, one.replica), when=saying.moment(one.at_ms),
        place=saying.place(one.replica, short=True), how=how_of(one, saying),
        reason=t("say_reason", reason=one.reason) if one.reason else "",
    )  # fmt: skip
    shut = one.above and not above
    deeds = () if one.undone or shut else (Deed("undo", t("undo_one")),)
    if deeds and len(one.standing) > 1:
        deeds = (*deeds, Deed("undo_all", t("undo_all", count=len(one.standing))))
    note = t("undone_note") if one.undone else t("above_note") if shut else crossed_note(one, saying)
    values = (one.value, *(v.value for v in one.versions))
    veiled = any(is_veiled(one.record[0], one.field, v) for v in values)
    return QuestionCard(title, said, tuple(versions), deeds, (), "", note, veiled)


def crossed_note(one: Decision, saying: Saying) -> str:
    """That a colleague had handed it upward, and what taking it back would do; empty where nobody had."""
    if one.crossed is None:
        return ""
    by = saying.who(one.crossed.by, one.crossed.replica)
    return t("crossed_note", by=by, at=saying.moment(one.crossed.at_ms), why=one.crossed.reason)


def crossed_said(one: Decision, saying: Saying) -> str:
    """The whole of it in words, for whoever did not know."""
    if one.crossed is None:  # what was handed upward was called back: nothing crosses any more
        return t("crossed_called_back", name=name_of(one.subject, one.who), field=_decided_field(one))
    said = t(
        "crossed_said", name=name_of(one.subject, one.who), field=_decided_field(one),
        by=saying.who(one.crossed.by, one.crossed.replica), at=saying.moment(one.crossed.at_ms),
        why=one.crossed.reason, who=saying.who(one.by, one.replica), when=saying.moment(one.at_ms),
        place=saying.place(one.replica, short=True), how=how_of(one, saying),
    )  # fmt: skip
    return said + (t("crossed_stands") if not one.undone else _since_undone(one, saying))


def _since_undone(one: Decision, saying: Saying) -> str:
    """What the question that was handed upward waits for, or who has answered it since."""
    if one.waits:
        return t("crossed_undone")
    if one.later is None:
        return t("crossed_over")
    who = saying.who(one.later.by, one.later.replica)
    return t("crossed_answered", who=who, when=saying.moment(one.later.at_ms))


def gone_words(
    card: QuestionCard, asked: Sequence[QuestionCard], decided: Decisions | None, subject: Subject,
    saying: Saying,
) -> str:  # fmt: skip
    """What became of a question while somebody was typing about it, by whom where that is known.

    Args:
        asked: all questions of this person that are open still, handed upward or not.
    """
    now = next((c for c in asked if key_of(c) == key_of(card)), None)
    if now is not None and now.handed:
        return t("gone_handed", handed=now.handed) + t("gone_then")
    one = _answer_of(card, decided, subject)
    if one is None:
        return t("gone_somehow") + t("gone_then")
    return t(
        "gone_by", who=saying.who(one.by, one.replica), when=saying.moment(one.at_ms),
        place=saying.place(one.replica, short=True), how=how_of(one, saying),
    ) + t("gone_then")  # fmt: skip


def _answer_of(card: QuestionCard, decided: Decisions | None, subject: Subject) -> Decision | None:
    """The decision in force that came after everything the card knew."""
    if card.question is None or decided is None:
        return None
    one = card.question.difference
    return next(
        (d for d in decided.lines if (d.subject, d.record, d.field) == (subject, one.record, one.field)
         and not d.undone and (not one.versions or d.at_ms >= one.newest.ms)),
        None,
    )  # fmt: skip


def decided_groups(lines: Sequence[Decision], saying: Saying) -> list[tuple[str, list[list[str]]]]:
    """For paper: days, newest first, each with its rows (person, item, versions, result, who and when)."""
    groups: list[tuple[str, list[list[str]]]] = []
    for one in lines:
        day = saying.day(one.at_ms)
        if not groups or groups[-1][0] != day:
            groups.append((day, []))
        versions = [
            t("paper_version", who=saying.name(v.actor, v.replica), when=saying.moment(v.at_ms),
              place=saying.place(v.replica, short=True),
              value=saying.value(one.record, one.field, v.value) if one.field else t("taken_back"))
            for v in one.versions
        ]  # fmt: skip
        result = how_of(one, saying)
        if one.field and not keeps_a_blank(one):
            result = t("paper_result", how=result, value=saying.value(one.record, one.field, one.value))
        extra = [one.reason] if one.reason else []
        if one.crossed is not None:
            extra.append(t("crossed_paper", by=saying.name(one.crossed.by, one.crossed.replica),
                           at=saying.moment(one.crossed.at_ms)))  # fmt: skip
        if one.undone:
            extra.append(t("undone_note"))
        groups[-1][1].append([
            "\n".join(w for w in (name_of(one.subject, one.who), mark_of(one.who, saying.today)) if w),
            _decided_field(one), "\n".join(versions),
            "\n".join([result, *extra]),
            "\n".join((saying.name(one.by, one.replica), saying.moment(one.at_ms),
                       saying.place(one.replica, short=True))),
        ])  # fmt: skip
    return groups
