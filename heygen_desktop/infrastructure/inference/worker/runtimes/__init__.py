"""The runtimes that ``application/runtimes.py`` declares; a new one is a class and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from heygen_desktop.application.ports.inference import LoadRequest
from heygen_desktop.application.runtimes import RUNTIMES, TRANSFORMERS
from heygen_desktop.infrastructure.inference.worker.runtime import Report, Runtime


def _transformers(report: Report) -> Runtime:
    report("starting the runtime", None)
    from heygen_desktop.infrastructure.inference.worker.runtimes.transformers import (  # noqa: PLC0415 - importing torch takes seconds
        TransformersRuntime,
    )

    return TransformersRuntime()


MAKERS: Mapping[str, Callable[[Report], Runtime]] = {
    TRANSFORMERS.id: _transformers,
}
"""By the id of the declaration. Each is imported when it is needed: importing torch takes seconds."""


def runtime_for(request: LoadRequest, report: Report) -> Runtime:
    """Return the runtime that executes a format; its import is reported as a stage of the load.

    Raises:
        ArtifactUnsupportedError: There is none.
    """
    declared = RUNTIMES.of(request.format, model=request.model)
    return MAKERS[declared.id](report)
