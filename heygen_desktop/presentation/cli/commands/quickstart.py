"""``heygen quickstart``: the whole main job in one word."""

from __future__ import annotations

from heygen_desktop.application.documents import model_document
from heygen_desktop.application.use_cases.models.ensure_starter_model import (
    STARTER_NAME,
    STARTER_PROMPT,
    starter_run,
)
from heygen_desktop.presentation.cli.running import account, run_to_end
from heygen_desktop.presentation.cli.session import Session
from heygen_desktop.presentation.wording import quantity, size

MAX_TOKENS = 80


def quickstart(session: Session) -> int:
    """Run the model that comes with the program.

    Registers it where that was not done, streams its output, and tells speed, memory and where the log is.
    """
    application, output = session.application, session.output
    registered = application.ensure_starter_model()
    summary = registered.summary if registered else application.get_model(STARTER_NAME)
    artifact = summary.version.artifact
    reference = f"{summary.model.name}@{summary.version.version}"
    output.note(
        f"{'Registered' if registered and registered.created else 'Using'} {reference}: "
        f"{quantity(artifact.parameters)} parameters, {size(artifact.size_bytes)}."
    )
    if not output.as_json:
        output.stream(STARTER_PROMPT)
    request = starter_run(reference, max_tokens=MAX_TOKENS)
    done = run_to_end(session, request, shows=not output.as_json)
    log_file = str(application.logs.file)
    code = account(session, done, model=model_document(summary), log_file=log_file)
    output.note(f"The log is in {log_file}")
    return code
