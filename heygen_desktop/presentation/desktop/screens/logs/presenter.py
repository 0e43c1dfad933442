"""The story of the log screen: read what there is, follow what comes, narrow it, look at one record."""

from __future__ import annotations

from dataclasses import replace

from heygen_desktop.application.ports.logs import LogLevel, Logs
from heygen_desktop.presentation.desktop.ports import (
    Memory,
    Navigation,
    Notices,
    TaskRunner,
)
from heygen_desktop.presentation.desktop.screens.logs.contract import LogsState, LogsView
from heygen_desktop.presentation.desktop.screens.logs.records import (
    HISTORY,
    MOST,
    NEWEST,
    Batch,
    Filter,
    Filtered,
    RecordBook,
    Source,
    filtered,
    read_new,
    read_newest,
)
from heygen_desktop.presentation.desktop.screens.logs.rows import LogRow, detail_of
from heygen_desktop.presentation.desktop.work import Work
from heygen_desktop.presentation.wording import counted

_LEVELS = "logs/levels"
_READ, _FILTER = "read", "filter"
_NOTHING_LOGGED = (
    "Nothing logged yet",
    "Every change to a model, run or setting is written down here. Run a model to see it.",
)
_NOTHING_OF_RUN = (
    "No records of it",
    "Nothing in the log has this id. Older log files may have been deleted.",
)
_NOTHING_MATCHES = (
    "Nothing matches",
    "There are records, but none with this text and these levels.",
)


class LogsPresenter:
    """Keeps the list true to the log."""

    def __init__(
        self,
        view: LogsView,
        log: Logs,
        tasks: TaskRunner,
        navigation: Navigation,
        notices: Notices,
        memory: Memory,
        *,
        most: int = MOST,
    ) -> None:
        self._view = view
        self._log = log
        self._navigation = navigation
        self._notices = notices
        self._memory = memory
        self._book = RecordBook(most)
        self._held: list[LogRow] = []
        self._most = most
        self._source = Source()
        self._wanted = Filter(levels=_recalled(memory.recall(_LEVELS)))
        self._cursor = 0
        self._unseen = 0
        self._following = True
        self._paused = False
        self._has_read = False
        self._work = Work(tasks, view.show_problem)
        self._connect()
        self._show_state()

    def shown(self) -> None:
        """Go on where the screen left off, or read the log for the first time."""
        self._view.set_live(True)
        if self._has_read:
            self.look_for_more()
        else:
            self.read()

    def hidden(self) -> None:
        """Rest; nothing is read while nobody looks."""
        self._view.set_live(False)

    def receive(self, argument: str) -> None:
        """Show only the records of a run or request: ``run:ID``, ``request:ID``."""
        self._read_source(Source.parse(argument))

    def read(self) -> None:
        """Read the source from its beginning."""
        self._work.take_back()
        self._has_read = False
        self._held.clear()
        self._view.show_reading()
        self._read(NEWEST)

    def look_for_more(self) -> None:
        """Read what was written since; one question at a time."""
        if self._has_read and not self._work.is_open(_READ):
            source, cursor = self._source, self._cursor
            self._work.ask(_READ, lambda _: read_new(self._log, source, cursor), self._found_more)

    def pause(self, paused: bool) -> None:
        """Let the list stand still, or show what came meanwhile."""
        self._paused = paused
        if not paused:
            self._release()
        self._show_state()

    def toggle_pause(self) -> None:
        """Pause or resume."""
        self.pause(not self._paused)

    def follow(self, following: bool) -> None:
        """Keep the newest line in view, a pause ended, or leave the list where it is."""
        self._following = following
        self._unseen = 0
        self.pause(self._paused and not following)

    def clear_filters(self) -> None:
        """Let everything through again, whichever run it is of."""
        had_source = bool(self._source.title)
        self._source = Source()
        self._narrow(Filter(), again=not had_source)
        if had_source:
            self.read()

    def close(self) -> None:
        """Take what is asked back; safe to repeat."""
        self._view.set_live(False)
        self._work.close()

    def _connect(self) -> None:
        view = self._view
        view.tick.connect(self.look_for_more)
        view.levels_chosen.connect(
            lambda levels: self._narrow(replace(self._wanted, levels=levels))
        )
        view.text_searched.connect(lambda text: self._narrow(replace(self._wanted, text=text)))
        view.filters_cleared.connect(self.clear_filters)
        view.source_cleared.connect(lambda: self._read_source(Source()))
        view.source_requested.connect(self.receive)
        view.run_requested.connect(lambda run_id: self._navigation.show("run", f"run:{run_id}"))
        view.follow_requested.connect(self.follow)
        view.pause_requested.connect(self.pause)
        view.record_selected.connect(self._select)
        view.folder_requested.connect(self.open_folder)
        view.retry_requested.connect(self.read)

    def open_folder(self) -> None:
        """Open the folder of the log in the file manager."""
        folder = self._log.file.parent
        if not self._view.open_folder(folder):
            self._notices.warn(f"No file manager opened. The log is in {folder}.")

    def _read_source(self, source: Source) -> None:
        if source != self._source or not self._has_read:
            self._source = source
            self._show_state()
            self.read()

    def _read(self, limit: int) -> None:
        source, wanted = self._source, self._wanted
        self._work.ask(
            _READ,
            lambda _: read_newest(self._log, source, wanted, limit),
            lambda read: self._was_read(*read, limit),
        )

    def _was_read(self, batch: Batch, found: Filtered, limit: int) -> None:
        self._has_read = True
        rows, self._cursor = batch
        self._book.start(rows, found)
        if found.wanted == self._wanted:
            self._show_all()
        else:  # it was changed while the log was read
            self._filter()
        if limit < HISTORY and len(rows) >= limit:
            self._read(HISTORY)

    def _found_more(self, batch: Batch) -> None:
        rows, self._cursor = batch
        self._held.extend(rows)
        self._release()
        if self._paused:
            del self._held[: -self._most]
            self._show_state()

    def _release(self) -> None:
        """Put what came into the list, unless it stands still or is being made anew."""
        if self._paused or self._work.is_open(_FILTER) or not self._held:
            return
        was_empty = not self._book.listed
        new, dropped = self._book.add(self._held)
        self._held.clear()
        if was_empty:
            self._show_all()
            return
        self._view.add_rows(new, dropped)
        self._unseen += 0 if self._following else len(new)
        self._show_state()

    def _narrow(self, wanted: Filter, *, again: bool = True) -> None:
        self._wanted = wanted
        self._memory.remember(_LEVELS, " ".join(level.name for level in sorted(wanted.levels)))
        self._show_state()
        if again and self._has_read:
            self._filter()

    def _filter(self) -> None:
        """Filter off the UI thread; an answer to an earlier question is never heard."""
        rows, wanted = tuple(self._book.rows), self._wanted
        self._work.ask(_FILTER, lambda _: filtered(rows, wanted), self._was_filtered)

    def _was_filtered(self, found: Filtered) -> None:
        self._book.show(found)
        self._show_all()
        self._release()

    def _show_all(self) -> None:
        if self._book.listed:
            self._view.show_rows(self._book.listed)
        else:
            self._show_nothing()
        self._unseen = 0
        self._show_state()

    def _show_nothing(self) -> None:
        if self._book.rows:
            words = _NOTHING_MATCHES
        else:
            words = _NOTHING_OF_RUN if self._source.title else _NOTHING_LOGGED
        self._view.show_nothing(*words, can_clear=words is not _NOTHING_LOGGED)

    def _show_state(self) -> None:
        self._view.show_state(
            LogsState(
                levels=self._wanted.levels,
                text=self._wanted.text,
                source=self._source.title,
                counts=self._book.counts,
                following=self._following and not self._paused,
                unseen=self._unseen,
                paused=self._paused,
                held=len(self._held),
                records=_records(self._book),
                file=str(self._log.file),
            )
        )

    def _select(self, position: int) -> None:
        row = self._book.row_at(position)
        self._view.show_detail(detail_of(row.record) if row is not None else None)


def _records(book: RecordBook) -> str:
    total = counted(len(book.rows), "record")
    shown = total if len(book.listed) == len(book.rows) else f"{len(book.listed):,} of {total}"
    if book.dropped or len(book.rows) >= HISTORY:
        return f"{shown}, older ones are in the files"
    return shown


def _recalled(text: str) -> frozenset[LogLevel]:
    names = set(text.split())
    levels = frozenset(level for level in LogLevel if level.name in names)
    return levels or frozenset(LogLevel)
