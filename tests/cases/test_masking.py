"""A mask shows what was agreed and never more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jobdesk.cases.masking import mask_id, mask_phone


def test_shapes() -> None:
    assert mask_id("229901198001011234") == "229901********1234"
    assert mask_id("229901800101123") == "229901*****1123"
    assert mask_phone("19912345678") == "199****5678"


@given(st.text(max_size=40))
def test_odd_values_show_a_third_at_most(value: str) -> None:
    for mask, usual in ((mask_id, (15, 18)), (mask_phone, (11,))):
        masked = mask(value)
        assert len(masked) == len(value)
        if len(value) not in usual:
            shown = sum(a == b for a, b in zip(masked, value, strict=True) if a != "*")
            assert shown <= len(value) // 3


def test_short_values_show_nothing() -> None:
    assert mask_id("12") == "**" and mask_phone("") == ""
    assert mask_phone("0431-88888888") == "*********8888"
