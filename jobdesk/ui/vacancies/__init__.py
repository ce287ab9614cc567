"""岗位: the short list from which a 岗位推荐 picks."""

from jobdesk.ui.vacancies.screen import VacanciesScreen

__all__ = ["VacanciesScreen"]
