"""The whole way of a person's application by window: every act by its form, every paper drawn.

One application is sent back for a list, refused, appealed, recognised after all, looked at again, kept and
left; each act is pressed and answered as a clerk does it, and each paper is made when it can be.
"""

from __future__ import annotations

import os

import pypdfium2
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from jobdesk.cases.claim import Act
from jobdesk.host.strings import text
from jobdesk.reports.person_papers import person_paper
from jobdesk.ui.casefile import CaseFilePanel
from jobdesk.ui.casefile.claim_card import ClaimCard
from jobdesk.ui.casefile.paper_page import PaperPage
from jobdesk.ui.casefile.recognition_page import RecognitionPage
from tests.services.claim_scene import PlainDesk, claim, woman
from tests.ui.case_scene import Scene
from tests.ui.test_casefile import opened, settle, words

DOT = text("claim.dot")


class Walk:
    """One file in the window. Pictures go to ``JOBDESK_PICTURES`` where that is set."""

    def __init__(self, scene: Scene, qtbot: QtBot) -> None:
        self.scene, self.qtbot = scene, qtbot
        self.here = PlainDesk(scene.desk, scene.staff[0])
        self.case = woman(self.here)
        self.panel = CaseFilePanel(scene.ctx)
        qtbot.addWidget(self.panel)
        self.panel.resize(560, 900)
        self.panel.show()
        opened(scene, self.panel, qtbot, self.case, "recognition")
        self.count = 0

    @property
    def page(self) -> RecognitionPage:
        found = self.panel.pages["recognition"]
        assert isinstance(found, RecognitionPage)
        return found

    @property
    def card(self) -> ClaimCard:
        (found,) = self.page.cards.values()
        return found

    @property
    def state(self) -> str:
        return claim(self.here, self.case).text("state")

    def picture(self, name: str, widget: QWidget | None = None) -> None:
        folder = os.environ.get("JOBDESK_PICTURES")
        if folder:
            for _ in range(5):
                QApplication.processEvents()
            self.count += 1
            (widget or self.panel).grab().save(f"{folder}/walk-{self.count:02d}-{name}.png")

    def press(self, words_of: str) -> None:
        """A button of the card, by what stands on it."""
        found = [b for b in self.card.findChildren(QPushButton) if b.text().strip() == words_of]
        assert found, f"{words_of} is not offered: {[b.text() for b in self.card.findChildren(QPushButton)]}"
        found[0].click()

    def do(self, act: Act, state: str, /, **typed: str) -> None:
        """Press the act, look at its form, type what it asks for, answer."""
        self.press(text(f"claim.act.{act.value}"))
        form = self.card.form
        assert form is not None
        form.form.set_typed(dict(typed))
        self.picture(f"{act.value}-form", self.card)
        form.answer()
        settle(self.scene, self.qtbot)
        assert self.state == state, (act, self.state, words(self.card))
        assert text(f"claim.act.{act.value}") in self.scene.said[-1].text
        assert self.panel.window().focusWidget() is self.card.first is not None
        self.picture(act.value, self.card)

    def papers(self) -> set[str]:
        offered = {b.text().strip() for b in self.card.findChildren(QPushButton)}
        keys = (
            "claim_form",
            "claim_promise",
            "claim_receipt",
            "claim_supplement",
            "claim_refusal",
            "claim_exit",
        )
        return {k for k in keys if text(f"claim.paper.{k}") in offered}

    def paper(self, key: str) -> str:
        """Press the paper, wait until its pages stand in sight; what it says."""
        self.press(text(f"claim.paper.{key}"))
        shown = self.panel.findChild(PaperPage)
        assert shown is not None
        self.qtbot.waitUntil(shown.isVisible)
        settle(self.scene, self.qtbot)
        self.picture(key, shown)
        shown.back.click()
        settle(self.scene, self.qtbot)
        name = f"{key}:{claim(self.here, self.case).id}"
        data = self.scene.desk.read(lambda con: person_paper(con, self.scene.desk, self.case, name)).result()
        pdf = pypdfium2.PdfDocument(data)
        folder = os.environ.get("JOBDESK_PICTURES")
        if folder:
            self.count += 1
            pdf[0].render(scale=2).to_pil().save(f"{folder}/walk-{self.count:02d}-{key}-paper.png")
        return "".join("".join(p.get_textpage().get_text_range() for p in pdf).split())


def test_every_act_of_an_application_by_its_form_and_every_paper(scene: Scene, qtbot: QtBot) -> None:
    walk = Walk(scene, qtbot)
    walk.page.open_apply("JL2")
    form = walk.page.form
    assert form is not None
    form.form.set_typed({"applied_on": "2026-07-01"})
    form.answer()
    settle(scene, qtbot)
    assert walk.state == "applied" and walk.papers() == {"claim_form", "claim_promise"}
    walk.do(Act.ACCEPT, "accepted", accepted_on="2026-07-01")
    number = claim(walk.here, walk.case).text("receipt_no")
    assert number.startswith("20260701-"), "the day of 受理, not that of writing it down"
    assert "大龄失业人员" in walk.paper("claim_form") and number in walk.paper("claim_receipt")
    walk.do(Act.SUPPLEMENT, "supplement", supplement_on="2026-07-02", supplement_list="户口簿首页\n居住证明")
    assert "1.户口簿首页" in (said := walk.paper("claim_supplement")) and "2.居住证明" in said
    assert text("claim.act.supplement") not in buttons(walk.card), "one list, told once"
    walk.do(Act.SUPPLEMENTED, "accepted", supplemented_on="2026-07-03")
    assert text("claim.act.supplement") not in buttons(walk.card), "nor a second time"
    walk.card.look_up()
    look = walk.card.form
    assert look is not None
    look.form.set_typed(
        {"kind": "insurance", "result": "clear", "system": "省社保系统", "looked_on": "2026-07-03"}
    )
    look.answer()
    settle(scene, qtbot)
    walk.do(Act.CHECK, "checked", station_checked_on="2026-07-06", station_opinion="符合条件，建议认定")
    assert "符合条件，建议认定" in (said := walk.paper("claim_form")) and "省社保系统" in said
    assert text("claim.act.post") not in buttons(walk.card), "no 公示 for a person: no pack names a basis"
    walk.do(Act.REPORT, "reported", reported_on="2026-07-07")
    walk.do(
        Act.REFUSE, "refused", decided_on="2026-07-09", decided_by="测试区就业服务局", refusal_reason="在单位参保",
    )  # fmt: skip
    said = walk.paper("claim_refusal")
    assert "在单位参保" in said and "测试区就业服务局" in said and "待" in said and "22990119" not in said
    walk.do(Act.NOTIFY, "refused", notified_on="2026-07-10")
    walk.do(Act.APPEAL, "appealed", appealed_on="2026-07-13")
    assert f"申请复核{DOT}7月13日" in words(walk.card)
    walk.do(
        Act.RECOGNISE, "recognised", decided_on="2026-07-14", decided_by="测试区就业服务局",
        decision_no="测就认〔2026〕12号", review_result="参保已停，予以认定",
    )  # fmt: skip
    assert "claim_refusal" not in walk.papers(), "what was refused was taken back on review"
    assert "测就认〔2026〕12号" in words(walk.card)
    assert f"复核结束{DOT}7月14日{DOT}参保已停，予以认定" in words(walk.card)
    walk.do(Act.REVIEW, "review", appealed_on="2026-07-15")
    assert f"开始复核{DOT}7月15日" in (said := words(walk.card)) and "复核结束" not in said
    walk.do(Act.KEEP, "recognised", reviewed_on="2026-07-15", review_result="继续符合")
    walk.do(
        Act.EXIT, "exited", exited_on="2026-07-15", exit_code="employed", exit_decided_by="测试区就业服务局",
        exit_decision_no="测就退〔2026〕3号",
    )  # fmt: skip
    said = words(walk.card)
    assert f"复核结束{DOT}7月15日{DOT}继续符合" in said
    assert f"退出认定{DOT}7月15日{DOT}已就业{DOT}测试区就业服务局{DOT}测就退〔2026〕3号" in said
    said = walk.paper("claim_exit")
    assert "测就退〔2026〕3号" in said and "测就认" not in said
    assert scene.desk.case(walk.case).result().root.text("help_state") != "ended", "the help goes on"


def buttons(widget: QWidget) -> set[str]:
    return {b.text().strip() for b in widget.findChildren(QPushButton) if not b.isHidden()}
