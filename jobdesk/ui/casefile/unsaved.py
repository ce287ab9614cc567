"""What was typed about somebody and is in no file yet: each draft in words, as a page without forms says it.

Pure: no Qt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from jobdesk.cases.ops import Json
from jobdesk.cases.state import SubjectState
from jobdesk.host.strings import has, text
from jobdesk.services import conflict_board
from jobdesk.services.case_files import DRAFT
from jobdesk.services.service_forms import DRAFT as SERVICE_DRAFT
from jobdesk.store.local import Draft
from jobdesk.ui.case_words import Words, is_veiled, label, record_name, t
from jobdesk.ui.casefile.drafts import typed_of
from jobdesk.ui.casefile.move_ask import MOVE_OUT

_OF_HOUSEHOLDS = "households/"
"""Begins the drafts of 家庭: its id, what was asked, the record."""


@dataclass(frozen=True, slots=True)
class Value:
    """One typed value; ``shown`` stays behind the eye where ``whole`` would not be seen either.

    Attributes:
        field: what the look behind the eye is logged under; empty where nothing is veiled.
    """

    label: str
    shown: str
    whole: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Unsaved:
    """One draft: which form it was typed into, when it was kept, and what."""

    draft: Draft
    title: str
    kept: str
    values: tuple[Value, ...]

    @property
    def veiled(self) -> tuple[str, ...]:
        """Fields behind the eye."""
        return tuple(v.field for v in self.values if v.field)

    def copied(self, *, masked: bool = False) -> str:
        """What goes to the clipboard: a line for each value, with the name of its field."""
        return "\n".join(t("pair", label=v.label, value=v.shown if masked else v.whole) for v in self.values)


def unsaved(drafts: Sequence[Draft], state: SubjectState, words: Words) -> list[Unsaved]:
    """Those of these drafts in which something was typed, in their order."""
    found = [
        Unsaved(d, _title(d, state), t("draft_kept", time=words.moment(d.saved_ms)), tuple(_values(d, words)))
        for d in drafts
    ]
    return [one for one in found if one.values]


def _title(draft: Draft, state: SubjectState) -> str:
    """The form as its own heading calls it."""
    subject = state.subject.id
    if draft.key.startswith(SERVICE_DRAFT):
        return t("record_service")
    if draft.key.startswith(conflict_board.DRAFT):
        return text("conflicts.title")
    if draft.key.startswith(_OF_HOUSEHOLDS):
        return _of_household(draft)
    if not draft.key.startswith(f"{DRAFT}{subject}/"):
        return _question(draft, state)
    form = draft.key.removeprefix(f"{DRAFT}{subject}/")
    if form == MOVE_OUT:
        return text("moves.ask_out")
    if has(f"casefile.section.{form}"):
        return t(f"section.{form}")
    if form.startswith("proof/"):
        return t("proof_title", field=label("case", form.removeprefix("proof/")))
    what = record_name(_kind(draft))
    if form.startswith("record/"):
        return t("correct_title" if draft.body.get("id") else "add_title", what=what)
    return what


def _of_household(draft: Draft) -> str:
    """The question of 家庭 as its link calls it."""
    what = draft.key.removeprefix(_OF_HOUSEHOLDS).split("/")[1]
    if what.startswith("act:"):
        return text(f"claim.act.{what.removeprefix('act:')}")
    if what in ("edit", "withdraw"):
        return text("households.correct_title" if what == "edit" else "households.withdraw_title")
    return text(f"households.{what}") if has(f"households.{what}") else record_name(_kind(draft))


def _question(draft: Draft, state: SubjectState) -> str:
    """Why a record was to be taken back, asked under the record."""
    record_id = draft.key.rpartition("/")[2]
    kind = next((r.kind for r in state if r.id == record_id), "")
    return t("withdraw_title", what=record_name(kind)) if kind else t("withdraw")


def _kind(draft: Draft) -> str:
    kind = draft.body.get("kind")
    return kind if isinstance(kind, str) and kind else "case"


def _values(draft: Draft, words: Words) -> Iterator[Value]:
    body = draft.body
    if draft.key.startswith(SERVICE_DRAFT):
        yield from _of_service(body, words)
    elif draft.key.endswith(f"/{MOVE_OUT}"):
        yield from _of_move(typed_of(body))
    else:
        if isinstance(body.get("line"), str):
            yield Value(t("reason"), str(body["line"]), str(body["line"]))
        kind = _kind(draft)
        for name, value in typed_of(body).items():
            yield _said(words, kind, name, value, t("nothing"))  # a field made blank is typed as well


def _of_service(body: Mapping[str, Json], words: Words) -> Iterator[Value]:
    values = body.get("values")
    for name, value in (values if isinstance(values, dict) else {}).items():
        if value not in (None, "", []):
            yield _said(words, "service", name, value)
    for name, key in (("next_contact", "next_on"), ("next_contact_reason", "next_reason")):
        if body.get(key):
            yield _said(words, "case", name, body[key])
    if body.get("unread"):  # a day of the phone round that nobody could read
        yield _said(words, "case", "next_contact", body["unread"])
    if body.get("notice") is True:
        yield _said(words, "case", "notice_on", True)
    people = body.get("people")
    others = people[1:] if isinstance(people, list) else []
    if others:
        said = "、".join(words.cases.get(str(i)) or t("another_record") for i in others)
        yield Value(text("service.people"), said, said)


def _of_move(typed: Mapping[str, Json]) -> Iterator[Value]:
    to = typed.get("to")
    where = str(cast("list[object]", to)[1]) if isinstance(to, list) and len(to) > 1 else typed.get("words")
    for name, value in ((text("moves.to"), where), (text("moves.reason"), typed.get("reason"))):
        if value:
            yield Value(name, str(value), str(value))


def _said(words: Words, kind: str, name: str, value: Json, nothing: str = "") -> Value:
    veiled = is_veiled(kind, name, value)
    return Value(
        label(kind, name),
        words.value(kind, name, value) or nothing,
        words.value(kind, name, value, revealed=True) or nothing,
        name if veiled else "",
    )
