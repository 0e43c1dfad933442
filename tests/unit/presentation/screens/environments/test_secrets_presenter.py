"""The secrets: who keeps them, which there are, and a value for a moment only."""

from __future__ import annotations

from dataclasses import dataclass

from heygen_desktop.domain.entities.secret import Secret
from heygen_desktop.domain.errors import SecretStoreLockedError, SecretStoreTimeoutError
from heygen_desktop.presentation.desktop.ports import Queue
from heygen_desktop.presentation.desktop.screens.environments.secrets.presenter import (
    SecretsPresenter,
)
from heygen_desktop.presentation.desktop.screens.environments.secrets.rows import passphrase_hint

from tests.factories.application import fake_application
from tests.factories.parts import FakeParts
from tests.fakes.secrets import FakeSecrets
from tests.fakes.tasks import FakeNotices, LaterTaskRunner, NowTaskRunner
from tests.unit.presentation.screens.environments.views import FakeSecretsView

VALUE = "hf_canary-7Q"


@dataclass
class Room:
    """A table of secrets over a fake store."""

    parts: FakeParts
    view: FakeSecretsView
    presenter: SecretsPresenter
    notices: FakeNotices
    tasks: NowTaskRunner


def a_room(given: FakeSecrets | FakeParts | None = None) -> Room:
    parts = given if isinstance(given, FakeParts) else FakeParts(secrets=given or FakeSecrets())
    view, notices, tasks = FakeSecretsView(), FakeNotices(), NowTaskRunner()
    presenter = SecretsPresenter(view, fake_application(parts).secrets, tasks, notices)
    presenter.show("development")
    return Room(parts, view, presenter, notices, tasks)


def with_token() -> Room:
    room = a_room()
    room.view.value_entered.emit("hub-token", VALUE, False)
    return room


def test_the_store_that_keeps_secrets_is_named() -> None:
    room = a_room()

    assert (room.view.store.name, room.view.store.is_ready) == ("Secret Service", True)
    assert room.view.rows == ()


def test_a_value_is_kept_and_only_its_name_is_listed() -> None:
    room = a_room()
    room.view.adding_requested.emit()
    assert room.view.entry == ("development", "")

    room.view.value_entered.emit("hub-token", VALUE, False)

    assert room.parts.secrets.values == {("development", "hub-token"): VALUE}
    assert room.view.names == ["hub-token"]
    assert room.view.rows[0].reference == "${secret:hub-token}"
    assert not room.view.is_entry_open
    assert room.notices.notices == ["hub-token is kept in development."]
    assert Queue.CHANGES in [task.queue for task in room.tasks.submitted]
    assert VALUE not in repr((room.view.rows, room.view.store, room.presenter))


def test_a_name_that_cannot_be_one_is_told_in_the_entry() -> None:
    room = a_room()
    room.view.adding_requested.emit()

    room.view.value_entered.emit("no good", VALUE, False)

    assert room.view.entry_problem is not None
    assert "cannot be the name of a secret" in room.view.entry_problem.title
    assert room.view.is_entry_open


def test_a_new_secret_does_not_overwrite_another_one() -> None:
    room = with_token()

    room.view.value_entered.emit("hub-token", "other", False)

    assert room.parts.secrets.values["development", "hub-token"] == VALUE
    assert room.view.entry_problem is not None
    assert "there already" in room.view.entry_problem.title


def test_a_value_is_replaced_where_that_was_asked_for() -> None:
    room = with_token()
    room.view.replacing_requested.emit("hub-token")
    assert room.view.entry == ("development", "hub-token")

    room.view.value_entered.emit("hub-token", "other", True)

    assert room.parts.secrets.values["development", "hub-token"] == "other"


def test_a_value_that_was_replaced_comes_back_with_undo() -> None:
    room = with_token()
    room.view.value_entered.emit("hub-token", "other", True)

    room.notices.undo()

    assert room.parts.secrets.values["development", "hub-token"] == VALUE
    assert room.notices.notices[-1] == "hub-token has its former value in development."


def test_a_value_whose_former_one_is_gone_is_replaced_without_undo() -> None:
    room = with_token()
    room.parts.secrets.values.clear()

    room.view.value_entered.emit("hub-token", "other", True)

    assert room.parts.secrets.values["development", "hub-token"] == "other"
    assert room.notices.undoable == ""


def test_a_value_is_revealed_when_asked_for() -> None:
    room = with_token()

    room.view.reveal_requested.emit("hub-token")

    assert room.view.revealed == ("hub-token", VALUE)
    assert room.view.store.busy == ""


def test_a_copied_value_is_announced_without_it() -> None:
    room = with_token()

    room.view.copy_requested.emit("hub-token")

    assert room.view.copied == VALUE
    assert room.notices.notices[-1] == "hub-token is copied; the clipboard is cleared in 30 s."


def test_another_environment_masks_what_is_revealed() -> None:
    room = with_token()
    room.view.reveal_requested.emit("hub-token")

    room.presenter.show("production")

    assert room.view.revealed is None
    assert (room.view.names, room.view.environment) == ([], "production")


def test_leaving_the_screen_masks_what_is_revealed() -> None:
    room = with_token()
    room.view.reveal_requested.emit("hub-token")

    room.presenter.rest()

    assert room.view.revealed is None


def test_a_value_that_arrives_after_the_environment_was_left_is_not_shown() -> None:
    parts, view, tasks = FakeParts(), FakeSecretsView(), LaterTaskRunner()
    secrets = fake_application(parts).secrets
    secrets.set("development", "hub-token", VALUE)
    presenter = SecretsPresenter(view, secrets, tasks, FakeNotices())
    presenter.show("development")
    tasks.run_all()

    view.reveal_requested.emit("hub-token")
    assert view.store.busy == "Asking for hub-token…"
    presenter.show("production")
    tasks.run_all()

    assert view.revealed is None
    assert view.store.busy == ""


def test_a_deleted_secret_is_gone_at_once_and_comes_back_with_undo() -> None:
    room = with_token()
    created = room.view.rows[0].created_at

    room.view.deletion_requested.emit(["hub-token"])
    assert room.view.names == []
    assert room.parts.secrets.values == {}
    assert room.notices.undoable == "hub-token deleted from development."
    room.notices.undo()

    assert room.parts.secrets.values == {("development", "hub-token"): VALUE}
    assert [row.created_at for row in room.view.rows] == [created]
    assert room.notices.notices[-1] == "hub-token is back in development."


def test_several_secrets_are_deleted_and_come_back_together() -> None:
    room = with_token()
    room.view.value_entered.emit("signing-key", "k", False)

    room.view.deletion_requested.emit(["hub-token", "signing-key"])
    room.view.deletion_requested.emit([])
    assert room.view.names == []
    room.notices.undo()

    assert room.view.names == ["hub-token", "signing-key"]
    assert room.notices.notices[-2:] == [
        "2 secrets deleted from development.",
        "2 secrets are back in development.",
    ]


def test_a_secret_that_was_set_anew_meanwhile_is_not_overwritten_by_undo() -> None:
    room = with_token()
    room.view.deletion_requested.emit(["hub-token"])
    room.view.value_entered.emit("hub-token", "newer", False)

    room.notices.undo()

    assert room.parts.secrets.values == {("development", "hub-token"): "newer"}
    assert room.notices.notices[-1].endswith("What was set anew meanwhile stays as it is.")


def test_a_secret_whose_value_was_gone_already_has_no_undo() -> None:
    room = with_token()
    room.parts.secrets.values.clear()

    room.view.deletion_requested.emit(["hub-token"])

    assert (room.view.names, room.notices.undoable) == ([], "")


def test_a_deletion_that_stops_halfway_shows_what_is_left_and_can_be_undone() -> None:
    room = with_token()

    room.view.deletion_requested.emit(["hub-token", "never-set"])

    assert room.view.problem is not None
    assert "never-set" in room.view.problem.title
    assert room.view.names == []
    room.notices.undo()
    assert room.view.names == ["hub-token"]


def test_a_locked_keyring_is_told_and_trying_again_helps() -> None:
    room = with_token()
    room.parts.secrets.trouble = SecretStoreLockedError("Secret Service")
    room.view.reveal_requested.emit("hub-token")
    room.view.retry_requested.emit()
    assert room.view.problem is not None
    assert room.view.problem.title == "The Secret Service is locked."
    assert room.view.store.problem == "The Secret Service is locked."
    assert room.view.names == ["hub-token"]

    room.parts.secrets.trouble = None
    room.view.retry_requested.emit()

    assert room.view.store.is_ready


def test_a_keyring_that_does_not_answer_leaves_the_entry_open() -> None:
    room = a_room()
    room.parts.secrets.trouble = SecretStoreTimeoutError("Secret Service", 6)
    room.view.adding_requested.emit()

    room.view.value_entered.emit("hub-token", VALUE, False)

    assert room.view.entry == ("development", "")
    assert room.view.entry_problem is not None
    assert VALUE not in room.view.entry_problem.as_text


def test_without_a_keyring_a_vault_is_made_with_a_passphrase() -> None:
    room = a_room(FakeSecrets(has_keyring=False))
    assert (room.view.store.opens, room.view.store.is_new) == ("Make a vault", True)
    assert room.view.store.sentence == "Secrets have no place to be kept in yet."

    room.view.passphrase_entered.emit("one")

    assert (room.view.store.name, room.view.store.is_ready) == ("vault", True)
    assert room.notices.notices == ["The vault is open until the program ends."]
    assert room.view.store.busy == ""


def test_a_wrong_passphrase_is_told_and_the_right_one_opens() -> None:
    room = a_room(FakeSecrets(has_keyring=False, passphrase="right"))
    assert (room.view.store.opens, room.view.store.is_new) == ("Open the vault", False)

    room.view.passphrase_entered.emit("wrong")
    assert "does not open" in room.view.store.wrong
    room.view.passphrase_entered.emit("right")

    assert room.view.store.is_ready


def test_a_vault_beside_the_keyring_can_be_opened_where_it_holds_a_secret() -> None:
    store = FakeSecrets(passphrase="right")
    store.put_into_vault("development", "hub-token", VALUE)
    parts = FakeParts(secrets=store)
    with parts.units() as unit:
        unit.secrets.save(
            Secret("hub-token", "development", "vault", parts.clock.now(), parts.clock.now())
        )
        unit.commit()
    room = a_room(parts)
    assert (room.view.store.is_ready, room.view.store.opens) == (True, "Open the vault")
    room.view.reveal_requested.emit("hub-token")
    assert room.view.problem is not None
    assert room.view.problem.title == "The vault is locked."

    room.view.passphrase_entered.emit("right")
    room.view.reveal_requested.emit("hub-token")

    assert room.view.revealed == ("hub-token", VALUE)
    assert room.view.store.opens == ""


def test_a_vault_that_holds_nothing_here_is_not_asked_for() -> None:
    room = a_room(FakeSecrets(passphrase="right"))

    assert (room.view.store.is_ready, room.view.store.opens) == (True, "")


def test_nothing_is_asked_before_an_environment_is_chosen() -> None:
    tasks = NowTaskRunner()
    presenter = SecretsPresenter(
        FakeSecretsView(), fake_application().secrets, tasks, FakeNotices()
    )

    presenter.refresh()

    assert not tasks.submitted


def test_closing_lets_every_value_go_and_stays_quiet() -> None:
    parts, view, tasks = FakeParts(), FakeSecretsView(), LaterTaskRunner()
    secrets = fake_application(parts).secrets
    secrets.set("development", "hub-token", VALUE)
    presenter = SecretsPresenter(view, secrets, tasks, FakeNotices())
    presenter.show("development")
    view.copied = VALUE
    view.reveal_requested.emit("hub-token")

    presenter.close()
    presenter.close()
    tasks.run_all()

    assert (view.revealed, view.copied, view.rows) == (None, "", ())


def test_the_hint_weighs_a_passphrase_by_its_length() -> None:
    assert "cannot be recovered" in passphrase_hint("", "")
    assert passphrase_hint("1", "").startswith("1 character: short.")
    assert passphrase_hint("twelve chars", "").endswith("Type it once more.")
    assert passphrase_hint("twelve chars", "twelve") == "The two are not the same yet."
    assert passphrase_hint("twelve chars", "twelve chars").startswith("12 characters: good")


def test_a_deletion_is_carried_out_although_another_follows_it() -> None:
    parts, view, tasks, notices = FakeParts(), FakeSecretsView(), LaterTaskRunner(), FakeNotices()
    secrets = fake_application(parts).secrets
    for name in ("hub-token", "signing-key"):
        secrets.set("development", name, VALUE)
    presenter = SecretsPresenter(view, secrets, tasks, notices)
    presenter.show("development")

    view.deletion_requested.emit(["hub-token"])
    view.deletion_requested.emit(["signing-key"])
    tasks.run_all()

    assert parts.secrets.values == {}
    assert notices.notices == [
        "hub-token deleted from development.",
        "signing-key deleted from development.",
    ]


def test_a_deletion_is_carried_out_although_the_screen_closes() -> None:
    parts, view, tasks, notices = FakeParts(), FakeSecretsView(), LaterTaskRunner(), FakeNotices()
    secrets = fake_application(parts).secrets
    secrets.set("development", "hub-token", VALUE)
    presenter = SecretsPresenter(view, secrets, tasks, notices)
    presenter.show("development")

    view.deletion_requested.emit(["hub-token"])
    presenter.close()
    tasks.run_all()

    assert parts.secrets.values == {}
    assert notices.notices == []
