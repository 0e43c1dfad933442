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

from heygen_desktop.infrastructure.inference.framing import pack
from heygen_desktop.infrastructure.inference.messages import Load, Run
from heygen_desktop.infrastructure.inference.worker import guard
from heygen_desktop.infrastructure.inference.worker.channel import (
    Channel,
    take_over_standard_streams,
)
from heygen_desktop.infrastructure.inference.worker.runtime import (
    Control,
    Outcome,
    Output,
    Report,
    TaskRefused,
)
from heygen_desktop.infrastructure.inference.worker.service import WorkerService

_DONE = (
    b'{"type":"Done","run_id":"r1","output":{},"finish_reason":"stop","tokens":%s,'
    b'"prompt_tokens":1,"tokens_per_second":%s,"time_to_first_token_s":0.1,"peak_device_bytes":null,"peak_host_bytes":1}'
)


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
    raise TaskRefused("prompt_too_long", "too long", prompt_tokens=900, context_tokens=512)


def _no_such_device() -> None:
    raise TaskRefused("device", "cpu")


def _invalid() -> None:
    raise TaskRefused("invalid", "max_tokens: a whole number from 1")


def _unsupported() -> None:
    raise TaskRefused("unsupported", "No runtime here executes it.")


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
    "pickle": pack(pickle.dumps({"type": "Done"})),
    "nan": pack(_DONE % (b"1", b"NaN")),
    "infinite": pack(_DONE % (b"1", b"1e999")),
    "negative": pack(_DONE % (b"-1", b"1.0")),
    "wrong-type": pack(_DONE % (b'"1"', b"1.0")),
    "boolean": pack(_DONE % (b"true", b"1.0")),
    "other-run": pack((_DONE % (b"1", b"1.0")).replace(b"r1", b"r9")),
    "list": pack(b"[1, 2]"),
    "extra": pack(b'{"type":"Alive","step":1,"more":1}'),
    "missing": pack(b'{"type":"Alive"}'),
    "unknown": pack(b'{"type":"Evaluate","code":"1"}'),
    "deep": pack(b'{"type":"Alive","step":' + b"[" * 5000 + b"]" * 5000 + b"}"),
    "other-version": pack(b'{"type":"Hello","protocol":99,"pid":1}'),
    "backwards": pack(
        b'{"type":"Chunk","run_id":"r1","text":"","tokens":0,"limit":9,"prompt_tokens":2,'
        b'"tokens_per_second":null,"time_to_first_token_s":null,"peak_host_bytes":1,'
        b'"peak_device_bytes":null}'
    ),
    "cut-short": struct.pack(">I", 100) + b"x",
    "hello-again": pack(b'{"type":"Hello","protocol":1,"pid":1}'),
}

_LONG = pack(
    b'{"type":"Chunk","run_id":"r1","text":"%s","tokens":9,"limit":9,"prompt_tokens":2,'
    b'"tokens_per_second":null,"time_to_first_token_s":null,"peak_host_bytes":1,'
    b'"peak_device_bytes":null}' % (b"x" * 1_000_000)
)
_STAGE = pack(b'{"type":"LoadingStage","stage":"flood","fraction":null}')


class ScriptedModel:
    """Does what the prompt says."""

    device = "cpu"
    dtype = "float32"

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def run(self, task: Run, output: Output, control: Control) -> Outcome:
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

    def _wait(self, output: Output, control: Control) -> Outcome:
        """Produce a token, then work on until the stop is asked for."""
        output.produced("begun")
        while True:
            control.check()
            time.sleep(0.002)

    def _misbehave(self, verb: str, output: Output) -> None:
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

    formats = ("safetensors",)

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def load(self, request: Load, report: Report) -> ScriptedModel:
        report("reading weights", 0.5)
        name = Path(request.path).name
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
