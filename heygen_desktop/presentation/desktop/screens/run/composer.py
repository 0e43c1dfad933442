"""The half of the story before Run: which inputs and which parameters, for which model."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from heygen_desktop.application.forms import FieldKind
from heygen_desktop.application.settings.schema import Settings
from heygen_desktop.application.tasks.blob import blob_of
from heygen_desktop.application.tasks.task import Tasks
from heygen_desktop.application.use_cases.runs.keep_files import KeepFiles
from heygen_desktop.application.use_cases.runs.start_run import RunRequest
from heygen_desktop.domain.entities.run import Json, Run
from heygen_desktop.domain.errors import NotFoundError
from heygen_desktop.domain.events import (
    ChangedElsewhere,
    Event,
    SettingsChanged,
)
from heygen_desktop.domain.repositories import Topic
from heygen_desktop.presentation.desktop.ports import Memory, Notices, Signal, TaskContext
from heygen_desktop.presentation.desktop.problems import Problem, problem_of
from heygen_desktop.presentation.desktop.screens.run.draft import Draft, command_line
from heygen_desktop.presentation.desktop.screens.run.model_choice import (
    ModelChoice,
    ModelChoiceView,
    ModelUseCases,
)
from heygen_desktop.presentation.desktop.screens.run.presets import Presets, Values, values_of
from heygen_desktop.presentation.desktop.screens.run.rows import (
    ModelRow,
    NextRequest,
    reference_of,
)
from heygen_desktop.presentation.desktop.work import Work
from heygen_desktop.presentation.wording import typed

_INPUT, _PARAMETERS = "run/{}", "run/parameters/{}"


class ComposerView(ModelChoiceView, Protocol):
    """What is needed of the view to put a request together."""

    @property
    def input_changed(self) -> Signal:
        """Carries the key and the value."""

    @property
    def file_chosen(self) -> Signal:
        """Carries the key of an input and the path of its file."""

    @property
    def example_picked(self) -> Signal:
        """Carries the text of a main input."""

    @property
    def parameter_changed(self) -> Signal:
        """Carries the key and the text that was typed."""

    @property
    def preset_picked(self) -> Signal:
        """Carries the name of a preset, or an empty one for what the settings say."""

    @property
    def preset_named(self) -> Signal:
        """The parameters are to be kept under the name that it carries."""

    @property
    def preset_removed(self) -> Signal: ...
    @property
    def command_line_requested(self) -> Signal: ...

    def show_request(self, request: NextRequest) -> None: ...
    def show_problem(self, problem: Problem | None) -> None: ...
    def copy_text(self, text: str) -> None: ...


@dataclass(frozen=True)
class ComposerUseCases:
    """What is asked of the application to put a request together."""

    environment: Callable[[], str]
    tasks: Tasks
    files: KeepFiles
    models: ModelUseCases
    settings: Callable[[], Settings]
    devices: Callable[[], Sequence[str]]
    count: Callable[[str, str], int | None]
    """Gets a reference and a text; returns how many tokens the model makes of it, where that is known."""


class Composer:
    """Keeps the next request true. Made and used on the UI thread."""

    def __init__(
        self,
        view: ComposerView,
        use_cases: ComposerUseCases,
        work: Work,
        notices: Notices,
        memory: Memory,
        *,
        left: Callable[[str], None],
    ) -> None:
        """Listen to the view.

        Args:
            left: Gets the reference of a model that takes the place of another one that is still there.
        """
        self._view = view
        self._use_cases = use_cases
        self._work = work
        self._notices = notices
        self._memory = memory
        self._draft = Draft(use_cases.tasks)
        self._presets = Presets(memory)
        self.models = ModelChoice(
            view, use_cases.models, work, notices, memory, chosen=self._take_model
        )
        self._left = left
        self._counted = ("", "")
        """The model and the text of the last count."""
        self._recalled: set[str] = set()
        """Tasks whose remembered parameters are in the draft."""
        view.input_changed.connect(self._take_input)
        view.file_chosen.connect(self._keep_file)
        view.example_picked.connect(
            lambda text: self._take_input(self._draft.task.main_input, text)
        )
        view.parameter_changed.connect(self._take_parameter)
        view.preset_picked.connect(self._take_preset)
        view.preset_named.connect(self._keep_preset)
        view.preset_removed.connect(self._remove_preset)
        view.command_line_requested.connect(self.copy_command_line)

    def start(self) -> None:
        """Show what is remembered."""
        self._show_form()

    def refresh(self) -> None:
        """Read models, settings and memory anew."""
        self._read_settings()
        self.models.refresh()

    def happened(self, event: Event) -> None:
        """Follow what changes elsewhere."""
        self.models.happened(event)
        is_elsewhere = isinstance(event, ChangedElsewhere) and Topic.SETTINGS in event.topics
        if is_elsewhere or isinstance(event, SettingsChanged):
            self._read_settings()

    def _take_model(self, row: ModelRow | None) -> None:
        before = self._draft.model
        if before is not None and (row is None or row.task != before.task):
            self.remember()
        self._draft.model = row
        self._draft.presets = self._presets.of(row.name) if row else {}
        self._show_form()
        if (
            before
            and row
            and before.reference != row.reference
            and self.models.has(before.reference)
        ):
            self._left(row.reference)

    def use_parameters(self, run: Run) -> None:
        """Take model, parameters, device and seed of a run; what is written stays."""
        model, before = self.models.wanted, dict(self._draft.changed)

        def take_back() -> None:
            self.models.pick(model)
            self._put_parameters(before)

        self._can_run(run)
        self.models.pick(reference_of(run))
        self._draft.take_parameters(run)
        self._show_form()
        self._notices.notify("The next run takes the parameters of this one.", undo=take_back)

    def use_inputs(self, run: Run) -> None:
        """Take the inputs of a run in place of what is written."""
        before = self._draft.inputs

        def put(inputs: Mapping[str, Json]) -> None:
            self._draft.inputs = dict(inputs)
            self._show_form()

        if run.task != self._draft.task.tag:
            self.models.pick(reference_of(run))
        if run.task == self._draft.task.tag or self._can_run(run):
            put(run.inputs)
            self._notices.notify(
                "The input of this run replaced what was written.",
                undo=lambda: put(before),
            )

    def repeat(self, run: Run, *, same_seed: bool) -> RunRequest | None:
        """Return the request that makes a run again, or None where its model is not there any more."""
        return self._draft.request_of(run, same_seed=same_seed) if self._can_run(run) else None

    def _can_run(self, run: Run) -> bool:
        is_there = self.models.has(reference_of(run))
        if not is_there:
            self._notices.warn(f"{reference_of(run)} is not in the library any more.")
        return is_there

    def _put_parameters(self, values: Mapping[str, Json]) -> None:
        self._draft.put(values)
        self._show_form()

    def reuse_seed(self, seed: int) -> None:
        """Take this seed for the next request."""
        self._put_parameters({**self._draft.changed, "seed": seed})

    def request(self) -> RunRequest | None:
        """Return the request as it stands and remember its texts; None where it cannot be made.

        Raises:
            PromptTooLongError: The model would be loaded only to refuse it.
        """
        if not self._draft.is_complete:
            return None
        self.remember()
        excess = self._draft.excess
        if excess is not None and not self._work.is_open("tokens"):
            raise excess
        return self._draft.request()

    def remember(self) -> None:
        """Keep what is put together over a restart; files are kept only by runs."""
        for row in self._draft.input_rows():
            if row.field.kind is FieldKind.TEXT:
                self._memory.remember(_INPUT.format(row.field.key), typed(row.value))
        values = self._draft.set_by_hand
        self._memory.remember(
            _PARAMETERS.format(self._draft.task.tag), json.dumps(values) if values else ""
        )

    def copy_command_line(self) -> None:
        """Put the shell command for the present request on the clipboard."""
        if not self._draft.is_complete:
            return
        request, main_input = self._draft.request(), self._draft.task.main_input
        try:
            line = command_line(
                request, self._use_cases.environment(), main_input, self._shell_word
            )
        except NotFoundError as error:  # a file that is not kept any more
            self._view.show_problem(problem_of(error))
            return
        self._view.copy_text(line)
        self._notices.notify("The command was copied.")

    def _shell_word(self, value: Json) -> str:
        """A kept file is named by where it is kept."""
        blob = blob_of(value)
        return typed(value) if blob is None else str(self._use_cases.files.path(blob))

    def _read_settings(self) -> None:
        def read(_context: TaskContext) -> tuple[Settings, Sequence[str]]:
            return self._use_cases.settings(), self._use_cases.devices()

        def follow(found: tuple[Settings, Sequence[str]]) -> None:
            self._draft.follow(*found)
            self._show_form()

        self._work.ask("settings", read, follow)

    def _take_input(self, key: str, value: Json) -> None:
        self._draft.inputs[key] = value
        self._show_form()

    def _keep_file(self, key: str, path: str) -> None:
        """The file may change or go before the run: a copy of it is what is run."""
        self._work.change(
            lambda: self._use_cases.files(Path(path)),
            lambda reference: self._take_input(key, reference),
        )

    def _take_parameter(self, key: str, text: str) -> None:
        self._draft.change(key, text)
        self._show_form()

    def _take_preset(self, name: str) -> None:
        before = dict(self._draft.changed)
        self._draft.take_preset(name)
        self._show_form()
        told = f"The parameters are those of {_quoted(name) if name else 'the settings'}."
        self._notices.notify(told, undo=lambda: self._put_parameters(before))

    def _keep_preset(self, name: str) -> None:
        self._change_preset(name.strip(), self._draft.changed_but_seed, "Saved as preset {}.")

    def _remove_preset(self, name: str) -> None:
        self._change_preset(name, None, "Removed {}.")

    def _change_preset(self, name: str, values: Values | None, told: str) -> None:
        row = self._draft.model
        if row is None or not name:
            return

        def put(wanted: Values | None) -> Values | None:
            before = self._presets.put(row.name, name, wanted)
            if self._draft.model is not None:
                self._draft.presets = self._presets.of(self._draft.model.name)
            self._show_form()
            return before

        before = put(values)
        self._notices.notify(told.format(_quoted(name)), undo=lambda: put(before))

    def _recall(self) -> None:
        tag = self._draft.task.tag
        if tag not in self._recalled:
            self._recalled.add(tag)
            self._draft.put(values_of(self._memory.recall(_PARAMETERS.format(tag))))
        for field in self._draft.task.input_fields:
            if field.kind is FieldKind.TEXT and field.key not in self._draft.inputs:
                self._draft.inputs[field.key] = self._memory.recall(_INPUT.format(field.key))

    def _count(self) -> None:
        """Count the tokens of what is written; what is written meanwhile is counted next."""
        text = self._draft.inputs.get(self._draft.task.main_input)
        model = self._draft.model.reference if self._draft.model else ""
        wanted = (model, text if isinstance(text, str) else "")
        if wanted == self._counted or self._work.is_open("tokens"):
            return
        if not all(wanted) or model != self._counted[0]:
            self._draft.tokens = None
        self._counted = wanted
        if all(wanted):
            self._work.ask(
                "tokens",
                lambda _context: self._use_cases.count(*wanted),
                self._found_tokens,
                failed=lambda _gone: self._found_tokens(None),
            )

    def _found_tokens(self, tokens: int | None) -> None:
        self._draft.tokens = tokens
        self._show_form()

    def _show_form(self) -> None:
        self._recall()
        self._count()
        self._view.show_request(self._draft.shown())


def _quoted(name: str) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{name}\N{RIGHT DOUBLE QUOTATION MARK}"
