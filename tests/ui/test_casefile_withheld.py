"""A file at a desk above the stations says that its station knows more, and nothing of what."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from jobdesk.cases.ops import Subject
from jobdesk.cases.restricting import WITHHELD
from jobdesk.services.editing import add_record
from jobdesk.ui.casefile import CaseFilePanel
from tests.ui.case_scene import Scene
from tests.ui.test_casefile import opened, words


def test_it_says_how_many_and_the_history_does_not_call_them_cleared(
    scene: Scene, panel: CaseFilePanel, qtbot: QtBot
) -> None:
    case = scene.person()
    subject = Subject("case", case)
    op = add_record(scene.desk, subject, "group", {"kind": "released"}).result().ops[0]
    opened(scene, panel, qtbot, case)
    assert "受限信息，只在服务站可见" not in words(panel)

    def told_the_header(w: object) -> None:
        change = "UPDATE op SET payload = NULL, salt = ? WHERE op_id = ?"
        w.con.execute(change, (WITHHELD, op.op_id))  # type: ignore[attr-defined]
        w.refold([subject])  # type: ignore[attr-defined]

    scene.desk.write(told_the_header).result()
    panel.reload()
    opened(scene, panel, qtbot, case, "history")
    shown = words(panel)
    assert "另有 1 项受限信息，只在服务站可见" in shown
    assert "\n受限信息，只在服务站可见" in shown and "内容已清除" not in shown and "刑满释放" not in shown
