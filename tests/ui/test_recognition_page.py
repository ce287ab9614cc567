"""认定 and 就业 of the file, on a real encrypted station."""

from __future__ import annotations

import os
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.claim import Act
from jobdesk.cases.ops import Json
from jobdesk.services.recognition import applying, deciding
from jobdesk.ui.casefile import CaseFilePanel
from jobdesk.ui.casefile.act_form import ActForm
from jobdesk.ui.casefile.claim_state import differs_words
from jobdesk.ui.casefile.job_page import JobPage
from jobdesk.ui.casefile.paper_page import PaperPage
from jobdesk.ui.casefile.recognition_page import RecognitionPage
from tests.services.claim_scene import PlainDesk, claim, to_recognised, to_reported, woman
from tests.ui.case_scene import Scene, full_person
from tests.ui.test_casefile import opened, settle, words


@pytest.fixture
def here(scene: Scene) -> PlainDesk:
    return PlainDesk(scene.desk, scene.staff[0])


def page(panel: CaseFilePanel) -> RecognitionPage:
    found = panel.pages["recognition"]
    assert isinstance(found, RecognitionPage)
    return found


def jobs(panel: CaseFilePanel) -> JobPage:
    found = panel.pages["job"]
    assert isinstance(found, JobPage)
    return found


def buttons(widget: QWidget) -> list[str]:
    return [b.text().strip() for b in widget.findChildren(QPushButton) if not b.isHidden()]


def fill(form: ActForm, /, **values: str) -> None:
    form.form.set_typed(dict(values))


def test_categories_say_可申请_and_never_已认定(
    scene: Scene, here: PlainDesk, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = woman(here)
    opened(scene, panel, qtbot, case, "recognition")
    said = words(page(panel))
    assert "大龄失业人员" in said and "可申请认定" in said and "已认定" not in said
    assert "未核对：" in said and "②工商登记或任职" in said
    assert "就业困难高校毕业生" not in said, "what nothing speaks for is asked for by name"
    page(panel)._toggle()  # pyright: ignore[reportPrivateUsage]
    assert "就业困难高校毕业生" in words(page(panel))


def test_applying_from_a_category_opens_an_application(
    scene: Scene, here: PlainDesk, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = woman(here)
    opened(scene, panel, qtbot, case, "recognition")
    page(panel).open_apply("JL2")
    form = page(panel).form
    assert form is not None and form.form.values()["category"] == "JL2"
    focused: list[object] = []
    page(panel).apply.setFocus = lambda: focused.append(page(panel).apply)  # type: ignore[method-assign]
    form.answer()
    settle(scene, qtbot)
    assert focused, "the keys stay on the page"
    assert claim(here, case).text("state") == "applied"
    assert "已登记申请：大龄失业人员" in scene.said[-1].text
    (card,) = page(panel).cards.values()
    assert "受理" in words(card) and "下一步" in words(card)
    scene.said[-1].undo()  # type: ignore[misc]
    settle(scene, qtbot)
    assert not page(panel).cards


def test_the_next_act_stands_with_its_day_and_a_missing_look_up_is_said(
    scene: Scene, here: PlainDesk, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = woman(here)
    applying.apply(scene.desk, case, "JL2", {"applied_on": "2026-07-14"}).result()
    opened(scene, panel, qtbot, case, "recognition")
    (card,) = page(panel).cards.values()
    card.open_act(Act.ACCEPT)
    assert card.form is not None
    card.form.answer()
    settle(scene, qtbot)
    (card,) = page(panel).cards.values()
    said = words(card)
    assert (
        "缺核对记录" in said
        and "初审" in said
        and "7月22日 前" in said
        and "查看依据" in "".join(buttons(card))
    )
    card.look_up()
    assert card.form is not None
    fill(card.form, kind="insurance", result="clear", system="省社保系统")
    card.form.answer()
    settle(scene, qtbot)
    (card,) = page(panel).cards.values()
    assert "缺核对记录" not in words(card) and "省社保系统" in words(card)
    assert panel.window().focusWidget() is card.first is not None, "the next act is under the keys"


def test_a_refusal_of_the_rules_stands_beside_its_field(
    scene: Scene, here: PlainDesk, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = woman(here)
    to_reported(here, case)
    opened(scene, panel, qtbot, case, "recognition")
    (card,) = page(panel).cards.values()
    card.open_act(Act.RECOGNISE)
    form = card.form
    assert form is not None
    fill(form, decided_by="测试区就业服务局", decision_no="测就认12号", source="self")
    form.answer()
    settle(scene, qtbot)
    field = form.form.field_named("source")
    assert field is not None and "省系统或文书" in (field.problem or "")
    assert claim(here, case).text("state") == "reported"
    fill(form, source="document")
    form.answer()
    settle(scene, qtbot)
    assert claim(here, case).text("state") == "recognised"


def test_a_placement_leaves_the_recognition_and_the_subsidy_standing(
    scene: Scene, here: PlainDesk, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = woman(here)
    to_recognised(here, case)
    scene.add(case, "subsidy", kind="social_flexible", since="2026-07", source="document")
    scene.add(case, "placement", unit="测试超市", since="2026-07-13", form="10", verified_on="2026-07-14")
    opened(scene, panel, qtbot, case, "job")
    said = words(jobs(panel).band)
    assert "在登记" in said and "有效" in said and "享受中" in said
    assert "请核对是否注销失业登记" in words(jobs(panel))
    jobs(panel).open_end()
    form = jobs(panel).form
    assert (
        form is not None
        and form.form.values()["end_reason"] == "11"
        and form.form.values()["until"] == "2026-07-13"
    )
    form.answer()
    settle(scene, qtbot)
    said = words(jobs(panel).band)
    assert "已注销" in said and "有效" in said and "享受中" in said
    panel.go("recognition", "")
    assert "有事实提示核对是否退出：已就业" in words(page(panel))
    assert claim(here, case).text("state") == "recognised"


def test_registering_again_is_a_new_spell(
    scene: Scene, here: PlainDesk, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = woman(here)
    opened(scene, panel, qtbot, case, "job")
    jobs(panel).open_end()
    form = jobs(panel).form
    assert form is not None
    fill(form, until="2026-07-10", end_reason="11")
    form.answer()
    settle(scene, qtbot)
    jobs(panel).open_enter()
    form = jobs(panel).form
    assert form is not None
    assert not form.form.values().get("source"), "nobody but the clerk says where it was seen"
    fill(form, since="2026-07-14", reason="05")
    form.answer()
    settle(scene, qtbot)
    spells = scene.desk.case(case).result().of("registration")
    assert [(r.text("since"), r.text("until")) for r in spells] == [
        ("2026-01-02", "2026-07-10"),
        ("2026-07-14", ""),
    ]
    assert panel.window().focusWidget() is jobs(panel).work
    assert spells[1].text("kind") == "再次登记" and "第 2 段" in words(jobs(panel).band)


def test_flexible_work_by_promise_is_marked(
    scene: Scene, here: PlainDesk, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = woman(here)
    opened(scene, panel, qtbot, case, "job")
    jobs(panel).open_work()
    form = jobs(panel).form
    assert form is not None
    fill(form, form="10", unit="测试超市", evidence_kind="promise")
    form.answer()
    settle(scene, qtbot)
    assert not scene.desk.case(case).result().of("employment"), "only 灵活就业 goes by promise"
    fill(form, form="22", unit="", evidence_kind="promise")
    form.answer()
    settle(scene, qtbot)
    assert "凭承诺" in words(jobs(panel).sections["employment"])


def test_what_a_sheet_said_is_台账记载_on_the_page(scene: Scene, panel: CaseFilePanel, qtbot: QtBot) -> None:
    case = full_person(scene)
    opened(scene, panel, qtbot, case, "recognition")
    said = words(page(panel))
    assert "台账记载（未核对）" in said and "已认定" not in said


def test_a_paper_of_the_application_is_drawn(
    scene: Scene, here: PlainDesk, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = woman(here)
    to_reported(here, case)
    opened(scene, panel, qtbot, case, "recognition")
    (card,) = page(panel).cards.values()
    assert "受理回执" in buttons(card) and "公示" not in buttons(card)
    panel.actions_.paper(f"claim_receipt:{claim(here, case).id}")
    shown = panel.paper_page
    assert isinstance(shown, PaperPage)
    qtbot.waitUntil(lambda: bool(shown.view.data))
    assert shown.title.text() == "受理回执" and shown.view.data.startswith(b"%PDF")


def test_a_decision_that_differs_from_the_rules_is_said_and_stands(
    scene: Scene, here: PlainDesk, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = woman(here)
    to_reported(here, case)
    refusal = {"decided_by": "某县就业服务局", "refusal_reason": "资料不符", "remedy": "可申请复核",
               "source": "document", "decided_on": "2026-07-14"}  # fmt: skip
    deciding.refuse(here.desk, case, claim(here, case), refusal).result()
    record = claim(here, case)
    assert record.text("state") == "refused"
    opened(scene, panel, qtbot, case, "recognition")
    said = words(page(panel))
    assert "县级决定时的判断：符合" in said and "决定是不予认定，决定时按规则判断为符合，两者不一致" in said
    if shot := os.environ.get("JOBDESK_PICTURES"):
        panel.grab().save(f"{shot}/differs.png")
    values = record.values()
    kept = cast("dict[str, Any]", values["snapshot"])
    denied = {
        **kept,
        "county": {**kept["county"], "verdict": {**kept["county"]["verdict"], "outcome": "not_met"}},
    }
    assert differs_words({**values, "snapshot": denied}) == ""
    assert differs_words({**values, "state": "recognised"}) == ""
    assert differs_words({**values, "snapshot": denied, "state": "recognised"}).startswith("决定是认定")

    def home(outcome: str) -> dict[str, Json]:
        return {"state": "refused", "snapshot": {"county": {"on": "2026-07-14", "outcome": outcome}}}

    assert differs_words(home("met")).startswith("决定是不予认定")
    assert differs_words(home("unknown")) == differs_words(home("not_met")) == ""


def test_what_is_typed_into_an_act_comes_back(
    scene: Scene, here: PlainDesk, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case, other = woman(here), scene.person()
    to_reported(here, case)
    opened(scene, panel, qtbot, case, "recognition")
    (card,) = page(panel).cards.values()
    card.open_act(Act.RECOGNISE)
    assert card.form is not None
    fill(card.form, decided_by="测试区就业服务局")
    opened(scene, panel, qtbot, other, "recognition")
    opened(scene, panel, qtbot, case, "recognition")
    (card,) = page(panel).cards.values()
    card.open_act(Act.RECOGNISE)
    assert card.form is not None and card.form.form.values()["decided_by"] == "测试区就业服务局"
