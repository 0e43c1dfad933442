"""Checksums that are missing are computed behind the window, the oldest entry first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from heygen_desktop.application.use_cases.models.model_files import ModelFiles, Verification
from heygen_desktop.domain.errors import HeyGenError, ModelNotFoundError
from heygen_desktop.domain.events import Event, ModelRegistered
from heygen_desktop.presentation.desktop.ports import Events, Notices, Queue, TaskRunner
from heygen_desktop.presentation.desktop.problems import Problem
from heygen_desktop.presentation.desktop.wording import percent_text
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
        self._shares: dict[str, float] = {}
        """How far those are that are under way, 0 to 1."""
        self._tried: set[str] = set()
        self._subscription = events.subscribe(self._happened)

    def start(self) -> None:
        """Look for entries that have no checksum, and compute them."""
        self._work.ask("waiting", lambda _: self._files.waiting(), self._take)

    def close(self) -> None:
        """Stop; what is not complete is computed another time. Safe to repeat."""
        self._subscription.close()
        self._work.close()

    def _happened(self, event: Event) -> None:
        if isinstance(event, ModelRegistered):
            self._tried.discard(f"{event.model}@{event.version}")
            self.start()

    def _take(self, waiting: Sequence[str]) -> None:
        done = self._tried | self._shares.keys()
        self._waiting = [reference for reference in waiting if reference not in done]
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and len(self._shares) < SIDE_BY_SIDE:
            self._compute(self._waiting.pop(0))
        self._tell()

    def _compute(self, reference: str) -> None:
        self._tried.add(reference)
        self._shares[reference] = 0.0
        self._work.ask(
            reference,
            lambda context: self._files.verify(
                reference,
                on_progress=lambda done, total: context.progress(done / total if total else 1.0),
                should_stop=lambda: context.is_cancelled,
            ),
            self._computed,
            ended=lambda: self._ended(reference),
            failed=lambda error: self._failed(reference, error),
            on_progress=lambda share: self._progressed(reference, share),
            queue=Queue.FILES,
        )

    def _progressed(self, reference: str, share: object) -> None:
        if isinstance(share, float):
            self._shares[reference] = share
            self._tell()

    def _ended(self, reference: str) -> None:
        del self._shares[reference]

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
        if not self._shares:
            self._show("")
            return
        reference, share = next(iter(self._shares.items()))
        more = len(self._shares) + len(self._waiting) - 1
        waiting = f", {more} more" if more else ""
        self._show(
            f"Checksum of {reference.partition('@')[0]} {percent_text(100 * share)}{waiting}"
        )

    def _warn(self, problem: Problem | None) -> None:
        if problem is not None:
            self._notices.warn(problem.title)
