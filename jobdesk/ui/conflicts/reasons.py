"""A question in one sentence: who said what, and why one of it is shown. Pure: no Qt."""

from __future__ import annotations

from jobdesk.cases.differing import Difference, Sort, Why
from jobdesk.cases.state import Head
from jobdesk.services.conflict_board import Question
from jobdesk.ui.conflicts.saying import Piece, Saying, Sentence, mine_first, sentence, t


def sentence_of(question: Question, title: str, saying: Saying) -> Sentence:
    """Who said what, mine first, and why one of it is shown."""
    removal = question.difference.sort is Sort.REMOVAL
    because = sentence("because_worked_on") if removal else _because(question, saying)
    return (*said_of(question, title, saying), *because)


def said_of(question: Question, title: str, saying: Saying) -> Sentence:
    """Who said what, mine first: it stays true when somebody has settled it."""
    one = question.difference
    if one.sort is Sort.REMOVAL:
        return _removal_sentence(question, title, saying)
    verb = one.sort.value if one.sort is not Sort.FIELD else "field" if _had_common(question) else "first"
    pieces: list[Piece] = list(sentence("say_title", title=title))
    for n, head in enumerate(mine_first(saying, one.versions)):
        if n:
            pieces.append(Piece("；"))
        refused = one.why is Why.REFUSED and head is not one.shown_by
        pieces += sentence(
            f"say_{verb}_refused" if refused else f"say_{verb}",
            who=saying.who(head.actor, head.stamp.replica), day=saying.day(head.stamp.ms),
            place=saying.place(head.stamp.replica, short=True),
            value=saying.value(one.record, one.field, head.value),
        )  # fmt: skip
    return tuple(pieces)


def _had_common(question: Question) -> bool:
    return any(p.common for p in question.points)


def _because(question: Question, saying: Saying) -> Sentence:
    one = question.difference
    shown = saying.value(one.record, one.field, one.shown)
    if one.why is Why.LATER and one.shown_by is not None:
        whose, filler = _whose(one, one.shown_by, saying)
        key = "because_later" if one.sort is Sort.FIELD else "because_later_set"
        moments = [saying.moment(v.stamp.ms) for v in one.versions]
        if moments.count(saying.moment(one.shown_by.stamp.ms)) > 1:
            key = f"{key}_same"
        return sentence(key, whose=whose, filler=filler)
    key = f"because_{one.why.value}"
    if one.why is Why.BLANK and (known := [p.head.value for p in question.points if p.common]):
        if len(known) == 1:  # what both knew was a blank
            return sentence("because_before", value=shown)
        said = dict.fromkeys(saying.value(one.record, one.field, v) for v in known)
        return sentence("because_several", values=t("list_dot").join(said))
    return sentence(key, value=shown)


def _whose(one: Difference, head: Head, saying: Saying) -> tuple[str, str]:
    """(您的, 您) or (对方的, 对方) or (郑立群的, 郑立群), as it reads best."""
    actors = [v.actor for v in one.versions]
    if len(set(actors)) == 1:
        return t("the_later"), t("the_later_place", place=saying.place(head.stamp.replica, short=True))
    if head.actor == saying.me and actors.count(saying.me) == 1:
        return t("yours"), t("you")
    if saying.me in actors and len(one.versions) == 2:
        return t("theirs"), t("they")
    name = saying.who(head.actor, head.stamp.replica)
    return t("of_whom", who=name), name


def _removal_sentence(question: Question, title: str, saying: Saying) -> Sentence:
    one = question.difference
    head = one.versions[0]
    origin = question.origins.get(head.op_id)
    work = [p.head for p in question.points if not p.common and p.head not in one.versions]
    worker = work[-1] if work else None
    pieces: list[Piece] = list(sentence("say_title", title=title))
    pieces += sentence(
        "say_removal", who=saying.who(head.actor, head.stamp.replica), day=saying.day(head.stamp.ms),
        place=saying.place(head.stamp.replica, short=True),
        reason=t("say_reason", reason=origin.reason) if origin and origin.reason else "",
    )  # fmt: skip
    if worker is not None:
        pieces += sentence(
            "say_worked", who=saying.who(worker.actor, worker.stamp.replica), day=saying.day(worker.stamp.ms),
            place=saying.place(worker.stamp.replica, short=True),
        )  # fmt: skip
    return tuple(pieces)
