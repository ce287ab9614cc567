"""The capacity page says what the unit costs say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import capacity


def test_the_page_is_what_the_costs_say() -> None:
    page = capacity.PAGE.read_text("utf-8")
    assert capacity.written(page, capacity.tables(capacity.costs())) == page


def test_one_province_by_hand() -> None:
    unit = {name: capacity.Cost("", value, "", "") for name, value in
            {"app_ms": 50.0, "db_ms": 25.0, "wire_b": 10_000.0, "stored_b": 1000.0, "boot_b": 100.0,
             "list_app_ms": 4.0, "list_db_ms": 1.0, "list_b": 10.0}.items()}  # fmt: skip
    jilin = {name: cells[0] for name, cells in capacity.rows(unit)}
    assert jilin["exchanges a second all day, every open PC each 300 s"] == "80"  # 24,000 PCs
    assert jilin["the evening's in its worst minute"] == "40"  # 24,000 in an hour, six times as many
    assert jilin["exchanges a second then, all together"] == "120"
    assert jilin["operations a second then"] == "1,200"  # 40 evenings of 30
    assert jilin["cores for the server's processes, then"] == "6.0"
    assert jilin["cores to buy (×4)"] == "36"
    assert jilin["line, worst minute, Mbit/s"] == "9.6"
    assert jilin["database grows a year by, GB"] == "108"
    assert jilin["cores in a morning's worst minute for “is the list of stations another one?”"] == "0.20"
    assert (
        jilin["the list to every PC on a day that it changed, GB"] == "2.9"
    )  # 24,000 PCs × 12,000 lines × 10 bytes


def test_an_evening_is_taken_over(tmp_path: Path) -> None:
    mine, last = tmp_path / "costs.toml", tmp_path / "evening.json"
    mine.write_bytes(capacity.COSTS.read_bytes())
    before = capacity.costs(mine)
    capacity.keep({"app_ms": 12.5}, last)
    assert json.loads(last.read_text())["values"] == {"app_ms": 12.5}
    capacity.take_over(last, mine)
    after = capacity.costs(mine)
    assert after["app_ms"].value == 12.5 and "benchmarks evening" in after["app_ms"].how
    assert {k: v for k, v in after.items() if k != "app_ms"} == {
        k: v for k, v in before.items() if k != "app_ms"
    }


def test_a_page_without_a_place_for_a_table_is_told() -> None:
    with pytest.raises(ValueError, match="needs"):
        capacity.written("<!-- costs -->\n<!-- /costs -->", {"costs": "|", "needs": "|"})
