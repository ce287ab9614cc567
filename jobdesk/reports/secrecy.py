"""What a column or field holds, so that paper and workbook mask it themselves and never on trust."""

from __future__ import annotations

from enum import Enum

from jobdesk.cases.masking import mask_id, mask_phone
from jobdesk.host.strings import text


class Secret(Enum):
    """A kind of value that is not shown whole on what leaves the station."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    BIRTH = "birth"


def hidden(value: str, kind: Secret | None) -> str:
    """The value as masked paper shows it; a birth date not at all, since it completes a masked number.

    A value that was masked before comes through unchanged.
    """
    if kind is None or "*" in value or value in ("", text("paper.not_filled")):
        return value
    if kind is Secret.BIRTH:
        return ""
    return mask_id(value) if kind is Secret.ID_NUMBER else mask_phone(value)
