"""``heygen secret``: names on the command line, values from a prompt or stdin only."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from heygen_desktop.application.documents import list_document, secret_document
from heygen_desktop.application.ports.secrets import VAULT, SecretStoreStatus
from heygen_desktop.domain.errors import InvalidParameterError
from heygen_desktop.presentation.cli.files import read_stdin
from heygen_desktop.presentation.cli.session import Session
from heygen_desktop.presentation.cli.shown import Table
from heygen_desktop.presentation.wording import moment

Name = Annotated[str, typer.Argument(metavar="NAME", help="The secret's name.")]


def set_(
    session: Session,
    name: Name,
    stdin: Annotated[
        bool,
        typer.Option("--stdin", help="Read the value from stdin, as without a terminal."),
    ] = False,
) -> None:
    """Keep a secret.

    It goes to the system's keyring, or to the vault where there is none. The value is typed at a prompt that does not show it, or read from stdin. It is never an argument:
    those are seen by every process of the machine.
    """
    secrets = session.application.secrets
    status, held_in = secrets.status(), _held_in(session, name)
    is_in_locked_keyring = held_in not in ("", VAULT) and held_in == status.name
    if not (status.is_ready or stdin or is_in_locked_keyring):
        _open_vault(session, status)
    value = _value(session, name, stdin)
    kept = secrets.set(session.application.environment, name, value)
    session.output.answer(
        secret_document(kept),
        f"{kept.name} is kept in the {kept.store}; settings refer to it as {kept.reference}",
    )


def _value(session: Session, name: str, from_stdin: bool) -> str:
    if from_stdin or not sys.stdin.isatty():
        return read_stdin()
    return _asked(session, f"Value of {name}: ")


def _held_in(session: Session, name: str) -> str:
    listed = session.application.secrets.list(session.application.environment)
    return next((each.store for each in listed if each.name == name), "")


def _open_vault(session: Session, status: SecretStoreStatus) -> None:
    """Ask a person at a terminal for the vault's passphrase, where that would help."""
    if not status.can_open_vault or not sys.stdin.isatty():
        return
    if status.problem:
        session.output.note(status.problem)
    if status.vault_exists:
        passphrase = _asked(session, "Passphrase of the vault: ")
    else:
        session.output.note("A new vault will keep secrets, encrypted with a passphrase.")
        passphrase = _asked(session, "New passphrase: ")
        if _asked(session, "Repeat the passphrase: ") != passphrase:
            raise InvalidParameterError("the passphrase", "(not shown)", "the same both times")
    session.application.secrets.open_vault(passphrase)


def _asked(session: Session, prompt: str) -> str:
    try:
        return session.services.ask_hidden(prompt)
    except EOFError as error:
        raise InvalidParameterError("the answer", "", "a line of text") from error


def list_(session: Session) -> None:
    """List the secrets, without their values."""
    environment = session.application.environment
    found = session.application.secrets.list(environment)
    if not found:
        session.output.note(f"No secret is kept in {environment}.")
    rows = [(each.name, each.store, each.reference, moment(each.updated_at)) for each in found]
    table = Table(("NAME", "KEPT IN", "REFERENCE", "SET"), rows)
    session.output.answer(list_document(found, secret_document), *([table] if rows else []))


def delete(session: Session, name: Name) -> None:
    """Delete a secret, value and name."""
    environment = session.application.environment
    secrets = session.application.secrets
    if _held_in(session, name) == VAULT:
        _open_vault(session, secrets.status())
    secrets.delete(environment, name)
    session.output.answer(
        {"name": name, "environment": environment, "deleted": True},
        f"Deleted {name} from {environment}.",
    )
