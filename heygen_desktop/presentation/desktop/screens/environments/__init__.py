"""The environments: their settings with where each value comes from, and their secrets."""

from __future__ import annotations

from heygen_desktop.domain.entities.environment import PARENTS
from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext
from heygen_desktop.presentation.desktop.screens.environments.presenter import EnvironmentsPresenter
from heygen_desktop.presentation.desktop.screens.environments.secrets.presenter import (
    SecretsPresenter,
)
from heygen_desktop.presentation.desktop.screens.environments.settings.presenter import (
    SettingsPresenter,
)
from heygen_desktop.presentation.desktop.screens.environments.view import EnvironmentsScreen


def build(context: ScreenContext) -> Screen:
    """Build the screen; it reads once it is shown. Its argument is an environment's name."""
    app = context.application
    view = EnvironmentsScreen(context.theme, context.memory)
    settings = SettingsPresenter(
        view.settings, app.read_settings, app.change_setting, context.tasks, context.notices
    )
    secrets = SecretsPresenter(view.secrets, app.secrets, context.tasks, context.notices)
    presenter = EnvironmentsPresenter(
        view,
        app.list_environments,
        app.use_environment,
        settings,
        secrets,
        context.tasks,
        context.events,
    )

    def set_secret() -> None:
        if not presenter.selected:  # the list of environments is still being read
            presenter.select(app.environment)
        view.show_secrets_page()
        secrets.add()

    def receive(argument: str) -> None:
        """``ENVIRONMENT``, ``setting:KEY`` or ``secret:ENVIRONMENT/NAME``."""
        kind, _, key = argument.rpartition(":")
        environment, _, name = key.partition("/")
        if kind == "setting":
            view.show_setting(key)
        elif environment in PARENTS:
            presenter.select(environment)
        if kind == "secret":
            view.show_secrets_page(name)

    return Screen(
        view,
        presenter,
        first_focus=view.list,
        commands={
            "Search settings": view.focus_settings_search,
            "Set a secret": set_secret,
        },
        receive=receive,
        shown=presenter.refresh,
        hidden=secrets.rest,
    )
