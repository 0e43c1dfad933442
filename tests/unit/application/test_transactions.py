"""While a transaction writes, every other writer waits: nothing that may wait is asked inside one.

Every test that uses ``fake_application`` holds the use cases to it; these hold the guard to it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.domain.errors import SecretStoreLockedError

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts


@pytest.mark.parametrize("ask", [lambda held: held.settings(), lambda held: held.secrets.status()])
def test_what_may_wait_is_not_asked_while_others_wait_for_the_transaction(
    ask: Callable[[Application], object],
) -> None:
    parts = FakeParts()
    application = fake_application(parts)

    with parts.units(), pytest.raises(AssertionError, match="inside a write transaction"):
        ask(application)


def test_a_keyring_that_refuses_leaves_other_writers_alone() -> None:
    parts = FakeParts()
    application = fake_application(parts)
    parts.secrets.trouble = SecretStoreLockedError("Secret Service")

    with pytest.raises(SecretStoreLockedError):
        application.secrets.set("testing", "token", "x")

    assert application.change_setting.set("testing", "inference.threads", 2).value == 2
