"""What stays of a number on lists, paper and exports that leave the station."""

from __future__ import annotations

_STAR = "*"
_ID_LENGTHS = (15, 18)
_PHONE_LENGTH = 11


def mask_id(number: str) -> str:
    """Region and last four stay: ``220102********1234``; a 15-digit number keeps the same ends.

    Anything that is not such a number keeps at most a third of itself.
    """
    if len(number) in _ID_LENGTHS:
        return number[:6] + _STAR * (len(number) - 10) + number[-4:]
    return mask_other(number)


def mask_phone(number: str) -> str:
    """``138****5678`` for a mobile number; a third at most of anything else (a landline, two numbers)."""
    if len(number) == _PHONE_LENGTH and number.isdecimal() and number.startswith("1"):
        return number[:3] + _STAR * 4 + number[-4:]
    return mask_other(number)


def mask_birth(value: str) -> str:
    """``1980-**-**``: the year stays, as in an age. The day beside a masked ID number would give that number.

    However a sheet spells it (``1980.4.26``, ``19800426``), every digit after the year goes; where no year
    stands in front (``29337``, ``4/26/1980``) every digit does.
    """
    year = value[:2] in ("19", "20") and value[:4].isdecimal()
    kept = 4 if year and (len(value) == 8 or not value[4:5].isdecimal()) else 0
    return value[:kept] + "".join(_STAR if c.isdigit() else c for c in value[kept:])


def mask_other(value: str) -> str:
    """The length stays and the last third (rounded down, four characters at most) is shown."""
    shown = min(len(value) // 3, 4)
    return _STAR * (len(value) - shown) + value[len(value) - shown :]


def mask_name(name: str) -> str:
    """The surname stays: ``王**``, ``尉迟**``. What another station sees before it has the file.

    A compound one where that is beyond doubt; else the first character alone, so that no given name shows.
    """
    kept = next((n for n in (4, 3, 2) if len(name) > n and name[:n] in _COMPOUND), 1)
    return name[:kept] + _STAR * (len(name) - kept)


_COMPOUND = frozenset({
    "欧阳", "司马", "司徒", "司空", "司寇", "上官", "诸葛", "尉迟", "皇甫", "公孙", "公羊", "公冶",
    "公西", "慕容", "令狐", "宇文", "长孙", "夏侯", "南宫", "独孤", "端木", "澹台", "申屠", "赫连",
    "钟离", "轩辕", "呼延", "拓跋", "濮阳", "闻人", "百里", "东方", "东郭", "西门", "万俟", "鲜于",
    "闾丘", "亓官", "淳于", "单于", "太史", "太叔", "羊舌", "微生", "左丘", "第五", "完颜", "纳兰",
    "耶律", "仲孙", "漆雕", "巫马", "颛孙", "子车", "壤驷", "爱新觉罗", "叶赫那拉", "钮祜禄", "瓜尔佳",
    "赫舍里",
})  # fmt: skip
"""Of the table ``surnames.csv`` those that are hardly ever a simple surname and the beginning of a given
name (``马佳琪``, ``章佳怡``, ``贺兰英`` are). Server and desks mask alike, and the server has no such table.
"""
