"""Concurrent clients against three processes on PostgreSQL, some of which die; and the server that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.history.__main__ import SABOTAGED, take_history
from tools.live_province import running

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(600)]


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("history")
    for part in (made, *made.parents):
        if part.stat().st_uid == made.stat().st_uid and part.parts[1:2] == ("tmp",) and len(part.parts) > 2:
            part.chmod(0o755)  # PostgreSQL runs as a user without rights
    return made


def test_one_order_explains_what_clients_saw(folder: Path) -> None:
    with running(folder / "province", 3, durable=False) as live:
        found = take_history(live, 1, 15)
    assert found.faults == [] and found.broken == [], (found.summary, found.broken)
    assert len(found.history) > 50, found.summary


def test_places_given_outside_the_transaction_are_found(folder: Path) -> None:
    """The canary: a check that does not see this sees nothing. On a busy machine few meet in eight seconds."""
    told: list[str] = []
    with running(folder / "province", 3, durable=False, application=SABOTAGED) as live:
        for turn in range(1, 7):
            found = take_history(live, turn, 8, kills=False)
            if any("a gap" in fault for fault in found.faults):
                return
            told.append(found.summary)
    raise AssertionError(told)
