"""The first contacts are spread; 无法联系 wants three days and a visit."""

from __future__ import annotations

from collections import Counter
from datetime import date

from files import DAYS, FIGURES, RULES, File
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.contacts import ServiceRules
from jobdesk.cases.first_round import basis, spread
from jobdesk.cases.unreachable import Unreachable, Wanted, unreachable
from jobdesk.host.template_files import service_rules


@given(st.integers(0, 400), st.dates(date(2026, 1, 1), date(2026, 10, 1)))
def test_everybody_gets_a_working_day_within_thirty(count: int, start: date) -> None:
    ids = [f"c{n:03d}" for n in range(count)]
    found = spread(ids, start, DAYS, FIGURES)
    assert list(found) == ids
    assert list(found.values()) == sorted(found.values())
    load = Counter(found.values())
    assert all(DAYS.is_working(day) and start < day <= DAYS.add(start, 30) for day in load)
    assert len(load) == min(count, 30)
    assert not load or max(load.values()) - min(load.values()) <= 1


def test_the_spread_says_whose_figure_it_is() -> None:
    found = basis(date(2026, 12, 20), date(2027, 1, 8), DAYS, FIGURES)
    assert found.status == "own" and found.notes == ("workdays_guessed",)


def tried_by(file: File, day: str = "2026-07-15", wanted: Wanted | None = None) -> Unreachable:
    return unreachable(file.facts(), RULES, date.fromisoformat(day), wanted or Wanted(3, 1))


def test_unreachable_wants_three_days_and_a_visit() -> None:
    file = File().serve("HF", "2026-06-01")
    for day, channel in (("2026-07-01", "phone"), ("2026-07-01", "visit"), ("2026-07-02", "phone")):
        file.serve("HF", day, channel=channel, outcome="no_answer")
    assert not tried_by(file).founded
    file.serve("HF", "2026-07-03", channel="phone", outcome="wrong_number")
    found = tried_by(file)
    assert found.founded and len(found.basis.counted) == 4 and found.basis.status == "unconfirmed"
    assert not tried_by(file, "2026-07-02").founded  # what came later founds nothing
    assert not tried_by(file, wanted=Wanted(3, 2)).founded
    file.serve("HF", "2026-07-09", channel="visit", outcome="not_met")
    assert tried_by(file, wanted=Wanted(3, 2)).founded
    file.serve("HF", "2026-07-10")
    assert tried_by(file).days == ()


def test_mass_messages_try_nobody() -> None:
    file = File()
    for day in ("2026-07-01", "2026-07-02", "2026-07-03"):
        file.serve("GWTJ", day, channel="online", group_event="推送")
    assert tried_by(file).days == ()


def test_the_defaults_of_pure_rules_are_what_is_shipped() -> None:
    assert service_rules() == ServiceRules()
