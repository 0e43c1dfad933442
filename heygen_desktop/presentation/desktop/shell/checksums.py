"""Checksums that are missing are computed behind the window, the oldest entry first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from heygen_desktop.application.use_cases.models.model_files import ModelFiles, Verification
from heygen_desktop.domain.errors import HeyGenError, ModelNotFoundError
from heygen_desktop.domain.events import Event, ModelRegistered
from heygen_desktop.presentation.desktop.ports import Events, Notices, Queue, TaskRunner
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.verifying import Pace, verifying
from heygen_desktop.presentation.desktop.wording import counted, duration_text, percent_text
from heygen_desktop.presentation.desktop.work import Work

SIDE_BY_SIDE = 2


class Checksums:
    """Goes on where an earlier window stopped. An entry that cannot be read is tried once a window."""

    def __init__(
        self,
        files: ModelFiles,
        tasks: TaskRunner,
        events: Events,
        notices: Notices,
        show: Callable[[str], None],
    ) -> None:
        """Wait for ``start``.

        Args:
            show: Shows what is under way in a few words; an empty text means nothing is.
        """
        self._files = files
        self._work = Work(tasks, self._warn)
        self._notices = notices
        self._show = show
        self._waiting: list[str] = []
        self._under_way: dict[str, Pace] = {}
        self._is_paused = False
        self._tried: set[str] = set()
        self._subscription = events.subscribe(self._happened)

    def start(self) -> None:
        """Look for entries that have no checksum, and compute them."""
        self._work.ask("waiting", lambda _: self._files.waiting(), self._take)

    def pause_or_go_on(self) -> None:
        """Stop what is under way, to begin it anew later; or go on where it is stopped."""
        self._is_paused = not self._is_paused
        if self._is_paused:
            self._work.take_back()
            self._waiting = [*self._under_way, *self._waiting]
            self._tried -= self._under_way.keys()
            self._under_way.clear()
            self._tell()
        else:
            self.start()

    def close(self) -> None:
        """Stop; what is not complete is computed another time. Safe to repeat."""
        self._subscription.close()
        self._work.close()

    def _happened(self, event: Event) -> None:
        if isinstance(event, ModelRegistered):
            self._tried.discard(f"{event.model}@{event.version}")
            self.start()

    def _take(self, waiting: Sequence[str]) -> None:
        done = self._tried | self._under_way.keys()
        self._waiting = [reference for reference in waiting if reference not in done]
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and len(self._under_way) < SIDE_BY_SIDE and not self._is_paused:
            self._compute(self._waiting.pop(0))
        self._tell()

    def _compute(self, reference: str) -> None:
        self._tried.add(reference)
        self._under_way[reference] = Pace(0.0, "", None)
        self._work.ask(
            reference,
            verifying(self._files, reference),
            self._computed,
            ended=lambda: self._ended(reference),
            failed=lambda error: self._failed(reference, error),
            on_progress=lambda pace: self._progressed(reference, pace),
            queue=Queue.FILES,
        )

    def _progressed(self, reference: str, pace: object) -> None:
        if isinstance(pace, Pace):
            self._under_way[reference] = pace
            self._tell()

    def _ended(self, reference: str) -> None:
        del self._under_way[reference]

    def _computed(self, verification: Verification) -> None:
        if verification.changed:
            what = f"The files of {verification.reference} changed since they were registered"
            self._notices.warn(f"{what}. Verify them in the Library.")
        self._go_on()

    def _failed(self, reference: str, error: HeyGenError) -> None:
        if not isinstance(error, ModelNotFoundError):  # it was removed meanwhile: nobody misses it
            self._notices.warn(f"The checksum of {reference} was not computed. {error}")
        self._go_on()

    def _tell(self) -> None:
        more = len(self._under_way) + len(self._waiting)
        if self._is_paused:
            self._show(f"{counted(more, 'checksum')} paused" if more else "")
        elif self._under_way:
            reference, pace = next(iter(self._under_way.items()))
            self._show(", ".join(_words(reference.partition("@")[0], pace, more - 1)))
        else:
            self._show("")

    def _warn(self, problem: Problem | None) -> None:
        if problem is not None:
            self._notices.warn(problem.title)


def _words(name: str, pace: Pace, more: int) -> Iterator[str]:
    yield f"Checksum of {name} {percent_text(100 * pace.share)}"
    if pace.left_s is not None:
        yield f"{pace.speed}, {duration_text(pace.left_s)} left"
    if more:
        yield f"{more} more"
