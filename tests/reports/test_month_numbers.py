"""The month's numbers from a station written through the services, each on its day."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from month_station import Town, town

from jobdesk.cases.errors import BadInput
from jobdesk.reports.cover_data import OnBooks
from jobdesk.reports.month_data import Counting, Signing
from jobdesk.reports.month_numbers import MonthNumbers, MonthOptions, people_behind, period_totals
from jobdesk.reports.month_pdf import month_pdf
from jobdesk.reports.preview import Pages
from jobdesk.reports.totals import checks
from jobdesk.services import merging, undoing
from jobdesk.services.registering import Child


@pytest.fixture
def t(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        yield made


def books(numbers: MonthNumbers) -> OnBooks:
    assert numbers.report.cover is not None
    return numbers.report.cover.on_books


def line(b: OnBooks) -> tuple[int, ...]:
    return (b.opening, b.new, b.resumed, b.moved_in, b.ended, b.moved_out, b.closing)


def sound(numbers: MonthNumbers) -> None:
    """Every check on the paper holds."""
    wrong = [c for c in checks(numbers.report) if not c.ok]
    assert not wrong, wrong


def test_months_carry_over_when_computed_much_later(t: Town):
    stays = t.person("王留")
    leaves = t.person("李走")
    returns = t.person("张回")
    moves = t.person("赵迁")
    t.on(2026, 2, 10).end(leaves)
    t.end(moves, "moved")
    t.on(2026, 2, 20).end(returns, "no_wish")
    t.on(2026, 4, 2).resume(returns)
    t.on(2026, 4, 3).resume(moves)
    t.on(2026, 4, 4).person("钱新")
    t.on(2026, 7, 1)
    assert line(books(t.month("2026-01"))) == (0, 4, 0, 0, 0, 0, 4)
    assert line(books(t.month("2026-02"))) == (4, 0, 0, 0, 2, 1, 1)
    assert line(books(t.month("2026-03"))) == (1, 0, 0, 0, 0, 0, 1)
    april = t.month("2026-04")
    assert line(books(april)) == (1, 1, 1, 1, 0, 0, 4)
    assert people_behind(april, "resumed") == (returns,)
    assert people_behind(april, "moved_in") == (moves,)
    assert people_behind(t.month("2026-03"), "closing") == (stays,)
    for month in range(1, 8):
        sound(t.month(f"2026-{month:02d}"))


def test_somebody_who_left_and_came_back_within_the_month_has_one_sheet(t: Town):
    who = t.person("张回")
    t.on(2026, 2, 3).end(who)
    t.on(2026, 2, 20).resume(who)
    found = t.on(2026, 3, 1).month("2026-02")
    assert line(books(found)) == (1, 0, 1, 0, 1, 0, 1)
    assert books(found).returned == 1
    assert len(found.report.sheets) == 1
    sound(found)


def test_ended_twice_in_one_month_still_adds_up(t: Town):
    who = t.person("张回")
    for day, verb in ((3, t.end), (4, t.resume), (5, t.end)):
        t.on(2026, 2, day)
        verb(who)
    found = t.on(2026, 3, 1).month("2026-02")
    assert line(books(found)) == (1, 0, 1, 0, 2, 0, 0)
    sound(found)


def test_a_late_end_counts_where_it_belongs_and_is_said(t: Town):
    who = t.person("王迟")
    t.on(2026, 3, 2)
    assert line(books(t.month("2026-02"))) == (1, 0, 0, 0, 0, 0, 1)
    t.end(who, on="2026-02-15")
    february, march = t.month("2026-02"), t.month("2026-03")
    assert line(books(february)) == (1, 0, 0, 0, 1, 0, 0)
    assert people_behind(february, "late_within") == (who,)
    assert people_behind(march, "late_before") == (who,)
    assert march.report.cover is not None and "1 项" in march.report.cover.on_books_note
    assert line(books(march)) == (0, 0, 0, 0, 0, 0, 0)


def test_an_end_taken_back_never_happened(t: Town):
    who = t.person("王误")
    t.on(2026, 2, 10)
    t.clock.tick()
    from jobdesk.services import closing

    done = closing.end_help(t.desk, t.desk.case(who).result(), "employed").result()
    t.on(2026, 3, 5)
    undoing.undo_action(t.desk, done.action_id).result()
    assert line(books(t.month("2026-02"))) == (1, 0, 0, 0, 0, 0, 1)


def test_a_resumption_taken_back_leaves_the_first_end(t: Town):
    from jobdesk.services import closing

    who = t.person("王误")
    t.on(2026, 2, 10).end(who)
    t.on(2026, 4, 1)
    again = closing.resume_help(t.desk, t.desk.case(who).result()).result()
    t.on(2026, 4, 2)
    undoing.undo_action(t.desk, again.action_id).result()
    assert line(books(t.month("2026-02"))) == (1, 0, 0, 0, 1, 0, 0)
    assert line(books(t.month("2026-04"))) == (0, 0, 0, 0, 0, 0, 0)


def test_the_day_of_an_end_put_right_after_the_return(t: Town):
    from jobdesk.services.desk import case_subject
    from jobdesk.services.editing import save_record

    who = t.person("王改")
    t.on(2026, 3, 10).end(who)
    t.on(2026, 3, 12)
    loaded = t.desk.case(who).result()
    save_record(t.desk, case_subject(who), loaded.root, {"help_changed_on": "2026-02-27"}).result()
    t.on(2026, 5, 4).resume(who)
    assert line(books(t.month("2026-02"))) == (1, 0, 0, 0, 1, 0, 0)
    assert line(books(t.month("2026-05"))) == (0, 0, 1, 0, 0, 0, 1)


def test_merged_files_are_one_person_since_the_first(t: Town):
    first = t.person("孙一")
    t.serve(first, "2026-01-05")
    t.on(2026, 3, 2)
    second = t.person("孙一")
    t.serve(second, "2026-03-02")
    merging.merge(t.desk, second, first, "同一人").result()
    march = t.month("2026-03")
    assert line(books(march)) == (1, 0, 0, 0, 0, 0, 1)
    assert line(books(t.month("2026-01"))) == (0, 1, 0, 0, 0, 0, 1)
    assert [s.name for s in march.report.sheets] == ["孙一"]
    assert march.total("services").people == (second,)
    assert t.month("2026-01").total("services").count == 1
    merging.unmerge(t.desk, first, "不是同一人").result()
    assert line(books(t.month("2026-03"))) == (1, 1, 0, 0, 0, 0, 2)


def test_somebody_entered_by_mistake_was_never_here(t: Town):
    t.person("真人")
    wrong = t.person("误建")
    t.on(2026, 2, 2)
    undoing.withdraw_case(t.desk, wrong, "误建").result()
    assert line(books(t.month("2026-01"))) == (0, 1, 0, 0, 0, 0, 1)


def test_services_attempts_and_mass_messages_are_kept_apart(t: Town):
    who = t.person("周服务")
    t.on(2026, 2, 20)
    t.serve(who, "2026-02-03", type="GWTJ", channel="phone", offered="文员", outcome="offered")
    t.serve(who, "2026-02-04", type="HF", channel="phone", outcome="connected", engagement="")
    t.serve(who, "2026-02-05", type="HF", channel="phone", outcome="no_answer", engagement="attempt")
    t.serve(who, "2026-02-06", type="QF", channel="online", outcome="offered", engagement="offered")
    found = t.month("2026-02")
    cover = found.report.cover
    assert cover is not None
    assert dict(cover.by_type)["岗位推荐"] == 1 and sum(n for _, n in cover.by_type) == 1
    assert cover.attempts == 2
    sheet = found.report.sheets[0]
    assert sheet.signing is Signing.PHONE_ONLY
    assert [s.counting for s in sheet.services] == [
        Counting.SERVICE, Counting.FOLLOW_UP, Counting.ATTEMPT, Counting.ATTEMPT,
    ]  # fmt: skip
    assert cover.sheets is not None and cover.sheets.phone_only == 1
    sound(found)


def test_follow_ups_are_judged_as_of_the_last_day(t: Town):
    who = t.person("吴按期")
    t.on(2026, 2, 2)
    t.serve(who, "2026-02-02", "2026-02-10")
    t.on(2026, 2, 9)
    t.serve(who, "2026-02-09", "2026-02-16", type="HF", outcome="connected")
    t.on(2026, 2, 18)
    t.serve(who, "2026-02-18", "2026-02-27", type="HF", outcome="connected")
    t.on(2026, 3, 4)
    t.serve(who, "2026-03-04", type="HF", outcome="connected")
    cover = t.month("2026-02").report.cover
    assert cover is not None
    f = cover.follow_ups
    assert (f.due, f.on_time, f.late, f.missed) == (3, 1, 1, 1)


def test_an_attempt_does_not_answer_a_due_day(t: Town):
    who = t.person("吴未接")
    t.on(2026, 2, 2)
    t.serve(who, "2026-02-02", "2026-02-10")
    t.on(2026, 2, 10)
    t.serve(
        who, "2026-02-10", "2026-02-12", type="HF", channel="phone", outcome="no_answer", engagement="attempt"
    )
    cover = t.on(2026, 3, 1).month("2026-02").report.cover
    assert cover is not None
    assert (cover.follow_ups.due, cover.follow_ups.missed) == (1, 1)


def test_1311_counts_only_its_circle_and_keeps_statements_in_sight(t: Town):
    grad = {"graduate_kind": "university", "graduated_on": "2025-06"}
    one = t.person("郑毕业", **grad)
    t.person("冯升学", Child("statement", {"kind": "study", "stated_on": "2026-01-05"}), **grad)
    t.person("陈大龄")
    t.on(2026, 2, 3)
    t.serve(one, "2026-02-03")
    found = t.month("2026-02")
    cover = found.report.cover
    assert cover is not None
    (circle,) = cover.steps
    assert (circle.people, circle.outside, circle.part, circle.none, circle.all_full) == (2, 1, 1, 0, 0)
    assert [s.steps is None for s in sorted(found.report.sheets, key=lambda s: s.name)].count(True) == 1
    sound(found)


def test_a_job_merely_heard_of_stands_apart(t: Town):
    t.person("蒋落实", Child("placement", {"form": "10", "since": "2026-01-05", "verified_on": "2026-01-05"}))
    t.person("沈听说", Child("placement", {"form": "22", "since": "2026-01-05"}))
    found = t.month("2026-01")
    assert found.report.cover is not None
    counts = dict(found.report.cover.placements)
    assert counts["单位就业"] == 1 and counts["灵活就业"] == 0 and counts["未核实"] == 1
    by_name = {s.name: s for s in found.report.sheets}
    assert by_name["沈听说"].placement is not None and not by_name["沈听说"].placement.verified


def test_categories_count_once_by_the_main_one_and_only_the_county_recognises(t: Town):
    t.person(
        "韩双类",
        Child("recognition", {"category": "JL1", "state": "ledger"}),
        Child("recognition", {"category": "JL2", "state": "recognised", "since": "2025-11-01", "main": True}),
    )
    t.person("杨台账", Child("recognition", {"category": "JL2", "state": "ledger"}))
    found = t.month("2026-01")
    assert found.report.cover is not None
    two = {c.name: c for c in found.report.cover.categories}["大龄失业人员"]
    assert (two.recognised, two.in_progress, two.ledger) == (1, 0, 1)
    assert sum(c.recognised + c.in_progress + c.ledger for c in found.report.cover.categories) == 2
    sound(found)


def test_restricted_and_sensitive_facts_never_reach_the_paper(t: Town):
    who = t.person(
        "朱保密",
        Child("group", {"kind": "released", "source": "system"}),
        Child("group", {"kind": "disabled", "source": "system"}),
        Child("group", {"kind": "veteran", "source": "document"}),
        Child("recognition", {"category": "JL3", "state": "recognised", "since": "2025-12-01"}),
        Child("registration", {"since": "2025-10-01", "reason": "11", "source": "system"}),
    )
    t.on(2026, 1, 20).end(who, "imprisoned")
    found = t.month("2026-01")
    data = month_pdf(found.report, t.clock).data
    with Pages(data) as pages:
        words = "".join(pages.text(i) for i in range(1, pages.count))
    for word in ("刑满", "释放", "残疾", "收监", "戒毒"):
        assert word not in words
    assert "退役军人" in words and "就业困难人员" in words


def test_what_is_missing_names_the_person_and_the_place(t: Town):
    who = t.person("秦缺项", phone="1990000001")
    t.on(2026, 2, 3)
    record = t.serve(who, "2026-02-03", outcome="", engagement="", staff="")
    gaps = t.month("2026-02").gaps
    kinds = {g.kind: g for g in gaps}
    assert kinds["service"].record == record and kinds["service"].part == "services"
    assert "经办人" in kinds["service"].what and "结果" in kinds["service"].what
    assert kinds["phone"].case_id == who
    assert kinds["identity"].part == "overview"


def test_late_services_are_marked_with_their_reason(t: Town):
    who = t.person("许补录")
    t.on(2026, 3, 20)
    t.serve(who, "2026-02-03", late_reason="当日在村里")
    t.serve(who, "2026-02-04")
    found = t.month("2026-02")
    assert [s.late for s in found.report.sheets[0].services] == ["当日在村里", "未写原因"]
    assert found.report.cover is not None and "补录 2 次" in found.report.cover.services_note
    assert "late" in {g.kind for g in found.gaps}


def test_services_for_people_not_on_the_books_are_said_and_not_counted(t: Town):
    who = t.person("何离册")
    t.on(2026, 1, 20).end(who)
    t.on(2026, 2, 3)
    t.serve(who, "2026-02-03", type="HF", outcome="connected")
    found = t.month("2026-02")
    assert not found.report.sheets
    assert found.total("outside_services").count == 1
    sound(found)


def test_the_running_month_says_so_and_a_coming_one_is_refused(t: Town):
    found = t.on(2026, 2, 14).month("2026-02")
    assert found.report.period.running and found.report.period.cutoff == "2026-02-14"
    with pytest.raises(BadInput):
        t.month("2026-03")
    with pytest.raises(BadInput):
        t.month("2026-13")


def test_any_days_have_totals_and_no_sheets(t: Town):
    from datetime import date

    who = t.person("施区间")
    t.on(2026, 2, 20)
    t.serve(who, "2026-02-03")
    t.serve(who, "2026-02-16")
    found = t.desk.read(
        lambda con: period_totals(con, t.desk, date(2026, 2, 9), date(2026, 2, 20), "春风行动")
    ).result()
    assert found.total("services").count == 1
    assert found.report.cover is not None and found.report.cover.sheets is None
    assert found.report.period.title == "春风行动　2026-02-09 至 2026-02-20" and not found.report.sheets
    sound(found)


def test_a_few_people_have_sheets_without_a_cover(t: Town):
    who = t.person("张三")
    t.person("李四")
    found = t.month("2026-01", MonthOptions(case_ids=(who,)))
    assert [s.name for s in found.report.sheets] == ["张三"] and found.report.cover is None


def test_file_numbers_are_alike_every_time_and_no_id_number(t: Town):
    t.person("孔编号")
    first, second = t.month("2026-01"), t.month("2026-01")
    (number,) = first.file_nos.values()
    assert number == next(iter(second.file_nos.values())) and number.startswith("229901-")
    assert first.case_of(number) == next(iter(first.file_nos))


def test_the_same_month_under_the_same_clock_gives_the_same_bytes(t: Town):
    for name in ("张三", "李四", "王五"):
        t.serve(t.person(name, community="南岭社区"), "2026-01-05")
    first, second = t.month("2026-01"), t.month("2026-01")
    assert month_pdf(first.report, t.clock).data == month_pdf(second.report, t.clock).data
    assert [s.name for s in first.report.sheets] == ["李四", "王五", "张三"]


def test_what_is_typed_after_the_month_does_not_change_its_next_contact(t: Town):
    who = t.person("严约定")
    t.on(2026, 2, 3)
    t.serve(who, "2026-02-03", "2026-02-20")
    t.on(2026, 3, 3)
    t.serve(who, "2026-03-03", "2026-04-07")
    contact = t.month("2026-02").report.sheets[0].contact
    assert contact is not None and contact.day is not None and contact.day.startswith("2026-02-20")
    assert contact.reason is not None and "已逾期" in contact.reason
    later = t.month("2026-03").report.sheets[0].contact
    assert later is not None and later.day is not None and later.day.startswith("2026-04-07")


def test_a_recognition_left_later_still_stood_in_its_month(t: Town):
    t.person(
        "华退出",
        Child(
            "recognition",
            {"category": "JL2", "state": "exited", "since": "2025-05-01", "until": "2026-02-10"},
        ),
    )
    t.on(2026, 3, 2)
    january, february = t.month("2026-01").report.cover, t.month("2026-02").report.cover
    assert january is not None and february is not None
    assert sum(c.recognised for c in january.categories) == 1
    assert sum(c.recognised for c in february.categories) == 0
