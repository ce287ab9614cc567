"""The main job without a screen: made, imported, listed, printed; a second time nothing changes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jobdesk.app import run
from jobdesk.cases.clock import Clock
from jobdesk.cases.ids import id_source
from jobdesk.host.paths import StationPaths
from jobdesk.services.practice import making
from jobdesk.store.creating import NewStation, create_station


@pytest.fixture(autouse=True)
def nearly_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    def fill(paths: StationPaths, clock: Clock, *rest: object) -> None:
        new = NewStation({"name": "练习", "code": "229901001", "practice": True}, "甲")
        create_station(paths, new, clock, id_source(clock), key_file=paths.data / making.KEY_NAME)[0].close()

    monkeypatch.setattr(making, "_fill", fill)


def test_the_round_twice_and_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def round_(*more: str) -> dict[str, dict[str, object]]:
        assert run(["--data", str(tmp_path), "--json", "practice", *more]) == 0
        return json.loads(capsys.readouterr().out)

    first = round_()
    counts = first["import"]["counts"]
    assert isinstance(counts, dict) and counts["new"] > 30 and counts["held"] > 0
    paper = Path(str(first["sheets"]["file"]))
    assert paper.read_bytes().startswith(b"%PDF") and first["sheets"]["checks_ok"] is True
    assert paper.stat().st_mode & 0o077 == 0, "names of the people in it are nobody else's business"

    again = round_()
    assert again["import"]["import_id"] is None and not again["made"]
    assert run(["--data", str(tmp_path), "practice"]) == 0
    said = capsys.readouterr().out
    assert str(paper) in said and "虚构" in said

    anew = round_("--reset")
    assert anew["made"] and anew["import"]["counts"] == counts
