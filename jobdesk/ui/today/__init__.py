"""今日待办: whom to help next, and why."""

from jobdesk.ui.today.screen import TodayScreen

__all__ = ["TodayScreen"]
