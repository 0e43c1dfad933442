"""Every setting: its type, range, default and meaning. Form, CLI, docs and validation come from here."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from heygen_desktop.application.runtimes import TransformersOptions
from heygen_desktop.application.tasks.text_generation import TextGenerationPresets

_STRICT = ConfigDict(extra="forbid", frozen=True)


class Section(BaseModel):
    """What settings are grouped in: nothing that the schema does not name, and no value changes."""

    model_config = _STRICT


class Appearance(Section):
    """How the window looks."""

    theme: Literal["system", "light", "dark"] = Field(
        default="system",
        title="Theme",
        description="Light, dark, or as the desktop is set. Yours, whichever environment is in use.",
    )


class InferenceSettings(Section):
    """How models are loaded and run."""

    device: str = Field(
        default="auto",
        title="Device",
        description="auto takes the first GPU, else the CPU. Or name one: cpu, cuda:0.",
        pattern=r"^(auto|cpu|cuda:\d{1,2})$",
        json_schema_extra={"form": "auto, cpu or a GPU such as cuda:0"},
    )
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        default="auto",
        title="Precision",
        description="Precision of the weights in memory. auto is float32 on CPUs without bfloat16, "
        "and the stored precision on a GPU.",
    )
    threads: int = Field(
        default=0,
        ge=0,
        le=256,
        title="Threads",
        description="CPU threads for each model. 0 takes all usable cores but one.",
    )
    niceness: int = Field(
        default=10,
        ge=0,
        le=19,
        title="Niceness",
        description="How readily a model yields the CPU to other programs; 0 is not at all.",
    )
    parallel_runs: int = Field(
        default=2,
        ge=1,
        le=16,
        title="Parallel runs",
        description="How many runs, each on another model, go on at the same time; the others wait "
        "in the queue.",
    )
    refuse_too_large: bool = Field(
        default=True,
        title="Refuse what does not fit",
        description="Do not load a model that is estimated to need more memory than is free.",
    )
    headroom_mb: int = Field(
        default=512,
        ge=0,
        le=1_048_576,
        title="Headroom",
        description="Memory that should stay free beside a model; with less, it is called tight.",
        json_schema_extra={"unit": "MB"},
    )
    keep_loaded_min: float = Field(
        default=30.0,
        ge=0.0,
        le=100_000.0,
        title="Keep loaded",
        description="A model that was loaded with 'heygen load' leaves memory after this time without "
        "use. 0 keeps it until it is unloaded.",
        json_schema_extra={"unit": "min"},
    )
    start_timeout_s: float = Field(
        default=120.0,
        ge=5.0,
        le=3600.0,
        title="Load limit",
        description="A model that does not respond for this long while loading is stopped.",
        json_schema_extra={"unit": "s"},
    )
    stall_timeout_s: float = Field(
        default=60.0,
        ge=5.0,
        le=3600.0,
        title="Stall limit",
        description="A model that does not respond for this long while running is stopped.",
        json_schema_extra={"unit": "s"},
    )


class GenerationSettings(TextGenerationPresets):
    """What a text run takes where its request does not say."""

    model_config = _STRICT


class LoggingSettings(Section):
    """What is written down."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", title="Level", description="Records below this level are not written."
    )
    max_file_mb: int = Field(
        default=16,
        ge=1,
        le=1024,
        title="File size",
        description="A log file that reaches this size is closed and a new one begun. "
        "Takes effect at the next start.",
        json_schema_extra={"unit": "MB"},
    )
    kept_files: int = Field(
        default=5,
        ge=1,
        le=1000,
        title="Kept files",
        description="How many log files are kept; older ones are deleted. Takes effect at the next start.",
    )


class MonitoringSettings(Section):
    """How closely the machine is watched."""

    interval_s: float = Field(
        default=1.0,
        ge=0.25,
        le=60.0,
        title="Interval",
        description="Time between two readings of CPU, memory, disk, network and GPU.",
        json_schema_extra={"unit": "s"},
    )


class SecretSettings(Section):
    """Where secrets live."""

    store: Literal["auto", "keyring", "vault"] = Field(
        default="auto",
        title="Store",
        description="auto takes the keyring of the system and, where there is none, the vault. "
        "Takes effect at the next start.",
    )


class TransformersSettings(TransformersOptions):
    """How the transformers runtime runs models."""

    model_config = _STRICT


class Settings(Section):
    """All settings, with every default in place."""

    appearance: Appearance = Field(default_factory=Appearance)
    inference: InferenceSettings = Field(default_factory=InferenceSettings)
    generation: GenerationSettings = Field(default_factory=GenerationSettings)
    transformers: TransformersSettings = Field(default_factory=TransformersSettings)
    logging: LoggingSettings = Field(default_factory=LoggingSettings)
    monitoring: MonitoringSettings = Field(default_factory=MonitoringSettings)
    secrets: SecretSettings = Field(default_factory=SecretSettings)
