from __future__ import annotations

import threading
import traceback
from collections.abc import Callable, Iterator

import pytest
from heygen_desktop.domain.errors import (
    NoSecretStoreError,
    SecretStoreError,
    SecretStoreLockedError,
    SecretStoreTimeoutError,
)
from heygen_desktop.infrastructure.secrets.keyring_store import KeyringStore
from heygen_desktop.infrastructure.secrets.one_at_a_time import OneAtATime
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordSetError

from tests.factories.secrets import SERVICE, keyring_store
from tests.fakes.clock import FakeClock
from tests.fakes.keyring_backend import WrittenBackend

VALUE = "hf_canary-7Q"
OLD = "hf_older-1A"
LIMIT_S = 0.05
PLACE = (SERVICE, "testing/token")


@pytest.fixture
def backend() -> Iterator[WrittenBackend]:
    """A backend that lets go of everything that hangs in it when the test ends."""
    backend = WrittenBackend()
    yield backend
    backend.answers.set()
    backend.changes.set()
    _join_calls()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(backend: WrittenBackend, clock: FakeClock) -> KeyringStore:
    return keyring_store(backend, OneAtATime(limit_s=LIMIT_S, monotonic=clock.monotonic))


def _calls() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "secret-store"]


def _join_calls() -> None:
    for thread in _calls():
        thread.join(10)


CALLS: list[Callable[[KeyringStore], object]] = [
    lambda store: store.get("testing", "token"),
    lambda store: store.set("testing", "token", VALUE),
    lambda store: store.delete("testing", "token"),
]
every_call = pytest.mark.parametrize("call", CALLS, ids=["get", "set", "delete"])


def test_values_are_filed_under_service_environment_and_name(
    store: KeyringStore, backend: WrittenBackend
) -> None:
    store.set("testing", "token", VALUE)

    assert backend.values == {PLACE: VALUE}


def test_nothing_is_looked_for_before_the_first_call() -> None:
    def find() -> None:
        raise AssertionError("looked for")

    KeyringStore(SERVICE, find=find)


@every_call
def test_no_keyring_is_told_as_such(
    store: KeyringStore, backend: WrittenBackend, call: Callable[[KeyringStore], object]
) -> None:
    backend.is_here = False

    with pytest.raises(NoSecretStoreError):
        call(store)

    assert store.status().name == "none"
    assert store.status().can_open_vault


def test_a_keyring_that_comes_later_is_found(store: KeyringStore, backend: WrittenBackend) -> None:
    backend.is_here = False
    before = store.status()

    backend.is_here = True

    assert not before.is_ready
    assert store.status().is_ready


@every_call
@pytest.mark.parametrize("trouble", [KeyringLocked("dismissed"), InitError("no display")])
def test_a_locked_keyring_is_told_as_such(
    store: KeyringStore,
    backend: WrittenBackend,
    call: Callable[[KeyringStore], object],
    trouble: Exception,
) -> None:
    backend.values[PLACE] = OLD
    backend.trouble = trouble

    with pytest.raises(SecretStoreLockedError, match="Secret Service"):
        call(store)

    assert backend.values == {PLACE: OLD}


def test_the_status_of_a_locked_keyring_asks_nobody(
    store: KeyringStore, backend: WrittenBackend
) -> None:
    backend.is_locked = True
    backend.trouble = AssertionError("asked")

    status = store.status()

    assert (status.name, status.is_ready, status.can_open_vault) == ("Secret Service", False, True)
    assert status.problem == "The keyring (Secret Service) is locked."


@every_call
@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (NoKeyringError(f"no backend for {VALUE}"), NoSecretStoreError),
        (ConnectionResetError(f"while it sent {VALUE}"), SecretStoreError),
    ],
)
def test_a_keyring_that_fails_tells_nothing_of_the_value(
    store: KeyringStore,
    backend: WrittenBackend,
    call: Callable[[KeyringStore], object],
    trouble: Exception,
    expected: type[SecretStoreError],
) -> None:
    backend.trouble = trouble

    with pytest.raises(expected) as failure:
        call(store)

    told = "".join(traceback.format_exception(failure.value)) + repr(vars(failure.value))
    assert VALUE not in told
    assert failure.value.__context__ is None


def test_a_value_that_the_keyring_refuses_leaves_the_old_one(
    store: KeyringStore, backend: WrittenBackend
) -> None:
    backend.values[PLACE] = OLD
    backend.set_trouble = PasswordSetError(VALUE)

    with pytest.raises(SecretStoreError) as failure:
        store.set("testing", "token", VALUE)

    assert failure.value.cause == "It failed with PasswordSetError."
    assert backend.values == {PLACE: OLD}


def test_a_value_that_vanishes_is_not_reported_as_kept(
    store: KeyringStore, backend: WrittenBackend
) -> None:
    backend.forgets = True

    with pytest.raises(SecretStoreError, match="reported an error") as failure:
        store.set("testing", "token", VALUE)

    assert "does not return it" in failure.value.cause


@every_call
def test_a_keyring_that_hangs_is_given_up_in_time(
    store: KeyringStore, backend: WrittenBackend, call: Callable[[KeyringStore], object]
) -> None:
    backend.answers.clear()

    with pytest.raises(SecretStoreTimeoutError):
        call(store)


def test_the_status_of_a_keyring_that_hangs_says_so(
    store: KeyringStore, backend: WrittenBackend
) -> None:
    backend.answers.clear()
    with pytest.raises(SecretStoreTimeoutError):
        store.get("testing", "token")

    status = store.status()

    assert not status.is_ready
    assert "did not answer" in status.problem
    assert not status.can_open_vault


def test_while_a_call_hangs_others_are_refused_at_once_and_start_no_threads(
    store: KeyringStore, backend: WrittenBackend, clock: FakeClock
) -> None:
    backend.answers.clear()
    for _ in range(20):
        with pytest.raises(SecretStoreTimeoutError):
            store.get("testing", "token")
        clock.advance(1)

    assert len(_calls()) == 1


def test_however_long_it_hangs_only_a_few_threads_wait(
    store: KeyringStore, backend: WrittenBackend, clock: FakeClock
) -> None:
    backend.answers.clear()
    for _ in range(10):
        with pytest.raises(SecretStoreTimeoutError):
            store.get("testing", "token")
        clock.advance(31)

    assert len(_calls()) == 3


def test_once_the_dialog_is_answered_the_next_call_works(
    store: KeyringStore, backend: WrittenBackend
) -> None:
    backend.values[PLACE] = OLD
    backend.answers.clear()
    with pytest.raises(SecretStoreTimeoutError):
        store.get("testing", "token")

    backend.answers.set()
    _join_calls()

    assert store.get("testing", "token") == OLD


def test_a_value_whose_setting_was_given_up_is_not_set_later(
    store: KeyringStore, backend: WrittenBackend
) -> None:
    backend.answers.clear()
    with pytest.raises(SecretStoreTimeoutError):
        store.set("testing", "token", VALUE)

    backend.answers.set()
    _join_calls()

    assert backend.asked_to_set == 0


@pytest.mark.parametrize("before", [None, OLD])
def test_a_value_that_was_set_too_late_is_taken_back(
    store: KeyringStore, backend: WrittenBackend, before: str | None
) -> None:
    values = {} if before is None else {PLACE: before}
    backend.values |= values
    backend.changes.clear()
    with pytest.raises(SecretStoreTimeoutError):
        store.set("testing", "token", VALUE)

    backend.changes.set()
    _join_calls()

    assert backend.values == values


def test_a_late_setting_that_vanished_has_nothing_to_take_back(
    store: KeyringStore, backend: WrittenBackend
) -> None:
    backend.forgets = True
    backend.changes.clear()
    with pytest.raises(SecretStoreTimeoutError):
        store.set("testing", "token", VALUE)

    backend.changes.set()
    _join_calls()

    assert backend.values == {}


def test_a_value_that_was_deleted_too_late_is_put_back(
    store: KeyringStore, backend: WrittenBackend
) -> None:
    backend.values[PLACE] = OLD
    backend.changes.clear()
    with pytest.raises(SecretStoreTimeoutError):
        store.delete("testing", "token")

    backend.changes.set()
    _join_calls()

    assert backend.values == {PLACE: OLD}


def test_two_callers_take_turns_and_both_get_an_answer_in_time(backend: WrittenBackend) -> None:
    store = keyring_store(backend, OneAtATime(limit_s=0.3))
    backend.answers.clear()
    troubles: list[SecretStoreError] = []

    def ask() -> None:
        try:
            store.get("testing", "token")
        except SecretStoreError as error:
            troubles.append(error)

    callers = [threading.Thread(target=ask) for _ in range(3)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(10)

    assert [type(trouble) for trouble in troubles] == [SecretStoreTimeoutError] * 3


def test_a_caller_whose_turn_does_not_come_is_told_in_time() -> None:
    calls = OneAtATime(limit_s=0.05)
    with calls._turn:  # another caller's turn, which it keeps
        store = KeyringStore(SERVICE, find=lambda: None, calls=calls)

        with pytest.raises(SecretStoreTimeoutError):
            store.get("testing", "token")
