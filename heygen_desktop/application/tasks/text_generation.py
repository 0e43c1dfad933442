"""text-generation: a prompt goes in, its continuation comes out."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class TextGenerationInput(BaseModel):
    """What the model continues."""

    model_config = ConfigDict(extra="forbid")

    prompt: str = Field(
        default="", title="Prompt", description="The text that the model continues."
    )


class TextGenerationParams(BaseModel):
    """How it continues."""

    model_config = ConfigDict(extra="forbid")

    max_tokens: int = Field(
        default=256,
        ge=1,
        le=131_072,
        title="Max tokens",
        description="The answer ends after so many tokens, or earlier where the model ends it.",
        json_schema_extra={"unit": "tokens"},
    )
    temperature: float = Field(
        default=0.8,
        ge=0.0,
        le=5.0,
        title="Temperature",
        description="Higher is more surprising; 0 always takes the most likely token.",
    )
    top_p: float = Field(
        default=0.95,
        gt=0.0,
        le=1.0,
        title="Top-p",
        description="Only the most likely tokens whose probabilities add up to this are drawn from.",
    )


class TextGenerationOutput(BaseModel):
    """The continuation, without the prompt."""

    text: str
