from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jobdesk.host.template_files import service_rules, template
from jobdesk.services import views
from jobdesk.services.kept_dates import brought_up_to_date
from jobdesk.services.listing import Found, Rules, choices, find, first_rows
from jobdesk.services.registering import Child
from jobdesk.store import ledger
from jobdesk.store.ledger import LedgerQuery
from tests.services.desk_here import DeskHere


@pytest.fixture
def here(tmp_path: Path) -> Iterator[DeskHere]:
    made = DeskHere(tmp_path)
    hard = Child("recognition", {"category": "JL3", "state": "recognised", "source": "system"})
    made.person("单秀英", hard, phone="19900000001", next_contact="2026-07-13", community="南岭社区")
    served = Child("service", {"type": "ZYZD", "served_on": "2026-07-01", "channel": "phone"})
    made.person("周雨桐", served, graduate_kind="university", graduated_on="2025-06",
                next_contact="2026-07-15", tier="1")  # fmt: skip
    made.person("无名氏", Child("group", {"kind": "released"}), help_state="ended", help_reason="employed")
    made.person("仇大山", community="柳河社区")
    yield made
    made.station.close()


def rules(here: DeskHere) -> Rules:
    return Rules(template(), service_rules(), here.desk.today)


def answer(here: DeskHere, query: LedgerQuery) -> Found:
    return here.desk.read(lambda con: find(con, query, rules(here))).result()


def names(here: DeskHere, query: LedgerQuery) -> list[str]:
    return [line.item.name for line in answer(here, query).first]


def test_names_are_sorted_as_they_are_said(here: DeskHere) -> None:
    assert names(here, LedgerQuery()) == ["仇大山", "单秀英", "周雨桐"]  # qiu, shan, zhou


def test_a_tier_is_listed_as_the_rules_work_it_out_where_nobody_wrote_one(here: DeskHere) -> None:
    job = Child("placement", {"form": "10", "since": "2026-07-01", "verified_on": "2026-07-02"})
    here.person("吴国强", job)
    wants = Child("registration", {"since": "2026-06-01", "registered": True, "source": "system"})
    here.person("郑艳红", wants, willingness="yes")
    brought_up_to_date(here.desk)
    ours = replace(rules(here), desk=here.desk)

    def of(query: LedgerQuery) -> dict[str, str]:
        found = here.desk.read(lambda con: find(con, query, ours)).result()
        assert len(found.page.ids) == len(found.first)
        return {line.item.name: line.item.tier for line in found.first}

    assert of(LedgerQuery()) == {"仇大山": "", "单秀英": "", "吴国强": "3", "郑艳红": "2", "周雨桐": "1"}
    assert of(LedgerQuery(tier="3")) == {"吴国强": "3"}
    assert of(LedgerQuery(tier="1")) == {"周雨桐": "1"}, "recorded"
    assert of(LedgerQuery(tier="1", category="graduate")) == {"周雨桐": "1"}
    assert of(LedgerQuery(tier="2", text="zyt")) == {}


def test_a_blank_in_the_sorted_column_comes_last_both_ways(here: DeskHere) -> None:
    up = names(here, LedgerQuery(sort="next_contact"))
    down = names(here, LedgerQuery(sort="next_contact", descending=True))
    assert up == ["单秀英", "周雨桐", "仇大山"]
    assert down == ["周雨桐", "单秀英", "仇大山"]


@pytest.mark.parametrize("changes", [
    {}, {"category": "hardship"}, {"category": "graduate"}, {"missing": "any"}, {"missing": "phone"},
    {"state": ""}, {"community": "南岭社区"}, {"text": "zyt"}, {"tier": "1"}, {"no_next": True},
    {"sort": "age", "descending": True}, {"sort": "next_contact"}, {"descending": True},
    {"text": "没有这个人"},
])  # fmt: skip
def test_one_pass_answers_what_the_plain_query_answers(here: DeskHere, changes: dict[str, object]) -> None:
    query = replace(LedgerQuery(), **changes)  # type: ignore[arg-type]
    plain = here.desk.read(lambda con: ledger.find_ids(con, query, counted=True)).result()
    found = answer(here, query)
    assert found.page.ids == plain.ids
    assert dict(found.page.categories) == dict(plain.categories)
    assert found.page.total == plain.total
    first = here.desk.read(lambda con: first_rows(con, query, rules(here))).result()
    assert tuple(line.item.case_id for line in first) == plain.ids


def test_the_foot_counts_who_is_shown(here: DeskHere) -> None:
    whole = answer(here, LedgerQuery()).tally
    assert (whole.people, whole.overdue) == (3, 1)
    assert whole.missing["id_number"] == 3
    narrowed = answer(here, LedgerQuery(missing="phone")).tally
    assert narrowed.people == 2
    assert narrowed.missing["phone"] == 2
    assert narrowed.missing["id_number"] == 3, "缺项 counts as if it were not filtered"


def test_only_the_circle_has_progress(here: DeskHere) -> None:
    lines = {line.item.name: line for line in answer(here, LedgerQuery()).first}
    assert lines["单秀英"].progress is None
    progress = lines["周雨桐"].progress
    assert progress is not None
    assert progress.current.filled == 1


def test_an_empty_station_is_told_from_a_search_without_finds(tmp_path: Path, here: DeskHere) -> None:
    assert answer(here, LedgerQuery(text="没有这个人")).anybody
    other = DeskHere(tmp_path / "other")
    assert not answer(other, LedgerQuery()).anybody
    other.station.close()


def test_what_the_filters_offer(here: DeskHere) -> None:
    offered = here.desk.read(lambda con: choices(con, here.desk)).result()
    assert dict(offered.communities) == {"南岭社区": 1, "柳河社区": 1}
    assert [s.name for s in offered.staff] == ["于晓梅"]


def test_a_view_is_kept_replaced_and_dropped(here: DeskHere) -> None:
    desk = here.desk
    query = LedgerQuery(missing="any", sort="next_contact", descending=True)
    views.save_view(desk, views.SavedView("", "我的", query, ("name", "phone"))).result()
    views.save_view(desk, views.SavedView("", "我的", replace(query, tier="1"), None)).result()
    (kept,) = desk.read(lambda con: views.views_of(con, desk)).result()
    assert kept.query == replace(query, tier="1")
    assert kept.columns is None
    views.drop_view(desk, kept.id).result()
    assert desk.read(lambda con: views.views_of(con, desk)).result() == []


def test_first_rows_of_a_word_that_all_have_come_in_the_order_of_the_list(here: DeskHere) -> None:
    """A word of every fourth person is found by walking the list; it must not change what is found."""
    for n in range(60):
        here.person(f"赵{'伟芳娜敏静丽'[n % 6]}", phone=f"1990000{n:04d}")
    for query in (LedgerQuery(text="199"), LedgerQuery(text="199", descending=True),
                  LedgerQuery(text="199", sort="phone"), LedgerQuery(text="199", community="南岭社区")):  # fmt: skip
        first = here.desk.read(lambda con, q=query: first_rows(con, q, rules(here))).result()
        assert [line.item.case_id for line in first] == list(answer(here, query).page.ids[: len(first)])
        assert len(first) == min(40, len(answer(here, query).page.ids))


def test_a_sort_by_numbers_counts_and_does_not_spell(here: DeskHere) -> None:
    found = answer(here, LedgerQuery(sort="completeness"))
    shares = [line.item.completeness for line in found.first]
    assert shares == sorted(shares)


def test_people_without_a_name_come_last(here: DeskHere) -> None:
    here.person("", phone="19900000055")
    here.person("", phone="19900000056")
    found = names(here, LedgerQuery())
    assert found == ["仇大山", "单秀英", "周雨桐", "", ""]
    assert names(here, LedgerQuery(descending=True)) == ["周雨桐", "单秀英", "仇大山", "", ""]
