"""``heygen env``: settings, environment by environment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from heygen_desktop.application.documents import (
    Document,
    environment_document,
    list_document,
    settings_document,
    value_document,
)
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.presentation.cli.session import Session
from heygen_desktop.presentation.cli.shown import Table
from heygen_desktop.presentation.wording import NOTHING

if TYPE_CHECKING:
    from heygen_desktop.application.settings.effective import EffectiveValue

Environment = Annotated[
    str, typer.Argument(metavar="ENV", help="development, testing, staging or production.")
]
Key = Annotated[str, typer.Argument(metavar="KEY", help="A setting, such as generation.top_p.")]


def list_(session: Session) -> None:
    """List the environments.

    With whom each inherits from, and how far its history has come.
    """
    found = session.application.list_environments()
    rows = [
        (
            "*" if each.is_active else "",
            each.name,
            each.parent or NOTHING,
            str(each.revision),
            str(each.own_values),
        )
        for each in found
    ]
    session.output.answer(
        list_document(found, environment_document),
        Table(("", "ENVIRONMENT", "INHERITS", ">REVISION", ">OWN SETTINGS"), rows),
    )


def show(
    session: Session,
    environment: Environment,
    effective: Annotated[
        bool,
        typer.Option(
            "--effective", help="Also show the values that each one overrides, layer by layer."
        ),
    ] = False,
) -> None:
    """Show every setting of an environment.

    With its value, and the layer from which the value comes.
    """
    found = session.application.read_settings(environment)
    rows: list[tuple[str, ...]] = []
    for key, value in found.values.items():
        rows.append((key, worded(value.value), value.layer, value.origin))
        if effective:
            rows += [("", f"instead of {worded(h.value)}", h.layer, h.origin) for h in value.hidden]
    session.output.answer(
        settings_document(found), Table(("SETTING", "VALUE", "LAYER", "FROM"), rows)
    )


def get(session: Session, environment: Environment, key: Key) -> None:
    """Print the value of one setting."""
    from heygen_desktop.application.settings.effective import checked_key

    value = session.application.read_settings(environment).values[checked_key(key)]
    session.output.answer(_document(environment, value), worded(value.value))


def set_(
    session: Session,
    environment: Environment,
    key: Key,
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Its new value.")],
) -> None:
    """Set a setting.

    Environments that inherit from this one follow.
    """
    _changed(session, environment, session.application.change_setting.set(environment, key, value))


def unset(session: Session, environment: Environment, key: Key) -> None:
    """Let a setting be inherited again."""
    _changed(session, environment, session.application.change_setting.unset(environment, key))


def _changed(session: Session, environment: str, value: EffectiveValue) -> None:
    """Say what holds now: a stronger layer may still hide what was set."""
    session.output.answer(
        _document(environment, value),
        f"{value.key} is {worded(value.value)} in {environment} ({value.layer}: {value.origin})",
    )
    hidden = [each for each in value.hidden if each.layer == "database"]
    if value.layer not in ("database", "defaults", "file") and hidden:
        session.output.note(f"What {environment} sets is overridden by: {value.layer}.")


def worded(value: Json) -> str:
    """Return a value as one would type it."""
    return value if isinstance(value, str) else json.dumps(value)


def _document(environment: str, value: EffectiveValue) -> Document:
    return {"environment": environment, "key": value.key, **value_document(value)}
