"""The Run screen: an input goes in, the output comes, and every run can be looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from heygen_desktop.application.application import Application
from heygen_desktop.application.models import ModelSummary
from heygen_desktop.domain.entities.ai_model import ModelStatus
from heygen_desktop.domain.errors import NotFoundError
from heygen_desktop.presentation.desktop.screen import Screen, ScreenContext
from heygen_desktop.presentation.desktop.screens.run.composer import ComposerUseCases
from heygen_desktop.presentation.desktop.screens.run.listing import ListingUseCases
from heygen_desktop.presentation.desktop.screens.run.model_choice import ModelUseCases
from heygen_desktop.presentation.desktop.screens.run.presenter import RunPresenter, RunUseCases
from heygen_desktop.presentation.desktop.screens.run.queueing import QueueUseCases
from heygen_desktop.presentation.desktop.screens.run.view import RunScreenView


def build(context: ScreenContext) -> Screen:
    """Return the screen with its presenter."""
    view = RunScreenView(context.theme, context.memory)
    presenter = RunPresenter(
        view,
        use_cases_of(context.application),
        context.tasks,
        context.events,
        context.navigation,
        context.notices,
        context.memory,
    )
    presenter.start()
    return Screen(
        widget=view,
        presenter=presenter,
        first_focus=view.inputs_form,
        commands={
            "Run the model": presenter.run,
            "Stop the run": presenter.queue.stop_any,
            "Run again with the same seed": lambda: presenter.run_again(True),
            "Run again with a new seed": lambda: presenter.run_again(False),
            "Use the parameters of this run": presenter.use_parameters,
            "Use the input of this run": presenter.use_inputs,
            "Write the input": view.focus_input,
            "Search the runs": view.focus_search,
            "Show the queue": view.show_queue,
            "Clear the queue": presenter.queue.clear,
            "Clear the history of runs": presenter.listing.clear,
            "Copy the output": presenter.copy_output,
            "Copy the request as CLI": presenter.composer.copy_command_line,
            "Unload the model": presenter.composer.models.unload,
        },
        receive=presenter.receive,
        shown=presenter.shown,
        hidden=presenter.hidden,
    )


def use_cases_of(application: Application) -> RunUseCases:
    """Return the part of the application that the screen uses."""
    return RunUseCases(
        composer=ComposerUseCases(
            environment=lambda: application.environment,
            tasks=application.tasks,
            files=application.files,
            models=ModelUseCases(
                tasks=application.tasks,
                models=lambda: runnable_versions(application),
                ensure_starter=application.ensure_starter_model,
                loaded=application.list_loaded,
                unload=application.unload_model,
            ),
            settings=application.settings,
            devices=lambda: application.devices().usable,
            count=application.model_files.tokens,
        ),
        listing=ListingUseCases(
            list_runs=application.list_runs,
            history=application.history,
            now=lambda: datetime.now(UTC),
        ),
        queue=QueueUseCases(
            start_run=application.start_run,
            stop_here=application.dispatcher.stop,
            cancel_run=application.cancel_run,
            arrange=application.arrange_runs,
            history=application.history,
            now=lambda: datetime.now(UTC),
        ),
        get_run=application.get_run,
    )


def runnable_versions(application: Application) -> Sequence[ModelSummary]:
    """Return every version that can run here and is not archived, by model and version."""
    runs, found = application.runtimes.find, list[ModelSummary]()
    for latest in application.list_models():
        for version in latest.model.versions:
            if version.status is ModelStatus.ARCHIVED or not runs(version.artifact.format):
                continue
            if version == latest.version:
                found.append(latest)
                continue
            try:
                found.append(application.get_model(f"{latest.model.name}@{version.version}"))
            except NotFoundError:  # removed since the list was read
                continue
    return found
