from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20  # seconds; machines that run tests are busy

pytestmark = pytest.mark.slow


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.05)


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Run shell commands under a supervisor, in a process of its own."""
    started: list[subprocess.Popen[str]] = []

    def start(
        *commands: str, settings: str = "", stop_seconds: float = 8
    ) -> subprocess.Popen[str]:
        script = tmp_path / "supervise.py"
        script.write_text(f"""
import sys
from tools import supervisor
{settings}
with supervisor.Supervisor() as watched:
    for name, command in zip("abc", {commands!r}):
        watched.start(supervisor.Program(
            name, ["bash", "-c", command], stop_seconds={stop_seconds}))
    status = watched.run()
sys.exit(status)
""")
        process = subprocess.Popen(
            [sys.executable, script], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def test_a_program_that_crashes_is_started_again_and_the_crash_is_shown(
    supervise: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = supervise("echo x >> starts; [ $(wc -l < starts) -gt 1 ] || exit 3; sleep 60")
    wait_until(lambda: len(lines(tmp_path / "starts")) == 2)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert "a ended unexpectedly (status 3)" in said
    assert process.returncode == 0


def test_a_program_that_keeps_crashing_stops_everything_with_status_1(
    supervise: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = supervise(
        "echo $$ > steady; exec sleep 60",
        "exit 7",
        settings="supervisor.BACKOFF_SECONDS = (0.05, 0.05)",
    )
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "b ended 3 times in a row (status 7): stopping everything." in said
    assert not is_alive(int((tmp_path / "steady").read_text()))


def test_programs_stop_in_the_reverse_order_of_starting(
    supervise: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    slow_to_stop = "trap 'sleep 0.3; echo {0} >> stopped; exit' TERM; echo {0} >> up; "
    wait = "while :; do sleep 0.1; done"
    process = supervise(*(slow_to_stop.format(name) + wait for name in "abc"))
    wait_until(lambda: len(lines(tmp_path / "up")) == 3)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)
    assert lines(tmp_path / "stopped") == ["c", "b", "a"]


def test_a_program_that_will_not_stop_is_killed_with_its_children(
    supervise: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    stubborn = "trap '' TERM; sleep 300 & echo $! $$ > pids; wait; sleep 300"
    process = supervise(stubborn, stop_seconds=0.5)
    wait_until(lambda: len(lines(tmp_path / "pids")) == 2)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert not any(is_alive(int(pid)) for pid in lines(tmp_path / "pids"))


def test_no_program_outlives_a_killed_supervisor(
    supervise: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = supervise("echo $$ > pid; exec sleep 300")
    wait_until(lambda: len(lines(tmp_path / "pid")) == 1)
    process.kill()
    wait_until(lambda: not is_alive(int((tmp_path / "pid").read_text())))


def test_output_carries_the_name_of_its_program(
    supervise: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = supervise("echo whole; printf half; touch said; exec sleep 300")
    wait_until((tmp_path / "said").exists)
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert "a │ whole\n" in said
    assert "a │ half\n" in said


def test_everything_stops_when_nobody_can_read_the_output(
    supervise: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = supervise("echo $$ > pid; while :; do echo line; sleep 0.1; done")
    wait_until(lambda: len(lines(tmp_path / "pid")) == 1)
    assert process.stdout is not None
    process.stdout.close()
    process.wait(PATIENCE)
    assert not is_alive(int((tmp_path / "pid").read_text()))
