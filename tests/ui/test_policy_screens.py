"""政策 on screen: the place with its lists, the page of the file, telling one and many, what stays veiled."""

from __future__ import annotations

from datetime import date
from threading import Barrier

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.due import DueKind
from jobdesk.cases.ops import Json
from jobdesk.services.today import load_board
from jobdesk.store import local
from jobdesk.ui.casefile import CaseFilePanel
from jobdesk.ui.casefile.subsidy_page import SubsidyPage
from jobdesk.ui.hub import GoTo
from jobdesk.ui.kit.chips import BlankChip
from jobdesk.ui.kit.popover import Popover
from jobdesk.ui.policies import state
from jobdesk.ui.policies.card_view import PolicyCard
from jobdesk.ui.policies.screen import PoliciesScreen
from jobdesk.ui.policies.tell_form import TellAsk
from jobdesk.ui.policies.usage_view import MonthsBar, UsageCard
from jobdesk.ui.serviceform.form import ServiceForm
from tests.ui.case_scene import Scene
from tests.ui.crowd import id_number


def hardship(scene: Scene, number: int = 1, **values: Json) -> str:
    body: dict[str, Json] = {
        "id_number": id_number(date(1980, 3, 5), number), "graduate_kind": "none", "opened_on": "2026-01-05",
        "work_capacity": "able", "education": "61", **values,
    }  # fmt: skip
    case = scene.person(**body)
    scene.add(case, "recognition", category="JL2", state="recognised", since="2025-01-05", source="document")
    return case


def settle(scene: Scene, qtbot: QtBot) -> None:
    for _ in range(6):
        scene.desk.write(lambda w: None).result()
        both = Barrier(2, timeout=20)
        answered: list[int] = []
        for _reader in range(2):
            scene.ctx.ask(scene.desk.read(lambda con, b=both: b.wait()), scene.ctx, answered.append)
        qtbot.waitUntil(lambda found=answered: len(found) == 2, timeout=20000)


def words(widget: QWidget) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


def button(widget: QWidget, said: str) -> QPushButton:
    return next(
        b for b in widget.findChildren(QPushButton) if b.text().strip() == said and b.isVisibleTo(widget)
    )


@pytest.fixture
def screen(scene: Scene, qtbot: QtBot) -> PoliciesScreen:
    made = PoliciesScreen(scene.ctx)
    qtbot.addWidget(made)
    made.resize(1290, 712)
    made.show()
    return made


def test_a_policy_shows_its_people_and_those_chosen_are_told(
    scene: Scene, screen: PoliciesScreen, qtbot: QtBot
) -> None:
    people = [hardship(scene, n) for n in (1, 3, 5)]
    screen.arrive(GoTo("policies", detail="social_flexible"))
    settle(scene, qtbot)
    view = screen.view
    assert view.name.text() == "灵活就业社会保险补贴（就业困难人员）"
    assert "3" in view.filters["untold"].text()
    assert not view.tell.isEnabled()
    screen.people.selectAll()
    assert view.tell.isEnabled()
    view.tell.click()
    (ask,) = screen.findChildren(TellAsk)
    ask.fields.channel.set_value("phone")
    ask.fields.event.set_value("宣讲会")
    ask.button.click()
    assert "群发不算告知" in words(ask)
    ask.fields.event.set_value("")
    ask.button.click()
    settle(scene, qtbot)
    assert "0" in view.filters["untold"].text()
    assert "3" in view.filters["told"].text()
    assert len(scene.desk.case(people[0]).result().of("service")) == 1
    scene.said[-1].undo()  # type: ignore[misc]
    settle(scene, qtbot)
    assert "3" in view.filters["untold"].text()


def test_a_policy_says_for_whom_what_is_asked_and_since_when(
    scene: Scene, screen: PoliciesScreen, qtbot: QtBot
) -> None:
    screen.arrive(GoTo("policies", detail="startup_graduate"))
    settle(scene, qtbot)
    said = words(screen.view.body)
    assert "离校2年内、未被单位招用的高校毕业生，未领取过一次性创业补贴（吉就组〔2022〕2号 （九）" in said
    assert "首次创办小微企业或从事个体经营（吉就组〔2022〕2号" in said
    assert "一次性5000元（吉就组〔2022〕2号，2022年4月29日起）" in said
    assert "材料清单未见文件，自拟" in said
    screen.table.go_to("loan")
    settle(scene, qtbot)
    assert "原规定到2025年12月9日：个人额度上限30万元" in words(screen.view.body)
    assert screen.board is not None
    by_code = {c.card.code: c for c in screen.board.counts}
    marks = {
        k: state.row_of(by_code[k], screen.board).cells["status"].text for k in ("social_unit", "living")
    }
    assert marks == {"social_unit": "待确认", "living": "已确认"}


def test_a_veiled_list_opens_on_request_and_the_look_is_logged(
    scene: Scene, screen: PoliciesScreen, qtbot: QtBot
) -> None:
    case = hardship(scene)
    scene.add(case, "group", kind="allowance", since="2025-01-01", source="ledger")
    screen.arrive(GoTo("policies", detail="aid_deduction"))
    settle(scene, qtbot)
    view = screen.view
    assert view.lists.currentWidget() is view.veiled
    assert "周雨桐" not in words(screen)
    view.reveal.click()
    settle(scene, qtbot)
    assert view.lists.currentWidget() is screen.people
    looks = scene.desk.read(lambda con: local.accesses(con)).result()
    assert [entry.field for entry in looks if entry.field.startswith("policy.")] == ["policy.aid_deduction"]


def test_the_file_shows_months_post_and_cards_and_records_the_telling(scene: Scene, qtbot: QtBot) -> None:
    case = hardship(scene, sex="2")
    scene.add(
        case, "subsidy", kind="social_flexible", since="2024-01", source="document", months_before=3,
        extension="retirement",
    )  # fmt: skip
    scene.add(case, "public_post", kind="graduate", post="协管员", since="2026-06-01", source="document")
    panel = CaseFilePanel(scene.ctx)
    qtbot.addWidget(panel)
    panel.resize(520, 700)
    panel.show()
    panel.show_case(case, "subsidy")
    settle(scene, qtbot)
    page = panel.pages["subsidy"]
    assert isinstance(page, SubsidyPage)
    first = page.findChildren(UsageCard)[0]
    assert first.findChildren(MonthsBar)
    said = words(page)
    assert "已享 34 个月，最长 36 个月，还剩 2 个月" in said
    assert "没有确认人和确认日期" in said
    assert not first.findChildren(BlankChip), "a valid ID number is the paper itself"
    assert "依据文件未填" in "\n".join([said, *[w.text() for w in page.findChildren(QLabel)]])
    cards = page.findChildren(PolicyCard)
    assert [c for c in cards if "灵活就业社会保险补贴（就业困难人员）" in words(c)]
    assert "还缺" in words(page)
    page.tell_all.click()
    (ask,) = page.findChildren(TellAsk)
    ask.button.click()
    settle(scene, qtbot)
    (service,) = scene.desk.case(case).result().of("service")
    assert service.text("type") == "ZCXJ"
    assert isinstance(service.get("policies"), list)
    assert not page.tell_all.isVisibleTo(page)
    assert "已告知" in words(page)
    button(page, "由人确认期限").click()
    QApplication.processEvents()
    assert page.sections["subsidy"].isVisibleTo(page)


def test_an_extension_by_a_birth_date_that_nobody_confirmed_says_so(scene: Scene, qtbot: QtBot) -> None:
    case = hardship(scene, id_number="", birth="1967-01-31", sex="1")
    confirmed = {
        "extension": "retirement",
        "extension_confirmed_by": "s",
        "extension_confirmed_on": "2026-01-05",
    }
    scene.add(case, "subsidy", kind="social_flexible", since="2022-05", source="document", **confirmed)
    panel = CaseFilePanel(scene.ctx)
    qtbot.addWidget(panel)
    panel.resize(520, 700)
    panel.show()
    panel.show_case(case, "subsidy")
    settle(scene, qtbot)
    card = panel.pages["subsidy"].findChildren(UsageCard)[0]
    assert [c.text() for c in card.findChildren(BlankChip)] == ["未核对"]
    assert "出生日期未核对" in words(card)


def test_a_post_beside_2015_17_asks_for_its_document(scene: Scene, qtbot: QtBot) -> None:
    case = hardship(scene)
    panel = CaseFilePanel(scene.ctx)
    qtbot.addWidget(panel)
    panel.resize(520, 700)
    panel.show()
    panel.show_case(case, "subsidy", "add:public_post")
    settle(scene, qtbot)
    section = panel.pages["subsidy"].sections["public_post"]  # type: ignore[attr-defined]
    editor = section._adding  # pyright: ignore
    assert editor is not None
    assert "须写明依据文件" in words(panel)


def test_a_policy_told_on_a_call_is_ticked_in_the_form_and_leaves_the_list(
    scene: Scene, qtbot: QtBot
) -> None:
    case = hardship(scene, next_contact="2026-07-17")
    board = load_board(scene.desk).result()
    line = next(x for x in board.lines[case] if x.kind is DueKind.TELL_POLICY)
    form = ServiceForm(scene.ctx)
    qtbot.addWidget(form)
    form.show()
    form.begin(case)
    settle(scene, qtbot)
    assert form.view.policies.values() == []
    assert "灵活就业社会保险补贴（就业困难人员）" in [b.text() for b in form.findChildren(QPushButton)]
    form.begin(case, line)
    settle(scene, qtbot)
    assert form.view.kind.value() == "ZCXJ"
    assert "social_flexible" in form.view.policies.values()
    form.view.channel.set_value("phone")
    form._channel_chosen()  # pyright: ignore
    form.view.outcome.set_value("offered")
    form.save()
    settle(scene, qtbot)
    (service,) = scene.desk.case(case).result().of("service")
    assert set(str(dict(line.params)["policies"]).split(",")) == set(service.get("policies"))  # type: ignore[arg-type]
    fresh = load_board(scene.desk).result()
    assert not [x for x in fresh.lines.get(case, []) if x.kind is DueKind.TELL_POLICY]


def test_each_person_of_a_list_says_why(scene: Scene, screen: PoliciesScreen, qtbot: QtBot) -> None:
    case = hardship(scene, 1, name="王建国")
    screen.arrive(GoTo("policies", detail="social_flexible"))
    settle(scene, qtbot)
    screen.people.go_to(case)
    screen.view.basis.click()
    settle(scene, qtbot)
    popovers = [w for w in QApplication.topLevelWidgets() if isinstance(w, Popover) and w.isVisible()]
    (popover,) = popovers
    said = words(popover)
    assert "王建国" in said and "2015年实施意见" in said
    button(popover, "还须具备的依据").click()
    (second,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, Popover) and w.isVisible()]
    assert "王建国" in words(second) and words(second) != said
    second.close()
