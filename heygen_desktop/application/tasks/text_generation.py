"""text-generation: a prompt goes in, its continuation comes out."""

from __future__ import annotations

from pydantic import Field

from heygen_desktop.application.tasks.task import Schema, Task


class TextGenerationInput(Schema):
    """What the model continues."""

    prompt: str = Field(
        title="Prompt",
        description="Write the beginning; the model continues it.",
        examples=[
            "It is a truth universally acknowledged, that",
            "She opened the letter, and read",
            "The morning after the ball,",
        ],
    )


class TextGenerationPresets(Schema):
    """How it continues, as an environment may have it for all models."""

    max_tokens: int = Field(
        default=256,
        ge=1,
        le=131_072,
        title="Max tokens",
        description="The answer ends after this many tokens, or earlier where the model ends it.",
        json_schema_extra={"unit": "tokens"},
    )
    temperature: float = Field(
        default=0.8,
        ge=0.0,
        le=5.0,
        title="Temperature",
        description="Higher is more surprising; 0 always takes the most likely token.",
    )
    top_k: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        title="Top-k",
        description="Draw only from this many of the most likely tokens; 0 draws from all.",
    )
    top_p: float = Field(
        default=0.95,
        gt=0.0,
        le=1.0,
        title="Top-p",
        description="Draw only from the most likely tokens that together reach this probability.",
    )
    min_p: float = Field(
        default=0.0,
        ge=0.0,
        le=1.0,
        title="Min-p",
        description="Draw only from tokens at least this likely compared with the most likely one; "
        "0 draws from all.",
    )
    repetition_penalty: float = Field(
        default=1.0,
        ge=1.0,
        le=2.0,
        title="Repeat penalty",
        description="Makes tokens that were there before less likely; 1 leaves them as they are.",
    )


class TextGenerationParams(TextGenerationPresets):
    """How it continues, all of it."""

    stop: list[str] = Field(
        default_factory=list,
        max_length=16,
        title="Stop strings",
        description="The answer ends before the first of these texts.",
        json_schema_extra={"empty": "none"},
    )


class TextGenerationOutput(Schema):
    """The continuation, without the prompt."""

    text: str = Field(title="Text")


TEXT_GENERATION = Task(
    tag="text-generation",
    title="Text",
    input=TextGenerationInput,
    params=TextGenerationParams,
    output=TextGenerationOutput,
    main_input="prompt",
    streamed="text",
    continues=True,
    presets="generation",
    endings={
        "stop": "The model ended the text.",
        "stop_string": "Reached a stop string.",
        "length": "Reached max tokens.",
    },
)
