"""What a run of ``make chaos`` has to have done before anybody takes it for a proof."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tools.chaos import run as running
from tools.chaos.__main__ import idle
from tools.chaos.desks import Said
from tools.chaos.driver import patience_s
from tools.chaos.run import Run


def test_every_kind_befalls_once_also_where_the_time_is_over_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine ninety seconds were three things of eleven, and the run was green."""
    kinds: dict[str, tuple[int, Callable[[], None]]] = {n: (1, lambda: None) for n in "abcde"}
    monkeypatch.setattr(running, "PACE_S", (0.0, 0.0))
    monkeypatch.setattr(Run, "_kinds", lambda _self: kinds)  # pyright: ignore[reportUnknownLambdaType]
    made = Run(tmp_path, 1)
    made.rng = Random(1)
    made.disturb(0.0)
    assert made.events == dict.fromkeys("abcde", 1)


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
