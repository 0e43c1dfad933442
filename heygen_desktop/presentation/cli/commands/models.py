"""``heygen models``: what is in the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heygen_desktop.application.documents import (
    error_body,
    found_document,
    list_document,
    model_document,
)
from heygen_desktop.domain.entities.ai_model import ModelStatus, ModelType
from heygen_desktop.domain.entities.run import Json
from heygen_desktop.domain.errors import ArtifactChangedError, ArtifactError, HeyGenError
from heygen_desktop.domain.repositories import ModelFilter
from heygen_desktop.domain.values.artifact import ArtifactFormat
from heygen_desktop.domain.values.estimate import FitEstimate
from heygen_desktop.presentation.cli.session import Session
from heygen_desktop.presentation.cli.shown import Facts, Table
from heygen_desktop.presentation.wording import NOTHING, counted, moment, percent, quantity, size

if TYPE_CHECKING:
    from heygen_desktop.application.models import ModelSummary
    from heygen_desktop.application.use_cases.models.library import FoundModel
    from heygen_desktop.application.use_cases.models.model_files import Verification
    from heygen_desktop.application.use_cases.models.register_model import Registered, Registration

Reference = Annotated[
    str, typer.Argument(metavar="NAME", help="A model: NAME, NAME@VERSION or NAME@ALIAS.")
]
EMPTY = "No model is registered. 'heygen models scan DIR' finds those on this machine."


def register(
    session: Session,
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            readable=False,  # what cannot be read is told by who reads it, with a way out
            help="The folder or file of a model, or several. They stay there.",
        ),
    ],
    name: Annotated[str, typer.Option(help="Its name; the folder's where none is given.")] = "",
    version: Annotated[str, typer.Option(help="Its version, such as 1.0.0.")] = "",
    type_: Annotated[
        ModelType | None, typer.Option("--type", help="Its type, where it is not recognised.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag; may be given again.")] = None,
    note: Annotated[str, typer.Option(help="A note for the library.")] = "",
) -> int:
    """Register models where they lie.

    Reads their headers and stores them at once, then takes their checksums; Ctrl-C leaves those to
    the window or to 'models verify'. No file is moved or changed.
    """
    if len(paths) > 1 and (name or version):
        raise typer.BadParameter("A name or version is given to one model, not to several.")
    from heygen_desktop.application.use_cases.models.register_model import Registration

    tags = tuple(tag or ())
    wanted = [Registration(_absolute(path), name, version, type_, tags, note) for path in paths]
    with session.stopping.politely():
        results = session.application.register_model.many(
            wanted, on_progress=_reading(session), should_stop=session.stopping.asked
        )
        for result in results:
            _say_registered(session, result)
        results = [_with_checksum(session, result) for result in results]
    return _answer_registered(session, wanted, results)


def _reading(session: Session) -> Callable[[int, int], None]:
    def read(done: int, total: int) -> None:
        if total > 1:
            session.output.status(f"Reading {done + 1} of {total}")

    return read


def _say_registered(session: Session, result: Registered | HeyGenError) -> None:
    if not isinstance(result, HeyGenError):
        label = result.reference.replace("@", " ")
        is_new = result.created
        session.output.note(
            f"Registered {label}." if is_new else f"{label} was registered already."
        )


def _with_checksum(session: Session, result: Registered | HeyGenError) -> Registered | HeyGenError:
    if isinstance(result, HeyGenError) or result.summary.version.artifact.checksum:
        return result
    try:
        _verified(session, result.reference)
    except ArtifactError as error:
        return error
    return result


def _answer_registered(
    session: Session, wanted: Sequence[Registration], results: Sequence[Registered | HeyGenError]
) -> int:
    if len(results) == 1:
        [result] = results
        if isinstance(result, HeyGenError):
            raise result
        summary = session.application.get_model(result.reference)
        session.output.answer(
            {**model_document(summary), "created": result.created}, model_facts(summary)
        )
        return 0
    items: list[Json] = []
    for each, result in zip(wanted, results, strict=True):
        if isinstance(result, HeyGenError):
            session.output.note(f"{each.path}: {result.message} {result.cause}")
            items.append({"path": str(each.path), "error": error_body(result)})
        else:
            summary = session.application.get_model(result.reference)
            items.append({**model_document(summary), "created": result.created})
    failed = sum(isinstance(result, HeyGenError) for result in results)
    told = f"{counted(len(results) - failed, 'model')} registered, {failed} not."
    session.output.answer({"items": items, "total": len(items)}, told)
    return 1 if failed else 0


def verify(
    session: Session,
    reference: Reference,
    accept: Annotated[
        bool, typer.Option("--accept", help="Take files that changed as they are now.")
    ] = False,
) -> None:
    """Read every byte of a model's files and compare them with what was registered."""
    files = session.application.model_files
    with session.stopping.politely():
        verification = _verified(session, reference)
    if verification.changed and not accept:
        raise ArtifactChangedError(
            verification.reference,
            verification.changed,
            remedy="Put the files back, or take them as they are now: "
            f"heygen models verify {verification.reference} --accept",
        )
    if verification.changed:
        files.take(verification)
    label = verification.reference.replace("@", " ")
    taken = f"{label} changed ({', '.join(verification.changed)}) and is taken as it is now."
    session.output.note(taken if verification.changed else f"{label} is what was registered.")
    summary = session.application.get_model(verification.reference)
    changed: list[Json] = list(verification.changed)
    session.output.answer({**model_document(summary), "changed": changed}, model_facts(summary))


def _verified(session: Session, reference: str) -> Verification:
    def hashed(done: int, total: int) -> None:
        share = percent(100 * done / total if total else 100)
        session.output.status(f"Checksum of {reference}: {size(done)} of {size(total)} ({share})")

    return session.application.model_files.verify(
        reference, on_progress=hashed, should_stop=session.stopping.asked
    )


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
    path = str(found.path)
    if found.seen is None:
        cause = found.problem.cause if found.problem else NOTHING
        return (NOTHING, NOTHING, cause, NOTHING, path)
    artifact = found.seen.artifact
    what = artifact.architecture or artifact.format
    registered = found.seen.registered_as or NOTHING
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
    problem = error_body(summary.problem) if summary.problem else None
    session.output.answer({**model_document(summary), "problem": problem}, model_facts(summary))


def update(
    session: Session,
    reference: Reference,
    description: Annotated[str | None, typer.Option(help="What it is, in a line.")] = None,
    note: Annotated[str | None, typer.Option(help="What people found out about it.")] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="Its tags; may be given again. An empty one: none.")
    ] = None,
    favourite: Annotated[
        bool | None, typer.Option("--favourite/--no-favourite", help="Whether it is one.")
    ] = None,
) -> None:
    """Change what is said of a model. What is not given stays as it is."""
    from heygen_desktop.application.use_cases.models.change_model import ModelChange

    tags = None if tag is None else [each for each in tag if each]
    change = ModelChange(description, note, tags, favourite)
    if change == ModelChange():
        raise typer.BadParameter(
            "Say what shall change: --description, --note, --tag, --favourite."
        )
    session.application.update_model(reference, change)
    show(session, reference)


def remove(session: Session, reference: Reference) -> None:
    """Take a model out of the library.

    NAME means all its versions, NAME@VERSION that one. The files stay where they are.
    """
    removed = session.application.remove_model(reference)
    session.output.answer(
        {"model": removed.entry.name, "version": removed.version or None, "removed": True},
        f"Removed {removed.entry.name} {removed.version}".rstrip()
        + "; its files are where they were.",
    )


def model_facts(summary: ModelSummary) -> Facts:
    """Return what a person wants to know of a model."""
    model, version, artifact = summary.model, summary.version, summary.version.artifact
    problem = summary.problem
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
        ("description", model.description),
        ("tags", ", ".join(model.tags)),
        ("note", model.note),
        ("favourite", "yes" if model.is_favourite else ""),
        ("registered", moment(version.created_at)),
        ("checksum", artifact.checksum or "not computed yet"),
        ("problem", f"{problem.message} {problem.cause} {problem.remedy}" if problem else ""),
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
