"""``heygen ps``, ``load`` and ``unload``: what is in memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from heygen_desktop.application.documents import list_document, worker_document
from heygen_desktop.application.ports.inference import Update
from heygen_desktop.domain.entities.run import Loading
from heygen_desktop.domain.entities.worker import Worker
from heygen_desktop.presentation.cli.session import Session
from heygen_desktop.presentation.cli.shown import Table
from heygen_desktop.presentation.wording import counted, duration, size


def ps(session: Session) -> None:
    """List the models in memory and what they cost.

    Those that the window or another terminal holds are listed too.
    """
    loaded = session.application.list_loaded()
    if not loaded:
        session.output.note("No model is in memory.")
    session.output.answer(
        list_document(loaded, worker_document), *([_table(loaded)] if loaded else [])
    )


def _table(workers: Sequence[Worker]) -> Table:
    return Table(
        ("MODEL", "DEVICE", "PRECISION", ">MEMORY", ">PEAK", ">LOADED IN", ">PID", "STATE"),
        [
            (
                f"{w.model}@{w.version}",
                w.device,
                w.dtype,
                size(w.memory_bytes),
                size(w.peak_memory_bytes),
                duration(w.load_s),
                str(w.process.pid),
                "busy" if w.busy else "idle",
            )
            for w in workers
        ],
    )


def load(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The model: NAME or NAME@VERSION.")],
    device: Annotated[
        str, typer.Option(help="auto, cpu, cuda:0; the setting's if not given.")
    ] = "",
) -> None:
    """Bring a model into memory and keep it there.

    It stays when this command ends, until it is unloaded or nobody used it for a while.
    """

    def told(update: Update) -> None:
        if isinstance(update, Loading):
            session.output.loading(update)

    with session.stopping.politely():
        worker = session.application.load_model(
            name, device=device, keep=True, on_update=told, should_stop=session.stopping.asked
        )
    session.output.answer(worker_document(worker), _table([worker]))
    session.output.note(f"It stays in memory: heygen unload {worker.model} takes it out.")


def unload(
    session: Session,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="The model: NAME or NAME@VERSION.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every model in memory.")] = False,
) -> None:
    """Take a model out of memory.

    A run on it is cancelled.
    """
    if (name is None) is not everything:
        raise typer.BadParameter("Give either a model's name or --all.", param_hint="NAME")
    unload_model = session.application.unload_model
    stopped = unload_model.all() if name is None else unload_model(name)
    session.output.answer(list_document(stopped, worker_document), *_unloaded(stopped))


def _unloaded(stopped: Sequence[Worker]) -> list[str]:
    held = [worker for worker in stopped if not worker.is_loading]
    freed = sum(worker.memory_bytes for worker in held)
    lines = [f"Stopped the loading of {w.model}@{w.version}." for w in stopped if w.is_loading]
    if held or not lines:
        lines.append(f"Unloaded {counted(len(held), 'model')}, {size(freed)} freed.")
    return lines
