"""The half of the story after Run: the history of runs, searched, named, thinned out and compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from heygen_desktop.application.use_cases.runs.history import KeepHistory, Removal
from heygen_desktop.domain.entities.run import Run, RunState
from heygen_desktop.domain.repositories import RunFilter, RunPage
from heygen_desktop.presentation.desktop.ports import Notices, Signal, TaskContext
from heygen_desktop.presentation.desktop.screens.run.comparison import (
    Comparison,
    Told,
    comparison_of,
)
from heygen_desktop.presentation.desktop.screens.run.known_runs import KnownRuns
from heygen_desktop.presentation.desktop.screens.run.rows import RunsShown
from heygen_desktop.presentation.desktop.screens.run.run_in_view import RunInView
from heygen_desktop.presentation.desktop.work import Work
from heygen_desktop.presentation.wording import counted

PAGE = 100
_UNDER_WAY = tuple(state for state in RunState if not state.is_final)
_MOST_UNDER_WAY = 1000
_TWO = 2


class ListingView(Protocol):
    """What is needed of the view to show and keep the history."""

    @property
    def more_requested(self) -> Signal: ...
    @property
    def search_requested(self) -> Signal:
        """Carries the words."""

    @property
    def run_renamed(self) -> Signal:
        """Carries a run's id and its name."""

    @property
    def pin_requested(self) -> Signal:
        """Carries runs' ids and whether they shall be pinned."""

    @property
    def removal_requested(self) -> Signal:
        """Carries runs' ids."""

    @property
    def clear_requested(self) -> Signal: ...
    @property
    def comparison_requested(self) -> Signal:
        """Carries the ids of two runs."""

    def show_runs(self, shown: RunsShown) -> None: ...
    def show_comparison(self, comparison: Comparison) -> None: ...
    def select_run(self, run_id: str) -> None: ...


@dataclass(frozen=True)
class ListingUseCases:
    """What is asked of the application to keep the history."""

    list_runs: Callable[[RunFilter], RunPage]
    history: KeepHistory
    now: Callable[[], datetime]
    """With time zone."""


@dataclass(frozen=True)
class _Found:
    """What was read, in this order."""

    there: Sequence[Run]
    """Of those of which it was in doubt whether they are there and what they do."""
    page: RunPage
    under_way: RunPage


class RunListing:
    """Keeps the history true. Made and used on the UI thread."""

    def __init__(
        self,
        view: ListingView,
        use_cases: ListingUseCases,
        work: Work,
        notices: Notices,
        known: KnownRuns,
        in_view: RunInView,
        shown: Callable[[], None],
    ) -> None:
        """Listen to the view.

        Args:
            shown: Called once runs were shown anew.
        """
        self._view = view
        self._use_cases = use_cases
        self._work = work
        self._notices = notices
        self._known = known
        self._in_view = in_view
        self._shown = shown
        self._limit = PAGE
        self._search = ""
        view.more_requested.connect(self._show_more)
        view.search_requested.connect(self._look_for)
        view.run_renamed.connect(self._rename)
        view.pin_requested.connect(self._pin)
        view.removal_requested.connect(self._remove)
        view.clear_requested.connect(self.clear)
        view.comparison_requested.connect(self._compare)

    def read(self) -> None:
        """Read what matches, and all that is under way, anew."""
        wanted = RunFilter(limit=self._limit, search=self._search, pinned_first=True)
        under_way = RunFilter(states=_UNDER_WAY, limit=_MOST_UNDER_WAY)
        current, asked = self._in_view.current, self._known.listed
        doubted = self._known.unheard | ({current.run.id} if current is not None else set())
        ask = self._use_cases.list_runs

        def read(_context: TaskContext) -> _Found:
            ids = RunFilter(ids=tuple(doubted), limit=len(doubted))
            there = ask(ids).runs if doubted else ()  # without ids, every run would be meant
            return _Found(there, ask(wanted), ask(under_way))

        def found(found: _Found) -> None:
            gone = doubted - {run.id for run in found.there}
            self._found(found, gone, asked, is_all=not wanted.search)

        self._work.ask("history", read, found)

    def show(self) -> None:
        """Show what is known now."""
        now = self._use_cases.now()
        self._view.show_runs(
            RunsShown(
                rows=tuple(self._known.rows(now)),
                total=self._known.total,
                search=self._search,
                queue=tuple(self._known.queue(now)),
            )
        )
        self._shown()

    def replace(self, anew: Mapping[str, Run], in_view: str) -> None:
        """List other runs in place of these, which are gone.

        Args:
            anew: The other runs, by the ids of those that are gone.
            in_view: The id of the run that was in view before; its other one is then.
        """
        others = {gone: self._known.begin(run) for gone, run in anew.items()}
        self._known.forget(others)
        self.show()
        if in_view in others:
            self._in_view.show(others[in_view])
            self._view.select_run(others[in_view].run.id)

    def clear(self) -> None:
        """Take away what matches and has ended, but what is pinned."""
        listed = self._known.rows(self._use_cases.now())
        gone = {row.id for row in listed if row.has_ended and not row.is_pinned}
        wanted = RunFilter(search=self._search, but_pinned=True)
        stay = "Pinned runs and those not found stay." if self._search else "Pinned runs stay."
        self._remove_matching(wanted, gone, stay)

    def _found(self, found: _Found, gone: Set[str], asked: Set[str], *, is_all: bool) -> None:
        current, order = self._in_view.current, self._order()
        before = current.run if current is not None else None
        self._known.take([*found.there, *found.under_way.runs])
        page = found.page
        missing = self._known.take_page(page.runs, page.total, asked=asked, is_all=is_all)
        self._leave_out(gone | (missing - {run.id for run in found.there}), order)
        if current is not None and current is self._in_view.current and current.run != before:
            self._in_view.show(current)

    def _show_more(self) -> None:
        self._limit *= 2
        self.read()

    def _look_for(self, words: str) -> None:
        self._search, self._limit = words.strip(), PAGE
        self.read()

    def _rename(self, run_id: str, title: str) -> None:
        def renamed(before: str) -> None:
            self._notices.notify(
                f"Named the run \N{LEFT DOUBLE QUOTATION MARK}{title}\N{RIGHT DOUBLE QUOTATION MARK}."
                if title
                else "Took the name of the run away.",
                undo=lambda: self._work.change(
                    lambda: history.rename(run_id, before),
                    lambda _undone: self._notices.notify("The run is called as it was."),
                    ended=self.read,
                ),
            )

        history = self._use_cases.history
        self._work.change(lambda: history.rename(run_id, title), renamed, ended=self.read)

    def _pin(self, run_ids: Sequence[str], is_pinned: bool) -> None:
        def pinned(changed: Sequence[str]) -> None:
            if changed:
                self._notices.notify(
                    _pinned_text(len(changed), is_pinned),
                    undo=lambda: self._work.change(
                        lambda: self._pin_all(changed, not is_pinned),
                        lambda _undone: self._notices.notify(
                            _pinned_text(len(changed), not is_pinned)
                        ),
                        ended=self.read,
                    ),
                )

        self._work.change(lambda: self._pin_all(run_ids, is_pinned), pinned, ended=self.read)

    def _pin_all(self, run_ids: Sequence[str], is_pinned: bool) -> Sequence[str]:
        """Return those that stood otherwise before."""
        pin = self._use_cases.history.pin
        return [run_id for run_id in run_ids if pin(run_id, is_pinned) is not is_pinned]

    def _remove(self, run_ids: Sequence[str]) -> None:
        self._remove_matching(RunFilter(ids=tuple(run_ids)), set(run_ids), "")

    def _remove_matching(self, wanted: RunFilter, gone: Set[str], more: str) -> None:
        order = self._order()

        def removed(removal: Removal) -> None:
            self._leave_out(gone, order)
            self._tell_removed(removal, more)

        self._work.change(lambda: self._use_cases.history.remove(wanted), removed, ended=self.read)

    def _order(self) -> Sequence[str]:
        return [row.id for row in self._known.rows(self._use_cases.now())]

    def _leave_out(self, gone: Set[str], order: Sequence[str]) -> None:
        """Show the rest; a run in view gives way to its neighbour in the order before."""
        self._known.forget(gone)
        self.show()
        current = self._in_view.current
        if current is not None and current.run.id in gone:
            self._show_neighbour(order, current.run.id)

    def _show_neighbour(self, order: Sequence[str], run_id: str) -> None:
        at = order.index(run_id) if run_id in order else 0
        nearest = map(self._known.find, (*order[at:], *reversed(order[:at])))
        known = next((each for each in nearest if each is not None), None)
        if known is None:
            self._in_view.leave()
        else:
            self._in_view.show(known)
            self._view.select_run(known.run.id)

    def _tell_removed(self, removal: Removal, more: str) -> None:
        if not removal.count:
            self._notices.notify(f"Nothing to delete. {more}".rstrip())
            return
        words = counted(removal.count, "run")
        are = "is" if removal.count == 1 else "are"
        self._notices.notify(
            f"Deleted {words}. {more}".rstrip(),
            undo=lambda: self._work.change(
                lambda: self._use_cases.history.restore(removal),
                lambda _back: self._notices.notify(f"{words} {are} back in the history."),
                ended=self.read,
            ),
        )

    def _compare(self, run_ids: Sequence[str]) -> None:
        chosen = [known for known in map(self._known.find, run_ids) if known is not None]
        if len(chosen) == _TWO:
            one, other = (Told(each.run, each.task, each.given + each.text) for each in chosen)
            self._work.ask(
                "comparison",
                lambda _context: comparison_of(one, other),
                self._view.show_comparison,
            )


def _pinned_text(number: int, is_pinned: bool) -> str:
    return f"{'Pinned' if is_pinned else 'Unpinned'} {counted(number, 'run')}."
