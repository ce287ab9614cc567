"""Invented people of a place that does not exist, for the papers. ID region 229901, phones 199…"""

from __future__ import annotations

from dataclasses import replace

from jobdesk.reports.cover_data import (
    CategoryCount,
    Cover,
    FollowUps,
    OnBooks,
    SheetCounts,
    StepCount,
    StepTotals,
)
from jobdesk.reports.furniture import Printed
from jobdesk.reports.month_data import (
    Category,
    Counting,
    Graduate,
    Measure,
    MonthReport,
    NextContact,
    Period,
    PersonSheet,
    Placement,
    Plan,
    Service,
    Signing,
    Step,
    StepRound,
    Subsidy,
)

BARRIERS = ("技能", "身体", "照料", "就业期望", "地域", "其他")
PRINTED = Printed("测试县柳河镇综合服务中心", "周试用", "2026-11-02 09:12")
PERIOD = Period("2026 年 10 月", "2026-10-31", file_key="2026-10")


def id_number(birth: str, serial: str) -> str:
    """A number with a right check digit in a region that does not exist."""
    body = "229901" + birth + serial
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def blank(number: int, name: str = "王喆") -> PersonSheet:
    """Somebody of whom only the ledger's line is known."""
    return PersonSheet(
        file_no=f"229901-{number:06d}",
        name=name,
        sex="女",
        age=42,
        birth="1984-06-11",
        id_number=id_number("19840611", "004"),
        phone=None,
        education=None,
        registration=None,
        hukou="测试县柳河镇",
        hukou_kind=None,
        address=None,
        insured_at=None,
        missing=6,
        categories=(Category("大龄失业人员", "台账记载（未核对）"),),
        contact=NextContact(
            "2026-11-05（周四）", "上门", "周试用", "首次联系：补齐电话、常住地址、文化程度，商定一人一策。"
        ),
        signing=Signing.NO_SERVICE,
        signing_lines=("首次联系排在 2026-11-05", "周试用 上门"),
    )


EMPTY = blank(131)
NOBODY = PersonSheet("229901-000132", "丁一", *[None] * 11, signing=Signing.NO_SERVICE)  # type: ignore[arg-type]

_EVENTS = (
    Service(
        "10-08",
        "回访",
        "电话",
        "节后回访，问国庆期间的求职情况和本月可以安排的时段。",
        "已接通；投过两份简历，未回复",
        "周试用",
        Counting.FOLLOW_UP,
    ),
    Service(
        "10-09",
        "岗位推荐",
        "到站",
        "推荐测试县冷链物流园数据录入员：月薪 3200 元，双休，离家 8 公里，周二、五可以调班。",
        "愿意应聘，约 10-12 面试",
        "周试用",
    ),
    Service("10-12", "职业指导", "上门", "面试前准备：核对证件和路线，模拟问答 20 分钟。", "完成", "周试用"),
    Service(
        "10-13",
        "回访",
        "电话",
        "问面试结果。用人单位反映表达偏弱，建议先见习后录用。",
        "本人同意先见习",
        "周试用",
        Counting.FOLLOW_UP,
    ),
    Service(
        "10-13",
        "岗位推荐",
        "到站",
        "推荐柳河镇粮食合作社文员：月薪 3000 元，管午餐。",
        "本人未接受：周二不能调班",
        "周试用",
    ),
    Service(
        "10-14",
        "联系尝试",
        "电话",
        "告知培训班报名截止，09:40、16:10 各拨一次。",
        "未接通，不计服务",
        "周试用",
        Counting.ATTEMPT,
    ),
    Service(
        "10-15",
        "政策宣介",
        "上门",
        "讲解灵活就业社保补贴（限经认定的就业困难人员）、就业见习的条件和所需材料；留下告知单。",
        "本人知晓，签收告知单",
        "吴演习",
    ),
    Service(
        "10-16",
        "岗位推荐",
        "网络",
        "推荐测试县电商服务中心售后客服（白班）：月薪 3000 元加绩效，离家 6 公里。",
        "已投简历，等通知",
        "周试用",
        late="当日在村里，没有网络",
    ),
    Service(
        "10-19",
        "技能培训",
        "到站",
        "电商客服培训班开班，第一周：商品上架、客服话术、表格基础。",
        "参加 5 天，出勤 5 天",
        "吴演习",
        source="县职教中心",
    ),
    Service(
        "10-20",
        "协助申报",
        "到站",
        "帮助整理就业见习补贴材料：毕业证、失业登记、未参保证明、见习协议草稿。",
        "材料齐，缺见习单位盖章",
        "吴演习",
    ),
    Service(
        "10-22",
        "职业指导",
        "上门",
        "第二次职业指导。对照面试反馈改简历，练习三分钟自我介绍，录像回看两遍；约定每晚练一遍。",
        "表达明显好转，本人较有信心",
        "周试用",
    ),
    Service(
        "10-26",
        "技能培训",
        "到站",
        "第二周课程：数据清洗、透视表、差评处理案例。",
        "出勤 4 天，请假 1 天（家庭照料）",
        "吴演习",
    ),
    Service(
        "10-28", "联系尝试", "电话", "约 11 月初见习面谈。", "未接通，不计服务", "周试用", Counting.ATTEMPT
    ),
    Service(
        "10-30",
        "就业见习",
        "到站",
        "与物流园人事三方面谈见习岗位、带教人、补贴发放和周二、五上午调班。",
        "提供 1 个见习岗位，11-10 前答复",
        "周试用",
    ),
)

GRADUATE = PersonSheet(
    file_no="229901-000127",
    name="欧阳𬭎喆",
    sex="男",
    age=24,
    birth="2002-09-17",
    id_number=id_number("20020917", "001"),
    phone="19900000012",
    education="大学本科",
    registration="2024-07-15 起",
    hukou="测试县柳河镇向阳社区",
    hukou_kind="城镇",
    address="测试县柳河镇向阳社区 2 号楼（与父母同住）",
    insured_at="未参保",
    graduate=Graduate("测试师范大学北山校区文理学院", "信息管理与信息系统", "2024-06"),
    categories=(
        Category("就业困难高校毕业生", "已认定", "测试县人社局", "2026-08-20", "测困认〔2026〕31号"),
        Category("零就业家庭成员", "台账记载（未核对）"),
    ),
    plan=Plan(
        "2026-09-02 商定　·　第 2 版　·　阶段评估 2026-11-30",
        "离校 28 个月未就业，其间两次参加县级事业单位招聘未录取。办公软件熟练，没有实际工作经历；面试紧张，简历只有一份通用稿。承担家庭照料责任，期望在县城或本镇就业。",
        ("技能", "照料", "地域"),
        "照料责任：周二、五上午",
        "文员、数据录入员、电商客服；月薪 3000 元以上；县城及柳河镇内",
        "2026-12-31 前实现单位就业，或进入 3 个月以上见习",
        "2026-10-31 前推荐 3 个不同岗位；责任人周试用；2026-10-16 兑现",
        "愿意就业，情况属实（2026-09-02 签）",
        (
            Measure(
                "一对一职业指导：按三类岗位各写一份简历，模拟面试两次", "周试用", "2026-09-30", "已完成 09-24"
            ),
            Measure(
                "推荐县城 10 公里内、可调班次的文员和客服岗位，不少于 3 个",
                "周试用",
                "2026-10-20",
                "已完成 10-16",
            ),
            Measure("电商客服培训（县职教中心，20 天，可走读）", "吴演习", "2026-11-20", "进行中"),
            Measure("就业见习：物流园数据岗 3 个月", "吴演习", "2026-12-01", "已提供，待答复"),
            Measure("联系社区邻里互助，分担照料责任", "郑举例", "2026-10-31", "延期（社区排班）"),
        ),
    ),
    services=_EVENTS,
    steps=StepRound(
        "大字为提供次数（口径待确认）　·　第 1 轮（2026-09-02 起）　·　模板 JL-1311-A，步骤组成待确认",
        (
            Step("职业指导", 1, 2, 2, (("10-12", "面试准备"), ("10-22", "面试表达"))),
            Step(
                "岗位推荐",
                3,
                3,
                2,
                (("10-09", "物流园数据员"), ("10-13", "合作社文员，未接受"), ("10-16", "电商售后客服")),
            ),
            Step("职业技能培训", 1, 1, 1, (("10-19", "电商客服班在读"),)),
            Step("就业见习", 1, 1, 0, (("10-30", "物流园，待答复"),)),
        ),
    ),
    placement=Placement("未就业"),
    subsidies=(
        Subsidy("就业见习补贴", "未开始", "0／12（待确认）", "材料缺见习单位盖章，见习协议签订后报县局"),
    ),
    contact=NextContact(
        "2026-11-10（周二）",
        "到站（下午）",
        "周试用",
        "答复见习岗位；培训班结业后补记参加情况；核对零就业家庭成员情况。",
    ),
    summary="推荐 3 个不同岗位，1 个未接受、2 个等通知；培训进行中；见习岗位 11-10 前答复。",
)

PHONE = PersonSheet(
    file_no="229901-000043",
    name="李㛃",
    sex="女",
    age=43,
    birth="1983-03-05",
    id_number=id_number("19830305", "002"),
    phone="19900000043",
    education="初中毕业",
    registration="2025-12-25 注销",
    hukou="测试县柳河镇东街社区",
    hukou_kind="城镇",
    address="测试县柳河镇东街社区",
    insured_at="测试县",
    categories=(Category("大龄失业人员", "已认定", "测试县人社局", "2025-11-06", "测困认〔2025〕88号"),),
    plan=Plan(
        "2026-09-29 商定　·　第 3 版　·　阶段评估 2026-12-31",
        "原镇服装厂停产后失业；2025-12-25 注销失业登记，灵活就业 9 个月，2026-09-28 到超市上班。缝纫熟练，期望白班；当前重点是稳岗和社保补贴按时申报。",
        ("技能", "就业期望"),
        "",
        "理货、食堂帮工；2200 元以上；镇内",
        "稳定就业满 6 个月（2027-03-28）",
        "补贴到期前 90 天（自定）提醒；责任人吴演习",
        "愿意就业，情况属实（2025-10-20 签）",
        (
            Measure(
                "就业后第 1、3、6 个月（自定）回访，了解工资和社保缴纳",
                "吴演习",
                "2027-03-28",
                "进行中（1／3）",
            ),
            Measure("协助单位申报招用就业困难人员社保补贴", "吴演习", "2026-12-10", "进行中"),
        ),
    ),
    services=(
        Service(
            "10-21",
            "协助申报",
            "电话",
            "告知社保补贴申报时间和单位需提供的材料。",
            "本人已转告店长",
            "吴演习",
        ),
        Service("10-27", "协助申报", "电话", "与店长核对申报材料清单。", "11 月 5 日前交到中心", "吴演习"),
        Service(
            "10-28",
            "回访",
            "电话",
            "就业满 1 个月（自定）回访：上班正常，约定月薪 2350 元，养老和医疗由单位缴纳。",
            "已接通；稳定在岗",
            "吴演习",
            Counting.FOLLOW_UP,
        ),
    ),
    service_note="全部为电话",
    placement=Placement(
        "单位就业", "2026-09-28", "测试县柳河镇", "便民超市柳河店", "理货员", "至 2029-09-27", verified=False
    ),
    subsidies=(
        Subsidy("灵活就业社保补贴", "2026-01 至 2026-09", "9", "已停发（单位就业）"),
        Subsidy("单位招用社保补贴", "2026-10 至 2028-12", "0（最多 27）", "单位申报中"),
        Subsidy("社保补贴合并计算", "至 2028-12", "9／36", "各缴费主体共用 36 个月上限"),
    ),
    contact=NextContact(
        "2026-12-28（周一）",
        "上门（单位）",
        "吴演习",
        "就业满 3 个月（自定）回访；核对社保缴纳月数和补贴到账。",
    ),
    summary="稳定在岗；社保补贴由单位申报。",
    signing=Signing.PHONE_ONLY,
    signing_lines=("2026-10-28 10:32 通话 6 分钟", "吴演习 记录"),
)

_LONG = (
    "本人原在镇办企业做过装卸、锅炉、门卫，企业改制后长期打零工；冬季多在家，夏季到工地，工资多为口头约定。"
    "家中有需要长期照料的老人，每周二、五上午要陪同；希望在离家 10 公里以内、能调班的地方上班，月薪 2500 元以上。"
)
LONGEST = replace(
    GRADUATE,
    file_no="229901-000999",
    name="古丽巴哈尔·阿卜杜热合曼·买买提明㛃𬭎",
    education="中等专业学校（技工学校高级工班）毕业，另有电工、焊工证书",
    registration="2024-07-15 起，2025-03-01 注销，2025-09-12 再次登记",
    hukou="吉林省测试朝鲜族自治州测试县柳河镇向阳社区第三居民小组（原东风生产大队）12 号",
    address="测试县柳河镇向阳社区幸福家园二期 2 号楼 3 单元 501 室（与父母及两名未成年子女同住，冬季在东街社区女儿家）",
    insured_at="测试县（城乡居民养老）",
    plan=replace(
        GRADUATE.plan or Plan(""),
        analysis=_LONG * 14,
        barriers=BARRIERS,
        barrier_note="照料责任：周二、五上午；腰部不能久站，不宜重体力劳动；不会使用智能手机，只接电话。",
        intention=_LONG,
        measures=tuple(
            Measure(
                _LONG if k % 3 == 0 else f"第 {k} 项措施",
                "欧阳演习示例",
                "2026-12-01",
                "延期（等用人单位答复，改约 2026-12-20）",
            )
            for k in range(1, 9)
        ),
    ),
    services=tuple(replace(e, content=(e.content or "") * (1 + k % 4)) for k, e in enumerate(_EVENTS * 2)),
    summary=_LONG,
    steps=StepRound(
        "大字为提供次数（口径待确认）　·　第 3 轮（2026-09-02 起）",
        (
            Step("政策宣介", 1, 0, 0),
            Step(
                "岗位推荐",
                3,
                9,
                2,
                tuple((f"10-{k:02d}", "测试县冷链物流园区仓储数据录入员（白班）") for k in range(1, 10)),
            ),
            Step("技能培训或就业见习", 1, 1, 0, (("10-19", "电商客服班"),)),
        ),
        "升学（2026-09-01 本人声明）",
    ),
)

COVER = Cover(
    OnBooks(118, 6, 1, 0, 4, 1, 120, 57),
    (
        CategoryCount("下岗失业人员", 8, 0, 5),
        CategoryCount("大龄失业人员", 29, 3, 7),
        CategoryCount("残疾失业人员", 11, 0, 2),
        CategoryCount("零就业家庭成员", 4, 0, 0),
        CategoryCount("低保失业人员", 9, 1, 3),
        CategoryCount("失地农民", 3, 0, 1),
        CategoryCount("就业困难高校毕业生", 5, 2, 0),
    ),
    (("离校未就业毕业生", 14), ("其他登记失业人员", 13)),
    (("零就业家庭", 2), ("已实现1人就业", 1)),
    (
        ("政策宣介", 41),
        ("职业指导", 38),
        ("岗位推荐", 96),
        ("技能培训", 7),
        ("就业见习", 3),
        ("创业服务", 5),
        ("协办、其他", 16),
    ),
    (("上门", 63), ("到站", 52), ("电话", 78), ("网络", 13)),
    19,
    FollowUps(104, 95, 5, 4),
    SheetCounts(125, 79, 38, 8),
    (
        StepTotals(
            "适用 21 人，其中升学、暂无意愿 2 人不计入完成率；步骤组成、提供口径待确认",
            (
                StepCount("职业指导", 1, 16, 0, 3, 15),
                StepCount("岗位推荐", 3, 12, 5, 2, 10),
                StepCount("技能培训", 1, 9, 0, 10, 7),
                StepCount("就业见习", 1, 6, 0, 13, 4),
            ),
            4,
            13,
            2,
            2,
            21,
        ),
    ),
    (
        ("单位就业", 5),
        ("个体经营", 1),
        ("灵活就业", 3),
        ("公益性岗位", 1),
        ("升学", 1),
        ("参军", 0),
        ("其他", 0),
    ),
    "就业 10 人，升学 1 人",
)

REPORT = MonthReport(
    PRINTED, PERIOD, COVER, (GRADUATE, PHONE, EMPTY, NOBODY, LONGEST), BARRIERS, sheets_complete=False
)
