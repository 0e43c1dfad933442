"""``${secret:name}`` in a setting: shown and stored as it is, resolved only where the value is used."""

from __future__ import annotations

import pytest
from heygen_desktop.application.application import Application
from heygen_desktop.application.forms import checked_value
from heygen_desktop.domain.errors import (
    InvalidNameError,
    InvalidParameterError,
    SecretNotFoundError,
    SecretStoreLockedError,
)
from pydantic import BaseModel

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts

KEY = "remote.url"
VALUE = "hf_canary-7Q"
URL = "https://me:${secret:hub-token}@host"


class Remote(BaseModel):
    """Settings of an issue to come."""

    url: str = ""
    timeout_s: float = 5.0


@pytest.fixture
def parts() -> FakeParts:
    return FakeParts()


@pytest.fixture
def application(parts: FakeParts) -> Application:
    return fake_application(parts)


def test_a_setting_that_takes_text_keeps_the_reference_as_it_is() -> None:
    assert checked_value(Remote, "url", URL) == URL
    assert checked_value(Remote, "url", URL, is_typed=True) == URL


def test_a_number_takes_no_reference() -> None:
    with pytest.raises(InvalidParameterError):
        checked_value(Remote, "timeout_s", "${secret:timeout}")


def test_the_value_stands_where_it_is_used(application: Application) -> None:
    application.secrets.set("testing", "hub-token", VALUE)

    assert application.secrets.resolved("testing", KEY, URL) == f"https://me:{VALUE}@host"


@pytest.mark.parametrize("text", ["", "https://host", "$secret", "${HOME}", "{secret:hub-token}"])
def test_a_text_without_a_reference_is_used_as_it_is(application: Application, text: str) -> None:
    assert application.secrets.resolved("testing", KEY, text) == text


def test_several_references_are_each_replaced(application: Application) -> None:
    application.secrets.set("testing", "user", "me")
    application.secrets.set("testing", "key", VALUE)

    found = application.secrets.resolved("testing", KEY, "${secret:user}:${secret:key}")

    assert found == f"me:{VALUE}"


def test_what_a_secret_says_is_not_taken_for_a_reference(application: Application) -> None:
    application.secrets.set("testing", "hub-token", "${secret:other}")

    assert application.secrets.resolved("testing", KEY, "${secret:hub-token}") == "${secret:other}"


def test_a_secret_is_inherited_as_settings_are(application: Application) -> None:
    application.secrets.set("production", "hub-token", VALUE)
    application.secrets.set("production", "key", "theirs")
    application.secrets.set("staging", "key", "own")

    found = application.secrets.resolved("staging", KEY, "${secret:hub-token} ${secret:key}")

    assert found == f"{VALUE} own"


def test_a_secret_of_production_is_not_found_where_nothing_is_inherited_from_it(
    application: Application,
) -> None:
    application.secrets.set("production", "hub-token", VALUE)

    with pytest.raises(SecretNotFoundError):
        application.secrets.resolved("testing", KEY, URL)


def test_a_missing_secret_is_told_with_the_setting_that_wants_it(
    application: Application,
) -> None:
    with pytest.raises(SecretNotFoundError) as trouble:
        application.secrets.resolved("testing", KEY, URL)

    assert trouble.value.message == "There is no secret 'hub-token' in testing."
    assert KEY in trouble.value.cause
    assert "heygen secret set hub-token --env testing" in trouble.value.remedy


@pytest.mark.parametrize(
    "text", ["${secret:}", "${secret:a b}", "x${secret:hub-token", "${secret:"]
)
def test_a_reference_that_names_nothing_is_told_and_not_used(
    application: Application, text: str
) -> None:
    with pytest.raises(InvalidNameError, match="secret"):
        application.secrets.resolved("testing", KEY, text)


def test_a_locked_keyring_is_told_where_its_value_is_used(
    application: Application, parts: FakeParts
) -> None:
    application.secrets.set("testing", "hub-token", VALUE)
    parts.secrets.trouble = SecretStoreLockedError("Secret Service")

    with pytest.raises(SecretStoreLockedError):
        application.secrets.resolved("testing", KEY, URL)
