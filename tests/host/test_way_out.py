"""How a machine learns that it has another way out, without a word on any line."""

from __future__ import annotations

import socket

import pytest

from jobdesk.host import way_out


def test_it_is_one_address_or_none() -> None:
    told = way_out.own_address()
    assert told == way_out.own_address()
    assert not told or socket.inet_pton(socket.AF_INET6 if ":" in told else socket.AF_INET, told)


def test_no_network_is_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_given: object) -> socket.socket:
        raise OSError("Network is unreachable")

    monkeypatch.setattr(way_out.socket, "socket", unreachable)
    assert way_out.own_address() == ""
