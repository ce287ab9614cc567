"""What a run of ``make chaos`` has to have done before anybody takes it for a proof."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from jobdesk.store.safekeeping import back_up
from tools.chaos import run as running
from tools.chaos.__main__ import idle
from tools.chaos.desks import DeskProcess, Said
from tools.chaos.driver import opened_station, patience_s
from tools.chaos.run import Run


def test_every_kind_befalls_once_also_where_the_time_is_over_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine ninety seconds were three things of eleven, and the run was green."""
    kinds: dict[str, tuple[int, Callable[[], bool]]] = {n: (1, lambda: True) for n in "abcde"}
    monkeypatch.setattr(running, "PACE_S", (0.0, 0.0))
    monkeypatch.setattr(Run, "_kinds", lambda _self: kinds)  # pyright: ignore[reportUnknownLambdaType]
    made = Run(tmp_path, 1)
    made.rng = Random(1)
    made.disturb(0.0)
    assert made.events == dict.fromkeys("abcde", 1)


def test_what_could_not_be_done_is_not_counted_and_has_its_turn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Desks were counted as restored that had no backup, and a seventh one as cloned."""
    came = iter([False, False, True])
    done: list[bool] = []
    kinds: dict[str, tuple[int, Callable[[], bool]]] = {
        "a": (1, lambda: True), "b": (1, lambda: not done.append(True) and next(came)), "c": (1, lambda: False),
    }  # fmt: skip
    monkeypatch.setattr(running, "PACE_S", (0.0, 0.0))
    monkeypatch.setattr(Run, "_kinds", lambda _self: kinds)  # pyright: ignore[reportUnknownLambdaType]
    made = Run(tmp_path, 1)
    made.rng = Random(1)
    made.disturb(0.0)
    assert made.events["a"] == made.events["b"] == 1 and len(done) == 3
    assert made.events["c"] == 0 and made.faults == [
        f"nothing was tested of: c, which could not be done {running.MOST_IDLE} times"
    ]


def test_a_desk_without_a_backup_is_not_restored(tmp_path: Path) -> None:
    desk = DeskProcess("a1", "220102001001", tmp_path / "a1", (), Said())
    made = Run(tmp_path, 1, desks=[desk])
    made.rng = Random(1)
    assert desk.once("init", "经办a1") == {}
    assert desk.backups == 0 and made._restore_desk() is False  # pyright: ignore[reportPrivateUsage]
    assert desk.runs == 0
    assert desk.once("restore") == {"restored": False}
    station = opened_station(desk.folder)
    back_up(station, "daily").result()
    station.close()
    assert desk.backups == 1 and desk.once("restore") == {"restored": True}


def test_a_run_in_which_nobody_came_through_is_no_proof() -> None:
    said = Said()
    for how in ("no_line", "no_line"):
        said.take("a1", {"synced": how, "repaired": [], "apart": []})
    assert idle(said) == ["nothing was tested: of 2 exchanges none came through"]
    other = Said()
    other.take("a1", {"synced": "no_line", "repaired": ["epoch"], "apart": []})
    said.take("a1", {"synced": "well", "repaired": [], "apart": []})
    assert idle(said) == idle(other) == []


def test_who_breaks_off_again_and_again_waits_longer() -> None:
    """At three seconds a request none of 381 exchanges came through on a machine that others used."""
    assert [patience_s(n) for n in (0, 1, 2, 3, 4, 5, 2000)] == [3, 3, 6, 12, 24, 24, 24]


def test_a_desk_that_is_only_opening_closes_when_it_is_asked(tmp_path: Path) -> None:
    """It was asked before it knew the word, died of it, and counted as one that did not close."""
    desk = DeskProcess("a1", "220102001001", tmp_path / "a1", ("220102001002",), Said())
    desk.once("init", "示例员")
    desk.start(1)
    assert desk.end(), desk.errors.read_text(encoding="utf-8")
