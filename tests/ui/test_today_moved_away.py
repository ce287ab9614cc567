"""今日 and somebody who moves away while he stands in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from day_station import Ground
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from today_scene import board_of, open_today, person_due, ready, state_subjects

from jobdesk.store import local
from jobdesk.store.station_file import Writing
from jobdesk.ui.hub import Changed
from jobdesk.ui.today import TodayScreen


@pytest.fixture
def ground(tmp_path: Path, dressed: QApplication) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.close()


def leave(ground: Ground, *subjects: str) -> None:
    """As the exchange notes it: they are at another station from now on."""

    def job(w: Writing) -> None:
        for subject in subjects:
            w.con.execute(
                "INSERT INTO left_subject(subject_id, stream, at_ms, blanked_ms, said) VALUES (?,?,1,0,?)",
                (subject, "b", '{"name": "乙*", "moved_on": "2026-07-15"}'),
            )
        w.con.execute("INSERT OR REPLACE INTO station_known(stream, name, under) VALUES ('b', '乙站', '')")

    ground.desk.write(job).result()


def left_while_shown(qtbot: QtBot, ground: Ground, screen: TodayScreen, who: str) -> None:
    leave(ground, who)
    ground.hub.changed.emit(Changed(frozenset({who})))
    qtbot.waitUntil(lambda: who not in state_subjects(screen))
    ground.settle(qtbot)


def said(ground: Ground) -> list[str]:
    return [n.text for n in ground.notices]


def test_who_moved_away_is_gone_from_the_board_at_once(qtbot: QtBot, ground: Ground) -> None:
    """He stood there until the program started anew: only a whole board left him out."""
    one, two = person_due(ground, "甲", "2026-07-13"), person_due(ground, "乙", "2026-07-14")
    screen = open_today(qtbot, ground)
    assert state_subjects(screen) == {one, two}
    ready(qtbot, ground, screen)
    left_while_shown(qtbot, ground, screen, one)
    assert state_subjects(screen) == {two} == {line.subject for line in board_of(ground).ordered()}
    qtbot.waitUntil(lambda: said(ground) == ["甲 已转出至乙站，不再列在今日"])
    ready(qtbot, ground, screen)
    assert screen.form.case_id == two


def test_what_is_typed_of_somebody_who_moves_away_stays_in_front(qtbot: QtBot, ground: Ground) -> None:
    one, two = person_due(ground, "甲", "2026-07-13"), person_due(ground, "乙", "2026-07-14")
    screen = open_today(qtbot, ground)
    ready(qtbot, ground, screen)
    form = screen.form
    assert form.case_id == one
    qtbot.keyClick(screen.view.list, Qt.Key.Key_Return)
    form.view.kind.set_value("HF")
    form.view.kind.chosen.emit("HF")
    form.view.channel.set_value("phone")
    form.view.channel_chosen.emit("phone")
    form.view.outcome.set_value("connected")
    form.view.content.insertPlainText("已联系")
    left_while_shown(qtbot, ground, screen, one)
    qtbot.waitUntil(form.view.away.isVisible)
    qtbot.wait(200)
    assert form.case_id == one and "已联系" in form.view.content.toPlainText()
    assert form.view.away.text().startswith("甲 已转出至乙站")
    assert screen.view.list.line is not None and screen.view.list.line.subject == two
    form.save()
    qtbot.waitUntil(lambda: any("这条记录会送到那里" in s for s in said(ground)))
    assert [r["content"] for r in ground.services(one)] == ["已联系"]
    ready(qtbot, ground, screen)
    assert form.case_id == two and not form.view.away.isVisible()
    assert not local_drafts(ground)


def local_drafts(ground: Ground) -> list[str]:
    return [d.key for d in ground.desk.read(lambda con: local.drafts(con, "service/")).result()]


def test_a_call_to_somebody_who_moved_away_says_so(qtbot: QtBot, ground: Ground) -> None:
    one = person_due(ground, "甲", "2026-07-13")
    person_due(ground, "乙", "2026-07-14")
    screen = open_today(qtbot, ground)
    qtbot.keyClick(screen.view.list, Qt.Key.Key_B)
    ground.settle(qtbot)
    leave(ground, one)
    grid = screen.round.grid
    qtbot.keyClick(grid.result, Qt.Key.Key_1)
    qtbot.keyClick(grid.next_on, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any("已转出至乙站" in s for s in said(ground)))


def test_a_change_while_the_first_board_loads_is_not_lost(qtbot: QtBot, ground: Ground) -> None:
    person_due(ground, "甲", "2026-07-13")
    screen = TodayScreen(ground.ctx)
    ground.screens.append(screen)
    qtbot.addWidget(screen)
    screen.keeper.reload()
    screen.keeper.ctx.desk.read(lambda con: None).result()
    late = person_due(ground, "乙", "2026-07-14")  # the reader may have passed by
    ground.hub.changed.emit(Changed(frozenset({late})))
    qtbot.waitUntil(lambda: screen.board is not None)
    qtbot.waitUntil(lambda: late in state_subjects(screen), timeout=2000)
