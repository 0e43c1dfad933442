"""``heygen doctor``: what works on this machine, and what to do about the rest."""

from __future__ import annotations

from heygen_desktop.application.documents import check_document, list_document
from heygen_desktop.application.ports.diagnostics import CheckState
from heygen_desktop.presentation.cli.session import Session
from heygen_desktop.presentation.cli.shown import Table
from heygen_desktop.presentation.wording import counted


def doctor(session: Session) -> None:
    """Say what works here and what does not.

    Each finding comes with what to do about it. Nothing is changed.
    """
    checks = session.application.doctor()
    problems = [check for check in checks if check.state is CheckState.PROBLEM]
    rows: list[tuple[str, ...]] = []
    for check in checks:
        rows.append((check.state, check.name, check.finding))
        if check.remedy:
            rows.append(("", "", f"-> {check.remedy}"))
    session.output.answer(
        {**list_document(checks, check_document), "problems": len(problems)},
        Table(("STATE", "WHAT", "FINDING"), rows),
    )
    session.output.note(
        f"{counted(len(problems), 'problem')} to fix." if problems else "Everything needed works."
    )
