"""A worker that speaks the protocol and misbehaves on request; a program of its own, without torch.

What to do while starting stands in ``--start``, while loading in the last part of the model's path,
while running in the prompt: ``say one two``, ``segfault``, ``hang``, ...
"""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from heygen_desktop.application.ports.inference import LoadRequest, TaskRequest, TaskResult
from heygen_desktop.domain.entities.run import (
    Json,
    Loading,
    Produced,
    Progress,
    RunFailure,
    RunFigures,
)
from heygen_desktop.domain.errors import (
    ArtifactUnsupportedError,
    DeviceUnavailableError,
    InvalidParameterError,
    PromptTooLongError,
)
from heygen_desktop.infrastructure.inference.framing import pack
from heygen_desktop.infrastructure.inference.messages import Failed, Hello, encode
from heygen_desktop.infrastructure.inference.worker import guard
from heygen_desktop.infrastructure.inference.worker.channel import (
    Channel,
    take_over_standard_streams,
)
from heygen_desktop.infrastructure.inference.worker.emitter import Emitter
from heygen_desktop.infrastructure.inference.worker.runtime import (
    Control,
    Outcome,
    Report,
)
from heygen_desktop.infrastructure.inference.worker.service import WorkerService

_DONE = encode(TaskResult({}, RunFigures(0.1, 7.25, 31), "stop"))[4:]
"""The body of an end; the figures in it are found by their values."""


def _done(count: bytes = b"31", speed: bytes = b"7.25") -> bytes:
    return pack(_DONE.replace(b"31", count).replace(b"7.25", speed))


def _batch(text: str, tokens: int) -> bytes:
    return encode(Produced(text, Progress("tokens", tokens), RunFigures(tokens=tokens)))


def _segfault() -> None:
    ctypes.string_at(0)


def _hang_with_the_interpreter() -> None:
    ctypes.PyDLL(None).sleep(600)


def _hang_politely() -> None:
    threading.Event().wait()


def _memory_error() -> None:
    raise MemoryError


def _allocator_error() -> None:
    raise RuntimeError(
        "[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: "
        "you tried to allocate 137438953472 bytes. Error code 12 (Cannot allocate memory)"
    )


def _poisoned() -> None:
    raise RuntimeError("CUDA error: an illegal memory access was encountered")


def _mistake() -> None:
    raise KeyError("layer 7")


def _deaf() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _hang_politely()


def _deaf_with_the_interpreter() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _hang_with_the_interpreter()


def _too_long() -> None:
    raise PromptTooLongError(900, 512)


def _no_such_device() -> None:
    raise DeviceUnavailableError("cuda:0", ("cpu",))


def _invalid() -> None:
    raise InvalidParameterError("max_tokens", 0, "a whole number from 1")


def _unsupported() -> None:
    raise ArtifactUnsupportedError("/models", "No runtime here executes it.")


def _chatter() -> None:
    sys.stderr.write("x" * 2_000_000)
    for number in range(500):
        sys.stderr.write(f"\nline {number}")
    sys.stderr.flush()
    os._exit(3)


_ACTS: Mapping[str, Callable[[], None]] = {
    "segfault": _segfault,
    "abort": os.abort,
    "exit": lambda: os._exit(3),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "hang": _hang_with_the_interpreter,
    "hang-politely": _hang_politely,
    "deaf": _deaf,
    "deaf-hang": _deaf_with_the_interpreter,
    "memory": _memory_error,
    "allocator": _allocator_error,
    "poisoned": _poisoned,
    "mistake": _mistake,
    "too-long": _too_long,
    "no-device": _no_such_device,
    "invalid": _invalid,
    "unsupported": _unsupported,
    "chatter": _chatter,
}
_FRAMES: Mapping[str, bytes] = {
    "garbage": b"\xff" * 64,
    "giant": struct.pack(">I", 2**30) + b"x",
    "pickle": pack(pickle.dumps({"type": "TaskResult"})),
    "nan": _done(speed=b"NaN"),
    "infinite": _done(speed=b"1e999"),
    "negative": _done(count=b"-1"),
    "wrong-type": _done(count=b'"1"'),
    "boolean": _done(count=b"true"),
    "foreign-error": encode(Failed(RunFailure("wrong_passphrase", "Type your passphrase."))),
    "list": pack(b"[1, 2]"),
    "extra": pack(b'{"type":"Alive","step":1,"more":1}'),
    "missing": pack(b'{"type":"Alive"}'),
    "unknown": pack(b'{"type":"Evaluate","code":"1"}'),
    "deep": pack(b'{"type":"Alive","step":' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "other-version": encode(Hello(99, 1)),
    "backwards": _batch("", 0),
    "cut-short": struct.pack(">I", 100) + b"x",
    "hello-again": encode(Hello(1, 1)),
}

_LONG = _batch("x" * 1_000_000, 9)
_STAGE = encode(Loading("flood"))


class ScriptedModel:
    """Does what the prompt says."""

    device = "cpu"
    dtype = "float32"

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def run(self, task: TaskRequest, output: Emitter, control: Control) -> Outcome:
        if "image" in task.inputs:
            return self._turn_round(task)
        verb, _, rest = str(task.inputs["prompt"]).partition(" ")
        output.started(2, 9)
        if verb == "wait":
            return self._wait(output, control)
        if verb == "read":
            rest = _READERS[rest]()
        elif verb != "say":
            self._misbehave(verb, output)
        words = rest.split(" ")
        for word in words:
            control.check()
            output.produced(word)
        return Outcome({"text": "".join(words)}, "stop")

    def _turn_round(self, task: TaskRequest) -> Outcome:
        """Write the negative of the file that is lent into the folder that is lent."""
        given = task.inputs["image"]
        assert isinstance(given, dict)
        assert task.folder is not None
        content = Path(str(given["path"])).read_bytes()
        (task.folder / "negative.png").write_bytes(bytes(255 - value for value in content))
        made: Json = {"file": "negative.png", "media_type": "image/png"}
        return Outcome({"image": made, "pixels": len(content)}, "stop")

    def _wait(self, output: Emitter, control: Control) -> Outcome:
        """Produce a token, then work on until the stop is asked for."""
        output.produced("begun")
        while True:
            control.check()
            time.sleep(0.002)

    def _misbehave(self, verb: str, output: Emitter) -> None:
        output.produced("begun")
        perform(verb, self._channel)

    def gpu_memory_bytes(self) -> int | None:
        return None

    def gpu_peak_bytes(self) -> int | None:
        return None

    def relieve(self) -> None:
        return None


class ScriptedRuntime:
    """Does what the model's path says, then is loaded."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def load(self, request: LoadRequest, report: Report) -> ScriptedModel:
        report("reading weights", 0.5)
        name = request.path.name
        if name.startswith("fault-"):
            perform(name.removeprefix("fault-"), self._channel)
        return ScriptedModel(self._channel)


def perform(act: str, channel: Channel) -> None:
    """Do one of the acts, or send one of the frames and wait for the consequence."""
    if act in _ACTS:
        _ACTS[act]()
        return
    if act == "mute":
        os.close(channel._answers.fileno())
    elif act == "flood":
        while True:
            channel.send_frame(_STAGE)
    elif act == "endless":
        while True:
            channel.send_frame(_LONG)
    elif act == "die-in-a-frame":
        channel.send_frame(_FRAMES["cut-short"])
        _segfault()
    else:
        channel.send_frame(_FRAMES[act])
    _hang_politely()


def _read_environment() -> str:
    return " ".join(sorted(os.environ))


def _read_network() -> str:
    refused = []
    for family, address in ((socket.AF_INET, ("127.0.0.1", 9)), (socket.AF_UNIX, "/nowhere")):
        with socket.socket(family) as connection:
            try:
                connection.connect(address)
            except OSError as error:
                refused.append(type(error).__name__)
    try:
        socket.getaddrinfo("localhost", 80)
    except PermissionError:
        refused.append("lookup")
    return " ".join(refused)


def _read_standing() -> str:
    score = Path("/proc/self/oom_score_adj").read_text(encoding="ascii").strip()
    return f"{os.nice(0)} {score} {os.getsid(0) == os.getpid()} {sys.stdin.read()!r}"


def _read_print() -> str:
    print("printed to standard output")
    sys.stdout.flush()
    return "unharmed"


_READERS: Mapping[str, Callable[[], str]] = {
    "environment": _read_environment,
    "network": _read_network,
    "standing": _read_standing,
    "print": _read_print,
}


def main() -> None:
    options = dict(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
    guard.die_with_parent(int(options["--life"]))
    guard.yield_to_others(int(options["--niceness"]))
    guard.forbid_network()
    channel = take_over_standard_streams()
    if "--start" in options:
        perform(options["--start"], channel)
    WorkerService(channel, lambda _, report: ScriptedRuntime(channel)).serve()


if __name__ == "__main__":
    main()
