"""Updates of a run, as a worker tells them."""

from __future__ import annotations

from heygen_desktop.domain.entities.run import Produced, Progress, RunFigures


def produced(
    text: str,
    tokens: int,
    speed: float | None = None,
    *,
    memory_bytes: int = 1000,
    load_s: float | None = None,
    limit: int | None = None,
) -> Produced:
    """Return a batch of text; the first token took 0.1 s."""
    figures = RunFigures(
        time_to_first_token_s=0.1,
        tokens_per_second=speed,
        tokens=tokens,
        prompt_tokens=3,
        peak_memory_bytes=memory_bytes,
        load_s=load_s,
        peak_host_bytes=memory_bytes,
    )
    return Produced(text, Progress("tokens", tokens, limit), figures)
