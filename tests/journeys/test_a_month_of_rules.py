"""A month on the practice station, morning by morning: each rule speaks on its day, and says why.

16 November to 18 December 2026, all days. What a clerk does is done by the services that the screens use;
nothing is computed here but the calendar. Names are those of ``[mornings]`` in the sample file.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from jobdesk.cases.basis import Basis
from jobdesk.cases.clock import FixedClock
from jobdesk.cases.ops import Subject
from jobdesk.host.calendar_file import working_days
from jobdesk.host.paths import StationPaths
from jobdesk.services.desk import Desk
from jobdesk.services.practice import making
from jobdesk.services.recognition import accepting
from jobdesk.services.today import load_today
from jobdesk.services.undoing import undo_action
from jobdesk.store import reads
from jobdesk.ui.today.words import shown_basis
from tests.journeys.month_played import FIRST, NAMES, Month


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    folder = tmp_path_factory.mktemp("month")
    clock = FixedClock.at(FIRST.year, FIRST.month, FIRST.day, 8, 0)
    station = making.make_practice(StationPaths(folder / "desk"), clock)
    packs = folder / "packs"
    packs.mkdir()
    staff = station.file.read(
        lambda con: [r.id for r in reads.records(con, "staff") if not r.text("until")]
    ).result()
    made = Month(station, clock, packs, Desk(station.file, staff[0], working_days(), practice=True))
    try:
        made.play()
        yield made
    finally:
        station.close()


def words(basis: Basis, day: date, who: str = "") -> str:
    """Everything the popover says, as one text."""
    return str(shown_basis(basis, day, who=who))


def own_terms(basis: Basis) -> list[str]:
    """Figures of our own that the trace names."""
    return [s.key for s in basis.steps if s.status == "own"]


# ---------------------------------------------------------------------- the seven


def test_a_graduate_reaches_24_months(month: Month) -> None:
    day, name = date(2026, 11, 25), NAMES["graduate_full"]
    basis = month.on_the_day(day, name, "may_apply")
    assert basis.rule == "hardship.JL7" and basis.outcome == "met" and basis.status == "unconfirmed"
    assert "吉就组〔2022〕2号（十四）" in basis.source.clause and not basis.missing
    facts = {f.name: f for f in basis.facts}
    assert facts["out_of_school_months"].shown == "24" and facts["ever_insured"].shown == "no"
    assert {"registration", "case"} & {s.kind for s in basis.counted}
    said = words(basis, day, name)
    assert "离校2年" in said and name in said and "unconfirmed" in said
    assert "proof" in {s.kind for s in basis.counted}, "the paper that was seen"
    ready = month.on_the_day(date(2026, 11, 18), NAMES["graduate_prepare"], "prepare")
    assert dict(ready.dates)["window_end"] == "2027-01-17" and ready.sentence
    assert own_terms(ready) == ["graduates.prepare_days"]


def test_a_graduate_whose_date_nobody_confirmed_waits_for_the_paper(month: Month) -> None:
    name = NAMES["graduate_unseen"]
    before = [d for d in month.mornings if d <= date(2026, 11, 30)]
    assert all(
        month.at(d, name, kind) is None for d in before for kind in ("may_apply", "prepare", "window_end")
    )
    asked = month.at(date(2026, 11, 25), name, "verify", "graduated_on")
    assert asked is not None and asked.line.due == date(2026, 11, 25), "the morning of 24 months"
    assert asked.basis.rule == "hardship.JL7" and asked.basis.outcome == "unknown"
    assert "未核对，期限尚未起算" in words(asked.basis, date(2026, 11, 25), name)
    after = month.at(date(2026, 12, 1), name, "may_apply")
    assert after is not None and after.line.due == date(2026, 11, 30) and after.basis.outcome == "met"
    assert all(
        month.at(d, name, "verify", "graduated_on") is None for d in month.mornings if d > date(2026, 11, 30)
    )


def test_a_household_is_found(month: Month) -> None:
    assert month.at(date(2026, 11, 17), "钱家", "may_apply") is None
    found = month.at(date(2026, 11, 18), "钱家", "may_apply")
    assert found is not None and found.line.due == date(2026, 12, 1), (
        "ten working days after it was written down"
    )
    basis = found.basis
    assert basis.rule == "households.zero" and basis.outcome == "met" and basis.status == "unconfirmed"
    assert basis.source.document.startswith("吉林省2021年零就业家庭认定通知")
    assert own_terms(basis) == ["clocks.may_apply"]
    assert [s.kind for s in basis.counted].count("member") == 2, "the schoolchild is no labour force"
    assert month.at(date(2026, 11, 19), "钱家", "may_apply") is None, "an application answers it"


def test_it_is_checked_shown_and_recognised(month: Month) -> None:
    check = month.at(date(2026, 11, 19), "钱家", "claim", "check")
    assert check is not None and check.line.due == date(2026, 11, 25) and check.basis.status == "own"
    assert month.kept["after undo"] == "checked"
    down = month.on_the_day(date(2026, 11, 25), "钱家", "publicity", "take_down")
    assert dict(down.dates)["counted_from"] == "2026-11-24"
    state = month.desk.read(lambda con: reads.subject_state(con, Subject("household", month.home))).result()
    assert len(state.of("verification")) == 5 and {v.text("result") for v in state.of("verification")} == {
        "clear"
    }
    assert state.root.text("filing_no") == "LJY-2026-008" and state.root.get("snapshot")
    tell = month.on_the_day(date(2026, 12, 2), "钱家", "claim", "notify")
    assert tell.status == "own" and dict(tell.dates)["counted_from"] == "2026-11-27"


def test_it_is_helped_and_goes_up_the_ladder(month: Month) -> None:
    first = month.on_the_day(date(2026, 12, 1), "钱家", "household_ladder", "first_help")
    assert first.status == "own" and dict(first.dates)["clock_from"] == "2026-11-27"
    assert month.at(date(2026, 12, 2), "钱家", "household_ladder", "first_help") is None
    warning = month.on_the_day(date(2026, 12, 1), "钱家", "household_job", "warning")
    assert warning.source.document == "2015年实施意见" and "（十七）" in warning.source.clause
    assert dict(warning.dates)["deadline"] == "2026-12-31"
    assert {s.key for s in warning.steps} >= {"households.deadline", "households.plan_2020"}
    assert next(s for s in warning.steps if s.key == "households.plan_2020").status == "lapsed"
    assert "原规划期已满" in words(warning, date(2026, 12, 1)) or "lapsed" in words(
        warning, date(2026, 12, 1)
    )
    up = month.on_the_day(date(2026, 12, 11), "钱家", "household_ladder", "up")
    assert up.status == "own" and "自定" in up.source.clause
    following = month.at(date(2026, 12, 12), "钱家", "household_ladder", "up")
    assert following is not None and following.line.due == date(2027, 1, 8), (
        "twenty more working days at the street"
    )


def test_it_is_cleared_by_a_verified_job_and_looked_at_again_when_that_ends(month: Month) -> None:
    assert month.at(date(2026, 12, 14), "钱家", "household_job", "clear") is None
    clear = month.at(date(2026, 12, 15), "钱家", "household_job", "clear")
    assert clear is not None and clear.basis.counted[0].kind == "placement"
    assert month.at(date(2026, 12, 16), "钱家", "household_reverify") is None, (
        "the last day is still a day of work"
    )
    ended = month.at(date(2026, 12, 17), "钱家", "household_reverify")
    assert ended is not None and dict(ended.basis.dates) == {
        "job_ended": "2026-12-16",
        "cleared_on": "2026-12-15",
    }
    assert ended.line.due == date(2026, 12, 23) and ended.basis.counted[0].kind == "placement"
    assert month.household().text("cleared_on") == "2026-12-15", "nothing is reopened by itself"


def test_a_job_of_the_practice_station_ends(month: Month) -> None:
    """A household that was cleared weeks ago; the wife's job was for a time."""
    ends = FIRST + timedelta(days=5)
    before = {n for n, kind, _ in month.mornings[ends] if kind == "household_reverify"}
    after = {n for n, kind, _ in month.mornings[ends + timedelta(days=1)] if kind == "household_reverify"}
    assert not before and len(after) == 1
    (name,) = after
    basis = month.on_the_day(date(2026, 11, 27), name, "household_reverify")
    assert dict(basis.dates)["job_ended"] == ends.isoformat() and basis.status == "own"


def test_a_subsidy_nears_its_end(month: Month) -> None:
    typed = month.on_the_day(date(2026, 11, 26), NAMES["subsidy_typed"], "subsidy_end", "social_flexible")
    assert typed.counted[0].kind == "subsidy"
    counted = month.on_the_day(date(2026, 12, 1), NAMES["subsidy_counted"], "subsidy_end", "social_flexible")
    assert counted.source.document == "2015年实施意见" and "（十七）" in counted.source.clause
    assert "2026-12-31" in dict(counted.dates).values()
    assert own_terms(counted) == own_terms(typed) == ["subsidies.last_warning_days"], "why on this very day"
    assert "自定" in words(counted, date(2026, 12, 1))


def test_a_woman_nears_50(month: Month) -> None:
    day = date(2026, 11, 28)
    basis = month.on_the_day(day, NAMES["woman_near_50"], "pension", "F50")
    assert basis.rule == "retirement.check_pension" and "retires_F50" in dict(basis.dates)
    assert dict(basis.dates)["retires_F50"] == day.isoformat() and "pension_is_another_fact" in basis.notes
    assert basis.source.document
    both = month.on_the_day(day, NAMES["woman_type_open"], "pension", "F50")
    assert {"retires_F50", "retires_F55"} <= dict(both.dates).keys() and "retirement_type_open" in both.notes
    assert month.on_the_day(day, NAMES["woman_near_55"], "pension", "F55")
    assert not month.case(NAMES["woman_near_50"]).root.get("pension_since"), "it only prompts"


def test_a_rule_changes_in_the_middle(month: Month) -> None:
    name = NAMES["tier_overruled"]
    assert month.effects is not None and month.effects.day == date(2026, 12, 5) and month.effects.ahead
    assert "hardship.JL2.women" in {e.key for e in month.effects.entries}
    assert (name, "hardship.JL2") in {(c.name, c.key) for c in month.effects.changes}, (
        "seen before it was taken in"
    )
    for day in (date(2026, 12, 2), date(2026, 12, 3), date(2026, 12, 4)):
        assert month.at(day, name, "may_apply") is None, "the old age holds until its last day"
    basis = month.on_the_day(date(2026, 12, 5), name, "may_apply")
    assert basis.rule == "hardship.JL2" and basis.outcome == "met"
    step = next(s for s in basis.steps if s.key == "hardship.JL2.women")
    assert (
        step.source is not None
        and step.source.document == "示例区就业〔2026〕30号"
        and step.source.clause == "二"
    )
    assert step.status == "unconfirmed" and "年满38周岁" in step.sentence
    assert basis.source.clause == "一" and "女性年满38周岁" in basis.sentence
    exited = [d for d in month.mornings if month.at(d, NAMES["claim_exited"], "may_apply") is not None]
    assert date(2026, 12, 5) not in exited or date(2026, 12, 4) in exited, (
        "who met the old rule is not asked anew"
    )
    said = words(basis, date(2026, 12, 5), name)
    assert "示例区就业〔2026〕30号" in said


# ---------------------------------------------------------------------- what a clerk does with a line


def test_put_off_with_a_reason_it_comes_back_and_says_what_it_was(month: Month) -> None:
    name = NAMES["subsidy_counted"]
    put = month.at(date(2026, 12, 2), name, "subsidy_end", "social_flexible")
    assert put is not None and put.line.due == date(2026, 12, 8) and put.line.original == date(2026, 12, 1)
    assert put.line.postponed == "本人在外地，约定12月8日来站"
    back = month.at(date(2026, 12, 8), name, "subsidy_end", "social_flexible")
    assert back is not None and back.line.bucket.code == "today"


def test_handed_over_the_colleague_has_the_file(month: Month) -> None:
    assert month.case(NAMES["policy_untold"]).root.text("owner") == month.kept["taker"] != month.desk.actor


def test_an_act_is_taken_back_and_its_line_returns(month: Month) -> None:
    name = NAMES["claim_applied"]
    (claim,) = month.case(name).of("recognition")
    done = accepting.accept(month.desk, month.ids[name], claim, {}).result()
    board = load_today(month.desk).result()
    acts = {dict(line.params).get("act") for line in board.lines[month.ids[name]]}
    assert "check" in acts and "accept" not in acts
    undo_action(month.desk, done.action_id).result()
    board = load_today(month.desk).result()
    acts = {dict(line.params).get("act") for line in board.lines[month.ids[name]]}
    assert "accept" in acts and "check" not in acts


def test_every_line_of_every_morning_has_a_basis_that_can_be_followed(month: Month) -> None:
    """A document or 自定 or an agreed day; never an empty panel, never a code of ours in the words."""
    for day, lines in month.mornings.items():
        for key, seen in lines.items():
            basis = seen.basis
            assert basis.rule and (basis.source.document or basis.dates or basis.counted), (day, key)
            assert basis.status in ("confirmed", "unconfirmed", "lapsed", "own"), (day, key)
            said = shown_basis(basis, day)
            assert not [n for n, _ in said.facts if n.isascii()], (day, key, "a date without a word")
            assert not said.sentence.isascii() and not [c.name for c in said.checked if c.name.isascii()], key
