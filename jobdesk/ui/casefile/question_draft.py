"""The draft of what is typed about a question of 两处填写不一致, in the file or on its page. Pure: no Qt."""

from __future__ import annotations

from collections.abc import Mapping

from jobdesk.cases.ops import Json
from jobdesk.services.conflict_board import DRAFT

Place = tuple[str, str, str, str]
"""Which question of whom: subject, record kind, record, field."""
Typed = dict[str, Json]
"""What is typed by the deed it is for (``report``, ``third``); what stood open last comes last."""


def key_of(place: Place) -> str:
    """Of its draft."""
    return DRAFT + "/".join(place)


def place_of(key: str) -> Place:
    """Which question the draft of this key is about."""
    subject, kind, *record, field = key.removeprefix(DRAFT).split("/")
    return subject, kind, "/".join(record), field


def body_of(place: Place, typed: Typed) -> dict[str, Json] | None:
    """In the form of other drafts of a file: a page that lists them names the field and veils numbers.
    None where nothing is typed.
    """
    if not typed:
        return None
    body: dict[str, Json] = {"kind": place[1], "last": next(reversed(typed))}
    if "third" in typed:
        body["typed"] = {place[3]: typed["third"]}
    if "report" in typed:
        body["line"] = typed["report"]
    return body


def typed_of(place: Place, body: Mapping[str, Json]) -> Typed:
    """What such a draft holds; what stood open last comes last."""
    third, reason = body.get("typed"), body.get("line")
    typed: Typed = {"report": reason} if reason else {}
    if isinstance(third, dict) and place[3] in third:
        typed["third"] = third[place[3]]
    if body.get("last") == "report" and reason:
        typed["report"] = typed.pop("report")
    return typed
