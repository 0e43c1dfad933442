"""``heygen models``: what is in the library."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from heygen_desktop.application.documents import found_document, list_document, model_document
from heygen_desktop.application.models import ModelSummary
from heygen_desktop.application.use_cases.models.register_model import Registration
from heygen_desktop.application.use_cases.models.scan_folders import FoundModel
from heygen_desktop.domain.entities.ai_model import ModelStatus, ModelType
from heygen_desktop.domain.repositories.models import ModelFilter
from heygen_desktop.domain.values.artifact import ArtifactFormat
from heygen_desktop.domain.values.estimate import FitEstimate
from heygen_desktop.presentation.cli.session import Session
from heygen_desktop.presentation.cli.shown import Facts, Table
from heygen_desktop.presentation.wording import NOTHING, counted, moment, percent, quantity, size

Reference = Annotated[
    str, typer.Argument(metavar="NAME", help="A model: NAME, NAME@VERSION or NAME@ALIAS.")
]
EMPTY = "No model is registered. 'heygen models scan DIR' finds those on this machine."


def register(
    session: Session,
    path: Annotated[
        Path,
        typer.Argument(
            metavar="PATH",
            readable=False,  # what cannot be read is told by who reads it, with a way out
            help="The model's folder or file. It stays there.",
        ),
    ],
    name: Annotated[str, typer.Option(help="Its name; the folder's where none is given.")] = "",
    version: Annotated[str, typer.Option(help="Its version, such as 1.0.0.")] = "",
    type_: Annotated[
        ModelType | None, typer.Option("--type", help="What it works on, where that is not seen.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag; may be given again.")] = None,
    note: Annotated[str, typer.Option(help="A remark for whoever reads the library.")] = "",
) -> None:
    """Register a model where it lies.

    Reads its headers and takes its checksum; no file is moved or changed.
    """
    wanted = Registration(_absolute(path), name, version, type_, tuple(tag or ()), note)

    def hashed(done: int, total: int) -> None:
        session.output.status(f"Reading {size(done)} of {size(total)} ({_share(done, total)})")

    with session.stopping.politely():
        registered = session.application.register_model(
            wanted, on_progress=hashed, should_stop=session.stopping.asked
        )
    summary = registered.summary
    label = f"{summary.model.name} {summary.version.version}"
    session.output.note(
        f"Registered {label}." if registered.created else f"{label} was registered already."
    )
    session.output.answer(
        {**model_document(summary), "created": registered.created}, model_facts(summary)
    )


def _share(done: int, total: int) -> str:
    return percent(100 * done / total) if total else percent(100)


def scan(
    session: Session,
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR...", readable=False, help="Where to look.")
    ],
) -> None:
    """Look for models below some folders.

    Registers nothing.
    """
    with session.stopping.politely():
        found = session.application.scan_folders(
            [_absolute(folder) for folder in folders], should_stop=session.stopping.asked
        )
    if not found:
        session.output.note("No model was found there.")
    rows = [_found_row(each) for each in found]
    table = Table((">PARAMETERS", ">SIZE", "WHAT", "REGISTERED AS", "PATH"), rows)
    session.output.answer(list_document(found, found_document), *([table] if rows else []))


def _found_row(found: FoundModel) -> tuple[str, ...]:
    artifact, problem = found.finding.artifact, found.finding.problem
    path = str(found.finding.path)
    if artifact is None:
        return (NOTHING, NOTHING, problem.cause if problem else NOTHING, NOTHING, path)
    what = artifact.architecture or artifact.format
    registered = found.registered_as or NOTHING
    return (quantity(artifact.parameters), size(artifact.size_bytes), what, registered, path)


def list_(
    session: Session,
    search: Annotated[str, typer.Option(help="Words in name, note, tags, path.")] = "",
    type_: Annotated[ModelType | None, typer.Option("--type", help="Only this type.")] = None,
    format_: Annotated[
        ArtifactFormat | None, typer.Option("--format", help="Only this format.")
    ] = None,
    status: Annotated[ModelStatus | None, typer.Option(help="Only this status.")] = None,
    tag: Annotated[str, typer.Option(help="Only with this tag.")] = "",
) -> None:
    """List the models of the library, by name."""
    wanted = ModelFilter(search, type_ or "", format_ or "", status or "", tag)
    models = session.application.list_models(wanted)
    if not models:
        session.output.note(EMPTY if wanted == ModelFilter() else "No model matches.")
    table = Table(
        ("NAME", "VERSION", "TASK", "FORMAT", ">PARAMETERS", ">SIZE", "STATUS", "MEMORY"),
        [_row(summary) for summary in models],
    )
    session.output.answer(list_document(models, model_document), *([table] if models else []))


def _row(summary: ModelSummary) -> tuple[str, ...]:
    version, artifact = summary.version, summary.version.artifact
    return (
        summary.model.name,
        str(version.version),
        summary.model.task or NOTHING,
        artifact.format,
        quantity(artifact.parameters),
        size(artifact.size_bytes),
        version.status,
        summary.estimate.verdict.replace("_", " "),
    )


def show(session: Session, reference: Reference) -> None:
    """Show one model, and whether it fits."""
    summary = session.application.get_model(reference)
    session.output.answer(model_document(summary), model_facts(summary))


def remove(session: Session, reference: Reference) -> None:
    """Take a model out of the library.

    NAME means all its versions, NAME@VERSION that one. The files stay where they are.
    """
    removed = session.application.remove_model(reference)
    session.output.answer(
        {"model": removed.model, "version": removed.version or None, "removed": True},
        f"Removed {removed.model} {removed.version}".rstrip() + "; its files are where they were.",
    )


def model_facts(summary: ModelSummary) -> Facts:
    """Return what a person wants to know of a model."""
    model, version, artifact = summary.model, summary.version, summary.version.artifact
    rows = [
        ("name", model.name),
        ("version", f"{version.version} ({version.status})"),
        ("task", model.task or "unknown"),
        ("files", f"{artifact.path} ({counted(len(artifact.files), 'file')})"),
        ("format", " ".join((artifact.format, artifact.architecture)).strip()),
        ("parameters", f"{artifact.parameters:,} ({', '.join(artifact.dtypes) or 'unknown'})"),
        ("size", size(artifact.size_bytes)),
        (
            "context",
            f"{artifact.context_length:,} tokens" if artifact.context_length else "unknown",
        ),
        ("licence", model.licence or "not stated"),
        ("memory", _fit(summary.estimate)),
        ("tags", ", ".join(model.tags)),
        ("note", model.note),
        ("registered", moment(version.created_at)),
        ("checksum", artifact.checksum),
        *(("warning", warning) for warning in artifact.warnings),
    ]
    return Facts([(name, value) for name, value in rows if value])


def _fit(estimate: FitEstimate) -> str:
    basis = "measured" if estimate.measured_peak_bytes is not None else "estimated"
    verdict = estimate.verdict.replace("_", " ")
    return (
        f"{verdict}: needs {size(estimate.needed_bytes)} ({basis}), "
        f"{size(estimate.free_bytes)} free on {estimate.device}"
    )


def _absolute(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError:  # ~ and a name that is no user's: then it is a file's
        return path.absolute()
