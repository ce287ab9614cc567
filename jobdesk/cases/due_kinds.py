"""What a line of 今日待办 asks for, and in which section of the day it stands."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class DueKind(StrEnum):
    """What a line asks for; ``due.<kind>`` in the strings, in the order in which equals are listed."""

    CONTACT = "contact"
    """The next contact that was typed or agreed."""
    FIRST_ROUND = "first_round"
    CONTACT_INTERVAL = "contact_interval"
    """No next contact is agreed and the interval has run out."""
    PROMISE = "promise"
    MEASURE = "measure"
    PLAN_GOAL = "plan_goal"
    PLAN_REVIEW = "plan_review"
    STEP = "step"
    BENEFIT_END = "benefit_end"
    SUBSIDY_END = "subsidy_end"
    NOTICE = "notice"
    """个人信息处理告知书 has not been given although a contact was made."""
    HOUSEHOLD_JOB = "household_job"
    """零就业家庭: at least one job by the deadline of the household's clock."""
    HOUSEHOLD_LADDER = "household_ladder"
    HOUSEHOLD_REVERIFY = "household_reverify"
    """The job that cleared a household has ended: 提示重新核实."""
    FOLLOW_UP = "follow_up"
    """回访 some months after a placement."""
    NEW_ROUND = "new_round"
    TRANSFER_WISH = "transfer_wish"
    MAY_REGISTER = "may_register"
    DEREGISTER = "deregister"
    """A placement stands while the 失业登记 still runs."""
    VERIFY = "verify"
    """A date would start a legal clock, and neither 省系统 nor 文书 has confirmed it (未核对)."""
    PREPARE = "prepare"
    """将满2年 可准备申请."""
    MAY_APPLY = "may_apply"
    CLAIM = "claim"
    """The next act of an application, of a person or a household, and its deadline."""
    PUBLICITY = "publicity"
    """张贴, 留证 or 撤下 of a 公示."""
    LEAVE = "leave"
    """Facts speak for 退出认定; never automatic."""
    PENSION = "pension"
    """达到年龄: 核对养老待遇."""
    WINDOW_END = "window_end"
    """A support window of a graduate ends (见习, 一次性创业补贴, 社保补贴)."""
    TELL_POLICY = "tell_policy"
    """A policy the person may meet and was not told of."""
    PUBLIC_POST = "public_post"
    """Contract, attendance check, periodic verification or exit plan of a 公益性岗位."""
    UNREACHABLE = "unreachable"
    """Attempts suffice for 无法联系; the supervisor has not agreed."""
    ASSIGNED = "assigned"
    """A name on a 下发名单 without an answer."""
    UNWORKABLE = "unworkable"
    """The program failed at this file: what is due there is not known, and somebody has to look."""
    HELD_ROWS = "held_rows"
    VACANCY = "vacancy"


CONTACT_KINDS = frozenset({DueKind.CONTACT, DueKind.FIRST_ROUND, DueKind.CONTACT_INTERVAL, DueKind.FOLLOW_UP})


class Bucket(IntEnum):
    """Where a line stands; ``bucket.<name>`` in the strings."""

    OVERDUE = 0
    TODAY = 1
    THIS_WEEK = 2
    LATER = 3

    @property
    def code(self) -> str:
        return self.name.lower()
