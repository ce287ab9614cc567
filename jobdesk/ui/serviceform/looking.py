"""Looking up posts of the short list, and further people for one and the same service."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from jobdesk.cases.state import SubjectState
from jobdesk.services.service_forms import find_people, load_states
from jobdesk.services.vacancies import Vacancy
from jobdesk.store.ledger import CaseItem
from jobdesk.ui.context import Context
from jobdesk.ui.serviceform import filling
from jobdesk.ui.serviceform.view import ServiceView
from jobdesk.ui.signals import TypedSignal, signal

SHOWN = 30
"""Posts offered at once."""


class Looking(QObject):
    """The two search boxes of the form.

    Signals:
        post_taken: id of a post that was put beside the others.
        person_taken: the file of a person to be added, as it stands now.
    """

    post_taken: TypedSignal[str] = signal()
    person_taken: TypedSignal[SubjectState] = signal()

    def __init__(self, ctx: Context, view: ServiceView) -> None:
        super().__init__(view)
        self._ctx, self._view = ctx, view
        self._posts: Sequence[Vacancy] = ()
        self._round = self._looked = 0
        view.post_finder.asked.connect(self._look_for_posts)
        view.post_finder.picked.connect(self._take_post)
        view.people_finder.asked.connect(self._look_for_people)
        view.people_finder.picked.connect(self._take_person)

    def begin(self, posts: Sequence[Vacancy]) -> None:
        """Another form: what is still on its way is dropped."""
        self._posts = posts
        self._round += 1
        self._looked += 1
        for finder in (self._view.post_finder, self._view.people_finder):
            finder.box.set_value("")
            finder.close_list()

    def _look_for_posts(self, words: str) -> None:
        found = filling.posts_like(self._posts, words, self._view.posts.values())
        self._view.post_finder.offer(found[:SHOWN] if words.strip() else [])

    def _take_post(self, post_id: str) -> None:
        post = next((p for p in self._posts if p.id == post_id), None)
        if post is not None:
            self._view.posts.add(post_id, filling.post_label(post))
            self.post_taken.emit(post_id)

    def _look_for_people(self, words: str) -> None:
        self._looked += 1
        looked = self._looked
        if not words.strip():
            self._view.people_finder.offer([])
            return

        def found(items: list[CaseItem]) -> None:
            if looked == self._looked:
                taken = self._view.people.values()
                self._view.people_finder.offer(
                    [(i.case_id, person_label(i)) for i in items if i.case_id not in taken]
                )

        self._ctx.ask(find_people(self._ctx.desk, words.strip()), self, found)

    def _take_person(self, case_id: str) -> None:
        begun = self._round

        def loaded(states: dict[str, SubjectState]) -> None:
            if begun == self._round and states[case_id].exists:
                self.person_taken.emit(states[case_id])

        self._ctx.ask(load_states(self._ctx.desk, [case_id]), self, loaded)


def person_label(item: CaseItem) -> str:
    """Name, birth year, community: enough to tell two people of one name apart."""
    return " · ".join(p for p in (item.name, item.birth[:4], item.community) if p)
