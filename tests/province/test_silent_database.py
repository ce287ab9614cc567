"""A database host that takes connections and never says a word is away, and is told so."""

from __future__ import annotations

import socket
from collections.abc import Generator

import pytest
from sqlalchemy.exc import OperationalError

from province.db import engine
from province.db.engine import open_database


@pytest.fixture
def silent() -> Generator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize("more", ["", "?connect_timeout=2"])
def test_it_is_given_up_after_a_while(silent: int, more: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """/ready answered nothing at all while it waited."""
    monkeypatch.setattr(engine, "_PATIENCE_S", 2 if not more else 600)
    database = open_database(f"postgresql+psycopg://nobody@127.0.0.1:{silent}/none{more}")
    with pytest.raises(OperationalError, match="timeout"), database.reading("*"):
        raise AssertionError("nobody answered")
