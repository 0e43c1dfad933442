"""The story of the secrets: which there are, who keeps them, and one value for a moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from heygen_desktop.application.ports.secrets import VAULT, SecretStoreStatus
from heygen_desktop.application.use_cases.secrets import DeletedSecret, KeepSecrets
from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.domain.errors import SecretNotFoundError, SecretStoreError
from heygen_desktop.presentation.desktop.ports import Notices, Signal, TaskRunner
from heygen_desktop.presentation.desktop.problems import Problem, problem_of
from heygen_desktop.presentation.desktop.screens.environments.secrets.rows import (
    ASKING,
    StoreRow,
    store_row,
)
from heygen_desktop.presentation.desktop.work import Work


class SecretsView(Protocol):
    """What the presenter needs of the secrets' view."""

    @property
    def adding_requested(self) -> Signal: ...

    @property
    def replacing_requested(self) -> Signal:
        """Carries the name."""

    @property
    def value_entered(self) -> Signal:
        """Carries name, value, and whether a value of that name may be replaced."""

    @property
    def reveal_requested(self) -> Signal:
        """Carries the name."""

    @property
    def copy_requested(self) -> Signal:
        """Carries the name."""

    @property
    def deletion_requested(self) -> Signal:
        """Carries the names."""

    @property
    def passphrase_entered(self) -> Signal:
        """Carries the passphrase."""

    @property
    def retry_requested(self) -> Signal: ...

    def show_secrets(self, rows: Sequence[Secret], environment: str) -> None: ...

    def show_store(self, store: StoreRow) -> None: ...

    def open_entry(self, environment: str, name: str) -> None:
        """Ask for a value, and for its name where ``name`` is empty."""

    def show_entry_problem(self, problem: Problem) -> None:
        """The value was not kept; what was typed stays."""

    def close_entry(self) -> None: ...

    def reveal_value(self, name: str, value: str) -> None:
        """Show the value for ten seconds."""

    def copy_value(self, value: str) -> None:
        """Put the value on the clipboard for thirty seconds."""

    def hide_value(self) -> None:
        """Mask what is revealed now."""

    def forget_values(self) -> None:
        """Mask what is revealed, close the entry, and clear the clipboard if it is still ours."""

    def show_problem(self, problem: Problem | None) -> None: ...


class SecretsPresenter:
    """Keeps the table true and the values short-lived: none stays in it but what can be undone."""

    def __init__(
        self, view: SecretsView, secrets: KeepSecrets, tasks: TaskRunner, notices: Notices
    ) -> None:
        self._view = view
        self._secrets = secrets
        self._work = Work(tasks, view.show_problem)
        self._notices = notices
        self._environment = ""
        self._names: frozenset[str] = frozenset()
        self._needs_vault = False
        self._status: SecretStoreStatus | None = None
        self._store = ASKING
        view.adding_requested.connect(self.add)
        view.replacing_requested.connect(self.replace)
        view.value_entered.connect(self.keep)
        view.reveal_requested.connect(self.reveal)
        view.copy_requested.connect(self.copy)
        view.deletion_requested.connect(self.delete)
        view.passphrase_entered.connect(self.open_vault)
        view.retry_requested.connect(self.refresh)

    def show(self, environment: str) -> None:
        """Show another environment; what is revealed of the last one is masked."""
        self._environment = environment
        self._work.take_back("reveal", "copy")
        self._be_busy("")
        self._view.hide_value()
        self._view.show_problem(None)
        self.refresh()

    def refresh(self) -> None:
        """Ask for the names, and ask the store whether it answers."""
        if not self._environment:
            return
        environment = self._environment
        self._work.ask("list", lambda _: self._secrets.list(environment), self._listed)
        if self._status is None or not self._status.is_ready:
            self._view.show_store(replace(self._store, name="", sentence=ASKING.sentence))
        self._work.ask("status", lambda _: self._secrets.status(), self._found_store)

    def add(self) -> None:
        """Ask for a name and a value."""
        self._view.open_entry(self._environment, "")

    def replace(self, name: str) -> None:
        """Ask for another value of a secret."""
        self._view.open_entry(self._environment, name)

    def keep(self, name: str, value: str, may_replace: bool) -> None:
        """Give the value to the store; the entry stays open until it is kept."""
        if name in self._names and not may_replace:
            self._view.show_entry_problem(_taken(name))
            return
        environment = self._environment

        def keep() -> str | None:
            former = self._former(environment, name) if may_replace else None
            self._secrets.set(environment, name, value)
            return former

        def kept(former: str | None) -> None:
            self._view.close_entry()
            undo = None if former is None else partial(self._restore, environment, name, former)
            text = f"{name} is kept in {environment}."
            self._notices.notify(text, undo=undo, belongs_to=environment)
            self.refresh()

        self._work.change(
            keep, kept, failed=lambda error: self._view.show_entry_problem(problem_of(error))
        )

    def _former(self, environment: str, name: str) -> str | None:
        """Return the value that is replaced; None where it is gone or cannot be read."""
        try:
            return self._secrets.reveal(environment, name)
        except (SecretNotFoundError, SecretStoreError):
            return None

    def _restore(self, environment: str, name: str, value: str) -> None:
        self._work.change(
            lambda: self._secrets.set(environment, name, value),
            lambda _set: self._notices.notify(f"{name} has its former value in {environment}."),
            ended=self.refresh,
        )

    def reveal(self, name: str) -> None:
        """Show a value for ten seconds."""
        self._fetch("reveal", name, lambda value: self._view.reveal_value(name, value))

    def copy(self, name: str) -> None:
        """Put a value on the clipboard for thirty seconds."""

        def copied(value: str) -> None:
            self._view.copy_value(value)
            self._notices.notify(f"{name} is copied; the clipboard is cleared in 30 s.")

        self._fetch("copy", name, copied)

    def delete(self, names: Sequence[str]) -> None:
        """Delete secrets; their values are kept for the undo, until the environment is left."""
        environment = self._environment
        deleted: list[str] = []
        taken: list[DeletedSecret] = []

        def take_all() -> None:
            for name in names:
                found = self._secrets.take(environment, name)
                deleted.append(name)
                taken.extend([found] if found else [])

        def tell() -> None:  # also where it failed midway: some are gone then
            if deleted:
                self._tell_deleted(_named(deleted), environment, tuple(taken))
            self.refresh()

        self._view.hide_value()
        self._work.change(take_all, ended=tell)

    def _tell_deleted(self, what: str, environment: str, taken: Sequence[DeletedSecret]) -> None:
        undo = partial(self._put_back, what, environment, taken) if taken else None
        text = f"{what} deleted from {environment}."
        self._notices.notify(text, undo=undo, belongs_to=environment)

    def _put_back(self, what: str, environment: str, taken: Sequence[DeletedSecret]) -> None:
        def told(were_free: bool) -> None:
            but = "" if were_free else " What was set anew meanwhile stays as it is."
            verb = "is" if len(taken) == 1 else "are"
            self._notices.notify(f"{what} {verb} back in {environment}.{but}")

        self._work.change(
            lambda: all([self._secrets.put_back(each) for each in taken]), told, ended=self.refresh
        )

    def open_vault(self, passphrase: str) -> None:
        """Open the vault with the passphrase, or make it; its lock takes a moment by design."""

        def opened(_none: None) -> None:
            self._notices.notify("The vault is open until the program ends.")
            self.refresh()

        self._be_busy("Opening the vault…")
        self._work.change(
            lambda: self._secrets.open_vault(passphrase),
            opened,
            ended=lambda: self._be_busy(""),
            failed=lambda error: self._show_store(wrong=f"{error.message} {error.remedy}"),
        )

    def rest(self) -> None:
        """The screen left the view: mask what is revealed."""
        self._view.hide_value()

    def close(self) -> None:
        """Let every answer fall silent and every value go; safe to repeat."""
        self._work.close()
        self._view.forget_values()

    def _fetch(self, asked: str, name: str, use: Callable[[str], None]) -> None:
        environment = self._environment
        self._be_busy(f"Asking for {name}…")
        self._work.ask(
            asked,
            lambda _: self._secrets.reveal(environment, name),
            use,
            ended=lambda: self._be_busy(""),
        )

    def _listed(self, found: Sequence[Secret]) -> None:
        self._names = frozenset(secret.name for secret in found)
        self._needs_vault = any(secret.store == VAULT for secret in found)
        self._view.show_secrets(found, self._environment)
        self._show_store()

    def _found_store(self, status: SecretStoreStatus) -> None:
        self._status = status
        self._show_store()

    def _be_busy(self, sentence: str) -> None:
        self._store = replace(self._store, busy=sentence)
        self._show_store()

    def _show_store(self, wrong: str = "") -> None:
        told = store_row(self._status, needs_vault=self._needs_vault)
        self._store = replace(told, busy=self._store.busy, wrong=wrong)
        self._view.show_store(self._store)


def _named(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} secrets"


def _taken(name: str) -> Problem:
    return Problem(
        f"{name} is there already.",
        remedy="Choose another name, or close this and replace its value.",
    )
