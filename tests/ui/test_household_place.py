"""家庭: the list, its numbers, one household with what can be done, and the drawing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from jobdesk.cases.claim import Act
from jobdesk.cases.ops import Json, Kind, Subject, fields_set
from jobdesk.cases.restricting import WITHHELD
from jobdesk.host.strings import text
from jobdesk.services.desk import case_subject
from jobdesk.services.editing import add_record, save_record
from jobdesk.services.household import claiming, joining
from jobdesk.services.household_list import load_household
from jobdesk.services.households import found_household
from jobdesk.services.registering import Child
from jobdesk.services.today import load_board
from jobdesk.store import local, reads
from jobdesk.store.moved import CLERKS
from jobdesk.store.station_file import Writing
from jobdesk.ui.casefile import household_words
from jobdesk.ui.casefile.ask import Ask, WithdrawAsk
from jobdesk.ui.casefile.history_page import HistoryPage
from jobdesk.ui.casefile.household_detail import HouseholdDetail
from jobdesk.ui.casefile.household_drawing import INSIDE, Figure, HouseholdDrawing, arranged
from jobdesk.ui.casefile.household_evidence_card import EvidenceCard
from jobdesk.ui.casefile.panel import CaseFilePanel
from jobdesk.ui.households import state
from jobdesk.ui.households.form import FormAsk
from jobdesk.ui.households.screen import HouseholdsScreen
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit import Text, TextInput
from jobdesk.ui.palette import tokens
from jobdesk.ui.settings.rules_page import RulesPage
from tests.ui.day_station import Ground

USUAL: Mapping[str, Json] = {
    "birth": "1985-03-02", "hukou_kind": "10", "work_capacity": "able", "willingness": "yes", "marital": "20",
}  # fmt: skip
OUT = Child("registration", {"since": "2026-06-15", "registered": True, "source": "system"})


class Scene(Ground):
    def family(self, name: str, kind: str = "zero", **values: Json) -> tuple[str, str]:
        """A household of one registered unemployed; (household, case)."""
        case = self.person(name, USUAL, OUT)
        body: dict[str, Json] = {"head_name": name, "kind": kind, "community": "甲社区", **values}
        members: list[dict[str, Json]] = [
            {"case": case, "relation": "head", "lives_here": True, "since": "2026-06-20"}
        ]  # fmt: skip
        made = found_household(self.desk, body, members).result()
        return next(s.id for s in made.subjects if s.kind == "household"), case

    def root(self, household: str):
        return (
            self.desk.read(lambda con: reads.subject_state(con, Subject("household", household)))
            .result()
            .root
        )

    def recognised(self, household: str) -> None:
        steps: list[tuple[Act, dict[str, Json]]] = [
            (Act.APPLY, {"applied_on": "2026-06-22"}),
            (Act.ACCEPT, {"accepted_on": "2026-06-22"}),
            (Act.CHECK, {"station_checked_on": "2026-06-23", "station_opinion": "符合"}),
            (Act.POST, {"publicity_from": "2026-06-23", "publicity_until": "2026-06-26"}),
            (Act.TAKE_DOWN, {"publicity_down_on": "2026-06-29"}),
            (Act.REPORT, {"reported_on": "2026-06-29"}),
            (Act.RECOGNISE, {"decided_on": "2026-07-01", "decided_by": "县", "decision_no": "1", "source": "document"}),
            (Act.NOTIFY, {"notified_on": "2026-07-02"}),
        ]  # fmt: skip
        for act, values in steps:
            claiming.act(self.desk, household, self.root(household), act, values).result()


@pytest.fixture
def scene(dressed: QApplication, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path)
    yield made
    made.close()


@pytest.fixture
def screen(scene: Scene, qtbot: QtBot) -> HouseholdsScreen:
    shown = HouseholdsScreen(scene.ctx)
    scene.screens.append(shown)
    qtbot.addWidget(shown)
    shown.resize(1300, 700)
    shown.show()
    return shown


def arrive(scene: Scene, screen: HouseholdsScreen, qtbot: QtBot, subject: str = "", part: str = "") -> None:
    screen.arrive(GoTo("households", subject, part))
    qtbot.waitUntil(lambda: screen.found is not None)
    if subject:
        qtbot.waitUntil(lambda: screen.detail.whole is not None and screen.detail.whole.row.id == subject)
    scene.settle(qtbot)


def test_an_empty_station_says_what_stands_here(scene: Scene, screen: HouseholdsScreen, qtbot: QtBot) -> None:
    arrive(scene, screen, qtbot)
    assert screen.view.middle.currentWidget() is screen.view.nothing
    assert screen.view.rates["zero"].number.text() == "—"


def test_filters_and_rates_open_the_households_behind_them(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    first, _ = scene.family("钱一")
    second, _ = scene.family("孙二", "allowance", filed_on="2026-07-01", source="document")
    scene.family("李三", "ordinary")
    scene.recognised(first)
    arrive(scene, screen, qtbot)
    assert screen.found is not None
    counted = state.counts(screen.found.rows)
    assert (counted["all"], counted["running"], counted["may_apply"], counted["hardship"]) == (3, 2, 1, 1)
    assert screen.view.rates["zero"].number.text() == "0%"
    screen.view.rates["hardship"].opened.emit()
    assert list(screen.table.rows.ids) == [second]
    assert screen.view.count.text() == "1 户"
    assert not screen.view.only.isHidden()
    screen.view.only.click()
    assert screen.by.behind is None


def test_each_number_of_a_rate_opens_its_households(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    helped, _ = scene.family(
        "钱一", "allowance", filed_on="2026-07-01", source="document", first_help_on="2026-07-02"
    )
    cleared = {"filed_on": "2026-07-01", "source": "document", "cleared_on": "2026-07-10"}
    done, _ = scene.family("孙二", "allowance", **cleared)
    waits, _ = scene.family("李三", "allowance", filed_on="2026-07-01", source="document")
    arrive(scene, screen, qtbot)
    numbers = screen.view.numbers
    assert all(way.isHidden() for way in numbers.values())
    screen.view.rates["hardship"].opened.emit()
    assert set(screen.table.rows.ids) == {helped, done, waits}
    assert (numbers["one_job"].text(), numbers["helped"].text()) == ("已实现1人就业 1 户", "已援助 2 户")
    assert numbers["overdue"].isHidden()
    numbers["helped"].click()
    assert set(screen.table.rows.ids) == {helped, done} and screen.view.only.text() == "只看这 2 户"
    numbers["one_job"].click()
    assert set(screen.table.rows.ids) == {done}


def test_the_list_does_not_say_allowance(scene: Scene, screen: HouseholdsScreen, qtbot: QtBot) -> None:
    scene.family("孙二", "allowance")
    arrive(scene, screen, qtbot)
    assert screen.found is not None
    cells = state.row_of(screen.found.rows[0], scene.desk.today).cells
    assert "低" not in "".join(c.text for c in cells.values())
    assert cells["kind"].text == "困难家庭"


def test_an_application_is_taken_in_from_the_detail(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    household, _ = scene.family("钱一")
    arrive(scene, screen, qtbot, household)
    screen.acting.do("act:apply")
    ask = screen.detail.findChild(FormAsk)
    assert ask is not None
    ask.button.click()
    qtbot.waitUntil(lambda: scene.root(household).text("state") == "applied")
    scene.settle(qtbot)
    assert scene.notices
    assert not screen.acting.is_open


def test_a_household_says_how_much_only_its_station_sees(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    """A desk above the stations is told the header of a restricted record: the page did not say so."""
    household, _ = scene.family("钱一")
    subject = Subject("household", household)

    def said() -> list[str]:
        return [x.text() for x in screen.detail.findChildren(Text) if "受限信息" in x.text()]

    arrive(scene, screen, qtbot, household)
    assert said() == []
    op = add_record(scene.desk, subject, "member", {"name": "钱二", "relation": "other"}).result().ops[0]

    def told_the_header(w: Writing) -> None:
        w.con.execute("UPDATE op SET payload = NULL, salt = ? WHERE op_id = ?", (WITHHELD, op.op_id))
        w.refold([subject])

    scene.desk.write(told_the_header).result()
    screen.reload()
    qtbot.waitUntil(lambda: said() == ["另有 1 项受限信息，只在服务站可见"])


def test_a_refusal_stands_on_the_question_and_keeps_what_was_typed(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    household, _ = scene.family("钱一")
    arrive(scene, screen, qtbot, household)
    screen.acting.do("clear")
    ask = screen.detail.findChild(FormAsk)
    assert ask is not None
    ask.button.click()
    qtbot.waitUntil(lambda: not ask.message.isHidden())
    assert "没有查到" in ask.message.text()
    assert screen.acting.is_open


def test_a_verified_job_offers_to_clear_and_the_clerk_does_it(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    household, case = scene.family("钱一")
    scene.recognised(household)
    job: dict[str, Json] = {"since": "2026-07-06", "unit": "甲厂", "verified_on": "2026-07-08"}
    add_record(scene.desk, case_subject(case), "placement", job).result()
    arrive(scene, screen, qtbot, household)
    screen.acting.do("clear")
    ask = screen.detail.findChild(FormAsk)
    assert ask is not None
    ask.button.click()
    qtbot.waitUntil(lambda: bool(scene.root(household).text("cleared_on")))
    scene.settle(qtbot)
    assert screen.view.rates["zero"].number.text() == "100%"


def test_a_new_household_is_written_and_opened(scene: Scene, screen: HouseholdsScreen, qtbot: QtBot) -> None:
    arrive(scene, screen, qtbot)
    screen.new()
    ask = screen.side.currentWidget().findChild(FormAsk)
    assert ask is not None
    ask.button.click()
    assert not scene.notices, "the head's name is needed"
    ask._form.editors["head_name"].set_value("周五")
    ask._form.editors["kind"].set_value("other_hardship")
    ask.button.click()
    qtbot.waitUntil(lambda: screen.detail.whole is not None)
    assert screen.detail.whole is not None
    assert screen.detail.whole.row.facts.text("head_name") == "周五"


def test_why_somebody_in_custody_does_not_count_is_not_said(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    household, _ = scene.family("钱一")
    inmate: dict[str, Json] = {"name": "钱六", "relation": "son", "birth_year": 2000, "state": "inmate"}
    add_record(scene.desk, Subject("household", household), "member", inmate).result()
    arrive(scene, screen, qtbot, household)
    drawing = screen.detail.findChild(HouseholdDrawing)
    assert drawing is not None
    assert "钱六" in drawing.accessibleDescription()
    for word in ("收监", "服刑"):
        assert word not in drawing.accessibleDescription()
        assert word not in state.work_state(screen.detail.whole.row.standing.members[-1])  # type: ignore[union-attr]


def _figure(name: str, relation: str, lives: bool | None = True) -> Figure:
    return Figure(name, relation, relation, "失业", "unemployed", lives)


def test_the_drawing_puts_generations_below_each_other_and_overlaps_nobody() -> None:
    figures = [_figure(str(n), r) for n, r in enumerate(
        ("son", "head", "spouse", "mother", "daughter", "sibling", "other", "grandparent"))]  # fmt: skip
    figures.append(_figure("外", "son", False))
    for width in (140, 300, 430, 900):
        placed, height = arranged(figures, width)
        assert len(placed) == len(figures)
        for n, one in enumerate(placed):
            assert one.box.bottom() <= height and one.box.left() >= 0
            assert not any(one.box.intersects(other.box) for other in placed[n + 1 :])
    rows = {p.figure.relation: p.box.top() for p in arranged(figures[:8], 900)[0]}
    assert rows["grandparent"] < rows["mother"] < rows["head"] == rows["spouse"] < rows["son"]


def test_no_word_of_the_drawing_is_cut_where_there_is_room(qtbot: QtBot) -> None:
    """未满劳动年龄 ended in … in a box of which the page had three times the width."""
    drawing = HouseholdDrawing()
    qtbot.addWidget(drawing)
    son = Figure("许小宝", "son", "儿子", "未满劳动年龄", "outside")
    drawing.set_figures(
        [son, Figure("许老太", "child_in_law", "儿媳或女婿", "未满劳动年龄", "outside")], "", ""
    )
    font = drawing.font()
    font.setPixelSize(tokens().type.caption)
    for one in drawing.arranged_in(424)[0]:
        assert QFontMetrics(font).horizontalAdvance(one.figure.line) <= one.box.width() - 2 * INSIDE
    assert all(one.box.right() <= 140 for one in drawing.arranged_in(140)[0])


def test_what_happened_to_the_household_stands_in_the_history_of_its_people(
    scene: Scene, qtbot: QtBot
) -> None:
    household, case = scene.family("钱一")
    scene.recognised(household)
    panel = CaseFilePanel(scene.ctx)
    qtbot.addWidget(panel)
    panel.resize(900, 700)
    panel.show()
    panel.show_case(case, "history")
    qtbot.waitUntil(lambda: "history" in panel.pages)
    page = panel.pages["history"]
    assert isinstance(page, HistoryPage)
    qtbot.waitUntil(lambda: any(line.origin for line in page._lines))
    said = [line.sentence + "".join(line.details) for line in page._lines if line.origin]
    assert any("已认定" in words for words in said)
    panel.hide()


def test_the_way_of_counting_the_deadline_is_the_stations_choice(scene: Scene, qtbot: QtBot) -> None:
    household, _ = scene.family("钱一")
    scene.recognised(household)
    page = RulesPage(scene.ctx)
    qtbot.addWidget(page)
    page.arrive()
    qtbot.waitUntil(lambda: bool(page.households.said.text()))
    page.households.choice.chosen.emit("days_30")
    scene.settle(qtbot)
    found = load_household(scene.desk, household).result()
    assert found is not None and found.row.clock.deadline is not None
    assert found.row.clock.deadline.isoformat() == "2026-07-31"
    made = load_board(scene.desk).result()
    assert any(dict(n.params).get("deadline") == "2026-07-31" for n in made.lines[household])


def test_what_is_recognised_already_is_not_said_to_be_open_to_apply(scene: Scene) -> None:
    household, _ = scene.family("钱一")

    def said() -> str:
        whole = load_household(scene.desk, household).result()
        assert whole is not None
        return household_words.verdict_words(whole.row)[0]

    assert said() == "符合，可申请认定"
    claiming.act(
        scene.desk, household, scene.root(household), Act.APPLY, {"applied_on": "2026-06-22"}
    ).result()
    assert said() == "符合口径"
    other, _ = scene.family("孙二")
    scene.recognised(other)
    whole = load_household(scene.desk, other).result()
    assert whole is not None
    assert household_words.verdict_words(whole.row)[0] == "按口径仍符合"


def test_a_question_left_open_comes_back_as_it_was_and_is_forgotten_when_given_up(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    first, _ = scene.family("钱一")
    second, _ = scene.family("孙二")

    def drafts() -> list[str]:
        return [d.key for d in scene.desk.read(lambda con: local.drafts(con, "households/")).result()]

    def asked() -> FormAsk:
        screen.acting.do("edit")
        scene.settle(qtbot)
        found = [a for a in screen.detail.findChildren(FormAsk) if not a.isHidden()]
        return found[-1]

    arrive(scene, screen, qtbot, first)
    ask = asked()
    ask._form.editors["address"].set_value("7号楼")
    screen.open(second)
    qtbot.waitUntil(lambda: screen.detail.whole is not None and screen.detail.whole.row.id == second)
    scene.settle(qtbot)
    assert drafts() == [f"households/{first}/edit"]
    save_record(
        scene.desk, Subject("household", first), scene.root(first), {"address": "8号楼", "head_name": "钱甲"}
    ).result()
    arrive(scene, screen, qtbot, first)
    again = asked()
    assert again._form.editors["address"].value() == "7号楼"
    assert not again._back.isHidden()
    assert again._form.loaded.text("head_name") == "钱甲", "what was not typed is as it is now"
    again.button.click()
    qtbot.waitUntil(lambda: bool(scene.root(first).conflicts))
    scene.settle(qtbot)
    assert "address" in scene.root(first).conflicts, "saved on what was seen, not over what came since"
    assert drafts() == []
    ask = asked()
    ask._form.editors["address"].set_value("9号楼")
    ask._keeper.keep_now()  # type: ignore[union-attr]
    scene.settle(qtbot)
    assert drafts()
    ask.close_ask()
    scene.settle(qtbot)
    assert drafts() == []


def test_whose_last_day_is_today_is_said_and_not_asked_to_leave_again(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    """Who moved to another station today still counts today: the card said nothing of it."""
    household, _ = scene.family("钱一")
    found = load_household(scene.desk, household).result()
    assert found is not None
    members = found.state.of("member")
    joining.leave(scene.desk, household, members[0], scene.desk.today.isoformat()).result()
    arrive(scene, screen, qtbot, household)
    leaves = [b for b in screen.detail.findChildren(QPushButton) if b.text() == "离开"]
    assert len(leaves) == len(members) - 1
    assert sum("日止" in w.text() for w in screen.detail.findChildren(Text)) == 1


def test_a_line_of_a_household_is_put_off_with_its_reason(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    household, _ = scene.family("钱一")
    scene.recognised(household)
    arrive(scene, screen, qtbot, household)
    whole = screen.detail.whole
    assert whole is not None
    line = next(n for n in whole.row.due if dict(n.params).get("part") == "first_help")
    screen.acting.do("put_off", line.key)
    ask = screen.detail.findChild(FormAsk)
    assert ask is not None
    ask._form.editors["until"].set_value("2026-07-21")
    ask.button.click()
    assert not scene.notices, "the reason is needed"
    ask._form.editors["reason"].set_value("全家外出，下周二回")
    ask.button.click()
    qtbot.waitUntil(lambda: bool(scene.notices))
    scene.settle(qtbot)
    found = load_household(scene.desk, household).result()
    assert found is not None
    moved = next(n for n in found.row.due if n.key == line.key)
    assert (moved.due.isoformat(), moved.original, moved.postponed) == (
        "2026-07-21", line.original, "全家外出，下周二回",
    )  # fmt: skip
    said = [w.text() for w in screen.detail.findChildren(Text)]
    assert any("全家外出" in s and "原定" in s for s in said)
    board = load_board(scene.desk).result()
    assert [n.due for n in board.lines[household] if n.key == line.key] == [moved.due], "今日 too"


def test_in_the_persons_own_file_putting_off_opens_the_question_in_its_place(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    household, _ = scene.family("钱一")
    scene.recognised(household)
    found = load_household(scene.desk, household).result()
    assert found is not None
    line = next(n for n in found.row.due if dict(n.params).get("part") == "first_help")
    went: list[GoTo] = []
    scene.ctx.hub.go_to.connect(went.append)
    in_file = HouseholdDetail(scene.ctx, acts=False)
    qtbot.addWidget(in_file)
    in_file.show_whole(found)
    button = next(b for b in in_file.findChildren(QPushButton) if b.text() == "延期")
    button.click()
    assert went and (went[0].place, went[0].subject, went[0].part) == ("households", household, "put_off")
    screen.arrive(GoTo("households", household, "put_off", line.key))
    qtbot.waitUntil(lambda: screen.detail.findChild(FormAsk) is not None)
    scene.settle(qtbot)
    ask = screen.detail.findChild(FormAsk)
    assert ask is not None and "until" in ask._form.editors


def test_short_questions_keep_what_was_typed(scene: Scene, screen: HouseholdsScreen, qtbot: QtBot) -> None:
    first, _ = scene.family("钱一")
    second, _ = scene.family("孙二")
    arrive(scene, screen, qtbot, first)

    def typed(what: str) -> TextInput:
        screen.acting.do(what)
        scene.settle(qtbot)
        asks = [a for a in screen.detail.findChildren(Ask) if not a.isHidden()]
        return next(w for w in asks[-1].findChildren(TextInput) if w.objectName() in ("reason", "two_reason"))

    for what, words in (("withdraw", "登记错了人"), ("add_filed", "户口在一处，住在另一处")):
        typed(what).setText(words)
        scene.settle(qtbot)
        arrive(scene, screen, qtbot, second)
        arrive(scene, screen, qtbot, first)
        again = typed(what)
        assert again.value() == words
        asks = [a for a in screen.detail.findChildren(Ask) if not a.isHidden()]
        asks[-1].close_ask()
        scene.settle(qtbot)
        assert scene.desk.read(lambda con: local.drafts(con, "households/")).result() == []


def test_who_wrote_at_the_station_it_came_from_is_named_when_it_is_taken_back(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    """The move had told the name; only this question said 其他单位经办人."""
    home, _ = scene.family("钱一")
    subject, elsewhere = Subject("household", home), "01a201b9-d5fd-7444-858b-1000f48ec993"
    moved = fields_set(subject, "household", home, {"station": "a"}, {}, kind=Kind.TRANSFERRED)
    told = replace(moved, payload={**moved.payload, CLERKS: {elsewhere: "何雨"}})
    noted = fields_set(subject, "household", home, {"note": "原站所记"}, {})
    scene.desk.write(lambda w: w.append(elsewhere, [told, noted])).result()
    arrive(scene, screen, qtbot, home)
    screen.acting.do("withdraw")
    scene.settle(qtbot)
    ask = next(a for a in screen.detail.findChildren(WithdrawAsk) if not a.isHidden())
    ask.set_reason("登记错了")
    ask.button.click()
    scene.settle(qtbot)
    said = "\n".join(w.text() for w in ask.findChildren(Text))
    assert "何雨" in said and "其他单位经办人" not in said


def test_somebody_in_two_lines_is_said_to_count_once(scene: Scene, qtbot: QtBot) -> None:
    home, case = scene.family("钱一")
    again = {"case": case, "relation": "other", "since": "2026-06-25"}
    add_record(scene.desk, Subject("household", home), "member", dict(again)).result()
    detail = HouseholdDetail(scene.ctx)
    qtbot.addWidget(detail)
    whole = load_household(scene.desk, home).result()
    assert whole is not None
    detail.show_whole(whole)
    said = [w.text() for w in detail.findChildren(Text)]
    assert "成员 1 人" in said
    assert [s for s in said if "只计一次" in s] == ["同一人另有一条成员记录（其他；6月25日起），只计一次"]
    assert detail.place_of(whole.row.standing.members[0].also[0].id) is not None


def test_the_evidence_that_was_kept_can_be_read_and_printed(
    scene: Scene, screen: HouseholdsScreen, qtbot: QtBot
) -> None:
    home, _ = scene.family("钱一")
    scene.recognised(home)
    screen.arrive(GoTo("households", home))
    scene.settle(qtbot)
    qtbot.waitUntil(lambda: screen.detail.whole is not None)
    (card,) = screen.detail.findChildren(EvidenceCard)
    before = {w.text() for w in card.findChildren(Text)}
    assert not any("初审时" in said for said in before)
    card.read.click()
    said = "\n".join(w.text() for w in card.findChildren(Text))
    assert "初审时（6月23日）：符合" in said and "县级决定时（7月1日）：符合" in said
    assert "钱一　户主　计入，未就业" in said and "有劳动能力 是" in said
    picture = os.environ.get("JOBDESK_PICTURES")
    if picture:
        screen.resize(1366, 768)
        screen._scroll.ensureWidgetVisible(card)
        QApplication.processEvents()
        screen.grab().save(f"{picture}/evidence.png")
    card.read.click()
    assert card.findChildren(Text) == [] or all(not w.isVisible() for w in card.findChildren(Text))
    screen.acting.do("papers")
    scene.settle(qtbot)
    assert text("households.paper_household_evidence") in {
        b.text().strip() for b in screen.papers.findChildren(QPushButton)
    }
