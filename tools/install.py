"""Build `.venv/` from the pinned files, or say in one line what is missing.

    python3.11 tools/install.py [--dev]

Runs on the system's Python, before anything is installed: standard library only, and syntax that
an older Python can read, so that it can say that it is too old. A second run costs a fraction of
a second: `.venv/installed-*` hold what was installed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Not that of an activated .venv/, which may have to be removed.
SYSTEM_PYTHON = getattr(sys, "_base_executable", sys.executable)
NEEDED = (3, 11)
OFFLINE_WORDS = (  # what pip says when it cannot reach its index
    "NewConnectionError",
    "Name or service not known",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "ConnectTimeoutError",
    "ProxyError",
    "Connection refused",
    "Max retries exceeded",
)


class InstallError(Exception):
    """One line for a person: what is wrong and what to do."""


def say(text: str) -> None:
    print(f"install │ {text}", flush=True)  # noqa: T201 - a command's own words


def check_python() -> None:
    if sys.version_info[:2] != NEEDED:
        found = ".".join(str(part) for part in sys.version_info[:2])
        raise InstallError(
            f"Frise needs Python 3.11 and this is {found}. On Debian 12: sudo apt install "
            "python3.11-venv; elsewhere: make PYTHON=/path/to/python3.11"
        )


def stamp_of(requirements: Path) -> str:
    """Return what `requirements` installed here depends on: its content, this Python, this place.

    A virtual environment holds absolute paths: a moved checkout needs a new one.
    """
    content = requirements.read_bytes() + sys.version.encode() + bytes(VENV)
    return hashlib.sha256(content).hexdigest()


def stamp_file(requirements: Path) -> Path:
    return VENV / f"installed-{requirements.stem}"


def is_installed(requirements: Path) -> bool:
    stamp = stamp_file(requirements)
    return stamp.exists() and stamp.read_text() == stamp_of(requirements) and PYTHON.exists()


def make_venv() -> None:
    """Make `.venv/`, anew if what stands there is half-made or of another place.

    Raises InstallError if this Python cannot make one.
    """
    if (VENV / "made").exists() and (VENV / "made").read_text() == sys.version + str(VENV):
        return
    if VENV.exists():
        say("removing a half-made or moved .venv/")
        shutil.rmtree(VENV)
    say("making .venv/")
    made = subprocess.run(  # noqa: S603 - our own Python
        [SYSTEM_PYTHON, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode or not (VENV / "bin" / "pip").exists():
        shutil.rmtree(VENV, ignore_errors=True)
        said = made.stdout + made.stderr
        if "ensurepip" in said or "No module named venv" in said:
            raise InstallError(
                "this Python cannot make a virtual environment: sudo apt install python3.11-venv"
            )
        last_words = (said.strip().splitlines() or ["it gave no reason"])[-1]
        raise InstallError(f"cannot make .venv/: {last_words}")
    (VENV / "made").write_text(sys.version + str(VENV))


class Progress:
    """Counts pip's packages: in place on a terminal, in a few lines elsewhere."""

    def __init__(self, total: int) -> None:
        self.total, self.count = total, 0
        self.in_place = sys.stdout.isatty()

    def step(self, name: str) -> None:
        self.count += 1
        if self.in_place:
            print(f"\r\033[Kinstall │ {self.count}/{self.total} {name}", end="", flush=True)  # noqa: T201
        elif self.count % 20 == 0 or self.count == self.total:
            say(f"{self.count} of {self.total} packages fetched")

    def end_line(self) -> None:
        if self.in_place and self.count:
            print(flush=True)  # noqa: T201


def install(requirements: Path) -> None:
    """Install `requirements`, every file of it checked against its hash.

    Raises InstallError with the reason in one line; pip's whole output is kept in .venv/.
    """
    if is_installed(requirements):
        return
    total = len(re.findall(r"^[A-Za-z0-9]\S*==", requirements.read_text(), flags=re.MULTILINE))
    say(f"{requirements.name}: {total} packages (the first time takes a few minutes)")
    started = time.monotonic()
    log = VENV / f"{requirements.stem}.log"
    command = [
        str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input",
        "--only-binary", ":all:", "--no-compile", "--disable-pip-version-check",
        "--progress-bar", "off", "--retries", "2", "-r", str(requirements),
    ]  # fmt: skip
    progress = Progress(total)
    with log.open("w") as kept:
        pip = subprocess.Popen(  # noqa: S603 - our own Python
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
        )
        assert pip.stdout is not None  # noqa: S101 - PIPE was asked for
        for line in pip.stdout:
            kept.write(line)
            if match := re.match(r"(?:Collecting|Requirement already satisfied:) ([\w.-]+)", line):
                progress.step(match.group(1))
            elif line.startswith("Installing collected packages"):
                progress.end_line()
                say("unpacking")
    if pip.wait():
        progress.end_line()
        raise InstallError(why_pip_failed(log.read_text(), log))
    compile_bytecode()
    stamp_file(requirements).write_text(stamp_of(requirements))
    say(f"{requirements.name}: installed in {time.monotonic() - started:.0f} s")


def why_pip_failed(said: str, log: Path) -> str:
    """Return one line for a person out of pip's output."""
    where = f"(pip's words: {log.relative_to(ROOT)})"
    if any(word in said for word in OFFLINE_WORDS):
        return f"cannot reach the package index: connect to the network, then try again {where}"
    if "No space left on device" in said:
        return f"the disk is full: free 3 GB, then try again {where}"
    if "DO NOT MATCH THE HASHES" in said:
        return f"a package is not the one that was pinned: do not use it, tell us {where}"
    errors = [line for line in said.splitlines() if line.startswith("ERROR:")]
    return f"{errors[0] if errors else 'pip failed'} {where}"


def compile_bytecode() -> None:
    """Compile what was unpacked on all cores: pip would use one, and the first start would wait."""
    subprocess.run(  # noqa: S603 - our own Python
        [str(PYTHON), "-m", "compileall", "-q", "-j", "0", str(VENV / "lib")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def compile_messages() -> None:
    """Compile each catalog that is newer than its compiled form; Babel does it without gettext."""
    for catalog in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        compiled = catalog.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= catalog.stat().st_mtime_ns:
            continue
        language = catalog.parent.parent.name
        done = subprocess.run(  # noqa: S603 - our own Python
            [str(VENV / "bin" / "pybabel"), "compile", "-l", language, "-i", str(catalog),
             "-o", str(compiled)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise InstallError(f"{catalog.relative_to(ROOT)}: {done.stderr.strip()}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Build .venv/ from the pinned files.")
    parser.add_argument("--dev", action="store_true", help="with what checks and tests need")
    options = parser.parse_args(arguments)
    try:
        check_python()
        make_venv()
        install(ROOT / "requirements.txt")
        if options.dev:
            install(ROOT / "requirements-dev.txt")
        compile_messages()
    except InstallError as error:
        print(f"install │ {error}", file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        print("\ninstall │ stopped; `make install` goes on from here", file=sys.stderr)  # noqa: T201
        return 130
    except OSError as error:
        print(f"install │ {error.strerror}: {error.filename or os.getcwd()}", file=sys.stderr)  # noqa: T201, PTH109
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
