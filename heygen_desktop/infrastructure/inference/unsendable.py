"""What is said of requests that no message can carry, to a worker or to a resident."""

from __future__ import annotations

from heygen_desktop.application.ports.inference import LoadRequest
from heygen_desktop.domain.errors import InvalidParameterError, ModelLoadError
from heygen_desktop.infrastructure.inference.codec import NotTextError
from heygen_desktop.infrastructure.inference.framing import FrameTooLargeError


def input_cannot_be_sent(error: FrameTooLargeError | NotTextError) -> InvalidParameterError:
    """Return the error for a task's input."""
    if isinstance(error, FrameTooLargeError):
        return InvalidParameterError("The input", f"{error.size_bytes:,} bytes", "at most 8 MiB")
    return InvalidParameterError("The input", "what was given", "valid Unicode text")


def path_is_no_text(model: LoadRequest) -> ModelLoadError:
    """Return the error for a model whose path holds stray bytes."""
    reason = "Its path holds bytes that are no text; rename the folder."
    return ModelLoadError(model.model, reason)
