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
    |  |- SettingNotFoundError  |- SecretNotFoundError  `- ModelNotLoadedError
    |- ConflictError
    |  |- ModelExistsError            the name and version are taken by other files
    |  |- InvalidTransitionError      a change of state that the life of a thing does not allow
    |  `- AlreadyRunningError         a second window on the same home
    |- ArtifactError
    |  |- ArtifactMissingError  |- ArtifactUnreadableError  |- ArtifactEmptyError
    |  |- ArtifactCorruptError        a header that lies, a file cut short
    |  |- ArtifactUnsupportedError    a format that no runtime here executes
    |  `- ArtifactUnsafeError         loading it would run code from the files
    |- InferenceError
    |  |- ModelTooLargeError          the estimate passes the memory that is free
    |  |- ModelLoadError              the runtime refused the files
    |  |- DeviceUnavailableError      the device asked for is not on this machine
    |  |- WorkerCrashedError          the process died by a signal or an exit code
    |  |- WorkerOutOfMemoryError      the process, or the GPU, ran out of memory
    |  |- WorkerHungError             no sign of life within the limit
    |  |- WorkerProtocolError         the process sent what it must not send
    |  |- RunFailedError              the task itself failed inside the runtime
    |  `- RunCancelledError           somebody asked for the stop; not a failure
    |- StorageError
    |  |- DiskFullError  |- DatabaseBusyError  |- DatabaseCorruptError
    |  |- DatabaseTooNewError         written by a later version of this program
    |  |- HomeUnwritableError         the data folder cannot be written
    |  `- FileUnwritableError         a file that the user named cannot be written
    |- SecretStoreError
    |  |- NoSecretStoreError  |- SecretStoreLockedError  |- SecretStoreTimeoutError
    |  `- WrongPassphraseError
    |- ConfigurationError             a settings file or process variable that cannot be read
    |- StoppedBySignalError           Ctrl-C, or a request to end, came before the end
    |- SelfTestFailedError            a step of the self-test did not do what it must
    `- DisplayMissingError            a window was asked for where there is no display

An error holds data (``details``), one plain sentence (``message``), what brought it about (``cause``)
and, where there is one, what to do next (``remedy``). Programming mistakes are not in this tree:
they raise ``ValueError`` or ``RuntimeError`` and are not caught.
"""

from __future__ import annotations

from heygen_desktop.domain.errors.artifacts import (
    ArtifactCorruptError,
    ArtifactEmptyError,
    ArtifactError,
    ArtifactMissingError,
    ArtifactUnreadableError,
    ArtifactUnsafeError,
    ArtifactUnsupportedError,
)
from heygen_desktop.domain.errors.base import (
    Detail,
    HeyGenError,
)
from heygen_desktop.domain.errors.conflicts import (
    AlreadyRunningError,
    ConflictError,
    InvalidTransitionError,
    ModelExistsError,
)
from heygen_desktop.domain.errors.inference import (
    DeviceUnavailableError,
    InferenceError,
    ModelLoadError,
    ModelTooLargeError,
    RunCancelledError,
    RunFailedError,
    WorkerCrashedError,
    WorkerHungError,
    WorkerOutOfMemoryError,
    WorkerProtocolError,
)
from heygen_desktop.domain.errors.inputs import (
    FileUnreadableError,
    InvalidInputError,
    InvalidNameError,
    InvalidParameterError,
    InvalidVersionError,
    PromptTooLongError,
)
from heygen_desktop.domain.errors.missing import (
    EnvironmentNotFoundError,
    ModelNotFoundError,
    ModelNotLoadedError,
    NotFoundError,
    RunNotFoundError,
    SecretNotFoundError,
    SettingNotFoundError,
)
from heygen_desktop.domain.errors.program import (
    ConfigurationError,
    DisplayMissingError,
    SelfTestFailedError,
    StoppedBySignalError,
)
from heygen_desktop.domain.errors.secrets import (
    NoSecretStoreError,
    SecretStoreError,
    SecretStoreLockedError,
    SecretStoreTimeoutError,
    WrongPassphraseError,
)
from heygen_desktop.domain.errors.storage import (
    DatabaseBusyError,
    DatabaseCorruptError,
    DatabaseTooNewError,
    DiskFullError,
    FileUnwritableError,
    HomeUnwritableError,
    StorageError,
)

__all__ = [
    "AlreadyRunningError",
    "ArtifactCorruptError",
    "ArtifactEmptyError",
    "ArtifactError",
    "ArtifactMissingError",
    "ArtifactUnreadableError",
    "ArtifactUnsafeError",
    "ArtifactUnsupportedError",
    "ConfigurationError",
    "ConflictError",
    "DatabaseBusyError",
    "DatabaseCorruptError",
    "DatabaseTooNewError",
    "Detail",
    "DeviceUnavailableError",
    "DiskFullError",
    "DisplayMissingError",
    "EnvironmentNotFoundError",
    "FileUnreadableError",
    "FileUnwritableError",
    "HeyGenError",
    "HomeUnwritableError",
    "InferenceError",
    "InvalidInputError",
    "InvalidNameError",
    "InvalidParameterError",
    "InvalidTransitionError",
    "InvalidVersionError",
    "ModelExistsError",
    "ModelLoadError",
    "ModelNotFoundError",
    "ModelNotLoadedError",
    "ModelTooLargeError",
    "NoSecretStoreError",
    "NotFoundError",
    "PromptTooLongError",
    "RunCancelledError",
    "RunFailedError",
    "RunNotFoundError",
    "SecretNotFoundError",
    "SecretStoreError",
    "SecretStoreLockedError",
    "SecretStoreTimeoutError",
    "SelfTestFailedError",
    "SettingNotFoundError",
    "StoppedBySignalError",
    "StorageError",
    "WorkerCrashedError",
    "WorkerHungError",
    "WorkerOutOfMemoryError",
    "WorkerProtocolError",
    "WrongPassphraseError",
]
