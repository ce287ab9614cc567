"""Policy cards: their shape, whom they concern, what is lacking, who was told; and the lines in 今日."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from files import DAYS, FIGURES, RULES, TEMPLATE, File
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases import due_subsidies
from jobdesk.cases.due import Agenda, DueLine
from jobdesk.cases.due_lines import due_lines
from jobdesk.cases.ops import Json
from jobdesk.cases.policy_matching import Match, Standing, matches, quick_matches, told_of, untold
from jobdesk.cases.public_posts import entitled, kinds
from jobdesk.cases.rules.pack import PackSet
from jobdesk.cases.rules.policy_cards import PREFIX, amounts, card, cards, faults_of, read_card, terms
from jobdesk.cases.rules.situation import Situation
from jobdesk.cases.rules.vocabulary import judge, outcome
from jobdesk.host import code_lists, policy_files
from jobdesk.host.fact_words import lack_words
from jobdesk.host.policy_files import shipped
from jobdesk.host.strings import has

PACKS = shipped()
TODAY = date(2026, 7, 15)
RECOGNISED = {"category": "JL2", "state": "recognised", "since": "2025-01-05", "source": "document"}


def at(file: File, day: date = TODAY, packs: PackSet = PACKS) -> Situation:
    return Situation(file.facts(), day, packs)


def of(file: File, code: str, day: date = TODAY) -> Match:
    return next(m for m in matches(at(file, day), RULES) if m.card.code == code)


def hardship(**root: Any) -> File:
    return File(graduate_kind="none", **root).add("recognition", **RECOGNISED)


def fresh(**root: Any) -> File:
    return File(graduate_kind="university", graduated_on="2025-06-30", education="21", **root).prove(
        "graduated_on"
    )


def lines(file: File, day: date = TODAY) -> list[DueLine]:
    return due_lines(file.facts(), Agenda(day, DAYS, FIGURES, RULES, TEMPLATE, PACKS))


def test_every_shipped_card_is_whole_and_named_by_the_code_list() -> None:
    assert list(faults_of(PACKS)) == []
    named = {
        e.key.removeprefix("policies.") for e in PACKS.entries() if e.kind == "card" and e.key[:9] == PREFIX
    }
    table = code_lists.table("policy")
    assert {e.code for e in table.entries} == named
    for one in cards(PACKS, TODAY):
        assert table.name_of(one.code) == one.title
        assert one.where
        assert one.unknown, "what is not known is said"
        assert not one.subsidy or code_lists.table("subsidy_kind").get(one.subsidy) is not None


def test_the_policies_of_the_issue_are_there() -> None:
    groups = {c.group for c in cards(PACKS, TODAY)}
    assert groups == {
        "社保补贴", "岗位补贴", "灵活就业社保补贴", "一次性创业补贴", "求职创业补贴", "创业担保贷款",
        "就业见习补贴", "职业培训补贴", "税收优惠", "就业生活补贴", "低保就业成本扣减",
    }  # fmt: skip
    startup = [c.code for c in cards(PACKS, TODAY) if c.group == "一次性创业补贴"]
    assert startup == ["startup_trained", "startup_hardship", "startup_graduate"]


@pytest.mark.parametrize(
    ("broken", "code", "place"),
    [
        ({"title": ""}, "bad_value", "title"),
        ({"surprise": "x"}, "unknown_key", "surprise"),
        ({"papers": "one"}, "bad_value", "papers"),
        ({"applicant": ("county",)}, "bad_value", "applicant"),
        ({"tell": "everybody"}, "bad_value", "tell"),
        ({"where": None}, "missing_key", "where"),
    ],
)
def test_a_card_of_another_shape_is_refused_by_name(broken: dict[str, Any], code: str, place: str) -> None:
    entry = cards(PACKS, TODAY)[0].entry
    data = {k: v for k, v in {**entry.data, **broken}.items() if v is not None}
    made, faults = read_card(replace(entry, data=data))
    assert made is None
    assert [(f.code, f.place.split(".")[-1]) for f in faults] == [(code, place)]
    assert faults[0].name == f"policies: {entry.key}"


def test_a_card_that_names_an_unknown_rule_or_figure_is_refused_with_its_line() -> None:
    content = next(p for p in policy_files.shipped_files() if p.name == "policies.toml").read_text("utf-8")
    bad = content.replace('circle = "policies.living.circle"', 'circle = "policies.living.cirlce"')
    others = {p.name: p.read_text("utf-8") for p in policy_files.shipped_files() if p.name != "policies.toml"}
    found = policy_files.check_all({**others, "policies.toml": bad})
    assert [(f.file, f.fault.code, f.fault.detail) for f in found] == [
        ("policies.toml", "unknown_rule", "policies.living.cirlce")
    ]
    assert 'title = "就业生活补贴"' in "\n".join(bad.splitlines()[found[0].line - 1 : found[0].line + 2])


def test_the_loan_by_day_and_nothing_known_since_its_last_revision() -> None:
    def now(day: date) -> dict[str, int | None]:
        one = card(PACKS, day, "loan")
        assert one is not None
        return {a.key.split(".")[-1]: a.now.value if a.now else None for a in amounts(one, PACKS, day)}

    assert now(date(2020, 1, 1)) == {"person": 100_000, "graduate": 150_000, "unit": 4_000_000, "support": 3}
    in_2022 = now(date(2022, 4, 29))
    assert (in_2022["graduate"], in_2022["partner"], in_2022["partners"]) == (200_000, 220_000, 2_200_000)
    assert in_2022["unit"] == in_2022["graduate_unit"] == 4_000_000, "the ceiling of 2015（十一） stood on"
    assert now(date(2024, 6, 1))["person"] == 300_000
    assert now(date(2025, 12, 9))["person"] == 300_000
    assert set(now(date(2025, 12, 10)).values()) == {None}
    one = card(PACKS, TODAY, "loan")
    assert one is not None
    person = amounts(one, PACKS, TODAY)[0]
    assert person.gap is not None
    assert person.before is not None
    assert person.before.value == 300_000
    assert one.status_on(TODAY) == "unconfirmed"


def test_flexible_work_of_a_hardship_case_step_by_step() -> None:
    file = hardship()
    found = of(file, "social_flexible")
    assert found.standing is Standing.LACKING
    assert found.in_circle
    assert found.to_tell
    assert {one.fact for one in found.lacks} >= {"flexible_work"}
    file.add("placement", form="22", since="2026-03-01", insured="是", verified_on="2026-03-05")
    assert of(file, "social_flexible").standing is Standing.POSSIBLE
    file.add("registration", since="2025-06-01", source="system", registered=True)
    lacking = of(file, "social_flexible")
    assert lacking.standing is Standing.LACKING, "an open 失业登记 beside it reads as fraud"
    assert [one.fact for one in lacking.lacks] == ["registered"]
    assert lack_words(lacking.lacks[0]) == "先注销失业登记", (
        "what must end is not named as if it were lacking"
    )


def test_work_merely_heard_of_is_neither_lacking_nor_there() -> None:
    file = hardship().add("placement", form="22", since="2026-03-01", insured="是")
    found = of(file, "social_flexible")
    assert found.standing is Standing.LACKING, "未核实"
    (lack,) = found.lacks
    assert (lack.fact, lack.missing, lack.heard) == ("flexible_work", True, True)
    assert lack_words(lack) == "灵活就业（听说，未核实）"
    assert lack_words(lack, on_screen=False) == "灵活就业"


def test_a_ledger_category_is_no_recognition() -> None:
    file = File(graduate_kind="none").add("recognition", category="JL2", state="ledger", since="2025-01-05")
    assert of(file, "social_flexible").standing is Standing.NOT


def test_the_three_circles_of_the_startup_subsidy() -> None:
    business = {"form": "individual", "since": "2026-05-01", "first_time": True}
    trained = File(graduate_kind="none", trained_startup=True).add("business", **business)
    assert of(trained, "startup_trained").standing is Standing.POSSIBLE
    assert of(trained, "startup_graduate").standing is Standing.NOT
    assert of(hardship().add("business", **business), "startup_hardship").standing is Standing.POSSIBLE
    assert of(hardship(), "startup_hardship").card.status_on(TODAY) == "lapsed"
    young = fresh().add("business", **business)
    assert of(young, "startup_graduate").standing is Standing.POSSIBLE
    again = fresh().add("business", **{**business, "first_time": False})
    assert of(again, "startup_graduate").standing is Standing.LACKING
    paid = fresh().add("business", **business).add("subsidy", kind="startup", since="2026-05-20")
    assert of(paid, "startup_graduate").standing is Standing.NOT


@pytest.mark.parametrize(
    ("day", "standing"),
    [(date(2027, 6, 29), Standing.LACKING), (date(2027, 6, 30), Standing.NOT)],
)
def test_two_years_after_school_the_window_of_a_graduate_is_over(day: date, standing: Standing) -> None:
    assert of(fresh(), "startup_graduate", day).standing is standing


def test_what_is_not_known_is_lacking_and_never_guessed() -> None:
    found = of(File(), "startup_graduate")
    assert found.standing is Standing.LACKING
    assert {one.fact for one in found.lacks if one.missing} >= {"graduate", "months_since_graduation"}
    assert not found.to_tell


def test_a_used_up_limit_closes_every_social_subsidy() -> None:
    file = hardship().add("subsidy", kind="social_unit", since="2023-01-01", until="2025-12-31")
    assert of(file, "social_flexible").standing is Standing.NOT
    near = hardship().add("subsidy", kind="social_unit", since="2023-01-01", until="2025-11-30")
    assert of(near, "social_flexible").in_circle


def test_a_card_is_no_better_founded_than_the_rules_it_stands_on() -> None:
    def status(code: str, day: date = TODAY) -> str:
        one = card(PACKS, day, code)
        assert one is not None
        return terms(one, PACKS, day).status

    assert status("living") == status("tax_unit") == status("startup_graduate") == "confirmed"
    for code in ("social_unit", "post", "training", "tax_business", "job_seeking", "loan"):
        assert status(code) == "unconfirmed", code
    assert status("startup_hardship") == "lapsed"
    assert status("startup_hardship", date(2019, 1, 1)) == "confirmed"


def test_nothing_is_dated_before_the_document_it_comes_from() -> None:
    for entry in PACKS.entries():
        years = [
            int(y)
            for y in re.findall(r"〔(20\d\d)〕|^(?:吉林省)?(20\d\d)年", entry.source.document)
            for y in y
            if y
        ]
        if entry.key.startswith(PREFIX) and years:
            assert entry.valid_from.year >= min(years), (entry.key, entry.valid_from, entry.source.document)


def test_a_student_loan_stands_by_2015_and_poor_families_by_a_plan_that_ran_out() -> None:
    new = {"graduate_kind": "university", "graduated_on": "2026-06-30", "education": "21"}
    loan = of(File(student_loan=True, **new).prove("graduated_on"), "job_seeking")
    assert loan.standing is Standing.POSSIBLE
    assert "2015年实施意见" in loan.circle.basis().source.document
    poor = (
        File(**new)
        .prove("graduated_on")
        .add("group", kind="lifted_poor", since="2020-01-01", source="system")
    )
    found = of(poor, "job_seeking")
    assert found.standing is Standing.POSSIBLE
    assert {s.key: s.status for s in found.circle.basis().steps}["policies.job_seeking.families"] == "lapsed"
    disabled = File(student_loan=False, **new).prove("graduated_on")
    disabled.add("group", kind="disabled_family", since="2020-01-01", source="system")
    assert of(disabled, "job_seeking").standing is Standing.NOT, "贫困残疾人家庭: the family must be poor"


def test_a_disabled_person_in_flexible_work_needs_no_recognition() -> None:
    file = File(disability_card="22990119800305001743").add(
        "placement", form="22", since="2026-03-01", insured="是", verified_on="2026-03-05"
    )
    assert of(file, "social_flexible_disabled").standing is Standing.POSSIBLE
    assert [c.code for c in untold(at(file), RULES)] == ["social_flexible_disabled"]
    assert of(file, "social_flexible").standing is Standing.NOT
    used = File(disability_card="22990119800305001743").add(
        "subsidy", kind="social_unit", since="2022-01-01", until="2025-12-31"
    )
    assert of(used, "social_flexible_disabled").standing is Standing.NOT, "the limit of all payers"


def test_a_rural_founder_has_the_subsidy_that_the_notice_of_2015_names_and_no_amount() -> None:
    file = File(hukou_kind="20").add("business", form="individual", since="2026-03-01", source="system")
    found = of(file, "social_rural_founder")
    assert found.standing is Standing.POSSIBLE
    assert found.circle.basis().source.clause.startswith("（十四）")
    assert found.card.amounts == ()
    assert any("按照有关规定" in words for words in found.card.unknown)
    town = File(hukou_kind="10").add("business", form="individual", since="2026-03-01", source="system")
    assert of(town, "social_rural_founder").standing is Standing.NOT
    assert (
        of(File(hukou_kind="20", service_needs=["startup_guidance"]), "social_rural_founder").standing
        is Standing.LACKING
    )


def test_the_guarantee_that_is_waived_stands_on_the_loan_card_of_its_time_alone() -> None:
    def said(day: date) -> str:
        found = card(PACKS, day, "loan")
        assert found is not None
        return " ".join([a.now.sentence for a in amounts(found, PACKS, day) if a.now] + list(found.unknown))

    assert "免除反担保" in said(date(2022, 6, 1))
    assert "是否延续待确认" not in said(date(2022, 6, 1))
    assert "免除" not in said(date(2021, 6, 1))
    for day in (date(2024, 6, 1), TODAY):
        assert "免除10万元以下贷款反担保（吉就组〔2022〕2号（十）），是否延续待确认" in said(day)


def test_what_a_notice_of_2022_says_of_internship_is_not_said_of_2019() -> None:
    file = File(graduate_kind="university", graduated_on="2018-06-30", education="21").prove("graduated_on")
    assert of(file, "internship", date(2019, 1, 1)).circle.unknown
    one = card(PACKS, date(2019, 1, 1), "internship")
    assert one is not None
    assert [a.now for a in amounts(one, PACKS, date(2019, 1, 1))][:5] == [None] * 5


def test_internship_is_once_in_a_life() -> None:
    file = fresh()
    assert of(file, "internship").standing is Standing.POSSIBLE
    file.serve("JYJX", "2026-05-01", engagement="joined")
    assert of(file, "internship").standing is Standing.NOT
    youth = File(graduate_kind="none", birth="2004-01-01").add(
        "registration", since="2026-06-01", source="system"
    )
    assert of(youth, "internship").standing is Standing.POSSIBLE


def test_a_firm_that_took_somebody_in_is_not_lost_when_the_registration_ends() -> None:
    def hired(since: str, until: str, source: str = "system") -> Match:
        file = File().add("registration", since=since, until=until, source=source, registered=True)
        file.add(
            "placement",
            form="10",
            since="2026-06-01",
            contract="一年",
            insured="是",
            verified_on="2026-06-05",
        )
        return of(file, "tax_unit")

    assert hired("2025-09-01", "2026-06-01").standing is Standing.POSSIBLE
    assert hired("2025-09-01", "2026-05-31").standing is Standing.POSSIBLE, "ended the day before"
    assert hired("2026-01-15", "2026-06-01").standing is Standing.NOT, "four months only"
    assert hired("2025-09-01", "2026-02-01").standing is Standing.NOT, "not registered when taken in"
    assert hired("2025-09-01", "2026-06-01", "ledger").circle.unknown
    assert of(File(), "tax_unit").standing is Standing.NOT


def test_who_was_hired_in_the_year_of_graduation_is_not_lost_in_the_next() -> None:
    def hired(since: str, proven: bool = True) -> Match:
        file = File(graduate_kind="university", graduated_on="2025-06-30", education="21")
        if proven:
            file.prove("graduated_on")
        file.add("placement", form="10", since=since, contract="两年", insured="是", verified_on=since)
        return of(file, "living")

    assert hired("2025-09-01").standing is Standing.POSSIBLE
    assert hired("2026-02-01").standing is Standing.NOT
    assert hired("2025-09-01", proven=False).circle.unknown
    assert of(fresh(), "living").standing is Standing.NOT, "the year is over and nobody hired"


def test_who_is_paid_by_a_policy_need_not_be_told_of_it() -> None:
    file = hardship().add("subsidy", kind="social_flexible", since="2026-01-01", source="document")
    assert of(file, "social_flexible").receiving and not of(file, "social_flexible").to_tell
    assert of(file, "social_unit").to_tell, "another policy of the same limit"
    assert "social_flexible" not in {c.code for c in untold(at(file), RULES)}
    assert not {m.code: m for m in quick_matches(at(file), RULES)}["social_flexible"].to_tell
    ended = hardship().add("subsidy", kind="social_flexible", since="2025-01-01", until="2025-12-31")
    assert of(ended, "social_flexible").to_tell
    other = hardship().add(
        "subsidy", kind="social_flexible", policy="social_flexible_graduate", since="2026-01-01"
    )
    assert of(other, "social_flexible").to_tell, "written down as the graduates' policy"


def test_told_is_a_service_that_reached_the_person_by_the_day() -> None:
    file = hardship().serve("ZCXJ", "2026-07-01", outcome="no_answer", policies=["tax_unit"])
    file.serve("ZCXJ", "2026-07-10", channel="phone", policies=["social_flexible", "social_unit"])
    assert told_of(file.facts(), RULES, TODAY) == {
        "social_flexible": ("2026-07-10", "service-2"), "social_unit": ("2026-07-10", "service-2"),
    }  # fmt: skip
    assert told_of(file.facts(), RULES, date(2026, 7, 9)) == {}
    assert "social_flexible" not in [c.code for c in untold(at(file), RULES)]
    assert not of(file, "social_flexible").to_tell


def test_possible_comes_first_and_quick_agrees_with_the_trace() -> None:
    file = hardship(able="x", birth="1980-01-01", sex="2")
    file.add("placement", form="22", since="2026-03-01", insured="是", verified_on="2026-03-05")
    whole = matches(at(file), RULES)
    ranks = [list(Standing).index(m.standing) for m in whole]
    assert ranks == sorted(ranks)
    quick = {q.code: q for q in quick_matches(at(file), RULES)}
    for one in whole:
        if one.standing is Standing.NOT:
            assert one.card.code not in quick
        else:
            other = quick[one.card.code]
            assert (other.standing, other.in_circle, other.to_tell) == (
                one.standing,
                one.in_circle,
                one.to_tell,
            )


@given(
    kind=st.sampled_from(["", "none", "university", "secondary"]),
    left=st.sampled_from(["", "2024-07-14", "2024-07-16", "2026", "2026-06"]),
    recognised=st.booleans(),
    business=st.sampled_from([None, True, False]),
    group=st.sampled_from(["", "allowance", "lifted_poor"]),
    form=st.sampled_from(["", "10", "22"]),
    registered=st.booleans(),
)
def test_the_bare_answer_is_the_answer_of_the_trace(
    kind: str, left: str, recognised: bool, business: bool | None, group: str, form: str, registered: bool
) -> None:
    file = File(graduate_kind=kind, graduated_on=left, education="21", birth="2001-02-03").prove(
        "graduated_on"
    )
    if recognised:
        file.add("recognition", **RECOGNISED)
    if business is not None:
        file.add("business", form="small", since="2026-01-01", first_time=business)
    if group:
        file.add("group", kind=group, since="2025-01-01")
    if form:
        file.add(
            "placement", form=form, since="2026-01-01", verified_on="2026-01-02", contract="是", insured="否"
        )
    if registered:
        file.add("registration", since="2025-01-01", source="system")
    here = at(file)
    slow = [m.card.code for m in matches(at(file), RULES) if m.to_tell]
    assert sorted(c.code for c in untold(here, RULES)) == sorted(slow)
    for key in PACKS.keys("policies."):
        entry = PACKS.on(key, TODAY)
        if entry is not None and entry.kind == "rule":
            assert outcome(key, here) is judge(key, here).outcome, key


def told(file: File, day: date) -> list[DueLine]:
    return [one for one in lines(file, day) if one.kind.value == "tell_policy"]


def test_telling_is_one_line_a_person_at_the_next_contact() -> None:
    file = hardship(opened_on="2026-01-01", next_contact="2026-07-22")
    assert told(file, TODAY) == [], "only in its week"
    file.root["next_contact"] = "2026-07-17"
    (line,) = told(file, TODAY)
    assert line.due == date(2026, 7, 17)
    assert dict(line.params)["count"] == len(str(dict(line.params)["policies"]).split(","))
    assert int(dict(line.params)["count"]) > 1
    assert line.key == told(file, date(2026, 7, 17))[0].key
    assert line.basis.status == "own"
    assert line.basis.steps
    file.serve("ZCXJ", "2026-07-14", policies=list[Json](str(dict(line.params)["policies"]).split(",")))
    assert told(file, TODAY) == []


def test_without_a_contact_telling_is_spread_over_the_month_and_never_overdue() -> None:
    file = hardship(opened_on="2026-01-01", next_contact="2026-06-02")
    found = {line.due for n in range(62) for line in told(file, date(2026, 7, 1) + timedelta(days=n))}
    assert len(found) == 2, "one day in each month"
    assert {d.month for d in found} == {7, 8}
    days = {due_subsidies.told_slot(f"case-{n}", date(2027, 2, 1)) for n in range(40)}
    assert {d.day for d in days} == {7, 14, 21, 28}
    assert due_subsidies.told_slot("case-1", date(2026, 12, 31)) >= date(2026, 12, 31)


def test_the_end_of_a_subsidy_is_looked_at_twice_and_a_service_answers() -> None:
    def ends(file: File, day: date) -> list[DueLine]:
        return [one for one in lines(file, day) if one.kind.value == "subsidy_end"]

    file = File(opened_on="2024-01-01", sex="1", birth="1990-05-20").add(
        "subsidy", kind="social_flexible", since="2024-01-01"
    )
    (first,) = ends(file, date(2026, 10, 5))
    assert first.due == date(2026, 10, 2)
    assert first.key.endswith("first:2026-10-02")
    assert dict(first.params)["until"] == "2026-12-31"
    file.serve("HF", "2026-10-06")
    assert ends(file, date(2026, 10, 7)) == []
    (last,) = ends(file, date(2026, 11, 21))
    assert last.due == date(2026, 12, 1)
    typed = File(opened_on="2024-01-01").add(
        "subsidy", kind="training", since="2026-06-01", until="2026-08-01"
    )
    (line,) = ends(typed, TODAY)
    assert line.due == date(2026, 7, 2)
    assert ends(typed, date(2026, 9, 10)) == []


def test_the_end_of_a_post_alone_is_told_by_the_post_and_its_limit_by_the_subsidy() -> None:
    def ends(file: File, day: date) -> list[DueLine]:
        return [one for one in lines(file, day) if one.kind.value == "subsidy_end"]

    post = hardship(opened_on="2024-01-01", sex="1", birth="1990-05-20")
    post.add("public_post", kind="hardship", since="2026-01-01", until="2026-08-10")
    assert ends(post, TODAY) == []
    long = hardship(opened_on="2023-01-01", sex="1", birth="1990-05-20")
    long.add("public_post", kind="hardship", since="2023-09-01", until="2027-12-31")
    (line,) = ends(long, TODAY)
    assert dict(line.params)["kind"] == "public_post"
    assert dict(line.params)["until"] == "2026-08-31"


def test_a_public_post_asks_for_contract_checks_and_an_exit_plan() -> None:
    file = hardship(opened_on="2026-01-01").add(
        "public_post", kind="hardship", since="2026-06-10", until="2026-10-31", post="保洁"
    )
    found = {str(dict(o.params)["what"]): o for o in lines(file) if o.kind.value == "public_post"}
    assert {k: v.due.isoformat() for k, v in found.items()} == {
        "contract": "2026-06-20", "attendance": "2026-07-10", "exit_plan": "2026-08-02",
    }  # fmt: skip
    assert found["exit_plan"].basis.status == "own"
    assert has("rule.public_post_exit_plan")
    file.rows[-1].values.update(  # type: ignore[attr-defined]
        {"contract_no": "2026-1", "attendance_on": "2026-07-10", "exit_plan_on": "2026-07-11"}
    )
    assert next(o for o in lines(file) if o.kind.value == "public_post").due == date(2026, 8, 10)
    (end,) = [o for o in lines(file, date(2026, 11, 5)) if o.kind.value == "public_post"]
    assert end.due == date(2026, 10, 31)


def test_who_may_hold_a_public_post_depends_on_its_kind_and_the_conflict_is_open() -> None:
    assert entitled("hardship", at(File())).verdict.outcome.value == "not_met"
    assert entitled("hardship", at(hardship())).verdict.met
    assert not entitled("hardship", at(hardship())).needs_document
    graduate = entitled("graduate", at(fresh()))
    assert graduate.verdict.met
    assert graduate.needs_document
    assert graduate.verdict.basis().status == "unconfirmed"
    held = fresh().add("public_post", kind="graduate", since="2026-06-01")
    held.add("placement", form="30", since="2026-06-01", verified_on="2026-06-05")
    assert entitled("graduate", at(held)).verdict.met, "the post itself is no other work"
    held.add("placement", form="10", since="2026-07-01", verified_on="2026-07-05")
    assert not entitled("graduate", at(held)).verdict.met
    assert entitled("older", at(hardship())).verdict.unknown, "a declared gap"
    assert [k.kind for k in kinds(at(File()))] == [
        "hardship", "graduate", "lifted_poor", "disabled_family", "illness_family", "older",
    ]  # fmt: skip
