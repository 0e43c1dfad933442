"""Settings in layers, and secrets beside them."""

from __future__ import annotations

import pytest
from heygen_desktop.application.forms import FieldKind, checked_value, fields_of
from heygen_desktop.application.settings.effective import setting_fields
from heygen_desktop.application.settings.schema import Settings
from heygen_desktop.domain.entities.environment import Revision
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.domain.errors import (
    ConfigurationError,
    EnvironmentNotFoundError,
    InvalidNameError,
    InvalidParameterError,
    SecretNotFoundError,
    SecretStoreLockedError,
    SettingNotFoundError,
    WrongPassphraseError,
)
from heygen_desktop.domain.events import SecretChanged, SettingChanged
from pydantic import BaseModel, Field

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts, WrittenSource
from tests.fakes.secrets import FakeSecrets

KEY, THEME = "inference.threads", "appearance.theme"


def test_without_layers_the_defaults_hold() -> None:
    effective = fake_application().read_settings("development")

    assert effective.settings == Settings()
    assert {value.layer for value in effective.values.values()} == {"defaults"}
    assert (effective.revision, effective.problems) == (0, ())


def test_the_strongest_layer_wins_and_says_what_it_hides() -> None:
    file = WrittenSource("file", "heygen.toml", {KEY: 1})
    process = WrittenSource("process", "HEYGEN__…", {KEY: "3"})
    application = fake_application(FakeParts(sources=[file, process]))
    application.change_setting.set("development", KEY, 2)

    value = application.read_settings("development").values[KEY]

    assert (value.value, value.layer) == (3, "process")
    assert [(h.layer, h.value) for h in value.hidden] == [
        ("database", 2),
        ("file", 1),
        ("defaults", 0),
    ]


def test_the_theme_is_the_persons_in_whichever_environment_it_was_set() -> None:
    parts = FakeParts()
    application = fake_application(parts)

    application.change_setting.set("development", THEME, "dark")
    application.change_setting.set("production", THEME, "light")

    found = application.read_settings("development").values[THEME]
    assert (found.value, found.layer, found.origin) == ("light", "database", "personal")
    assert application.read_settings("development").revision == 0
    assert {event.environment for event in parts.events.of(SettingChanged)} == {"personal"}
    assert application.change_setting.unset("testing", THEME).layer == "defaults"


def test_a_theme_that_an_environment_held_counts_no_more() -> None:
    parts = FakeParts()
    with parts.units() as unit:
        unit.environments.add(Revision("development", 1, {THEME: "dark", KEY: 3}))
        unit.commit()
    application = fake_application(parts)

    found = application.read_settings("development")

    assert (found.values[THEME].value, found.values[KEY].value) == ("system", 3)
    assert found.problems == ()
    assert [each.own_values for each in application.list_environments()] == [1, 0, 0, 0]


def test_an_environment_inherits_from_its_parent_until_it_says_otherwise() -> None:
    application = fake_application()
    application.change_setting.set("development", KEY, 2)

    inherited = application.read_settings("testing").values[KEY]
    application.change_setting.set("testing", KEY, 5)
    own = application.read_settings("testing").values[KEY]

    assert (inherited.value, inherited.origin) == (2, "development")
    assert (own.value, own.origin, own.hidden[0].origin) == (5, "testing", "development")
    assert application.read_settings("production").values[KEY].value == 0


def test_a_setting_that_is_unset_is_inherited_again() -> None:
    parts = FakeParts()
    application = fake_application(parts)
    application.change_setting.set("development", KEY, 2)

    after = application.change_setting.unset("development", KEY)
    again = application.change_setting.unset("development", KEY)

    assert after == again
    assert (after.value, after.layer) == (0, "defaults")
    assert [e.revision for e in parts.events.of(SettingChanged)] == [1, 2]


def test_the_same_value_twice_is_one_revision() -> None:
    application = fake_application()
    application.change_setting.set("development", KEY, 2)

    application.change_setting.set("development", KEY, "2")

    assert application.read_settings("development").revision == 1


@pytest.mark.parametrize(
    ("environment", "key", "value", "error"),
    [
        ("development", "inference.thread", 1, SettingNotFoundError),
        ("development", KEY, "many", InvalidParameterError),
        ("development", KEY, -1, InvalidParameterError),
        ("development", "inference.device", "gpu", InvalidParameterError),
        ("development", "appearance.theme", "pink", InvalidParameterError),
        ("prod", KEY, 1, EnvironmentNotFoundError),
    ],
)
def test_what_the_schema_does_not_accept_changes_nothing(
    environment: str, key: str, value: Json, error: type[Exception]
) -> None:
    application = fake_application()

    with pytest.raises(error):
        application.change_setting.set(environment, key, value)

    assert application.read_settings("development").revision == 0


def test_a_misspelt_key_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(SettingNotFoundError) as caught:
        fake_application().change_setting.set("development", "inference.thread", 1)

    assert KEY in caught.value.remedy


def test_a_bad_value_in_a_layer_is_passed_over_and_told() -> None:
    source = WrittenSource("process", "variables", {KEY: "many", "no.such": 1})
    effective = fake_application(FakeParts(sources=[source])).read_settings("development")

    assert effective.values[KEY].value == 0
    assert [p.code for p in effective.problems] == ["invalid_parameter", "setting_not_found"]
    assert effective.problems[0].details["layer"] == "process"


def test_a_source_that_cannot_be_read_does_not_stop_the_others() -> None:
    broken = WrittenSource("file", "x", trouble=ConfigurationError("x", "line 3 is no TOML"))
    working = WrittenSource("process", "variables", {KEY: "4"})
    effective = fake_application(FakeParts(sources=[broken, working])).read_settings("testing")

    assert effective.values[KEY].value == 4
    assert [p.code for p in effective.problems] == ["configuration_error"]


def test_the_environments_are_listed_with_their_parents() -> None:
    application = fake_application(environment="staging")
    application.change_setting.set("production", KEY, 2)

    listed = application.list_environments()

    assert [(e.name, e.parent, e.revision, e.own_values, e.is_active) for e in listed] == [
        ("development", None, 0, 0, False),
        ("testing", "development", 0, 0, False),
        ("staging", "production", 0, 0, True),
        ("production", None, 1, 1, False),
    ]


def test_every_setting_says_what_it_is_for() -> None:
    for field in setting_fields().values():
        assert field.title and field.help.endswith((".", "!")), field.key
        assert field.expected, field.key


def test_a_field_knows_its_kind_range_and_words() -> None:
    class Example(BaseModel):
        on: bool = Field(default=True)
        at_least: int = Field(default=1, ge=1)
        at_most: float | None = Field(default=None, le=2.5, json_schema_extra={"unit": "s"})
        free: float = 1.0
        word: str = "x"

    on, at_least, at_most, free, word = fields_of(Example)

    assert (on.kind, on.expected) == (FieldKind.SWITCH, "true or false")
    assert at_least.expected == "a whole number of at least 1"
    assert (at_most.expected, at_most.optional) == ("a number of at most 2.5 (s)", True)
    assert (free.expected, word.expected) == ("a number", "text")
    assert checked_value(Example, "on", "yes") is True
    assert setting_fields()["generation.top_p"].expected == "a number from 0 to 1"
    assert (
        setting_fields()["inference.headroom_mb"].expected
        == "a whole number from 0 to 1048576 (MB)"
    )
    assert setting_fields()["inference.device"].expected == "auto, cpu or a GPU such as cuda:0"
    assert setting_fields()["appearance.theme"].expected == "one of system, light, dark"


def test_a_secret_is_kept_in_the_store_and_only_named_elsewhere() -> None:
    parts = FakeParts()
    application = fake_application(parts)

    secret = application.secrets.set("testing", "hub-token", "hf_value")

    assert parts.secrets.values == {("testing", "hub-token"): "hf_value"}
    assert application.secrets.list("testing") == [secret]
    assert application.secrets.list("production") == []
    assert application.secrets.reveal("testing", "hub-token") == "hf_value"
    assert "hf_value" not in repr(parts.events.of(SecretChanged))


def test_a_secret_set_again_keeps_its_first_date() -> None:
    parts = FakeParts()
    application = fake_application(parts)
    first = application.secrets.set("testing", "a", "1")
    parts.clock.advance(60)

    second = application.secrets.set("testing", "a", "2")

    assert second.created_at == first.created_at
    assert second.updated_at > first.updated_at
    assert application.secrets.reveal("testing", "a") == "2"


def test_a_deleted_secret_is_gone() -> None:
    application = fake_application()
    application.secrets.set("testing", "a", "1")

    application.secrets.delete("testing", "a")

    assert application.secrets.list("testing") == []
    with pytest.raises(SecretNotFoundError):
        application.secrets.reveal("testing", "a")
    with pytest.raises(SecretNotFoundError):
        application.secrets.delete("testing", "a")


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("a/b", "x", InvalidNameError),
        ("a", "", InvalidParameterError),
        ("a", "x" * 70_000, InvalidParameterError),
        ("a", "xxxx \udce9", InvalidParameterError),
    ],
)
def test_what_cannot_be_a_secret_is_not_stored(
    name: str, value: str, error: type[Exception]
) -> None:
    parts = FakeParts()

    with pytest.raises(error) as caught:
        fake_application(parts).secrets.set("testing", name, value)

    assert parts.secrets.values == {}
    assert "xxxx" not in str(caught.value)


def test_a_secret_that_the_store_refuses_is_not_listed() -> None:
    parts = FakeParts()
    parts.secrets.trouble = SecretStoreLockedError("Secret Service")
    application = fake_application(parts)

    with pytest.raises(SecretStoreLockedError):
        application.secrets.set("testing", "a", "1")

    assert application.secrets.list("testing") == []
    assert not application.secrets.status().is_ready


def test_where_there_is_no_keyring_a_passphrase_opens_the_vault() -> None:
    parts = FakeParts(secrets=FakeSecrets(has_keyring=False, passphrase="right"))
    application = fake_application(parts)

    with pytest.raises(WrongPassphraseError):
        application.secrets.open_vault("wrong")
    with pytest.raises(InvalidParameterError):
        application.secrets.open_vault("")
    application.secrets.open_vault("right")

    assert application.secrets.set("testing", "a", "1").store == "vault"
