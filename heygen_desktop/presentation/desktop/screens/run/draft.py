"""What the person has put together so far: a model, its inputs, parameters, a seed."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Callable, Mapping, Sequence

from pydantic import BaseModel, Field

from heygen_desktop.application.forms import FieldKind, FormField, checked_value, fields_of
from heygen_desktop.application.settings.schema import InferenceSettings, Settings
from heygen_desktop.application.tasks.task import Schema, Task, Tasks
from heygen_desktop.application.use_cases.runs.start_run import MAX_SEED, RunRequest
from heygen_desktop.domain.entities.run import Json, Run
from heygen_desktop.domain.errors import InvalidParameterError, PromptTooLongError
from heygen_desktop.presentation.desktop.screens.run.rows import (
    InputRow,
    ModelRow,
    NextRequest,
    ParameterRow,
    reference_of,
    token_count,
)
from heygen_desktop.presentation.wording import typed

_DEVICE, _SEED = "device", "seed"
_DEFAULT_ENVIRONMENT = "development"


class _Seed(Schema):
    """What every task has beside its own parameters, as the device."""

    seed: int | None = Field(
        default=None,
        ge=0,
        le=MAX_SEED,
        title="Seed",
        description="The same model, inputs, parameters and seed give the same output. Left "
        "empty, each run draws one and keeps it.",
        json_schema_extra={"form": f"a whole number from 0 to {MAX_SEED}", "empty": "random"},
    )


class Draft:
    """Keeps what differs from the settings; everything else follows them."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self.inputs: dict[str, Json] = {}
        self.model: ModelRow | None = None
        self.presets: Mapping[str, Mapping[str, Json]] = {}
        """Of the picked model, by name."""
        self.tokens: int | None = None
        """Of the main input, as the model counts them; None where that is not known."""
        self._settings = Settings()
        self._devices: Sequence[str] = ()
        self._by_task: dict[str, dict[str, Json]] = {}
        self._refused: dict[str, str] = {}
        """What was typed for these cannot be a value, and why."""

    @property
    def task(self) -> Task:
        """The picked model's task; before there is a model, the first one that exists."""
        return self._tasks.of(self.model.task) if self.model else next(iter(self._tasks))

    @property
    def set_by_hand(self) -> Mapping[str, Json]:
        """What was set for this task, by key; some of it may be as the settings say."""
        return self._by_task.setdefault(self.task.tag, {})

    @property
    def changed(self) -> Mapping[str, Json]:
        """What is not as the settings say, by key."""
        settings = self._defaults()
        return {key: value for key, value in self.set_by_hand.items() if value != settings.get(key)}

    @property
    def is_complete(self) -> bool:
        """Whether there is something to run and all that it needs."""
        needed = (field.key for field in self.task.input_fields if field.required)
        is_given = all(self.inputs.get(key) not in (None, "") for key in needed)
        return self.model is not None and is_given and not self._refused

    @property
    def excess(self) -> PromptTooLongError | None:
        """What a run would end with, where the main input has more tokens than the model reads."""
        context = self.model.context if self.model else None
        if self.tokens is None or context is None or self.tokens < context:
            return None
        return PromptTooLongError(self.tokens, context)

    def follow(self, settings: Settings, devices: Sequence[str]) -> None:
        """Take the values that hold where nothing was changed by hand, and the devices there are."""
        self._settings = settings
        self._devices = devices

    def change(self, key: str, text: str) -> None:
        """Take the value that was typed; what cannot be one is in the way of a run."""
        self._refused.pop(key, None)
        try:
            value = self._checked(key, text)
        except InvalidParameterError:
            self._refused[key] = next(f.objection for f in self._fields() if f.key == key)
            return
        others = {name: each for name, each in self.set_by_hand.items() if name != key}
        # The setting's own value undoes a change, and follows the setting from then on.
        is_change = value != self._defaults().get(key)
        self._by_task[self.task.tag] = {**others, key: value} if is_change else others

    def put(self, values: Mapping[str, Json]) -> None:
        """Take these in place of all that was changed; what cannot be a value any more is left out."""
        self._refused.clear()
        taken = self._by_task[self.task.tag] = {}
        for key in self._defaults().keys() & values.keys():
            with contextlib.suppress(InvalidParameterError):
                taken[key] = self._checked(key, values[key])

    def _checked(self, key: str, value: Json) -> Json:
        own: Mapping[str, type[BaseModel]] = {_DEVICE: InferenceSettings, _SEED: _Seed}
        return checked_value(own.get(key, self.task.params), key, value)

    def shown(self) -> NextRequest:
        """Return all of it for the screen."""
        inputs, parameters = self.input_rows(), self.rows()
        main = next(row.field for row in inputs if row.field.key == self.task.main_input)
        values = {row.field.key: row.value for row in parameters}
        context = self.model.context if self.model else None
        count = token_count(self.tokens, context, values.get("max_tokens"))
        return NextRequest(
            inputs,
            main.examples,
            parameters,
            tuple(self.presets),
            self._preset(),
            count,
            self.is_complete,
        )

    @property
    def changed_but_seed(self) -> Mapping[str, Json]:
        """What a preset keeps: a seed is of a run."""
        return {key: value for key, value in self.changed.items() if key != _SEED}

    def _preset(self) -> str | None:
        now = self.changed_but_seed
        names = {"": {}, **self.presets}
        return next((name for name, values in names.items() if values == now), None)

    def take_preset(self, name: str) -> None:
        """Take what is kept under the name, or what the settings say for an empty one."""
        seed = {_SEED: self.changed[_SEED]} if _SEED in self.changed else {}
        self.put({**self.presets.get(name, {}), **seed})

    def input_rows(self) -> tuple[InputRow, ...]:
        """Return every input of the task."""
        return tuple(
            InputRow(field, self.inputs.get(field.key, field.default))
            for field in self.task.input_fields
        )

    def rows(self) -> tuple[ParameterRow, ...]:
        """Return every parameter of the task, then device and seed."""
        settings = self._defaults()
        fields = self._fields()
        keys = {field.key for field in fields}
        self._refused = {key: why for key, why in self._refused.items() if key in keys}
        return tuple(
            ParameterRow(
                field,
                self.changed.get(field.key, settings[field.key]),
                settings[field.key],
                self._refused.get(field.key, ""),
            )
            for field in fields
        )

    def _fields(self) -> tuple[FormField, ...]:
        return (*self.task.param_fields, self._device_field(), *fields_of(_Seed))

    def take_parameters(self, run: Run) -> None:
        """Take parameters, device and seed from a run."""
        again = self.request_of(run, same_seed=True)
        self.put({**again.params, _DEVICE: again.device, _SEED: run.seed})

    def request_of(self, run: Run, *, same_seed: bool) -> RunRequest:
        """Return what makes the run again; parameters that it did not know are at their own defaults."""
        return RunRequest(
            model=reference_of(run),
            inputs=run.inputs,
            task=run.task,
            params={**self._tasks.of(run.task).own_defaults, **run.params},
            seed=run.seed if same_seed else None,
            device=self._device_of(run),
        )

    def request(self) -> RunRequest:
        """Return what is to be queued.

        Raises:
            RuntimeError: No model is picked.
        """
        if self.model is None:
            raise RuntimeError("A request was asked for before a model was picked.")
        values = {row.field.key: row.value for row in self.rows()}
        device, seed = str(values.pop(_DEVICE)), values.pop(_SEED)
        return RunRequest(
            model=self.model.reference,
            inputs={row.field.key: row.value for row in self.input_rows() if row.value is not None},
            task=self.task.tag,
            params=values,
            seed=seed if isinstance(seed, int) else None,
            device=device,
        )

    def _device_of(self, run: Run) -> str:
        """A run keeps the device that auto became; asking for it by name would load the model twice."""
        automatic = next((name for name in self._devices if name != "cpu"), "cpu")
        is_same = self._settings.inference.device == "auto" and run.device == automatic
        return "auto" if is_same else run.device

    def _defaults(self) -> Mapping[str, Json]:
        own = {_DEVICE: self._settings.inference.device, _SEED: None}
        return self.task.defaults(self._settings) | own

    def _device_field(self) -> FormField:
        named = self._settings.inference.device
        choices = dict.fromkeys(
            ("auto", *self._devices, named, str(self.changed.get(_DEVICE, named)))
        )
        return FormField(
            key=_DEVICE,
            title="Device",
            help="Where the model is loaded. auto takes the first GPU, else the CPU.",
            kind=FieldKind.CHOICE,
            default=named,
            choices=tuple(choices),
        )


def command_line(
    request: RunRequest,
    environment: str,
    main_input: str,
    word: Callable[[Json], str] = typed,
) -> str:
    """Return the shell command that makes the same run; texts beside the main input need bash or zsh.

    Args:
        word: Returns an input as it is typed: a text, or the path of a file.
    """
    given = word(request.inputs.get(main_input))
    others = [
        f" --input {shlex.quote(key)}={_from_file(value, word(value))}"
        for key, value in request.inputs.items()
        if key != main_input and value not in ("", None)
    ]
    return "".join((_main_command(request, environment, given), *others))


def _from_file(value: Json, word: str) -> str:
    quoted = shlex.quote(word)
    return quoted if isinstance(value, dict) else f"<(printf %s {quoted})"


def _main_command(request: RunRequest, environment: str, given: str) -> str:
    words = ["heygen", "run", request.model]
    for key, value in request.params.items():
        if value != []:
            words += ["--param", f"{key}={typed(value)}"]
    if request.seed is not None:
        words += ["--seed", str(request.seed)]
    if request.device and request.device != "auto":
        words += ["--device", request.device]
    if environment != _DEFAULT_ENVIRONMENT:
        words += ["--env", environment]
    if given == "-":  # alone it means stdin, and stdin can say it
        return f"printf '%s' - | {shlex.join([*words, '-'])}"
    if given.startswith("-"):  # else it would be read as an option
        return shlex.join([*words, "--", given])
    return shlex.join([*words[:3], given, *words[3:]])
