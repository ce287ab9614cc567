"""The chips of a line of 今日: what gives way where there is no room, and what never does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from day_station import Ground
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from today_scene import NOTED, open_today

from jobdesk.services.registering import Child


@pytest.fixture
def ground(tmp_path: Path, dressed: QApplication) -> Iterator[Ground]:
    made = Ground(tmp_path)
    yield made
    made.close()


def test_unverified_is_drawn_whole_whatever_gives_way(
    qtbot: QtBot, ground: Ground, chips: list[tuple[float, str, str]]
) -> None:
    """Two categories and a long name in a narrow list: the chips become +N, 未核对 never does."""
    sheet = Child("recognition", {"category": "JL2", "state": "ledger"})
    graduate = {"graduate_kind": "university", "graduated_on": "2025-06"}
    for name in ("甲", "阿不都热依木·买买提江"):
        ground.person(name, {**NOTED, **graduate, "next_contact": "2026-07-15"}, sheet)
    screen = open_today(qtbot, ground)
    for width in (1290, 1000, 620, 500):
        screen.resize(width, 640)
        QApplication.processEvents()
        chips.clear()
        screen.view.list.grab()
        assert [said for _end, said, look in chips if look == "blank"] == ["未核对"] * 2, (width, chips)
        assert any(said.startswith("+") for _end, said, _look in chips), chips
        wide = screen.view.list.viewport().width()
        room = 24 + (240 if wide >= 760 else max(164, wide * 24 // 100))
        assert all(end <= room for end, _said, _look in chips), (width, room, chips)
        if shot := os.environ.get("JOBDESK_PICTURES"):
            screen.grab().save(f"{shot}/chips-{width}.png")
