"""The way of an application: states, allowed next acts, what each needs, and that no path skips the county."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.claim import DAY_OF, NEEDS, Act, Claim, Who
from jobdesk.cases.claim_checks import problems
from jobdesk.cases.facts import Rec
from jobdesk.cases.ops import Json
from jobdesk.cases.recognising import publicity_until, state_after, view
from jobdesk.cases.recognition_states import VALID
from jobdesk.cases.rules.pack import Pack, PackSet
from tests.cases.hardship_files import PACKS
from tests.cases.lines_of import WORKING

TODAY = date(2026, 7, 15)


def claim(who: Who = "person", looked: tuple[Rec, ...] = (), **values: Json) -> Claim:
    return Claim(values, who, PACKS, WORKING, TODAY, looked)


def test_acts_of_every_state_lead_to_states_that_exist() -> None:
    from jobdesk.host import code_lists

    known = {e.code for e in code_lists.table("recognition_state").entries}
    for state in known:
        for act in view(claim(state=state)).acts:
            assert state_after(claim(state=state), act) in known


def test_only_what_the_county_has_before_it_can_be_decided() -> None:
    from jobdesk.host import code_lists

    able = [
        e.code
        for e in code_lists.table("recognition_state").entries
        if Act.RECOGNISE in view(claim(state=e.code)).acts
    ]
    assert able == ["reported", "appealed"]


@given(st.lists(st.sampled_from(list(Act)), max_size=14), st.booleans())
def test_no_order_of_acts_recognises_without_report_and_paper(acts: list[Act], zero: bool) -> None:
    who: Who = "household" if zero else "person"
    values: dict[str, Json] = {}
    day = date(2026, 1, 5)
    for act in acts:
        now = Claim(values, who, PACKS, WORKING, TODAY)
        typed: dict[str, Json] = dict.fromkeys(NEEDS[act], "x")
        typed |= {DAY_OF[act]: day.isoformat(), "source": "document"}
        if act is Act.POST:
            typed["publicity_until"] = (day + timedelta(days=9)).isoformat()
            day += timedelta(days=10)
        if problems(now, act, typed):
            continue
        values = {**values, **typed, "state": state_after(now, act)}
        day += timedelta(days=1)
    if values.get("state") in VALID:
        assert values.get("reported_on") and values.get("decided_by") and values.get("decision_no")
        assert values.get("station_checked_on") and values.get("accepted_on")
        if zero:
            assert values.get("publicity_down_on"), "a household is recognised after its 公示"


def test_a_household_is_publicised_no_shorter_than_the_notice_says() -> None:
    checked = claim("household", state="checked", accepted_on="2026-07-01", station_checked_on="2026-07-03")
    assert view(checked).acts[0] is Act.POST
    typed: dict[str, Json] = {"publicity_from": "2026-07-06", "publicity_until": "2026-07-08"}
    assert problems(checked, Act.POST, typed) == (("publicity_until", "too_short"),)
    assert problems(checked, Act.POST, {**typed, "publicity_until": "2026-07-09"}) == ()
    shown = claim("household", state="publicity", accepted_on="2026-07-01", publicity_from="2026-07-06",
                  publicity_until="2026-07-14")  # fmt: skip
    assert problems(shown, Act.TAKE_DOWN, {"publicity_down_on": "2026-07-14"}) == (
        ("publicity_down_on", "still_shown"),
    )


def test_days_come_in_their_order_and_none_lies_ahead() -> None:
    accepted = claim(state="accepted", applied_on="2026-07-06", accepted_on="2026-07-07")
    typed: dict[str, Json] = {"station_checked_by": "s1", "station_opinion": "同意"}
    early, late = {**typed, "station_checked_on": "2026-07-06"}, {**typed, "station_checked_on": "2026-07-16"}
    assert problems(accepted, Act.CHECK, early) == (("station_checked_on", "before"),)
    assert problems(accepted, Act.CHECK, late) == (("station_checked_on", "future"),)


def test_the_term_appears_only_where_a_pack_cites_one() -> None:
    from dataclasses import replace

    from jobdesk.host import policy_files

    valid = claim(state="recognised", decided_on="2026-02-28", since="2026-02-28")
    assert view(valid).term is None
    pack, faults = policy_files.parse("t.toml", TERM)
    assert pack is not None and not faults
    packs = replace(PACKS.replaced([pack]), region="220102")
    assert view(replace(valid, packs=packs)).term == date(2029, 2, 28)


TERM = """
pack = "county_term"
title = "期限"
version = 1
[[entry]]
key = "clocks.term"
kind = "figure"
valid_from = 2026-01-01
region = "220102"
status = "confirmed"
source = { document = "测试文", clause = "五" }
sentence = "认定有效期 36 个月"
value = 36
unit = "month"
"""


def test_a_pack_may_count_in_days_or_working_days() -> None:
    """From Thursday 9 July: ten days are the 19th, ten working days the 23rd."""
    entry = next(e for p in PACKS.packs for e in p.entries if e.key == "clocks.decide" and e.value == 10)
    values: dict[str, Json] = {"state": "reported", "accepted_on": "2026-07-09", "reported_on": "2026-07-10"}
    for unit, day in (
        ("working_day", date(2026, 7, 23)),
        ("day", date(2026, 7, 19)),
        ("month", date(2027, 5, 9)),
    ):
        mine = Pack("p", "p", 1, (replace(entry, unit=unit, pack="p", replaces="clocks"),))
        found = view(Claim(values, "person", PackSet((*PACKS.packs, mine)), WORKING, TODAY, ()))
        assert next(d for d in found.due if d.act is Act.RECOGNISE).day == day, unit
        assert publicity_until(WORKING, date(2026, 7, 9), replace(entry, unit=unit)) == day


def test_steps_leave_公示_out_for_a_person() -> None:
    steps = {s.key: s.state for s in view(claim(state="checked", accepted_on="2026-07-01")).steps}
    assert steps["publicity"] == "off" and steps["check"] == "done" and steps["report"] == "now"
    home = {s.key: s.state for s in view(claim("household", state="checked", accepted_on="2026-07-01")).steps}
    assert home["publicity"] == "now" and home["report"] == "later"


def test_a_refusal_is_no_recognition_on_the_way_shown() -> None:
    refused = claim(
        state="refused", accepted_on="2026-07-01", decided_on="2026-07-08", reported_on="2026-07-03"
    )
    steps = [(s.key, s.on, s.state) for s in view(refused).steps]
    assert steps[-1] == ("refused", "2026-07-08", "done"), "and nothing valid comes after it"
    assert "decide" not in {s[0] for s in steps}
    again = claim(
        state="appealed", accepted_on="2026-07-01", decided_on="2026-07-08", appealed_on="2026-07-10"
    )
    assert [(s.key, s.state) for s in view(again).steps][-2:] == [("decide", "now"), ("valid", "later")]
