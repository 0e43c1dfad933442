"""The runtimes, one per artifact format; a new one is a class and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from heygen_desktop.application.ports.inference import LoadRequest
from heygen_desktop.domain.errors import ArtifactUnsupportedError
from heygen_desktop.infrastructure.inference.worker.runtime import Report, Runtime


def _transformers(report: Report) -> Runtime:
    report("importing torch", None)
    from heygen_desktop.infrastructure.inference.worker.runtimes.transformers import (  # noqa: PLC0415 - importing torch takes seconds
        TransformersRuntime,
    )

    return TransformersRuntime()


RUNTIMES: Mapping[str, Callable[[Report], Runtime]] = {
    "safetensors": _transformers,
}
"""By artifact format. Each is imported when it is needed: importing torch takes seconds."""


def runtime_for(request: LoadRequest, report: Report) -> Runtime:
    """Return the runtime that executes a format; its import is reported as a stage of the load.

    Raises:
        ArtifactUnsupportedError: There is none.
    """
    make = RUNTIMES.get(request.format)
    if make is None:
        known = ", ".join(RUNTIMES)
        why = f"This version runs {known}; there is no runtime for {request.format}."
        raise ArtifactUnsupportedError(str(request.path), why)
    return make(report)
