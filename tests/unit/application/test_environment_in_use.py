"""The environment in use: whose settings hold and in which runs start, until another one is used."""

from __future__ import annotations

import pytest
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.errors import EnvironmentNotFoundError
from heygen_desktop.domain.events import EnvironmentChanged, SettingChanged
from heygen_desktop.domain.values.actor import Actor

from tests.factories.application import ended, fake_application
from tests.factories.parts import FakeParts
from tests.fakes.clock import FAKE_START

THREADS, TOKENS = "inference.threads", "generation.max_tokens"


def test_its_settings_hold_at_once_for_every_actor() -> None:
    application = fake_application()
    other = application.acting_as(Actor("elinor", "api", "barton"))
    application.change_setting.set("production", THREADS, 3)

    other.use_environment("production")

    assert (application.environment, other.environment) == ("production", "production")
    assert application.settings().inference.threads == 3
    assert [each.name for each in application.list_environments() if each.is_active] == [
        "production"
    ]


def test_a_run_starts_in_it_with_its_values() -> None:
    application = fake_application()
    application.ensure_starter_model()
    application.change_setting.set("testing", TOKENS, 7)
    before = ended(application.start_run(RunRequest("starter", {"prompt": "It was"})))

    application.use_environment("testing")
    after = ended(application.start_run(RunRequest("starter", {"prompt": "It was"})))

    assert (before.environment, after.environment) == ("development", "testing")
    assert after.params["max_tokens"] == 7


def test_a_change_is_told_once_and_the_same_one_again_is_none() -> None:
    parts = FakeParts()
    application = fake_application(parts)

    application.use_environment("testing")
    application.use_environment("testing")

    [changed] = parts.events.of(EnvironmentChanged)
    assert (changed.environment, changed.former) == ("testing", "development")


def test_one_that_there_is_not_leaves_the_old_one_in_use() -> None:
    application = fake_application()

    with pytest.raises(EnvironmentNotFoundError):
        application.use_environment("elsewhere")

    assert application.environment == "development"


def test_another_environment_concerns_every_setting_and_a_setting_its_section() -> None:
    used = EnvironmentChanged(FAKE_START, "testing", "development")
    threads = SettingChanged(FAKE_START, "testing", THREADS, 1)

    assert used.concerns(THREADS)
    assert threads.concerns(THREADS)
    assert threads.concerns("inference")
    assert not threads.concerns("inference.thread")
    assert not threads.concerns(TOKENS)
