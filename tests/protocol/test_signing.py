"""A request is its device's or nobody's; a nonce is this server's, fresh, and needs no table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobdesk.protocol.limits import NONCE_SECONDS
from jobdesk.protocol.signing import (
    new_device_key,
    new_nonce,
    nonce_age,
    public_of,
    request_bytes,
    sign,
    verify,
)

SECRET = b"s" * 32


def test_anything_changed_makes_it_somebody_elses() -> None:
    key, other = new_device_key(), new_device_key()
    message = request_bytes("post", "/v1/push", b"body", "n1")
    signature = sign(key, message)
    assert verify(public_of(key), message, signature)
    assert not verify(public_of(other), message, signature)
    for changed in (("GET", "/v1/push", b"body", "n1"), ("POST", "/v1/pull", b"body", "n1"),
                    ("POST", "/v1/push", b"bodY", "n1"), ("POST", "/v1/push", b"body", "n2")):  # fmt: skip
        assert not verify(public_of(key), request_bytes(*changed), signature)
    for junk in ("", "zz", signature[:-2], signature + "00"):
        assert not verify(public_of(key), message, junk)


@given(st.integers(0, 2**33), st.integers(-1000, 2000))
def test_a_nonce_is_good_for_ten_minutes(now: int, later: int) -> None:
    age = nonce_age(SECRET, new_nonce(SECRET, now), now + later)
    assert age == (later if -5 <= later <= NONCE_SECONDS else None)


@pytest.mark.parametrize("nonce", ["", "1.2.3", "....", "ff.aa", "x" * 500])
def test_a_made_up_nonce_is_none(nonce: str) -> None:
    assert nonce_age(SECRET, nonce, 1_000_000) is None


def test_another_servers_nonce_is_none() -> None:
    assert nonce_age(SECRET, new_nonce(b"t" * 32, 5), 5) is None
