"""A made-up crowd, fast: any number of people written through ``Writing.append_new``.

Names, numbers and phones are invented: region 229901 does not exist, phones begin with 199.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from jobdesk.cases.id_number import check_digit
from jobdesk.cases.ops import Json, NewOp, Subject
from jobdesk.services.desk import Desk
from jobdesk.services.editing import opening

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
    "苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史"
    "顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文单仇解查"
)
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国志远文博子轩雨桐晓彤德福春梅俊"
_COMMUNITIES = ("南岭社区", "柳河社区", "站前社区", "东风村", "和平社区", "红旗街道第二居民委员会")
_SCHOOLS = ("测试职业技术学院", "测试师范大学", "柳河技师学院")
PER_ACTION = 480


def id_number(day: date, serial: int) -> str:
    """A number that passes its checksum, of a region that does not exist."""
    body = f"229901{day:%Y%m%d}{serial % 1000:03d}"
    return body + check_digit(body)


_Child = tuple[str, dict[str, Json]]


def person(rng: Random, number: int, today: date, staff: str) -> tuple[dict[str, Json], list[_Child]]:
    """Values of one made-up file and of its child records; every fourth has something missing."""
    graduate = number % 4 == 1
    born = date(today.year - rng.randint(21, 25 if graduate else 58), rng.randint(1, 12), rng.randint(1, 28))
    values: dict[str, Json] = {
        "name": rng.choice(_SURNAMES) + "".join(rng.choices(_GIVEN, k=2 if rng.random() < 0.7 else 1)),
        "birth": born.isoformat(),
        "community": rng.choice(_COMMUNITIES),
        "address": f"{rng.randint(1, 60)}号楼{rng.randint(1, 6)}单元",
        "hukou_kind": rng.choice(("10", "20")),
        "education": rng.choice(("21", "31", "61", "71")),
        "opened_on": (today - timedelta(days=rng.randint(5, 700))).isoformat(),
        "help_state": "open",
        "owner": staff,
    }
    if number % 8:
        values["id_number"] = id_number(born, number)
        values["sex"] = "1" if (number % 1000) % 2 else "2"
    if number % 7:
        values["phone"] = f"199{rng.randint(0, 99999999):08d}"
    if number % 5:
        values["next_contact"] = (today + timedelta(days=rng.randint(-6, 60))).isoformat()
    if number % 3 == 0:
        values["tier"] = rng.choice(("1", "2", "3"))
    children: list[_Child] = []
    if graduate:
        values |= {"graduate_kind": "university", "school": rng.choice(_SCHOOLS)}
        values["graduated_on"] = f"{today.year}-06"
        for kind in ("ZYZD", "GWTJ", "GWTJ")[: number % 4]:
            served = (today - timedelta(days=10 + len(children))).isoformat()
            offered = f"岗位{number}{len(children)}"
            values_of = {"type": kind, "channel": "phone", "offered": offered, "served_on": served}
            children.append(("service", {**values_of}))
    elif number % 2:
        category = rng.choice(("JL1", "JL2", "JL3", "JL5", "JL6"))
        state = rng.choice(("recognised", "ledger"))
        children.append(("recognition", {"category": category, "state": state, "source": "ledger"}))
    if number % 19 == 0:
        children.append(("group", {"kind": "lifted_poor", "source": "ledger"}))
    return values, children


def fill(desk: Desk, count: int, *, seed: int = 7) -> None:
    """Write so many people."""
    rng = Random(seed)
    ops: list[NewOp] = []

    def flush() -> None:
        if ops:
            listed = list(ops)
            desk.write(lambda w: w.append_new(desk.actor, listed, w.new_id())).result()
            ops.clear()

    for number in range(count):
        values, children = person(rng, number, desk.today, desk.actor)
        subject = Subject("case", desk.new_id())
        ops.append(opening(subject, "case", subject.id, values))
        ops += [opening(subject, kind, desk.new_id(), v) for kind, v in children]
        if len(ops) > PER_ACTION:
            flush()
    flush()
