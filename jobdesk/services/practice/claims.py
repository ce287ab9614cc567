"""Applications for 困难认定, one in each state, walked there by the real verbs on real working days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from jobdesk.cases.claim import Act
from jobdesk.cases.ops import Json
from jobdesk.cases.state import RecordState
from jobdesk.services.desk import Desk
from jobdesk.services.practice.year import Year
from jobdesk.services.recognition import acting, applying, checking
from jobdesk.services.registering import Child

Enter = Callable[..., dict[str, str]]
Step = tuple[int, Act, Mapping[str, Json]]
"""(working days before today, act, what was typed)."""
_LOOKED = (
    ("insurance", "社会保险系统"),
    ("business", "市场主体信息查询"),
    ("retirement", "社会保险系统"),
    ("death", "民政殡葬信息"),
    ("visit", "上门走访"),
)
_CHECK: Mapping[str, Json] = {"station_opinion": "经核对，符合大龄失业人员条件，建议认定（练习）"}
_WANTED: Mapping[str, Json] = {"supplement_list": "1. 户口簿本人页复印件；2. 近期一寸照片"}
_COUNTY: Mapping[str, Json] = {"decided_by": "示例区就业服务局", "source": "document"}
_WAYS: Mapping[str, Sequence[Step]] = {
    "claim_applied": ((1, Act.APPLY, {}),),
    "claim_supplement": ((6, Act.APPLY, {}), (5, Act.ACCEPT, {}), (4, Act.SUPPLEMENT, _WANTED)),
    "claim_accepted": ((5, Act.APPLY, {}), (4, Act.ACCEPT, {})),
    "claim_checked": ((7, Act.APPLY, {}), (6, Act.ACCEPT, {}), (1, Act.CHECK, _CHECK)),
    "claim_reported": ((9, Act.APPLY, {}), (8, Act.ACCEPT, {}), (5, Act.CHECK, _CHECK), (4, Act.REPORT, {})),
    "claim_decided": (
        (15, Act.APPLY, {}),
        (14, Act.ACCEPT, {}),
        (11, Act.CHECK, _CHECK),
        (10, Act.REPORT, {}),
        (2, Act.RECOGNISE, {**_COUNTY, "decision_no": "示就认〔练习〕501号"}),
    ),
    "claim_refused": (
        (18, Act.APPLY, {}),
        (17, Act.ACCEPT, {}),
        (13, Act.CHECK, _CHECK),
        (12, Act.REPORT, {}),
        (
            4,
            Act.REFUSE,
            {
                **_COUNTY,
                "decision_no": "示就不认〔练习〕3号",
                "refusal_reason": "县级核对发现本人名下有存续的个体工商户",
                "remedy": "可自收到告知书之日起申请复核，或依法申请行政复议、提起行政诉讼",
            },
        ),
        (3, Act.NOTIFY, {}),
    ),
    "claim_review": (
        (60, Act.APPLY, {}),
        (59, Act.ACCEPT, {}),
        (56, Act.CHECK, _CHECK),
        (55, Act.REPORT, {}),
        (48, Act.RECOGNISE, {**_COUNTY, "decision_no": "示就认〔练习〕455号"}),
        (47, Act.NOTIFY, {}),
        (3, Act.REVIEW, {}),
    ),
    "claim_exited": (
        (70, Act.APPLY, {}),
        (69, Act.ACCEPT, {}),
        (66, Act.CHECK, _CHECK),
        (65, Act.REPORT, {}),
        (58, Act.RECOGNISE, {**_COUNTY, "decision_no": "示就认〔练习〕431号"}),
        (57, Act.NOTIFY, {}),
        (
            9,
            Act.EXIT,
            {
                "exit_code": "stable_income",
                "exit_reason": "收入已稳定，本人同意退出",
                "exit_decided_by": _COUNTY["decided_by"],
                "exit_decision_no": "示就退〔练习〕12号",
            },
        ),
    ),
}
"""Role → its acts, the earliest first."""


class Claims:
    """Plans the files and their applications.

    Args:
        enter: opens a file: (role, (birth, sex), children) → a box with its id once it is there.
        names: role → name; roles without a name are left out.
    """

    def __init__(self, year: Year, enter: Enter, names: Mapping[str, str]) -> None:
        self._year = year
        self._enter = enter
        self._names = names

    def plan_all(self) -> None:
        year = self._year
        spell = {"reason": "02", "registered": True, "source": "system"}
        for n, (role, steps) in enumerate(_WAYS.items()):
            since = (year.today - timedelta(days=420)).isoformat()
            children = [Child("registration", {**spell, "since": since})]
            born = year.today - timedelta(days=round((43 + n) * 365.25) + 150)
            box = self._enter(role, (born, "2"), children)
            for back, act, typed in steps:
                self._plan(back, box, act, typed)

    def _plan(self, back: int, box: dict[str, str], act: Act, typed: Mapping[str, Json]) -> None:
        day = working_day_before(self._year, back)
        self._year.plan(day, self._year.staff[0], lambda desk: self._do(desk, box, act, typed))

    def _do(self, desk: Desk, box: dict[str, str], what: Act, typed: Mapping[str, Json]) -> None:
        case_id = box["id"]
        if what is Act.APPLY:
            applying.apply(desk, case_id, "JL2", typed).result()
            return
        loaded = _claim(desk, case_id)
        if what is Act.CHECK:
            for kind, system in _LOOKED:
                found: dict[str, Json] = {"kind": kind, "system": system, "result": "clear"}
                checking.look_up(desk, case_id, loaded.id, found).result()
            checking.check(desk, case_id, loaded, typed).result()
            return
        body: dict[str, Json] = dict(typed)
        if what is Act.ACCEPT:
            body |= {"accepted_by": desk.actor, "receipt_no": f"示受〔练习〕{loaded.id[-4:].upper()}号"}
        acting.act(desk, case_id, loaded, what, body).result()


def working_day_before(year: Year, back: int) -> date:
    """So many working days before today; 1 is the last day on which the station worked."""
    return year.days.add(year.today, -back)


def _claim(desk: Desk, case_id: str) -> RecordState:
    (found,) = desk.case(case_id).result().of("recognition")
    return found
