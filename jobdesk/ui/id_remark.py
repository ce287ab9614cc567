"""The soft remark beside an ID number: where it was first issued, and whether that code still exists."""

from __future__ import annotations

from jobdesk.cases.id_number import clean
from jobdesk.host.strings import text
from jobdesk.services.importing.regions import standing
from jobdesk.services.places import first_coded_region


def region_remark(number: str) -> str:
    """首次编码地, or that the code is abolished or unknown; empty while six digits are not there.

    Never a fault: counties come and go, and the place says nothing of the present 户籍地.
    """
    code = clean(number)[:6]
    if len(code) < 6 or not (code.isascii() and code.isdigit()):
        return ""
    found, place = standing(code), first_coded_region(code)
    if place is None:
        return text("id_region.nowhere", code=code)
    if found == "unknown":
        return text("id_region.unknown", code=code, place=place)
    if found == "historic":
        return text("id_region.historic", place=place)
    return text("id_region.known", place=place)
