"""The quick way to the lines of a day is the plain way: every rule asked of everybody, with its trace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from files import agenda
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_rule_properties import ROOTS, ROWS, records

from jobdesk.cases import due_plan, policy_matching
from jobdesk.cases.clock import FixedClock
from jobdesk.cases.completeness import has_ended
from jobdesk.cases.due import Agenda, DueLine, postponements
from jobdesk.cases.due_lines import MAKERS, due_lines, is_silent, leave_lines
from jobdesk.cases.facts import CaseFacts, facts
from jobdesk.cases.ops import Json
from jobdesk.cases.policy_matching import cards
from jobdesk.cases.progress import progress
from jobdesk.cases.rules import quick
from jobdesk.cases.rules.engine import Vocabulary, judge
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.verdict import Outcome
from jobdesk.host import policy_files
from jobdesk.host.paths import StationPaths
from jobdesk.host.template_files import template
from jobdesk.services.practice.making import open_practice
from jobdesk.services.session import session_of
from jobdesk.services.today import agenda_of, open_facts

PACKS = policy_files.shipped()
DAY = date(2026, 7, 15)
Line = tuple[object, ...]


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Rules answer with their whole trace, every card is asked for, steps are counted with their events."""

    def asked(key: str, at: Situation, words: Vocabulary) -> Outcome:
        return judge(key, at, words).outcome

    def every(_facts: CaseFacts, packs: PackSet, day: date) -> object:
        return cards(packs, day)

    def traced(*args: object, trace: bool = True, **more: object) -> object:
        return progress(*args, **more)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quick, "outcome", asked)
        patch.setattr(quick, "met", lambda *a: asked(*a) is Outcome.MET)  # pyright: ignore[reportUnknownLambdaType, reportUnknownArgumentType]
        patch.setattr(policy_matching, "possible_cards", every)
        patch.setattr(due_plan, "progress", traced)
        yield


def said(lines: list[DueLine]) -> list[Line]:
    return sorted(
        (x.key, x.kind, x.record, x.due, x.original, x.bucket, x.away, x.postponed, x.also, x.params, x.basis)
        for x in lines
    )


def plainly(file: CaseFacts, day: Agenda) -> list[DueLine]:
    """Every rule is asked, whatever stands in the file."""
    with in_plain_words():
        if is_silent(file):
            over = has_ended(file) or file.root.get("merged_into")
            return [] if over else list(leave_lines(file, day, postponements(file)))
        return [line for make, _, _ in MAKERS for line in make(file, day, postponements(file))]


DAYS = st.dates(date(2025, 1, 1), DAY + timedelta(days=40)).map(date.isoformat)
TEXTS: dict[str, st.SearchStrategy[Json]] = {
    "opened_on": DAYS, "first_round_on": DAYS, "next_contact": DAYS, "last_contact": DAYS, "notice_on": DAYS,
    "transfer_wish": st.just("门卫"), "tier": st.sampled_from(["1", "3"]),
    "id_number": st.sampled_from(["229901197001010013", "22990119700101001X", "229901200001010000", "22990"]),
    "graduate_kind": st.sampled_from(["university", "secondary", "none"]),
}  # fmt: skip
SERVICES = st.fixed_dictionaries(
    {"type": st.sampled_from(["HF", "ZYZD", "GWTJ", "JNPX", "ZCXJ"])},
    optional={
        "served_on": DAYS, "next_contact": DAYS, "outcome": st.sampled_from(["connected", "no_answer"]),
        "engagement": st.sampled_from(["attempt", "joined", "completed"]), "provider": st.just("school"),
        "group_event": st.just(True), "channel": st.sampled_from(["phone", "visit"]), "offered": st.just("保洁"),
        "round": st.integers(1, 3), "policies": st.just(["training"]),
    },
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    root=ROOTS, more=st.fixed_dictionaries({}, optional=TEXTS), rows=records(),
    services=st.lists(SERVICES, max_size=6), number=st.integers(0, 9),
)  # fmt: skip
def test_who_is_not_asked_had_nothing_to_say(
    root: dict[str, Json], more: dict[str, Json], rows: ROWS, services: list[dict[str, Json]], number: int
) -> None:
    kept = [*rows, *(("service", f"s{n}", values) for n, values in enumerate(services))]
    file = facts(f"case-{number}", {**root, **more}, kept)
    today = agenda(DAY)
    today.packs, today.template = PACKS, template()
    assert said(due_lines(file, today)) == said(plainly(file, today))


def test_and_so_it_is_with_everybody_of_the_practice_station(tmp_path: Path) -> None:
    station = open_practice(StationPaths(tmp_path), FixedClock.at(2026, 11, 12))
    desk = session_of(station).desk
    try:
        today = desk.read(lambda con: agenda_of(con, desk)).result()
        files = desk.read(lambda con: list(open_facts(con))).result()
        found = {file.case_id: said(due_lines(file, today)) for file in files}
        assert sum(map(len, found.values())) > 100
        assert found == {file.case_id: said(plainly(file, today)) for file in files}
    finally:
        station.close()
