"""Headers of what is restricted, offered back (M-9.7).

A desk above the stations was answered nothing else. One must never be listed in the place of the thing
itself: whoever has the payload would be answered ``already``, and it would be lost.
"""

from __future__ import annotations

from jobdesk.cases.restricting import is_withheld
from jobdesk.protocol.codes import ErrorCode
from jobdesk.protocol.messages import Place
from province.reading import Item
from province.refusing import Refused


def left_out(items: list[Item], tip: Place, *, witness: bool) -> list[Item]:
    """What of a push may be judged. Of a witness the rest stands; an owner who has lost the thing goes on in
    another life, and whoever still has it brings it.

    Raises:
        Refused: ``fork``
    """
    headers = {id(i) for i in items if i.op is not None and is_withheld(i.op)}
    if headers and not witness:
        raise Refused(ErrorCode.FORK, acked=tip)
    return [i for i in items if id(i) not in headers]
