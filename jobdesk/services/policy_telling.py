"""Telling people of policies: one service record each (政策宣介), singly or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from jobdesk.cases.errors import Refused
from jobdesk.cases.ops import Json, NewOp
from jobdesk.cases.rules.policy_cards import cards
from jobdesk.host.strings import text
from jobdesk.host.template_files import service_rules
from jobdesk.services.bulk import Bulk, Progress, in_actions
from jobdesk.services.desk import Desk, case_subject
from jobdesk.services.policies import packs_of
from jobdesk.services.serving import ServiceEntry, service_ops
from jobdesk.store.station_file import Changes, Writing

TYPE = "ZCXJ"
CHANNELS = ("visit", "station", "phone", "online")
CHUNK = 120
"""Own figure: people in one action, each with a service and perhaps a next contact that is answered."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How people were told.

    Attributes:
        codes: of the policies, by person; people without any are passed over.
        channel: one of ``CHANNELS``.
        on: ISO day of the talk, not in the future.
        note: what else was said; the same words for everybody.
        event: the meeting at which they were told together, in person; empty when each was told alone.
    """

    codes: Mapping[str, Sequence[str]]
    channel: str
    on: str
    note: str = ""
    event: str = ""


def tell(desk: Desk, telling: Telling, progress: Progress | None = None) -> Future[Bulk]:
    """Record that each of these people was told, person by person: a mass message told nobody.

    Raises:
        Refused: ``telling_channel``, ``telling_day``: missing or in the future; ``telling_nobody``;
            ``telling_mass``: a group over the phone or network is a mass message.
    """
    people = [(i, list(codes)) for i, codes in telling.codes.items() if codes]
    if telling.channel not in CHANNELS:
        raise Refused("telling_channel")
    if not telling.on or telling.on > desk.today.isoformat():
        raise Refused("telling_day")
    if telling.event.strip() and telling.channel in service_rules().remote_channels:
        raise Refused("telling_mass")
    if not people:
        raise Refused("telling_nobody")

    def chunk(part: Sequence[tuple[str, list[str]]]) -> Changes:
        def job(w: Writing) -> Changes:
            ops: list[NewOp] = []
            titles = {c.code: c.paper_title for c in cards(packs_of(w.con, desk), desk.today)}
            for case_id, codes in part:
                entry = ServiceEntry(_values(desk, telling, codes, titles))
                ops += service_ops(desk, w.state(case_subject(case_id)), w.new_id(), entry)
            return w.append(desk.actor, ops)

        return desk.write(job).result()

    def people_of(done: Changes) -> int:
        return len(done.subjects)

    return desk.file.work.aside(lambda: in_actions(people, CHUNK, chunk, people_of, progress))


def _values(desk: Desk, telling: Telling, codes: Sequence[str], titles: Mapping[str, str]) -> dict[str, Json]:
    """Free text may be printed: it carries the titles of the paper, which name no category."""
    names = "、".join(dict.fromkeys(titles.get(c, c) for c in codes))
    said = text("policies.told_content", policies=names)
    event = telling.event.strip()
    return {
        "type": TYPE,
        "channel": telling.channel,
        "served_on": telling.on,
        "staff": desk.actor,
        "policies": list[Json](codes),
        "engagement": "joined" if event else "offered",
        "group_event": event or None,
        "content": f"{said}{telling.note.strip()}",
    }
