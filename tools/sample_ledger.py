"""Writes ``resources/samples/就业困难人员管理台帐.xlsx``: 44 invented people in the layout of 台账三.

Region 229901 does not exist, phones are 199 numbers. Some cells are wrong on purpose, as in real
ledgers: two ID numbers damaged by Excel, a sex that disagrees, one number for two people, a day that
does not exist, a wrong check digit, a phone too short, an age far off, a hidden row.

Run: ``python -m tools.sample_ledger``. The bytes are the same at every run.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from jobdesk.cases.id_number import check_digit

OUT = Path(__file__).resolve().parent.parent / "resources" / "samples" / "就业困难人员管理台帐.xlsx"
FILLED = date(2026, 10, 30)
_MADE = datetime(2026, 10, 30)  # noqa: DTZ001 - the format knows no zone

_NAMES = [
    "赵国强",
    "单秀英",
    "仇凤兰",
    "曾庆海",
    "周桂芬",
    "解春梅",
    "查文斌",
    "尉迟志远",
    "郭淑珍",
    "马德福",
    "孙丽华",
    "钱玉梅",
    "李长春",
    "王秀兰",
    "张永利",
    "刘淑琴",
    "陈志刚",
    "杨桂荣",
    "黄丽娟",
    "吴振东",
    "徐凤英",
    "朱建国",
    "胡晓光",
    "林淑清",
    "何立新",
    "高玉珍",
    "罗景山",
    "郑春燕",
    "梁德才",
    "谢雅琴",
    "宋立军",
    "唐桂芝",
    "许文华",
    "韩秀云",
    "冯占武",
    "邓丽萍",
    "曹永福",
    "彭淑芳",
    "曲艳秋",
    "朴哲洙",
    "金顺姬",
    "盖志明",
    "乐红梅",
    "区志强",
]
_FEMALE = set("英兰芬梅珍华娟琴荣清燕芝云萍芳秋姬")
_SKILLS = [
    "电焊",
    "家政",
    "缝纫",
    "驾驶",
    "烹饪",
    "会计",
    "木工",
    "叉车",
    "保洁",
    "瓦工",
    "护理",
    "水暖",
    "无",
    "美容美发",
    "计算机操作",
]
_EDUCATION = ["小学", "初中", "初中", "初中", "高中", "高中", "中专", "大专", "本科"]
_ROADS = ["幸福路", "光明街", "南湖胡同", "铁北二路", "新华街", "建设小区"]
_UNITS = (
    ("南岭物业服务有限公司", "保洁员", "③"),
    ("福满家政服务部", "护工", "③"),
    ("南岭街道办事处", "治安协管", "⑥"),
)

_CATEGORIES = (
    "①大龄失业人员 ②残疾失业人员 ③享受城市居民最低生活保障失业人员 ④连续失业1年以上的人员 ⑤失地失业人员 "
    "⑥军人配偶失业人员 ⑦烈属失业人员 ⑧刑满释放、假释、监外执行 ⑨单亲抚养未成年子女失业人员 "
    "⑩城镇零就业家庭失业人员 ⑪曾获县以上(含县级)劳动模范的失业人员"
)
_ROUTES = "①机关事业单位 ②公有制企业 ③非公有制企业 ④个体经营 ⑤灵活就业 ⑥公益性岗位"
_FORMS = (
    "①职业介绍（推荐到单位，安置到公益性岗位等） ②推荐培训（技能培训和创业培训） "
    "③宣传及落实各项就业、创业政策 "
    "④职业指导 ⑤其他援助形式"
)


@dataclass(frozen=True, slots=True)
class Person:
    """One line of the ledger; ``number`` is text, or a float where Excel has damaged it."""

    name: str
    sex: str
    age: int
    education: str
    number: str | float
    skill: str
    category: str
    certificate: str
    address: str
    phone: str | int
    placed: str = ""
    unit: str = ""
    post: str = ""
    route: str = ""
    contract: str = ""
    term: str = ""
    helped: str = "是"
    form: str = "①"


def id_number(born: date, order: int) -> str:
    """A number valid by its checksum in a region that does not exist; odd orders are men."""
    first = f"229901{born:%Y%m%d}{order:03d}"
    return first + check_digit(first)


def people() -> list[Person]:
    """44 lines; the faults are always the same."""
    source = random.Random(229901)
    found: list[Person] = []
    for index, name in enumerate(_NAMES):
        found.append(_person(source, index, name))
    born = date(1970, 12, 3)
    found[4] = replace(found[4], number=float(id_number(born, 42)), age=55)
    found[20] = replace(found[20], number=float(id_number(date(1975, 6, 18), 64)), age=51)
    found[8] = replace(found[8], sex="男")
    found[25] = replace(found[25], number=found[24].number, age=found[24].age, sex=found[24].sex)
    wrong = str(found[30].number)
    found[30] = replace(found[30], number=wrong[:17] + ("1" if wrong[17] != "1" else "2"))
    found[33] = replace(found[33], number="229901197302300028")
    found[11] = replace(found[11], phone="1990000012")
    found[15] = replace(found[15], age=found[15].age - 9)
    found[17] = replace(found[17], number="".join(chr(ord(c) + 0xFEE0) for c in str(found[17].number)))
    found[19] = replace(found[19], name="吴 振 东")
    found[38] = replace(found[38], category="⑧")
    return found


def _person(source: random.Random, index: int, name: str) -> Person:
    woman = name[-1] in _FEMALE
    born = date(1966, 1, 1) + timedelta(days=source.randrange(30 * 365))
    order = source.randrange(0, 490) * 2 + (0 if woman else 1)
    age = FILLED.year - born.year - ((FILLED.month, FILLED.day) < (born.month, born.day))
    category = source.choice(["①", "④", "④", "④", "③", "⑩", "⑤", "①④", "⑨"])
    if age < 45 and "①" in category:
        category = "④"
    person = Person(
        name=name,
        sex="女" if woman else "男",
        age=age,
        education=source.choice(_EDUCATION),
        number=id_number(born, order),
        skill=source.choice(_SKILLS),
        category=category,
        certificate=f"2299010026{index + 1:06d}",
        address=f"{source.choice(_ROADS)}{source.randrange(1, 60)}号{source.randrange(1, 7)}单元",
        phone=19900000100 + index * 37 if index % 3 else f"{19900000100 + index * 37}",
    )
    if index % 5 == 2:
        unit, post, route = source.choice(_UNITS)
        month = source.randrange(1, 10)
        spelled = (f"2026.{month}", f"2026年{month}月", f"26-{month}-1", f"2026/{month}/15")[index % 4]
        person = replace(
            person, placed=spelled, unit=unit, post=post, route=route, contract="是", term="1年", form="①③"
        )
    return person


_HEADER = (
    [
        "序号",
        "姓名",
        "性别",
        "年龄",
        "文化程度",
        "身份证号",
        "技能特长",
        "就业困难人员类型",
        "就业创业证号",
        "家庭住址",
        "联系电话",
    ],
    ["再就业时间", "现就业单位", "就业岗位", "就业去向", "是否签定劳动合同", "合同期限"],
    ["是否就业援助对象", "就业援助形式"],
)
_WIDTHS = (5, 9, 5, 5, 9, 21, 10, 11, 18, 22, 13, 12, 22, 10, 8, 9, 9, 9, 9)


def write(path: Path) -> None:
    """Write the workbook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path))
    book.set_properties({"title": "就业困难人员管理台帐（样表，人员均为虚构）", "created": _MADE})
    sheet = book.add_worksheet("2026年")
    head = book.add_format(
        {"border": 1, "align": "center", "valign": "vcenter", "text_wrap": True, "bold": True}
    )
    body = book.add_format({"border": 1, "align": "center", "valign": "vcenter"})
    _top(sheet, book.add_format({"align": "center", "font_size": 22}), book.add_format({"align": "right"}))
    _header(sheet, head)
    first = 5
    lines = people()
    for index, person in enumerate(lines):
        _line(sheet, first + index, index + 1, person, body)
    sheet.set_row(first + 27, None, None, {"hidden": True})
    total = first + len(lines)
    sheet.merge_range(total, 0, total, 1, "合计", body)
    sheet.write_number(total, 2, len(lines), body)
    _foot(sheet, total + 1, book.add_format({"text_wrap": True, "valign": "top"}))
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.freeze_panes(5, 2)
    book.close()


def _top(sheet: Worksheet, title: Format, corner: Format) -> None:
    sheet.write(0, 18, "台账三", corner)
    sheet.merge_range(1, 0, 1, 18, "就业困难人员管理台帐", title)
    sheet.write(2, 0, "机构名称：示例市示例区南岭街道示例社区")


def _header(sheet: Worksheet, head: Format) -> None:
    left, group, right = _HEADER
    for column, text in enumerate(left):
        sheet.merge_range(3, column, 4, column, text.replace("就业困难人员类型", "就业困难\n人员类型"), head)
    start = len(left)
    sheet.merge_range(3, start, 3, start + len(group) - 1, "安置情况", head)
    for offset, text in enumerate(group):
        sheet.write(4, start + offset, text, head)
    for offset, text in enumerate(right):
        column = start + len(group) + offset
        sheet.merge_range(3, column, 4, column, text, head)


def _line(sheet: Worksheet, row: int, serial: int, person: Person, body: Format) -> None:
    values: list[str | float] = [
        serial, person.name, person.sex, person.age, person.education, person.number, person.skill,
        person.category, person.certificate, person.address, person.phone, person.placed, person.unit,
        person.post, person.route, person.contract, person.term, person.helped, person.form,
    ]  # fmt: skip
    for column, value in enumerate(values):
        if isinstance(value, str):
            sheet.write_string(row, column, value, body)
        else:
            sheet.write_number(row, column, value, body)


def _foot(sheet: Worksheet, row: int, wrapped: Format) -> None:
    sheet.write(row, 0, f"填报日期：{FILLED.year}年{FILLED.month}月{FILLED.day}日")
    sheet.write(row, 8, "单位负责人：")
    sheet.write(row, 14, "填表人：")
    sheet.write(row + 1, 0, "填表说明：")
    for offset, (label, text) in enumerate(
        (("就业困难人员类型", _CATEGORIES), ("就业去向", _ROUTES), ("就业援助形式", _FORMS)), 1
    ):
        sheet.merge_range(row + 1 + offset, 0, row + 1 + offset, 18, f"{offset}、{label}：{text}", wrapped)


if __name__ == "__main__":
    write(OUT)
    print(OUT)
