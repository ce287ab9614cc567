"""Subsidies in payment: months of all payers once, the limit, retirement by both ages, every edge."""

from datetime import date, timedelta
from random import Random

import pytest
from files import File
from hypothesis import given, settings
from hypothesis import strategies as st

from jobdesk.cases.facts import CaseFacts
from jobdesk.cases.id_number import IdKind, examine
from jobdesk.cases.ops import Json
from jobdesk.cases.rules.pack import Pack, PackSet
from jobdesk.cases.rules.subsidy_ends import Usage, usages
from jobdesk.cases.rules.subsidy_months import members, used
from jobdesk.host.policy_files import shipped
from jobdesk.host.strings import has

PACKS = shipped()
MAN = {"sex": "1", "birth": "1990-05-20"}
CONFIRMED = {
    "extension": "retirement",
    "extension_confirmed_by": "s1",
    "extension_confirmed_on": "2026-01-05",
}


def flexible(file: File, since: str, until: str = "", **values: Json) -> File:
    return file.add("subsidy", kind="social_flexible", since=since, until=until, **values)


def social(facts: CaseFacts, day: str) -> Usage:
    return next(u for u in usages(facts, PACKS, date.fromisoformat(day)) if u.family == "social")


@pytest.mark.parametrize(
    ("since", "day", "months", "end"),
    [
        ("2024-01-01", "2026-07-15", 31, "2026-12-31"),
        ("2024-01-31", "2026-07-15", 31, "2026-12-31"),
        ("2024-02-29", "2026-07-15", 30, "2027-01-31"),
        ("2025-03-01", "2026-02-28", 12, "2028-02-29"),
        ("2025-03-31", "2026-03-31", 13, "2028-02-29"),
        ("2024-02", "2024-02-29", 1, "2027-01-31"),
        ("2023-08-15", "2026-07-31", 36, "2026-07-31"),
    ],
)
def test_the_limit_ends_with_the_month_in_which_it_is_reached(
    since: str, day: str, months: int, end: str
) -> None:
    found = social(flexible(File(**MAN), since).facts(), day)
    assert (found.months.low, found.months.high) == (months, months)
    assert found.end == (date.fromisoformat(end),) * 2
    assert found.ended_by == "limit"
    assert found.over == 0


def test_months_that_two_payers_pay_count_once_and_all_payers_share_the_limit() -> None:
    file = flexible(File(**MAN), "2024-01-01", "2024-06-30", payer="本人")
    file.add("subsidy", kind="social_unit", since="2024-05-10", until="2024-09-30", payer="甲厂")
    found = social(file.facts(), "2026-07-15")
    assert found.months.low == found.months.high == 9
    assert len(found.months.shared) == 2
    assert found.left == 27
    assert found.end is None, "nothing is in payment"


def test_months_on_a_public_post_count_in_both_limits() -> None:
    file = flexible(File(**MAN), "2023-01", "2023-12")
    file.add("public_post", kind="hardship", since="2025-01-01", until="2027-12-31", months_before=2)
    file.add("subsidy", kind="public_post", since="2025-01-01", months_before=2)
    found = {u.family: u for u in usages(file.facts(), PACKS, date(2026, 7, 15))}
    assert found["post"].months.high == 19 + 2
    assert found["social"].months.high == 12 + 19 + 2, "the post and its subsidy are the same months"
    assert found["social"].end == (date(2026, 10, 31),) * 2


def test_an_opening_balance_shortens_what_is_left() -> None:
    found = social(flexible(File(**MAN), "2026-01-01", months_before=30).facts(), "2026-03-31")
    assert (found.months.high, found.left) == (33, 3)
    assert found.end == (date(2026, 6, 30),) * 2
    over = social(flexible(File(**MAN), "2026-01-01", months_before=36).facts(), "2026-03-31")
    assert over.over == 3
    assert over.end == (date(2025, 12, 31),) * 2


def test_two_opening_balances_are_added_and_it_is_said() -> None:
    file = flexible(File(**MAN), "2025-01", "2025-06", months_before=3)
    flexible(file, "2026-01", months_before=3)
    found = social(file.facts(), "2026-01-31")
    assert found.months.balance == 6
    assert "subsidy_balances" in found.notes


def test_a_start_known_to_the_year_gives_bounds() -> None:
    found = social(flexible(File(**MAN), "2025").facts(), "2026-01-10")
    assert (found.months.low, found.months.high) == (2, 13)
    assert found.end == (date(2027, 12, 31), date(2028, 11, 30))
    assert found.left == 23


def test_the_earlier_of_the_typed_end_and_the_limit_counts() -> None:
    short = social(flexible(File(**MAN), "2026-01-01", "2026-12-31").facts(), "2026-07-15")
    assert (short.end, short.ended_by) == ((date(2026, 12, 31),) * 2, "typed")
    late = social(flexible(File(**MAN), "2024-01-01", "2028-12-31").facts(), "2026-07-15")
    assert late.end == (date(2026, 12, 31),) * 2
    assert late.typed_after
    assert "subsidy_typed_after" in late.notes
    month = social(flexible(File(**MAN), "2024-01-01", "2026-02").facts(), "2026-02-28")
    assert month.end == (date(2026, 2, 28),) * 2


def test_what_begins_later_is_not_there_yet_and_what_has_no_start_is_asked_for() -> None:
    file = flexible(File(**MAN), "2026-08-01", months_before=5)
    flexible(file, "")
    found = social(file.facts(), "2026-07-31")
    assert found.months.high == 0
    assert found.running == ()
    assert found.months.undated == ("subsidy-2",)


def test_five_years_before_retirement_is_measured_by_both_ages_and_a_person_decides() -> None:
    # born 1965-06: 60 on 2025-06-20, by the reform two months later
    born = {"sex": "1", "birth": "1965-06-20"}
    file = flexible(File(**born), "2020-09-01", first_approved="2020-08-21")
    found = social(file.facts(), "2025-01-10")
    assert (found.extension.by_original, found.extension.by_statutory) == ("yes", "yes")
    assert found.extension.asks
    assert found.over == 17, "without a confirmation the limit stays"
    between = social(flexible(File(**born), "2020-07-15").facts(), "2025-01-10").extension
    exact = social(flexible(File(**born), "2020-06-20").facts(), "2025-01-10").extension
    assert exact.by_original == "no", "exactly five years are not less"
    assert exact.by_statutory == "no"
    assert between.by_original == "yes"


def test_the_two_ages_may_answer_differently() -> None:
    # 60 on 2027-01-31; by the reform on 2027-08-31 (n = 25, 7 months)
    born = {"sex": "1", "birth": "1967-01-31"}
    found = social(flexible(File(**born), "2022-05-01").facts(), "2026-07-15")
    one = found.extension.retirements[0]
    assert one.original[0] == date(2027, 1, 31)
    assert one.statutory[0] == date(2027, 8, 31)
    assert (found.extension.by_original, found.extension.by_statutory) == ("yes", "no")
    assert found.extension.asks
    assert found.basis().status == "unconfirmed"
    assert {n for n, _ in found.basis().dates} >= {"original_M60", "statutory_M60"}


def test_a_confirmed_extension_runs_to_retirement_and_only_from_its_day() -> None:
    born = {"sex": "1", "birth": "1967-01-31"}
    file = flexible(File(**born), "2022-05-01", **CONFIRMED)
    found = social(file.facts(), "2026-07-15")
    assert (found.ended_by, found.end, found.over) == ("retirement", (date(2027, 8, 31),) * 2, 0)
    assert social(file.facts(), "2026-01-04").ended_by == "limit", "confirmed the day after"
    claimed = social(flexible(File(**born), "2022-05-01", extension="retirement").facts(), "2026-07-15")
    assert claimed.ended_by == "limit"
    assert "subsidy_claimed" in claimed.notes


@pytest.mark.parametrize("said", [{}, {"extension": "retirement"}, CONFIRMED])
def test_an_extension_by_a_birth_date_that_nobody_confirmed_says_so(said: dict[str, str]) -> None:
    born = {"sex": "1", "birth": "1967-01-31"}
    number = "229901196701310012"
    assert examine(number, date(2026, 7, 15)).kind is IdKind.VALID

    def checked(file: File, day: str = "2026-07-15") -> bool:
        found = social(flexible(file, "2022-05-01", source="system", **said).facts(), day)
        noted = "subsidy_birth_unchecked" in found.notes
        assert noted is found.unchecked is found.extension.unchecked
        assert not noted or found.basis().status == "unconfirmed"
        return not noted

    assert has("note.subsidy_birth_unchecked")
    assert not checked(File(**born))
    assert checked(File(**born, id_number=number))
    proof: dict[str, str] = {
        "field": "birth",
        "value": "1967-01-31",
        "source": "document",
        "looked_on": "2026-07-10",
    }
    assert checked(File(**born).add("proof", **proof))
    assert not checked(File(**born).add("proof", **proof), "2026-07-09"), "confirmed the day after"
    assert not checked(File(**born).add("proof", **{**proof, "value": "1967-01-01"})), (
        "another day was confirmed"
    )
    if not said:
        assert checked(File(sex="1", birth="1990-01-31")), "no question of an extension"


def test_three_years_to_the_day_are_not_called_longer_than_three_years() -> None:
    """A contract from 20 February touches 37 calendar months."""

    def post(until: str, day: str) -> Usage:
        file = File(sex="1", birth="1990-01-31").add(
            "public_post", kind="hardship", since="2024-02-20", until=until
        )
        return next(u for u in usages(file.facts(), PACKS, date.fromisoformat(day)) if u.family == "social")

    exact = post("2027-02-19", "2026-12-02")
    assert (exact.typed_after, exact.part_months, exact.end) == (False, True, (date(2027, 1, 31),) * 2)
    assert post("2027-02-19", "2027-02-10").over == 0
    longer = post("2027-02-20", "2026-12-02")
    assert (longer.typed_after, longer.part_months) == (True, False)
    assert [s.key for s in exact.basis().steps] == ["subsidies.shared"]
    assert exact.basis().steps[0].status == "unconfirmed", "whose months count together is no notice's word"
    assert has("note.subsidy_part_months")


def test_an_extension_confirmed_far_from_retirement_is_said() -> None:
    young = flexible(File(sex="1", birth="1990-01-31"), "2022-05-01", **CONFIRMED)
    assert "subsidy_not_near" in social(young.facts(), "2026-07-15").notes
    near = flexible(File(sex="1", birth="1967-01-31"), "2022-05-01", **CONFIRMED)
    assert "subsidy_not_near" not in social(near.facts(), "2026-07-15").notes
    assert has("note.subsidy_not_near")


def test_a_woman_of_unknown_type_gets_both_dates_and_a_range() -> None:
    woman = {"sex": "2", "birth": "1977-02-28"}
    file = flexible(File(**woman), "2023-01-01", **CONFIRMED)
    found = social(file.facts(), "2026-07-15")
    assert [r.kind for r in found.extension.retirements] == ["F50", "F55"]
    assert found.end is not None
    assert found.end[0] < found.end[1]
    assert "retirement_type_unknown" in found.notes
    open_ = social(flexible(File(**woman), "2023-04-01").facts(), "2026-07-15").extension
    assert (open_.by_original, open_.by_statutory) == ("open", "open")
    known = social(
        flexible(
            File(**woman, retirement_type="F50").prove("retirement_type"), "2023-01-01", **CONFIRMED
        ).facts(),
        "2026-07-15",
    )
    assert known.end is not None
    assert known.end[0] == known.end[1]


def test_born_on_29_february() -> None:
    leap = {"sex": "1", "birth": "1968-02-29"}
    found = social(flexible(File(**leap), "2024-03-01", **CONFIRMED).facts(), "2026-07-15")
    one = found.extension.retirements[0]
    assert one.original[0] == date(2028, 2, 29)
    assert found.end == (one.statutory[0],) * 2


def test_a_pension_ends_it() -> None:
    file = flexible(File(**MAN, pension_since="2026-07-01"), "2025-01-01")
    found = social(file.facts(), "2026-07-15")
    assert (found.ended_by, found.end) == ("pension", (date(2026, 7, 1),) * 2)


def test_a_policy_with_a_shorter_limit_of_its_own() -> None:
    file = flexible(File(**MAN), "2025-01-01", policy="social_flexible_graduate")
    found = social(file.facts(), "2026-07-15")
    assert (found.end, found.ended_by) == ((date(2026, 12, 31),) * 2, "own_limit")


def test_without_a_pack_nothing_is_guessed() -> None:
    file = flexible(File(**MAN), "2020-01-01", "2027-01-31")
    found = usages(file.facts(), PackSet((Pack("none", "", 1, ()),)), date(2026, 7, 15))
    assert found[0].limit is None
    assert found[0].end == (date(2027, 1, 31),) * 2
    assert found[0].basis().rule == "subsidy_no_limit"


def test_the_order_of_records_means_nothing() -> None:
    file = flexible(File(**MAN), "2024-01", "2024-06", months_before=2)
    file.add("subsidy", kind="social_unit", since="2024-04", until="2025-01")
    rows = members(file.facts(), frozenset({"social_flexible", "social_unit"}))
    first, second = used(rows, date(2026, 1, 1)), used(rows[::-1], date(2026, 1, 1))
    assert (first.low, first.high, first.months) == (second.low, second.high, second.months)


RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["social_flexible", "social_unit", "public_post"]),
            "since": st.dates(date(2020, 1, 1), date(2029, 12, 31)).map(date.isoformat),
            "months_before": st.integers(0, 12),
        },
        optional={"until": st.dates(date(2020, 1, 1), date(2029, 12, 31)).map(date.isoformat)},
    ),
    max_size=5,
)


def _file(records: list[dict[str, Json]]) -> CaseFacts:
    file = File(sex="2", birth="1977-05-31")
    for values in records:
        file.add("subsidy", **values)
    return file.facts()


@given(records=RECORDS, day=st.dates(date(2022, 1, 1), date(2028, 12, 31)), seed=st.randoms())
def test_nothing_that_begins_later_and_no_order_changes_what_is_said_of_a_day(
    records: list[dict[str, Json]], day: date, seed: Random
) -> None:
    def said(found: list[Usage]) -> list[object]:
        return [
            (u.family, u.months.low, u.months.high, u.end, u.ended_by, u.over) for u in found if u.months.high
        ]

    known = [r for r in records if str(r["since"]) <= day.isoformat()]
    whole = said(usages(_file(records), PACKS, day))
    assert said(usages(_file(known), PACKS, day)) == whole
    seed.shuffle(records)
    assert said(usages(_file(records), PACKS, day)) == whole


@settings(deadline=None)
@given(records=RECORDS, day=st.dates(date(2022, 1, 1), date(2028, 12, 31)))
def test_an_end_is_the_last_day_of_a_month_or_typed_and_never_before_the_limit_is_used(
    records: list[dict[str, Json]], day: date
) -> None:
    for found in usages(_file(records), PACKS, day):
        assert found.months.low <= found.months.high
        if found.end is not None and found.ended_by == "limit":
            first, last = found.end
            assert (first + timedelta(days=1)).day == (last + timedelta(days=1)).day == 1
            assert found.limit is not None
            assert (first < day.replace(day=1)) == (found.months.high > found.limit)
