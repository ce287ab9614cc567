"""帮扶档案 on a real encrypted station: what is hidden, what is logged, what is saved against which version."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Json, Subject
from jobdesk.services import merging, planning
from jobdesk.services.closing import end_help
from jobdesk.services.editing import save_record
from jobdesk.services.household.joining import join
from jobdesk.services.household_list import load_household
from jobdesk.services.households import found_household
from jobdesk.services.today import load_board
from jobdesk.store import ledger, local
from jobdesk.ui.casefile import CaseFilePanel
from jobdesk.ui.casefile.conflict import ConflictBox
from jobdesk.ui.casefile.editors import Veiled
from jobdesk.ui.casefile.facts_pages import FactsPage
from jobdesk.ui.casefile.files_page import FilesPage
from jobdesk.ui.casefile.history_page import HistoryPage
from jobdesk.ui.casefile.household_page import HouseholdPage
from jobdesk.ui.casefile.merge_ask import MergeAsk
from jobdesk.ui.casefile.overview import OverviewPage
from jobdesk.ui.casefile.plan_page import PlanPage
from jobdesk.ui.casefile.record_section import RecordCard
from jobdesk.ui.casefile.services_page import ServiceCard, ServicesPage
from jobdesk.ui.hub import Changed
from tests.ui.case_scene import Scene, conflict, full_person
from tests.ui.crowd import id_number


def settle(scene: Scene, qtbot: QtBot) -> None:
    """Until everything asked for was answered, and what the answers asked for too."""
    for _ in range(6):
        scene.desk.write(lambda w: None).result()
        both = Barrier(2, timeout=20)  # every reader has to be free, so that nothing is still being read
        answered: list[int] = []
        for _reader in range(2):
            scene.ctx.ask(scene.desk.read(lambda con, b=both: b.wait()), scene.ctx, answered.append)
        qtbot.waitUntil(lambda found=answered: len(found) == 2, timeout=20000)


def opened(scene: Scene, panel: CaseFilePanel, qtbot: QtBot, case: str, part: str = "") -> None:
    panel.show_case(case, part)
    settle(scene, qtbot)


def words(widget: QWidget) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def overview(panel: CaseFilePanel) -> OverviewPage:
    page = panel.pages["overview"]
    assert isinstance(page, OverviewPage)
    return page


def type_into(panel: CaseFilePanel, section: str, name: str, value: str) -> None:
    """As the keyboard does: the text changes and the form hears of it."""
    editor = overview(panel).sections[section].form._editors[name]
    inner = editor.inner
    inner.setText(value)  # type: ignore[attr-defined]


def looks(scene: Scene) -> list[tuple[str, str]]:
    return [(a.what, a.field) for a in scene.desk.read(local.accesses).result()]


# ---- the head


def test_head_shows_chips_progress_and_what_is_late(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    opened(scene, panel, qtbot, full_person(scene))
    said = words(panel.header)
    assert "周雨桐" in said and "女 24 岁" in said
    assert "就业困难人员" in said and "未核对" in said
    assert "下次联系 7月13日" in said and "逾期 2 个工作日" in said and "问培训报名" in said
    assert "提供 2　参加 0\n5月28日、6月12日" in said
    assert "步骤组成待确认" in said


def test_restricted_group_is_never_in_the_head_and_hidden_below_until_revealed(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    opened(scene, panel, qtbot, full_person(scene))
    assert "刑满释放" not in words(panel)
    section = overview(panel).groups
    assert "受限信息不在此显示" in words(section)
    section._reveal()
    settle(scene, qtbot)
    assert ("reveal", "group.restricted") in looks(scene)
    assert "刑满释放" in words(section)
    assert "刑满释放" not in words(panel.header)


def test_eye_stands_there_whether_or_not_there_is_something_to_hide(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    opened(scene, panel, qtbot, scene.person())
    assert "受限信息不在此显示" in words(overview(panel).groups)


def test_number_is_shown_after_the_look_was_logged_and_hidden_when_left(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    number = id_number(date(2002, 4, 26), 42)
    case, other = scene.person(id_number=number), scene.person(name="何玉兰")
    opened(scene, panel, qtbot, case)
    shown = panel.header.view.id_number
    assert number not in words(panel)
    qtbot.mouseClick(shown.eye, Qt.MouseButton.LeftButton)
    assert shown.value.text() != number
    settle(scene, qtbot)
    assert shown.value.text() == number
    assert looks(scene) == [("reveal", "id_number")]
    opened(scene, panel, qtbot, other)
    opened(scene, panel, qtbot, case)
    assert number not in words(panel)


def test_reveal_of_one_person_never_shows_the_next(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case = scene.person(id_number=id_number(date(2002, 4, 26), 42))
    other = scene.person(name="何玉兰", id_number=id_number(date(1979, 1, 2), 7))
    opened(scene, panel, qtbot, case)
    panel.header._toggle("id_number")
    panel.show_case(other)
    settle(scene, qtbot)
    assert "********" in panel.header.view.id_number.value.text()


def test_restricted_reason_of_an_end_stays_hidden(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case = scene.person()
    opened(scene, panel, qtbot, case)
    panel.actions_.ask_end()
    ask = panel.actions_._ask
    assert ask is not None
    ask.button.click()
    assert "请选择" in words(ask) or "原因" in words(ask)
    assert scene.desk.case(case).result().root.get("help_state") == "open"
    from jobdesk.services.closing import end_help

    scene.ctx.save(end_help(scene.desk, panel.file.state, "imprisoned"), panel, "")  # type: ignore[union-attr]
    settle(scene, qtbot)
    said = words(panel)
    assert "已结束帮扶" in said and "已隐藏" in said and "服刑" not in said and "收监" not in said


# ---- 概况: typing, saving, drafts


def test_save_replaces_what_was_loaded_and_nothing_else(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person(community="平阳社区", address="3号楼")
    opened(scene, panel, qtbot, case)
    type_into(panel, "contact", "address", "5号楼")
    # meanwhile somebody else changes the same field and another one
    loaded = scene.desk.case(case).result()
    other = scene.desk.as_actor(scene.staff[1])
    scene.ctx.save(
        save_record(other, Subject("case", case), loaded.root, {"address": "9号楼", "community": "站前社区"}),
        panel,
        "",
    )
    settle(scene, qtbot)
    form = overview(panel).sections["contact"].form
    assert form.value_of("address") == "5号楼"
    assert form.value_of("community") == "站前社区"
    overview(panel).sections["contact"].save()
    settle(scene, qtbot)
    root = scene.desk.case(case).result().root
    assert root.fields["address"].is_conflict, "the author never saw 9号楼, so both stay in sight"
    assert {str(h.value) for h in root.fields["address"].heads} == {"5号楼", "9号楼"}
    assert root.get("community") == "站前社区" and not root.fields["community"].is_conflict


def test_saved_form_is_at_rest_and_keeps_what_is_typed_next(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person(address="3号楼")
    opened(scene, panel, qtbot, case)
    section = overview(panel).sections["contact"]
    type_into(panel, "contact", "address", "5号楼")
    assert not section._bar.isHidden()
    section.save()
    type_into(panel, "contact", "community", "站前社区")  # while the save is under way
    settle(scene, qtbot)
    assert section.form.dirty == {"community": "站前社区"}
    section.save()
    settle(scene, qtbot)
    root = scene.desk.case(case).result().root
    assert (root.get("address"), root.get("community")) == ("5号楼", "站前社区")
    assert section.form.dirty == {} and section._bar.isHidden() and not root.conflicts
    type_into(panel, "contact", "address", "7号楼")
    section.save()
    settle(scene, qtbot)
    root = scene.desk.case(case).result().root
    assert root.get("address") == "7号楼" and not root.conflicts
    type_into(panel, "contact", "address", "")
    section.save()
    settle(scene, qtbot)
    assert scene.desk.case(case).result().root.get("address") is None and section.form.dirty == {}


def test_blocking_problem_stands_beside_its_field_and_keeps_from_saving(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person()
    opened(scene, panel, qtbot, case)
    section = overview(panel).sections["identity"]
    type_into(panel, "identity", "name", "")
    section.save()
    settle(scene, qtbot)
    field = section.form.field_named("name")
    assert field is not None and field.problem == "请填写姓名。"
    assert scene.desk.case(case).result().root.get("name") == "周雨桐"


def test_what_is_typed_comes_back_after_a_kill_with_the_version_it_was_typed_on(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person(address="3号楼")
    opened(scene, panel, qtbot, case)
    type_into(panel, "contact", "address", "5号楼")
    overview(panel).sections["contact"].form._left()
    settle(scene, qtbot)
    # the program is gone; somebody else writes; a new window opens the file
    loaded = scene.desk.case(case).result()
    save_record(
        scene.desk.as_actor(scene.staff[1]), Subject("case", case), loaded.root, {"address": "9号楼"}
    ).result()
    again = CaseFilePanel(scene.ctx)
    qtbot.addWidget(again)
    again.show()
    opened(scene, again, qtbot, case)
    section = overview(again).sections["contact"]
    assert section.form.value_of("address") == "5号楼"
    assert "草稿" in words(section)
    section.save()
    settle(scene, qtbot)
    held = scene.desk.case(case).result().root.fields["address"]
    assert {str(h.value) for h in held.heads} == {"5号楼", "9号楼"}
    assert not scene.desk.read(lambda con: local.drafts(con, "casefile/")).result(), (
        "a saved draft is dropped"
    )


def test_switching_person_loses_nothing(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case, other = scene.person(), scene.person(name="何玉兰")
    opened(scene, panel, qtbot, case)
    type_into(panel, "wishes", "wish_post", "保育员")
    opened(scene, panel, qtbot, other)
    assert overview(panel).sections["wishes"].form.value_of("wish_post") is None
    opened(scene, panel, qtbot, case)
    assert overview(panel).sections["wishes"].form.value_of("wish_post") == "保育员"
    overview(panel).sections["wishes"].give_up()
    settle(scene, qtbot)
    opened(scene, panel, qtbot, other)
    opened(scene, panel, qtbot, case)
    assert overview(panel).sections["wishes"].form.value_of("wish_post") is None


def test_revealed_number_can_be_corrected_and_a_hidden_one_is_not_touched(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    number = id_number(date(2002, 4, 26), 42)
    case = scene.person(id_number=number)
    opened(scene, panel, qtbot, case)
    section = overview(panel).sections["identity"]
    assert "id_number" not in section.form.dirty
    veiled = section.form._editors["id_number"]
    veiled.reveal()  # type: ignore[attr-defined]
    settle(scene, qtbot)
    assert veiled.value() == number and "id_number" not in section.form.dirty
    assert ("reveal", "id_number") in looks(scene)


def test_missing_items_are_named_and_lead_to_their_field(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    opened(scene, panel, qtbot, scene.person())
    names = [b.text() for b in overview(panel)._missing.findChildren(QPushButton)]
    assert {"身份证号", "电话", "个人信息处理告知书"} <= set(names)
    assert "一人一策" not in names, "asked for only where the notices ask"


# ---- conflicts


def test_conflict_beside_its_field_is_settled_by_a_key(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person(address="原址")
    conflict(scene, case, "address", "平阳社区3号楼", "锦程社区12号楼")
    opened(scene, panel, qtbot, case)
    boxes = [b for b in panel.findChildren(ConflictBox) if not b.isHidden()]
    assert len(boxes) == 1
    said = words(boxes[0])
    assert "平阳社区3号楼" in said and "锦程社区12号楼" in said and "于晓梅" in said and "郑立群" in said
    qtbot.keyClick(boxes[0], Qt.Key.Key_2)
    settle(scene, qtbot)
    root = scene.desk.case(case).result().root
    assert root.get("address") == "平阳社区3号楼" and not root.conflicts
    assert scene.said and scene.said[-1].undo is not None
    assert all(b.isHidden() for b in panel.findChildren(ConflictBox))


def test_third_value_settles_a_critical_field(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case = scene.person()
    conflict(scene, case, "name", "周雨同", "周语桐")
    opened(scene, panel, qtbot, case)
    box = next(b for b in panel.findChildren(ConflictBox) if not b.isHidden())
    assert "关键信息不按时间取舍" in words(box)
    assert box.width() > 0.8 * panel.width(), "half of it cut the heading and the versions"
    assert panel.header.view.name.text() == "周雨桐", "the common value stays shown"
    qtbot.keyClick(box, str(len(box.buttons)))
    assert box.third.editor is not None
    box.third.write()
    assert box.third.problem.text() == "请先填写内容。", "it wrote a blank over both versions"
    box.third.editor.set_value("周雨彤")
    scene.ctx.hub.changed.emit(Changed(whole=True))
    settle(scene, qtbot)
    assert box.third.editor is not None and box.third.editor.value() == "周雨彤", (
        "an exchange took away what was typed"
    )
    box.third.write()
    settle(scene, qtbot)
    assert scene.desk.case(case).result().root.get("name") == "周雨彤"


def test_a_third_number_that_is_being_typed_stays_open_with_the_cursor_in_it(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    """When another version came it was behind an eye, and the next digit fell into nothing."""
    case = scene.person()
    conflict(scene, case, "phone", "19937003301", "19937003302")
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    opened(scene, panel, qtbot, case)
    box = next(b for b in panel.findChildren(ConflictBox) if not b.isHidden())
    box._ask_third()
    assert isinstance(box.third.editor, Veiled)
    qtbot.keyClicks(QApplication.focusWidget(), "1993700339")
    before = box._held
    conflict(scene, case, "phone", "19937003303", "19937003304")
    scene.ctx.hub.changed.emit(Changed(whole=True))
    qtbot.waitUntil(lambda: box._held != before, timeout=10000)
    assert isinstance(box.third.editor, Veiled) and not box.third.editor.is_hidden
    now = QApplication.focusWidget()
    assert now is not None and box.third.editor.isAncestorOf(now)
    qtbot.keyClicks(now, "9")
    assert box.third.editor.value() == "19937003399"


@pytest.mark.parametrize("part", ["services", "overview", "job", "plan", "household", "member"])
def test_a_third_value_that_is_being_typed_stays_when_the_page_is_drawn_anew(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot, part: str
) -> None:
    """Only the fields of a form kept it: cards made a new box at every save that touched the file."""
    case, name = two_say(scene, part)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    opened(scene, panel, qtbot, case, "household" if part == "member" else part)

    def boxes() -> list[ConflictBox]:
        return [b for b in panel.findChildren(ConflictBox) if b.isVisible() and b._name == name]

    qtbot.waitUntil(lambda: bool(boxes()))
    (box,) = boxes()
    box._ask_third()
    assert box.third.editor is not None
    box.third.editor.set_value("丙")
    for address in ("新址", "更新的地址"):
        save_record(
            scene.desk, Subject("case", case), scene.desk.case(case).result().root, {"address": address},
            reason="更正",
        ).result()  # fmt: skip
        scene.ctx.hub.changed.emit(Changed(subjects=frozenset({case})))
        settle(scene, qtbot)
        qtbot.waitUntil(lambda: bool(boxes()))
        (box,) = boxes()
        assert box.third.editor is not None and box.third.editor.value() == "丙"
        now = QApplication.focusWidget()
        assert now is not None and box.third.editor.isAncestorOf(now), "the next letter fell into nothing"


def two_say(scene: Scene, part: str) -> tuple[str, str]:
    """Somebody, and the name of a field about which two clerks said two things."""
    one, two = scene.desk, scene.desk.as_actor(scene.staff[1])
    case = scene.person()
    subject, kind, name = Subject("case", case), "service", "content"
    if part == "overview":
        loaded = one.case(case).result()
        end_help(one, loaded, "employed", note="甲").result()
        end_help(two, loaded, "study", note="乙").result()
        return case, "help_note"
    if part in ("household", "member"):
        made = found_household(one, {"state": "found"}, [{"name": "王小", "since": "2026-01-01"}]).result()
        subject = next(s for s in made.subjects if s.kind == "household")
        join(one, subject.id, {"case": case}).result()
        kind, name = ("household", "note") if part == "household" else ("member", "name")
    elif part == "services":
        scene.serve(case, "HF", "2026-03-02")
    else:
        kind, name = ("employment", "unit") if part == "job" else ("plan", "goal")
        scene.add(case, kind, agreed_on="2026-01-01") if part == "plan" else scene.add(
            case, kind, unit="一厂"
        )
    if subject.kind == "household":
        whole = load_household(one, subject.id).result()
        assert whole is not None
        found = list(whole.state)
    else:
        found = list(one.case(case).result())
    record = next(r for r in found if r.kind == kind and not r.get("case"))
    for desk, said in ((one, "甲说"), (two, "乙说")):
        save_record(desk, subject, record, {name: said}, reason="更正").result()
    return case, name


# ---- records


def facts(panel: CaseFilePanel, key: str) -> FactsPage:
    page = panel.pages[key]
    assert isinstance(page, FactsPage)
    return page


def test_record_is_added_with_where_it_comes_from(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case = scene.person()
    opened(scene, panel, qtbot, case, "recognition")
    assert "本机记载，不替代省系统登记" in words(facts(panel, "recognition"))
    section = facts(panel, "recognition").sections["recognition"]
    section.add({"category": "JL1", "state": "ledger", "source": "ledger", "since": "2026-03"})
    editor = section._adding
    assert editor is not None
    editor.save()
    settle(scene, qtbot)
    record = scene.desk.case(case).result().of("recognition")[0]
    assert record.get("since") == "2026-03", "a month stays a month"
    card = section.findChildren(RecordCard)[-1]
    assert "台账记载（未核对）" in words(card) and "来源 台账" in words(card)
    assert "未核对" in words(panel.header)


def test_correction_asks_for_its_reason_and_filling_a_blank_does_not(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person()
    record_id = scene.add(case, "placement", unit="测试食品有限公司", since="2026-01", source="self")
    opened(scene, panel, qtbot, case, "job")
    section = facts(panel, "job").sections["placement"]
    section.edit(record_id)
    editor = section._editing[record_id]
    editor.form._editors["post"].set_value("包装工")
    editor.form._typed("post")
    assert editor._reason_field.isHidden()
    editor.form._editors["unit"].set_value("测试饮料有限公司")
    editor.form._typed("unit")
    editor.save()
    settle(scene, qtbot)
    assert scene.desk.case(case).result().of("placement")[0].get("unit") == "测试食品有限公司"
    assert editor._reason_field.problem == "请填写原因。"
    editor._reason.setText("单位名称听错")
    editor.save()
    settle(scene, qtbot)
    assert scene.desk.case(case).result().of("placement")[0].get("unit") == "测试饮料有限公司"
    assert "已更正" in words(section)
    opened(scene, panel, qtbot, case, "history")
    assert "单位名称听错" in words(panel.pages["history"])


def test_service_is_withdrawn_with_a_reason_and_still_told(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = full_person(scene)
    opened(scene, panel, qtbot, case, "services")
    page = panel.pages["services"]
    assert isinstance(page, ServicesPage)
    panel.resize(panel.width(), 430)
    card = page.findChildren(ServiceCard)[0]
    assert "6月12日" in words(card) and "补录" in words(card) and "社区网格员" in words(card)
    card._withdraw()
    from jobdesk.ui.casefile.ask import WithdrawAsk

    ask = card.findChildren(WithdrawAsk)[0]
    qtbot.waitUntil(lambda: not ask.button.visibleRegion().isEmpty())
    ask.button.click()
    assert len(scene.desk.case(case).result().of("service")) == 4, "no reason, no withdrawal"
    ask.set_reason("登错人")
    ask.button.click()
    settle(scene, qtbot)
    assert len(scene.desk.case(case).result().of("service")) == 3
    assert "已撤回 1 条" in words(page) and "登错人" in words(page)
    undo = scene.said[-1].undo
    assert undo is not None
    undo()
    settle(scene, qtbot)
    assert len(scene.desk.case(case).result().of("service")) == 4


def test_filter_by_type(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    opened(scene, panel, qtbot, full_person(scene), "services")
    page = panel.pages["services"]
    assert isinstance(page, ServicesPage)
    page._choose("ZYZD")
    QApplication.processEvents()
    shown = [c for c in page.findChildren(ServiceCard) if not c.isHidden()]
    assert len(shown) == 1 and "职业指导" in words(shown[0])


def test_what_was_revealed_in_a_form_is_hidden_when_the_place_is_left(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person(id_number=id_number(date(2002, 4, 26), 42))
    opened(scene, panel, qtbot, case)
    veiled = overview(panel).sections["identity"].form._editors["id_number"]
    assert isinstance(veiled, Veiled)
    veiled.reveal()
    settle(scene, qtbot)
    assert not veiled.is_hidden
    type_into(panel, "wishes", "wish_post", "保育员")
    panel.hide()
    panel.show()
    settle(scene, qtbot)
    assert veiled.is_hidden
    assert overview(panel).sections["wishes"].form.value_of("wish_post") == "保育员"


def test_household_holds_members_with_and_without_a_file(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = full_person(scene)
    opened(scene, panel, qtbot, case, "household")
    page = panel.pages["household"]
    assert isinstance(page, HouseholdPage)
    said = words(page)
    assert "周建国户" in said and "零就业家庭" in said and "1972 年生" in said and "本人" in said
    view = panel.file.households[0]  # type: ignore[union-attr]
    page.add_member(view)
    editor = page._editors[f"{view.state.subject.id}/m"]
    for name, value in (("name", "李秀英"), ("relation", "spouse"), ("birth_year", 1974), ("state", "务农")):
        editor.form._editors[name].set_value(value)
    editor.save()
    settle(scene, qtbot)
    assert "李秀英" in words(page) and "1974 年生  务农" in words(page)


# ---- 一人一策


def test_new_agreement_leaves_the_old_version_readable(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = full_person(scene)
    opened(scene, panel, qtbot, case, "plan")
    page = panel.pages["plan"]
    assert isinstance(page, PlanPage)
    said = words(page)
    assert (
        "第1版" in said
        and "期限已过，还有 5 项措施未完成" in said
        and "站点承诺" in said
        and "本人声明" in said
    )
    page.agree()
    editor = page._editors["record/plan/new"]
    editor.form._editors["goal"].set_value("先做助教，再考保育师")
    editor.form._typed("goal")
    editor.save()
    settle(scene, qtbot)
    assert "先做助教" in words(page) and "第2版" in page.view.versions.accessibleName()
    assert page.view.agreed.isHidden(), "the list says the version already"
    old = next(h for h in panel.file.held("plan") if h.record.get("version") == 1)  # type: ignore[union-attr]
    page._choose(old.record.id)
    assert "到本市幼儿园或早教机构就业" in words(page) and "只供查看" in words(page)


def test_a_graduates_measure_asks_for_a_step_and_the_cursor_comes_back_to_the_file(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = full_person(scene)
    opened(scene, panel, qtbot, case, "plan")
    page = panel.pages["plan"]
    assert isinstance(page, PlanPage)
    page.add_measure()
    editor = page._editors["record/measure/new"]
    qtbot.waitUntil(lambda: editor.isAncestorOf(panel.window().focusWidget() or panel))
    editor.form.set_typed({"what": "推荐三个岗位", "step": "GWTJ", "due": "2026-07-20"})
    editor.save()
    settle(scene, qtbot)
    assert panel.window().focusWidget() is page
    board = load_board(scene.desk).result()
    (line,) = [
        x for x in board.lines[case] if x.kind.value == "step" and dict(x.params)["step"] == "岗位推荐"
    ]
    assert line.due == date(2026, 7, 20) and line.basis.rule == "step_agreed"
    elsewhere = scene.person(name="何玉兰")
    planning.agree_plan(scene.desk, scene.desk.case(elsewhere).result(), {}).result()
    opened(scene, panel, qtbot, elsewhere, "plan")
    page.add_measure()
    assert "step" not in page._editors["record/measure/new"].form._editors, "no step outside the circle"


def test_missed_date_stays_and_the_new_one_has_its_reason(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    from jobdesk.ui.casefile.ask import Ask
    from jobdesk.ui.casefile.editors import DateEditor
    from jobdesk.ui.casefile.measures import _MeasureRow

    case = full_person(scene)
    opened(scene, panel, qtbot, case, "plan")
    row = panel.pages["plan"].findChildren(_MeasureRow)[0]
    assert "职业指导" in words(row), "in the order in which they were written down"
    row._ask_move()
    ask = row.findChildren(Ask)[0]
    ask.findChildren(DateEditor)[0].set_value("2026-08-15")
    ask.button.click()
    assert len(scene.desk.case(case).result().of("measure")) == 5, "no reason, no new date"
    from jobdesk.ui.kit import TextInput

    ask.findChildren(TextInput)[-1].setText("本人住院")
    ask.button.click()
    settle(scene, qtbot)
    dues = {m.text("due"): m.text("state") for m in scene.desk.case(case).result().of("measure")}
    assert dues["2026-05-25"] == "postponed" and dues["2026-08-15"] == "planned"


# ---- merged, ended, withdrawn


def test_merged_file_shows_both_with_where_they_come_from_and_comes_apart(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    kept, alias = scene.person(), scene.person(name="周雨同")
    scene.add(alias, "registration", since="2026-02", source="system")
    merging.merge(scene.desk, kept, alias, "同一人").result()
    opened(scene, panel, qtbot, kept, "job")
    assert "来自并入的 周雨同 档案" in words(facts(panel, "job"))
    opened(scene, panel, qtbot, alias)
    assert "本档案已并入 周雨桐 的档案" in words(panel)
    panel.actions_.ask_unmerge(alias)
    ask = panel.actions_._ask
    assert ask is not None
    from jobdesk.ui.kit import TextInput

    ask.findChildren(TextInput)[0].setText("不是同一人")
    ask.button.click()
    settle(scene, qtbot)
    assert scene.desk.case(alias).result().root.get("merged_into") is None


def test_merged_by_hand_the_cursor_stands_on_the_file_that_holds_both(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    """The question was put away with the file it was asked in, and the cursor went wherever Qt thought next."""
    kept, alias = scene.person(), scene.person(name="周雨同")
    panel.show()
    opened(scene, panel, qtbot, alias)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    panel.actions_.ask_merge()
    ask = panel.actions_._ask
    assert isinstance(ask, MergeAsk)
    ask.finder.person = scene.desk.read(lambda con: ledger.items(con, [kept])).result()[0]
    ask.reason.set_value("同一人")
    ask.reason.setFocus()
    qtbot.keyClick(ask.reason, Qt.Key.Key_Return)  # as where a move is asked for
    qtbot.waitUntil(lambda: panel.file is not None and panel.file.case_id == kept)
    assert panel.focusWidget() is panel or panel.hasFocus()


def test_taken_apart_the_page_stays_where_it_is(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    """The button that was pressed is gone with its banner: the cursor went far down the page."""
    from jobdesk.ui.kit import Banner, Button, TextInput

    kept, alias = scene.person(), scene.person(name="周雨同")
    merging.merge(scene.desk, kept, alias, "同一人").result()
    panel.show()
    opened(scene, panel, qtbot, kept)
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    (banner,) = panel.findChildren(Banner)
    button = next(b for b in banner.findChildren(Button) if b.accessibleName() == "拆开")
    button.setFocus()
    button.click()
    ask = panel.actions_._ask
    assert ask is not None
    qtbot.waitUntil(lambda: ask.isAncestorOf(panel.focusWidget() or panel))
    ask.findChildren(TextInput)[0].setText("不是同一人")
    ask.button.click()
    settle(scene, qtbot)
    qtbot.waitUntil(lambda: not [b for b in panel.findChildren(Banner) if b.isVisible()])
    assert panel.focusWidget() is panel


def test_ended_file_says_why_and_is_taken_up_again(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    from jobdesk.services.closing import end_help
    from jobdesk.ui.kit import TextInput

    case = scene.person()
    end_help(scene.desk, scene.desk.case(case).result(), "employed").result()
    opened(scene, panel, qtbot, case)
    assert "7月15日已结束帮扶，原因：" in words(panel)
    assert not panel.header.view.serve.isEnabled()
    panel.actions_.ask_resume()
    ask = panel.actions_._ask
    assert ask is not None
    ask.button.click()  # the line is marked as needed, and an empty one went through
    assert "请填写原因" in words(ask)
    line = ask.findChild(QWidget, "reason")
    assert isinstance(line, TextInput)
    line.setText("又失业")
    ask.button.click()
    settle(scene, qtbot)
    assert scene.desk.case(case).result().root.get("help_state") == "open"
    assert "已结束帮扶，原因" not in words(panel) and panel.header.view.serve.isEnabled()


def test_withdrawn_person_is_gone_and_said(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case = scene.person()
    opened(scene, panel, qtbot, case)
    panel.actions_.ask_withdraw()
    ask = panel.actions_._ask
    from jobdesk.ui.casefile.ask import WithdrawAsk

    assert isinstance(ask, WithdrawAsk)
    ask.set_reason("录重了")
    ask.button.click()
    settle(scene, qtbot)
    assert not scene.desk.case(case).result().exists
    assert "这份档案已撤回" in words(panel)


# ---- 附件, 变更记录, paper


def test_attachment_is_taken_in_and_a_wrong_one_refused_in_words(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    from PySide6.QtGui import QImage

    picture = tmp_path / "photo.png"
    QImage(40, 20, QImage.Format.Format_RGB32).save(str(picture))
    large = tmp_path / "large.pdf"
    with large.open("wb") as made:
        made.write(b"%PDF-1.7\n")
        made.truncate(21 * 1024 * 1024)
    case = scene.person()
    opened(scene, panel, qtbot, case, "files")
    page = panel.pages["files"]
    assert isinstance(page, FilesPage)
    page.add(large)
    assert "附件超过 20 MB" in words(page)
    page.add(picture)
    settle(scene, qtbot)
    assert "photo.png" in words(page)
    held = panel.file.held("attachment")[0]  # type: ignore[union-attr]
    page.look(held)
    settle(scene, qtbot)
    assert page._stack.currentIndex() == 1
    from jobdesk.ui.casefile.files_page import export

    export(scene.ctx, page, held, tmp_path / "copy.png", "寄给区局")
    settle(scene, qtbot)
    assert (tmp_path / "copy.png").read_bytes() == picture.read_bytes()
    entry = scene.desk.read(local.accesses).result()[0]
    assert (entry.what, entry.reason) == ("export", "寄给区局")


def test_papers_stay_with_the_stations_and_a_desk_above_says_so(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    """添加附件, 导出副本 and 撤回 were offered at the county, and 查看 said 不在本机 of what never comes there."""
    case = scene.person()
    values: dict[str, Json] = {
        "title": "承诺书",
        "file_name": "a.png",
        "digest": "00" * 32,
        "media_type": "image/png",
    }
    scene.add(case, "attachment", **values)
    opened(scene, panel, qtbot, case, "files")
    page = panel.pages["files"]
    assert isinstance(page, FilesPage)
    scene.ctx.set_above(True)
    settle(scene, qtbot)
    greyed = {
        b.text() for b in page.findChildren(QPushButton) if not b.isEnabled() and "服务站" in b.toolTip()
    }
    assert {g.strip() for g in greyed} == {"添加附件", "导出副本", "撤回"}
    assert not page.acceptDrops() and "内容只留在服务站" in words(page)
    page.look(panel.file.held("attachment")[0])  # type: ignore[union-attr]
    settle(scene, qtbot)
    assert "不在本机" not in words(page) and "内容只留在服务站" in words(page.viewer)
    scene.ctx.set_above(False)
    assert page.acceptDrops() and page.add_button.isEnabled()


def test_history_masks_numbers_hides_restricted_groups_and_undoes(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = full_person(scene)
    number = scene.desk.case(case).result().root.text("id_number")
    opened(scene, panel, qtbot, case, "history")
    page = panel.pages["history"]
    assert isinstance(page, HistoryPage)
    page._shown = 400
    page._draw()
    said = words(page)
    assert number not in said and "19912340031" not in said and "刑满释放" not in said
    assert "郑立群 把常住地址由“南岭街道平阳社区3号楼2单元501”改为“锦程社区12号楼”" in said
    first = next(b for b in page.findChildren(QPushButton) if b.text() == "撤销")
    first.click()
    settle(scene, qtbot)
    assert scene.desk.case(case).result().root.get("address") == "平阳社区3号楼"


@pytest.mark.parametrize("paper", ["privacy", "compare", "truth", "plan", "sheet"])
def test_every_paper_of_the_person_is_drawn(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot, tmp_path: Path, paper: str
) -> None:
    opened(scene, panel, qtbot, full_person(scene))
    panel.actions_.paper(paper)
    settle(scene, qtbot)
    page = panel.paper_page
    assert page is not None
    qtbot.waitUntil(lambda: page.view.data.startswith(b"%PDF-"), timeout=20000)
    settle(scene, qtbot)
    page.save_to(tmp_path / "out.pdf")
    qtbot.waitUntil(lambda: (tmp_path / "out.pdf").exists(), timeout=5000)
    settle(scene, qtbot)
    assert ("export", f"paper.{paper}") in looks(scene)
    panel.close_paper()
    assert page.view.data == b""


def test_four_hundred_services_are_drawn_in_pieces(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case = scene.person()
    for n in range(60):
        scene.serve(case, "HF", f"2026-0{n % 6 + 1}-{n % 28 + 1:02d}")
    opened(scene, panel, qtbot, case, "services")
    page = panel.pages["services"]
    assert isinstance(page, ServicesPage)
    assert len([c for c in page.findChildren(ServiceCard) if not c.isHidden()]) == 40
    page._more()
    QApplication.processEvents()
    assert len([c for c in page.findChildren(ServiceCard) if not c.isHidden()]) == 60


def test_conflict_of_the_state_of_help_can_be_settled_here_too(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person()
    loaded = scene.desk.case(case).result()
    end_help(scene.desk, loaded, "employed").result()
    end_help(scene.desk.as_actor(scene.staff[1]), loaded, "study").result()
    opened(scene, panel, qtbot, case)
    boxes = [b for b in panel.findChildren(ConflictBox) if not b.isHidden()]
    assert boxes and "结束帮扶原因：两处填写不一致" in words(boxes[0])
    qtbot.keyClick(boxes[0], Qt.Key.Key_2)
    settle(scene, qtbot)
    assert scene.desk.case(case).result().root.get("help_reason") == "employed"


def test_unmasked_paper_wants_a_reason_that_goes_with_every_copy(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    opened(scene, panel, qtbot, full_person(scene))
    panel.actions_.paper("privacy")
    page = panel.paper_page
    assert page is not None
    qtbot.waitUntil(lambda: bool(page.view.data), timeout=20000)
    masked = page.view.data
    page.masked.click()
    assert page.masked.isChecked(), "nothing is unmasked before a reason is given"
    page.show_whole.click()
    assert page.view.data == masked
    page.why.setText("交区局存档")
    page.show_whole.click()
    qtbot.waitUntil(lambda: page.view.data not in (b"", masked), timeout=20000)
    page.save_to(tmp_path / "whole.pdf")
    qtbot.waitUntil(lambda: (tmp_path / "whole.pdf").exists(), timeout=5000)
    settle(scene, qtbot)
    reasons = [(a.what, a.reason) for a in scene.desk.read(local.accesses).result()]
    assert reasons[:2] == [("export", "交区局存档"), ("reveal", "交区局存档")]


def test_file_is_attached_to_a_single_service(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot, tmp_path: Path
) -> None:
    proof = tmp_path / "sign.pdf"
    proof.write_bytes(b"%PDF-1.4\n%%EOF\n")
    case = full_person(scene)
    opened(scene, panel, qtbot, case, "services")
    page = panel.pages["services"]
    assert isinstance(page, ServicesPage)
    card = page.findChildren(ServiceCard)[0]
    service = card._held.record.id
    page.attach_to(card._held, str(proof))
    settle(scene, qtbot)
    QApplication.processEvents()
    cards = [c for c in page.findChildren(ServiceCard) if not c.isHidden() and c._held.record.id == service]
    assert any(b.text().strip() == "sign.pdf" for c in cards for b in c.findChildren(QPushButton))
    opened(scene, panel, qtbot, case, "files")
    assert "属于 6月12日 岗位推荐" in words(panel.pages["files"])


def test_service_form_opens_here_and_its_save_shows_at_once(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person()
    opened(scene, panel, qtbot, case)
    panel.show_case(case, "record")
    settle(scene, qtbot)
    page = panel.pages["services"]
    assert isinstance(page, ServicesPage) and page._form is not None
    assert page._stack.currentWidget() is page._form and page._form.case_id == case
    page._form.cancelled.emit()
    assert page._stack.currentWidget() is page._scroll


def test_a_saved_service_leaves_no_draft_behind_and_the_cursor_in_the_file(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person()
    opened(scene, panel, qtbot, case)
    panel.show_case(case, "record")
    settle(scene, qtbot)
    page = panel.pages["services"]
    assert isinstance(page, ServicesPage) and page._form is not None
    form = page._form
    qtbot.waitUntil(lambda: form._ground is not None)
    form.begin(case, preset={"type": "HF", "channel": "phone", "outcome": "connected", "content": "想报培训"})
    settle(scene, qtbot)
    qtbot.waitUntil(lambda: form._ground is not None)
    form.keep()
    settle(scene, qtbot)
    with qtbot.waitSignal(form.saved):
        form.save()
    settle(scene, qtbot)
    qtbot.waitUntil(lambda: "service" in str(list(scene.desk.case(case).result().records)))
    assert panel.file is not None and panel.file.service_draft is None
    assert page.hasFocus() or page.isAncestorOf(panel.window().focusWidget())


def test_a_look_at_a_number_is_logged_with_its_occasion(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    opened(scene, panel, qtbot, full_person(scene), "overview")
    seen: list[bool] = []
    panel.looks.ask("id_number", lambda: seen.append(True))
    qtbot.waitUntil(lambda: bool(seen))
    assert scene.desk.read(local.accesses).result()[0].reason == "在帮扶档案中查看"


def test_what_was_given_up_can_be_brought_back_as_a_draft(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    from jobdesk.ui.casefile.record_editor import RecordEditor
    from jobdesk.ui.hub import Notice

    case = scene.person()
    opened(scene, panel, qtbot, case)
    panel.show_case(case, "subsidy", "add:subsidy")
    settle(scene, qtbot)
    editor = panel.findChild(RecordEditor)
    assert editor is not None
    editor.form.set_typed({"payer": "示例县人社局"})
    said: list[Notice] = []
    scene.ctx.hub.notice.connect(said.append)
    editor.cancel()
    settle(scene, qtbot)
    assert said and said[-1].undo is not None
    said[-1].undo()
    settle(scene, qtbot)
    panel.show_case(case, "subsidy", "add:subsidy")
    settle(scene, qtbot)
    again = panel.findChild(RecordEditor)
    assert again is not None and again.form.dirty.get("payer") == "示例县人社局"


def test_who_is_passed_by_before_the_file_came_keeps_no_draft_of_another(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    one, two, three = scene.person(name="白建军"), scene.person(name="白玉兰"), scene.person(name="许静")
    opened(scene, panel, qtbot, one, "overview")
    panel.show_case(two)
    panel.show_case(three)  # nothing of the second was read yet: the fields still say the first
    panel.keep()
    settle(scene, qtbot)
    assert scene.desk.read(local.drafts).result() == []
    opened(scene, panel, qtbot, two, "overview")
    assert overview(panel).sections["identity"].form.value_of("name") == "白玉兰"
    assert not overview(panel).sections["identity"].form.dirty
