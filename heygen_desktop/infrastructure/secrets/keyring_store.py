"""Secrets in the keyring of the operating system, which may be missing, locked, slow or broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from heygen_desktop.application.ports.secrets import SecretStoreStatus
from heygen_desktop.domain.errors import (
    NoSecretStoreError,
    SecretStoreError,
    SecretStoreLockedError,
    SecretStoreTimeoutError,
)
from heygen_desktop.infrastructure.secrets.backends import Backend, Found, find_backend
from heygen_desktop.infrastructure.secrets.one_at_a_time import (
    Call,
    NoAnswerInTimeError,
    OneAtATime,
)

T = TypeVar("T")

_LOCKED = frozenset({"KeyringLocked", "InitError", "LockedException", "PromptDismissedException"})
_MISSING = frozenset({"NoKeyringError", "SecretServiceNotAvailableException"})


class KeyringStore:
    """Keeps values in a trusted OS keyring; every call answers within the limit of ``calls``.

    Errors of the keyring are translated without their text, which could hold the value.
    """

    def __init__(
        self,
        service: str,
        *,
        find: Callable[[], Found | None] = find_backend,
        calls: OneAtATime | None = None,
    ) -> None:
        """Keep what is needed; nothing is imported or asked before the first call.

        Args:
            service: The name under which the keyring files this home's values.
            find: Returns the trusted keyring of this machine, or None.
            calls: The limits, where they are not 5 s for a call and 30 s of rest after a hung one.
        """
        self._service = service
        self._find = find
        self._calls = calls or OneAtATime()
        self._found: Found | None = None

    def status(self) -> SecretStoreStatus:
        """Return what is here; never raises, never asks the user."""
        try:
            is_locked = self._run(lambda call: self._keyring().is_locked())
        except NoSecretStoreError as error:
            return SecretStoreStatus("none", False, error.cause, error.remedy, True)
        except SecretStoreError as error:
            return SecretStoreStatus(self.name, False, error.message, error.remedy)
        if is_locked:
            locked = SecretStoreLockedError(self._called)
            return SecretStoreStatus(self.name, False, locked.message, locked.remedy, True)
        return SecretStoreStatus(self.name, True)

    def get(self, environment: str, name: str) -> str | None:
        """As in the port."""
        account = _account(environment, name)
        return self._run(lambda call: self._keyring().backend.get_password(self._service, account))

    def set(self, environment: str, name: str, value: str) -> None:
        """As in the port. The value is read back before this returns."""
        account = _account(environment, name)

        def work(call: Call[bool]) -> bool:
            backend = self._keyring().backend
            before = backend.get_password(self._service, account)  # this is what unlocks
            call.check()
            call.undo = lambda: self._put_back(backend, account, before)
            backend.set_password(self._service, account, value)
            return backend.get_password(self._service, account) == value

        if not self._run(work):
            raise self._broken("It accepted the value but does not return it.")

    def delete(self, environment: str, name: str) -> bool:
        """As in the port."""
        account = _account(environment, name)

        def work(call: Call[bool]) -> bool:
            backend = self._keyring().backend
            before = backend.get_password(self._service, account)
            if before is None:
                return False
            call.check()
            call.undo = lambda: self._put_back(backend, account, before)
            backend.delete_password(self._service, account)
            return True

        return self._run(work)

    @property
    def name(self) -> str:
        """As the user knows the keyring that was found."""
        return self._found.name if self._found else "OS keyring"

    @property
    def _called(self) -> str:
        """In a sentence: a person may not know that the Secret Service is a keyring."""
        return f"keyring ({self.name})" if self._found else "keyring of this system"

    def _keyring(self) -> Found:
        """Return the keyring, looked for until there is one; on the call's thread only."""
        self._found = self._found or self._find()
        if self._found is None:
            raise NoSecretStoreError(
                "The keyring of this system does not answer, or there is none."
            )
        return self._found

    def _put_back(self, backend: Backend, account: str, value: str | None) -> None:
        """Make a call that came too late undone, as its caller was told."""
        if value is not None:
            backend.set_password(self._service, account, value)
        elif backend.get_password(self._service, account) is not None:
            backend.delete_password(self._service, account)

    def _run(self, work: Callable[[Call[T]], T]) -> T:
        try:
            return self._calls.run(work)
        except SecretStoreError:
            raise
        except NoAnswerInTimeError:
            trouble: SecretStoreError = SecretStoreTimeoutError(self._called, self._calls.limit_s)
        except Exception as error:  # noqa: BLE001  backends raise errors of many libraries
            trouble = self._translated(type(error).__name__)
        raise trouble  # outside the handler: the keyring's own error may hold the value

    def _translated(self, kind: str) -> SecretStoreError:
        if kind in _LOCKED:
            return SecretStoreLockedError(self._called)
        if kind in _MISSING:
            self._found = None
            return NoSecretStoreError(f"The {self._called} stopped answering.")
        self._found = None  # a service that was restarted is found again
        return self._broken(f"It failed with {kind}.")

    def _broken(self, cause: str) -> SecretStoreError:
        return SecretStoreError(
            f"The {self._called} reported an error.",
            cause=cause,
            remedy="Open the keyring's own program to see whether it works, then try again.",
        )


def _account(environment: str, name: str) -> str:
    return f"{environment}/{name}"
