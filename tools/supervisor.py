"""Runs a few programs as one: prefixes their output, restarts what crashes, stops all in order.

One loop without threads, so that code may run between fork and exec (`die_with_parent`).
docs/adr/0005 says why this is ours and not a library's.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

TICK_SECONDS = 0.2
STOP_SECONDS = 8.0  # between asking a program to stop and killing it
STEADY_SECONDS = 60.0  # a program that ran this long starts with a clean record
BACKOFF_SECONDS = (0.5, 1, 2, 4, 8)  # before the restart after the 1st, 2nd … crash in a row
COLORS = (36, 33, 32, 35, 34)

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def die_with_parent(how: int = signal.SIGTERM) -> None:
    """Have the kernel send `how` to this process when its parent dies, even of SIGKILL."""
    _libc.prctl(_PR_SET_PDEATHSIG, int(how), 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Program:
    """A command to keep running. `stop_with` is what asks it to end; `stop_seconds` its grace."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop_with: int = signal.SIGTERM
    stop_seconds: float = STOP_SECONDS
    pass_fds: tuple[int, ...] = ()


@dataclass(slots=True)
class _Running:
    program: Program
    color: int
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    crashes: int = 0  # in a row
    restart_at: float = 0.0
    pending: bytes = b""  # an unfinished line of output


class Supervisor:
    """Start programs with `start`, then `run` until a signal or repeated crashes end it.

    A context: leaving it stops all programs, the last started first. `on_tick` is
    called a few times a second; it must not block.
    """

    def __init__(self, on_tick: Callable[[], None] = lambda: None) -> None:
        self._running: list[_Running] = []
        self._selector = selectors.DefaultSelector()
        self._on_tick = on_tick
        self._stop_signals = 0
        self._failed = False
        self._output_open = True
        self._colored = sys.stdout.isatty()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_signal)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop_all()

    def say(self, text: str, name: str = "frise", color: int = 1) -> None:
        """Print a line of `name`'s. When nobody can read us any more, all stops."""
        label = f"{name:>8} │ "
        if self._colored:
            label = f"\033[{color}m{label}\033[0m"
        try:
            print(f"{label}{text}", flush=True)  # noqa: T201 - the terminal is this program's output
        except (BrokenPipeError, OSError):
            if self._output_open:
                self._output_open = False
                self._stop_signals += 1
                # Whatever is still printed goes nowhere, without another error.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    @property
    def stopping(self) -> bool:
        return self._stop_signals > 0 or self._failed

    def start(self, program: Program) -> None:
        """Start `program`; it is stopped in the reverse order of starting."""
        running = _Running(program, COLORS[len(self._running) % len(COLORS)])
        self._running.append(running)
        self._launch(running)

    def run(self) -> int:
        """Keep the programs running. Returns 0 after a signal, 1 when one of them kept crashing."""
        while not self.stopping:
            self.turn()
            self._on_tick()
        return int(self._failed)

    def turn(self) -> None:
        """Pass on output for one tick, then restart what died."""
        self._pass_on_output(TICK_SECONDS)
        for running in self._running:
            if running.process is None:
                if time.monotonic() >= running.restart_at and not self.stopping:
                    self._launch(running)
            elif running.process.poll() is not None and not self.stopping:
                self._bury(running)

    def _note_signal(self, number: int, frame: object) -> None:
        del number, frame
        self._stop_signals += 1

    def _launch(self, running: _Running) -> None:
        program, parent = running.program, os.getpid()

        def before_exec() -> None:
            # Not SIGTERM for all: a Celery worker would first finish its task, with nobody waiting.
            die_with_parent(program.stop_with)
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

        running.process = subprocess.Popen(  # noqa: S603 - commands come from our own code
            program.command,
            env=os.environ | dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal reaches us alone: we stop in order
            pass_fds=program.pass_fds,
            preexec_fn=before_exec,  # safe: this process has no threads
        )
        running.started = time.monotonic()
        assert running.process.stdout is not None  # noqa: S101 - PIPE was asked for
        os.set_blocking(running.process.stdout.fileno(), False)
        self._selector.register(running.process.stdout, selectors.EVENT_READ, running)

    def _bury(self, running: _Running) -> None:
        """Note that a program ended by itself, and plan its restart."""
        assert running.process is not None  # noqa: S101 - its caller saw it die
        status = running.process.returncode
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
        self._reap(running)
        if time.monotonic() - running.started > STEADY_SECONDS:
            running.crashes = 0
        running.crashes += 1
        name = running.program.name
        if running.crashes > len(BACKOFF_SECONDS):
            self._failed = True
            self.say(f"{name} ended {running.crashes} times in a row ({how}): stopping everything.")
            return
        delay = BACKOFF_SECONDS[running.crashes - 1]
        running.restart_at = time.monotonic() + delay
        self.say(f"{name} ended unexpectedly ({how}); starting it again in {delay} s.")

    def _reap(self, running: _Running) -> None:
        """Forget a dead process: pass on its last words, end what it left in its session."""
        process = running.process
        assert process is not None  # noqa: S101 - only called with a process
        _kill_group(process.pid)
        if process.stdout is not None:
            self._read(running)
            self._selector.unregister(process.stdout)
            process.stdout.close()
        if running.pending:
            self._print(running, running.pending)
        running.pending, running.process = b"", None

    def _stop_all(self) -> None:
        """Stop the last started first: nothing loses what it depends on before it has ended."""
        patience = self._stop_signals
        for running in reversed(self._running):
            process = running.process
            if process is None:
                continue
            if process.poll() is None:
                process.send_signal(running.program.stop_with)
            deadline = time.monotonic() + running.program.stop_seconds
            while process.poll() is None:
                self._pass_on_output(TICK_SECONDS / 4)
                # A second Ctrl-C: the user will not wait.
                if time.monotonic() > deadline or self._stop_signals > patience:
                    _kill_group(process.pid)
                    process.wait()
            self._reap(running)

    def _pass_on_output(self, timeout: float) -> None:
        events = self._selector.select(timeout)
        for key, _ in events:
            self._read(key.data)
        if not events and not self._selector.get_map():
            time.sleep(timeout)  # nothing to listen to: select would return at once

    def _read(self, running: _Running) -> None:
        process = running.process
        if process is None or process.stdout is None:
            return
        while True:
            try:
                chunk = os.read(process.stdout.fileno(), 65536)
            except BlockingIOError:
                return
            if not chunk:  # closed, and readable for ever: its end is seen by `poll`
                if process.poll() is None:
                    time.sleep(TICK_SECONDS / 4)
                return
            *lines, running.pending = (running.pending + chunk).split(b"\n")
            for line in lines:
                self._print(running, line)

    def _print(self, running: _Running, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip("\r")
        if text.strip():
            self.say(text, running.program.name, running.color)


def _kill_group(leader: int) -> None:
    """End the leader's whole session: a killed Celery parent leaves its children behind."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
