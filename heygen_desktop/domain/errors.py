"""Every trouble the program expects, as one tree; each front words it in its own way.

::

    HeyGenError
    |- InvalidInputError
    |  |- InvalidNameError            a model, secret or environment name that cannot be one
    |  |- InvalidVersionError         a version that is not MAJOR.MINOR.PATCH
    |  |- InvalidParameterError       a task parameter or setting value out of its range
    |  |- PromptTooLongError          the prompt does not fit the model's context
    |  `- FileUnreadableError         a file or stream that should be read as text cannot be
    |- NotFoundError
    |  |- ModelNotFoundError  |- RunNotFoundError  |- EnvironmentNotFoundError
    |  |- SettingNotFoundError  |- SecretNotFoundError  |- ModelNotLoadedError
    |  `- BlobMissingError            a file that an input refers to is not kept any more
    |- ConflictError
    |  |- ModelExistsError            the name and version are taken by other files
    |  |- InvalidTransitionError      a change of state that the life of a thing does not allow
    |  `- AlreadyRunningError         a second window on the same home
    |- ArtifactError
    |  |- ArtifactMissingError  |- ArtifactUnreadableError  |- ArtifactEmptyError
    |  |- ArtifactCorruptError        a header that lies, a file cut short
    |  |- ArtifactChangedError        not the files any more that were registered
    |  |- ArtifactUnsupportedError    a format that no runtime here executes
    |  `- ArtifactUnsafeError         loading it would run code from the files
    |- InferenceError
    |  |- ModelTooLargeError          the estimate passes the memory that is free
    |  |- ModelLoadError              the runtime refused the files
    |  |- DeviceUnavailableError      the device asked for is not here, or not to be used now
    |  |- WorkerCrashedError          the process died by a signal or an exit code
    |  |- WorkerOutOfMemoryError      the process, or the GPU, ran out of memory
    |  |- WorkerHungError             no sign of life within the limit
    |  |- WorkerProtocolError         the process sent what it must not send
    |  |- ResidentSilentError         the process that keeps models gives no sign of life
    |  |- RunFailedError              the task itself failed inside the runtime
    |  |- WrongOutputError            what came out is not what the task gives
    |  `- RunCancelledError           somebody asked for the stop; not a failure
    |- StorageError
    |  |- DiskFullError  |- DatabaseBusyError  |- DatabaseCorruptError
    |  |- DatabaseTooNewError         written by a later version of this program
    |  |- HomeUnwritableError         the data folder cannot be written
    |  `- FileUnwritableError         a file that the user named cannot be written
    |- SecretStoreError
    |  |- NoSecretStoreError  |- SecretStoreLockedError  |- SecretStoreTimeoutError
    |  |- SecretOutOfReachError       kept in a keyring that this session does not have
    |  `- WrongPassphraseError
    |- ConfigurationError             a settings file or process variable that cannot be read
    |- StoppedBySignalError           Ctrl-C, or a request to end, came before the end
    |- SelfTestFailedError            a step of the self-test did not do what it must
    `- DisplayMissingError            a window was asked for where there is no display

A class holds the sentences, with places for data in braces: what happened (``message``), what brought
it about (``cause``) and what to do next (``remedy``). An error holds them filled in, and the data
(``details``). Programming mistakes are not in this tree: they raise ``ValueError`` or
``RuntimeError`` and are not caught.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import ClassVar

Detail = str | int | float | bool | None
_MOST_CHARACTERS = 4000
_TELL_LAST = ("last_output", "evidence")
"""Texts whose end says the most; of all others the beginning is kept."""


class HeyGenError(Exception):
    """The root: one sentence, its cause, its remedy, and the data they were made from."""

    code: ClassVar[str] = "error"
    """Stable, machine-readable; snake case. Part of the ``--json`` and API contract."""
    message: str = ""
    cause: str = ""
    remedy: str = ""

    def __init_subclass__(cls, *, code: str = "") -> None:
        """Give the class its code; one without is only a base, and never raised."""
        cls.code = code or cls.code

    def __init__(
        self,
        message: str = "",
        *,
        cause: str = "",
        remedy: str = "",
        details: Mapping[str, Detail] | None = None,
        **data: object,
    ) -> None:
        """Keep what is given, and fill the sentences of the class with the data.

        Args:
            message: Like ``cause`` and ``remedy``, in place of the class's own sentence.
            details: Data that is in no sentence.
            data: For the braces; kept in ``details`` as far as JSON has such a thing, else as text.
        """
        is_whole = bool(message) and not data  # as another process said it, or made by hand
        self.message = message or _WORDS.vformat(self.message, (), data)
        self.cause = cause if cause or is_whole else _WORDS.vformat(self.cause, (), data)
        self.remedy = remedy if remedy or is_whole else _WORDS.vformat(self.remedy, (), data)
        kept = {name: _detail(name, value) for name, value in data.items()}
        self.details: dict[str, Detail] = {**kept, **(details or {})}
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message


class _Words(Formatter):
    """Format specifications of our own, beside those of numbers.

    ``q80`` quotes at most 80 characters, ``GB`` counts bytes in gigabytes, ``.`` closes what a
    library or the system said with a full stop where it left that out.
    """

    def format_field(self, value: object, format_spec: str) -> str:
        if format_spec.startswith("q"):
            return repr(str(value)[: int(format_spec[1:])])
        if format_spec == "GB" and isinstance(value, int):
            return f"{value / 1e9:.1f} GB"
        if format_spec == ".":
            text = str(value).rstrip()
            return text if text.endswith((".", "?", "!")) else f"{text}."
        return str(super().format_field(_detail("", value), format_spec))


_WORDS = _Words()


def _detail(name: str, value: object) -> Detail:
    if value is None or isinstance(value, int | float):
        return value
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return text[-_MOST_CHARACTERS:] if name in _TELL_LAST else text[:_MOST_CHARACTERS]


class _FileError(HeyGenError):
    """A file and what is wrong with it."""

    cause = "{reason}"

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path=path, reason=reason)


class _ReasonError(HeyGenError):
    """Something that went wrong for a reason."""

    cause = "{reason}"

    def __init__(self, reason: str) -> None:
        super().__init__(reason=reason)


# What the user gave cannot be used as it is


class InvalidInputError(HeyGenError, code="invalid_input"):
    """What the user gave cannot be used as it is."""


class InvalidNameError(InvalidInputError, code="invalid_name"):
    """A name that would be ambiguous or unsafe on disk or in a URL."""

    message = "{name:q80} cannot be the name of a {kind}."
    cause = (
        "Names use letters, digits, dots, dashes and underscores, start with a letter or digit, and "
        "have at most 128 characters."
    )

    def __init__(self, kind: str, name: str, *, suggestion: str = "") -> None:
        hint = f" For example: {suggestion}." if suggestion else ""
        remedy = f"Choose a name such as my-{kind}-1.{hint}"
        super().__init__(remedy=remedy, kind=kind, name=name[:200], suggestion=suggestion)


class InvalidVersionError(InvalidInputError, code="invalid_version"):
    """A version that is not MAJOR.MINOR.PATCH."""

    message = "{version:q80} is not a version."
    cause = "Versions are three numbers, such as 1.0.0."
    remedy = "Write MAJOR.MINOR.PATCH, for example 1.0.0 or 2.1.0-rc.1."

    def __init__(self, version: str) -> None:
        super().__init__(version=version[:200])


class InvalidParameterError(InvalidInputError, code="invalid_parameter"):
    """A parameter or setting whose value is outside its type or range."""

    message = "{parameter} cannot be {value:q80}."
    cause = "{parameter} must be {expected}."
    remedy = "Give a value that is {expected}."

    def __init__(self, parameter: str, value: object, expected: str) -> None:
        super().__init__(parameter=parameter, value=str(value)[:200], expected=expected)


class PromptTooLongError(InvalidInputError, code="prompt_too_long"):
    """The prompt leaves no room in the model's context."""

    message = "The prompt has {prompt_tokens:,} tokens; the model reads at most {context_tokens:,}."
    cause = "The prompt and the answer together must fit into the model's context."
    remedy = "Shorten the prompt, or choose a model with a longer context."

    def __init__(self, prompt_tokens: int, context_tokens: int) -> None:
        super().__init__(prompt_tokens=prompt_tokens, context_tokens=context_tokens)


class FileUnreadableError(_FileError, InvalidInputError, code="file_unreadable"):
    """A file or stream that should be read as text cannot be."""

    message = "{path} cannot be read."
    remedy = "Give a text file (UTF-8) that exists and that your user may read."


# What was named does not exist here


class NotFoundError(HeyGenError, code="not_found"):
    """What was named does not exist here."""


class ModelNotFoundError(NotFoundError, code="model_not_found"):
    """No model, version or alias of that name."""

    message = "There is no model {reference:q140}."
    cause = "No model with that name or version is registered."

    def __init__(self, reference: str, *, suggestion: str = "") -> None:
        remedy = f"{_nearest(suggestion)}'heygen models list' shows what is registered."
        super().__init__(remedy=remedy, reference=reference[:200], suggestion=suggestion)


class RunNotFoundError(NotFoundError, code="run_not_found"):
    """No run with that id."""

    message = "There is no run {run_id:q80}."
    cause = "No run with that id, or beginning with it, was recorded."
    remedy = "'heygen runs list' shows the recorded runs."

    def __init__(self, run_id: str) -> None:
        super().__init__(run_id=run_id[:200])


class EnvironmentNotFoundError(NotFoundError, code="environment_not_found"):
    """No environment of that name."""

    message = "There is no environment {environment:q80}."
    cause = "The environments are {known}."
    remedy = "Choose one of them with --env or HEYGEN_ENV."

    def __init__(self, environment: str, known: tuple[str, ...]) -> None:
        super().__init__(environment=environment[:200], known=known)


class SettingNotFoundError(NotFoundError, code="setting_not_found"):
    """No setting with that key in the schema."""

    message = "There is no setting {key:q80}."
    cause = "No setting has that name."

    def __init__(self, key: str, *, suggestion: str = "") -> None:
        remedy = f"{_nearest(suggestion)}'heygen env show development' lists every key."
        super().__init__(remedy=remedy, key=key[:200], suggestion=suggestion)


class SecretNotFoundError(NotFoundError, code="secret_not_found"):
    """No secret of that name in that environment."""

    message = "There is no secret {name:q80} in {environment}."
    cause = "It was never set here, or it was deleted."
    remedy = "'heygen secret set {name:.80} --env {environment}' stores one."

    def __init__(self, name: str, environment: str, *, wanted_by: str = "") -> None:
        cause = f"{wanted_by} refers to it. {self.cause}" if wanted_by else ""
        super().__init__(cause=cause, name=name[:200], environment=environment)


class ModelNotLoadedError(NotFoundError, code="model_not_loaded"):
    """The model is not in memory."""

    message = "{name:q140} is not loaded."
    cause = "It is not in memory."
    remedy = "'heygen ps' shows what is in memory."

    def __init__(self, name: str) -> None:
        super().__init__(name=name[:200])


class BlobMissingError(NotFoundError, code="blob_missing"):
    """A file that an input refers to is not kept any more."""

    message = "{name:q140} is not among the files that are kept here."
    cause = "No run refers to it any more, so it was removed, or it was given to another home."
    remedy = "Choose the file again."

    def __init__(self, name: str, blob: str) -> None:
        super().__init__(name=name[:200], blob=blob)


def _nearest(suggestion: str) -> str:
    return f"Did you mean {suggestion}? " if suggestion else ""


# What was asked for contradicts what is there


class ConflictError(HeyGenError, code="conflict"):
    """What was asked for contradicts what is there."""


class ModelExistsError(ConflictError, code="model_exists"):
    """The name and version already point at other files."""

    message = "{name} {version} is already registered."
    cause = "It points at {path}."
    remedy = "Give another --name or --version, or remove the old entry first."

    def __init__(self, name: str, version: str, path: str) -> None:
        super().__init__(name=name, version=version, path=path)


class InvalidTransitionError(ConflictError, code="invalid_transition"):
    """A change of state that the life of the thing does not allow."""

    message = "A {kind} that is {current} cannot become {wanted}."
    cause = "{current} does not lead to {wanted}."
    remedy = "Look at its state first: it may have ended already."

    def __init__(self, kind: str, current: str, wanted: str) -> None:
        super().__init__(kind=kind, current=current, wanted=wanted)


class AlreadyRunningError(ConflictError, code="already_running"):
    """A window already shows this home."""

    cause = "A data folder has one window, so that two do not overwrite each other's work."
    remedy = "Use the open window, or start with another --home."

    def __init__(self, pid: int | None) -> None:
        who = f" (process {pid})" if pid else ""
        super().__init__(f"HeyGen Desktop is already open{who}.", pid=pid)


# The files of a model cannot serve


class ArtifactError(HeyGenError, code="artifact_error"):
    """The files of a model cannot serve."""


class ArtifactMissingError(ArtifactError, code="artifact_missing"):
    """The path does not exist."""

    message = "There is nothing at {path}."
    cause = "The file or folder does not exist, or its disk is not connected."
    remedy = (
        "Check the path and connect the disk. A model that moved is registered from its new place; "
        "with its old name given, it becomes that model's next version."
    )

    def __init__(self, path: str) -> None:
        super().__init__(path=path)


class ArtifactUnreadableError(_FileError, ArtifactError, code="artifact_unreadable"):
    """The operating system refuses to let us read it."""

    message = "{path} cannot be read."
    remedy = "Give your user the right to read it, for example: chmod -R u+rX on that path."


class ArtifactEmptyError(ArtifactError, code="artifact_empty"):
    """The folder holds nothing that is a model."""

    message = "No model was found in {path}."
    remedy = "Choose the folder that holds config.json and the .safetensors files."

    def __init__(self, path: str, entries: int) -> None:
        seen = f"None of its files ({entries:,} seen) is a model that this program knows."
        cause = seen if entries else "The folder is empty."
        super().__init__(cause=cause, path=path, entries=entries)


class ArtifactCorruptError(_FileError, ArtifactError, code="artifact_corrupt"):
    """A file's header lies, or the file was cut short."""

    message = "{path} is damaged or incomplete."
    remedy = "Copy or download the file again and compare its size and checksum."


class ArtifactChangedError(ArtifactError, code="artifact_changed"):
    """The files are not those that were registered."""

    message = "The files of {model} changed since they were registered."
    cause = "Changed: {files}."
    remedy = (
        "Verify the model again, in the Library or with 'heygen models verify {model}'; "
        "then put the files back, or take them as they are now."
    )

    def __init__(self, model: str, files: tuple[str, ...], *, remedy: str = "") -> None:
        super().__init__(remedy=remedy, model=model, files=files)


class ArtifactUnsupportedError(ArtifactError, code="artifact_unsupported"):
    """No runtime here executes this format, architecture or task."""

    message = "{path} cannot be used by this version."
    cause = "{reason}"
    remedy = "Use a Hugging Face style folder with .safetensors weights."

    def __init__(self, path: str, reason: str, *, remedy: str = "") -> None:
        super().__init__(remedy=remedy, path=path, reason=reason)


class ArtifactUnsafeError(_FileError, ArtifactError, code="artifact_unsafe"):
    """Loading it would run code that came with the files."""

    message = "{path} is refused because loading it could run code."
    remedy = (
        "Use the model's .safetensors files. Converting this one runs its code: do that only on a "
        "computer that holds nothing you need."
    )


# A model could not be loaded or run


class InferenceError(HeyGenError, code="inference_error"):
    """A model could not be loaded or run."""


class ModelTooLargeError(InferenceError, code="model_too_large"):
    """The estimate passes the memory that is free now."""

    message = "{name} needs about {needed_bytes:GB} on {device}; {free_bytes:GB} are free."
    cause = "Its weights and working memory need more than is free now."
    remedy = "Unload other models, close other programs, or choose a smaller model or precision."

    def __init__(self, name: str, device: str, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(name=name, device=device, needed_bytes=needed_bytes, free_bytes=free_bytes)


class ModelLoadError(InferenceError, code="model_load_failed"):
    """The runtime refused the files."""

    message = "{name} could not be loaded."
    cause = "{reason:.}"
    remedy = "The run's log says more; verify the model to check its files."

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name=name, reason=reason)


class DeviceUnavailableError(InferenceError, code="device_unavailable"):
    """The device asked for is not on this machine, or cannot be used now."""

    message = "No model can run on {device:q40} here."
    remedy = "Choose one of them, or 'auto'. 'heygen doctor' says what a GPU still needs."

    def __init__(self, device: str, available: tuple[str, ...], problem: str = "") -> None:
        usable = f"Devices that can be used: {', '.join(available)}."
        cause = f"{problem} {usable}" if problem else usable
        super().__init__(cause=cause, device=device[:40], available=available)


class WorkerCrashedError(InferenceError, code="worker_crashed"):
    """The worker process died by a signal or an exit code."""

    message = "The model's process ended unexpectedly while {phase}: {how}."
    cause = "The window and all other runs go on."
    remedy = (
        "Run it again. If it ends again, try another device or precision and look at the run's log."
    )

    def __init__(self, phase: str, how: str, last_output: str = "") -> None:
        super().__init__(phase=phase, how=how, last_output=last_output)


class WorkerOutOfMemoryError(InferenceError, code="worker_out_of_memory"):
    """The worker process, or the GPU it used, ran out of memory."""

    message = "Memory on {device} ran out while {phase}."
    cause = "{evidence}"
    remedy = (
        "Unload other models, shorten the prompt or the answer, or choose a smaller model or "
        "precision."
    )

    def __init__(self, phase: str, device: str, evidence: str) -> None:
        super().__init__(phase=phase, device=device, evidence=evidence)


class WorkerHungError(InferenceError, code="worker_hung"):
    """The worker gave no sign of life within the limit, and was stopped."""

    message = "The worker did not respond for {silent_s:.0f} s while {phase}, and was stopped."
    cause = "What runs the model, or the driver of its device, hangs."
    remedy = "Run it again. A very large model may need a longer inference.stall_timeout_s (Stall limit)."

    def __init__(self, phase: str, silent_s: float) -> None:
        super().__init__(phase=phase, silent_s=silent_s)


class WorkerProtocolError(_ReasonError, InferenceError, code="worker_protocol"):
    """The worker sent something that it must not send, and was stopped."""

    message = "The model's process sent something unexpected, and was stopped."
    remedy = "Run it again. If it happens again, the installation or the model is damaged."


class ResidentSilentError(InferenceError, code="resident_silent"):
    """The process that keeps models loaded gives no sign of life; it was left as it is."""

    message = "The process that keeps models loaded did not respond for {silent_s:.0f} s."
    cause = "Process {pid} is stopped, or this machine is too busy to let it answer."
    remedy = "Let it go on (kill -CONT {pid}) or end it (kill -KILL {pid}), then try again."

    def __init__(self, pid: int, silent_s: float) -> None:
        super().__init__(pid=pid, silent_s=silent_s)


class RunFailedError(_ReasonError, InferenceError, code="run_failed"):
    """The task failed inside the runtime."""

    message = "The run failed while the model was at work."
    cause = "{reason:.}"
    remedy = "Change the input or the parameters and run it again; the run's log says more."


class WrongOutputError(InferenceError, code="wrong_output"):
    """What the runtime gave back is not what the task's schema says."""

    message = "The model gave back something that does not fit {task}."
    cause = "{reason:.}"
    remedy = "Run it again. If it happens again, the installation or the model is damaged."

    def __init__(self, task: str, reason: str, evidence: str) -> None:
        super().__init__(task=task, reason=reason, evidence=evidence)


class RunCancelledError(InferenceError, code="run_cancelled"):
    """Somebody asked for the stop. Carries what was made up to then."""

    message = "The run was cancelled while {phase}."
    cause = "A stop was asked for."
    remedy = "Run it again when you like; what was made up to then is kept."

    def __init__(self, phase: str) -> None:
        super().__init__(phase=phase)


# What should be kept could not be written or read


class StorageError(HeyGenError, code="storage_error"):
    """What should be kept could not be written or read."""


class DiskFullError(StorageError, code="disk_full"):
    """No space is left where the data lives."""

    message = "The disk that holds {path} is full."
    cause = "There is no space left on that device. Nothing that was saved before is lost."
    remedy = "Free some space and repeat the last action."

    def __init__(self, path: str) -> None:
        super().__init__(path=path)


class DatabaseBusyError(StorageError, code="database_busy"):
    """Another process held the database for longer than we wait."""

    message = "The database is locked by another process."
    cause = "{path} stayed locked for {waited_s:.0f} s."
    remedy = "Close the program that holds it and repeat the last action."

    def __init__(self, path: str, waited_s: float) -> None:
        super().__init__(path=path, waited_s=waited_s)


class DatabaseCorruptError(_FileError, StorageError, code="database_corrupt"):
    """The database file is not a database, or is damaged."""

    message = "The database is damaged."
    cause = "{path}: {reason}."
    remedy = (
        "Move that file aside (do not delete it) and restore the newest copy from the backups folder "
        "beside it."
    )


class DatabaseTooNewError(StorageError, code="database_too_new"):
    """A later version of this program wrote the database."""

    message = "The database was written by a newer version of HeyGen Desktop."
    cause = "{path} has schema {revision}, which this version does not know."
    remedy = "Install the newer version, or start with another --home."

    def __init__(self, path: str, revision: str) -> None:
        super().__init__(path=path, revision=revision)


class HomeUnwritableError(_FileError, StorageError, code="home_unwritable"):
    """The data folder cannot be created or written."""

    message = "The data folder {path} cannot be written."
    remedy = "Give your user the right to write there, or choose another folder with --home."


class FileUnwritableError(_FileError, StorageError, code="file_unwritable"):
    """A file that the user named cannot be written."""

    message = "{path} cannot be written."
    remedy = "Choose a file in a folder that exists and that your user may write to."


# Secrets cannot be kept or read right now


class SecretStoreError(HeyGenError, code="secret_store_error"):
    """Secrets cannot be kept or read right now."""


class NoSecretStoreError(_ReasonError, SecretStoreError, code="no_secret_store"):
    """No OS keyring, and no vault has been opened."""

    message = "There is no keyring on this computer to keep secrets in."
    remedy = (
        "Set a vault passphrase (HEYGEN_VAULT_PASSPHRASE_FILE, or when asked), or install and unlock "
        "a keyring such as gnome-keyring."
    )


class SecretStoreLockedError(SecretStoreError, code="secret_store_locked"):
    """The keyring is there but locked."""

    message = "The {store} is locked."
    cause = "It was not unlocked, or the request to unlock it was dismissed."
    remedy = "Unlock it and try again; nothing was changed."

    def __init__(self, store: str) -> None:
        super().__init__(store=store)


class SecretStoreTimeoutError(SecretStoreError, code="secret_store_timeout"):
    """The keyring did not answer in time."""

    message = "The {store} did not answer within {waited_s:.0f} s."
    cause = "It may be waiting behind a dialog, or its service hangs."
    remedy = "Look for an open keyring dialog, then try again; nothing was changed."

    def __init__(self, store: str, waited_s: float) -> None:
        super().__init__(store=store, waited_s=waited_s)


class SecretOutOfReachError(SecretStoreError, code="secret_out_of_reach"):
    """The secret is kept in a keyring that this session does not have."""

    message = "{name:q80} is kept in the {store}, which does not answer here."
    cause = "No keyring answers in this login session, or another one does."
    remedy = "Log in where that keyring is, or set the secret anew: the vault then keeps it."

    def __init__(self, name: str, store: str) -> None:
        super().__init__(name=name, store=store)


class WrongPassphraseError(SecretStoreError, code="wrong_passphrase"):
    """The vault does not open with that passphrase."""

    message = "The vault does not open with that passphrase."
    cause = "The passphrase is wrong, or the vault file was changed from outside."
    remedy = "Type the passphrase again. Without it the vault cannot be opened by anyone."

    def __init__(self) -> None:
        super().__init__()


# The program itself cannot go on as it was started


class ConfigurationError(HeyGenError, code="configuration_error"):
    """A settings file or process variable that cannot be read."""

    message = "The settings in {source} cannot be used."
    cause = "{reason}"
    remedy = "Correct {source}; its text was left as it is."

    def __init__(self, source: str, reason: str, *, remedy: str = "") -> None:
        super().__init__(remedy=remedy, source=source, reason=reason)


class StoppedBySignalError(HeyGenError, code="interrupted"):
    """Ctrl-C, or a request to end, came before the command was done."""

    message = "The command was interrupted."
    cause = "{signal} was received."
    remedy = "Start it again when you like; what was saved before is kept."

    def __init__(self, signal: str) -> None:
        super().__init__(signal=signal)


class SelfTestFailedError(HeyGenError, code="self_test_failed"):
    """A step of the self-test did not do what it must."""

    message = "The self-test failed at: {step}."
    cause = "{reason}"
    remedy = "'heygen doctor' says what this machine lacks; report the rest with these lines."

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(step=step, reason=reason)


class DisplayMissingError(HeyGenError, code="display_missing"):
    """A window was asked for where there is no display."""

    message = "There is no display to open a window on."
    cause = "Neither DISPLAY nor WAYLAND_DISPLAY is set."
    remedy = "Use 'heygen quickstart' in this terminal, or start the program in a desktop session."

    def __init__(self, reason: str = "") -> None:
        super().__init__(cause=reason)
