"""Which Chromium the browser tests and the screenshots use, and how it comes onto the machine."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class MissingError(Exception):
    """One line for a person: what is missing and how to get it."""


def executable() -> str | None:
    """Return the path of an installed Chromium, or None: then Playwright starts its own."""
    stated = os.environ.get("CHROMIUM")
    return stated or next(filter(None, map(shutil.which, NAMES)), None)


def launch_options() -> dict[str, object]:
    """Return what Playwright's `launch` takes here: the browser, and no sandbox where root runs."""
    options: dict[str, object] = {"executable_path": executable()} if executable() else {}
    if os.geteuid() == 0:
        options["chromium_sandbox"] = False
    return options


def apt_install(packages: Sequence[str]) -> bool:
    """Install Debian packages, as root or by a sudo that asks nothing; say whether it worked."""
    if shutil.which("apt-get") is None:
        return False
    prefix: list[str] = []
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            return False
        prefix = ["sudo", "-n"]
        if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:  # noqa: S603
            return False
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    if subprocess.run(install, check=False).returncode == 0:  # noqa: S603 - names from our code
        return True
    subprocess.run([*apt, "update"], check=False)  # noqa: S603 - likewise
    return subprocess.run(install, check=False).returncode == 0  # noqa: S603 - likewise


def provide_chromium() -> None:
    """See to it that there is a Chromium: the installed one, Debian's, or Playwright's own.

    Raises MissingError if none can be had.
    """
    if not _loads("libatomic.so.1") and not apt_install(["libatomic1"]):  # of Playwright's driver
        raise MissingError("no libatomic for the browser tests: sudo apt install libatomic1")
    if executable() or _playwright_has_one():
        return
    if apt_install(["chromium", "fonts-dejavu-core"]) and executable():
        return
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if subprocess.run(command, check=False).returncode == 0:  # noqa: S603 - our own Python
        return
    raise MissingError("no Chromium for the browser tests: sudo apt install chromium")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _playwright_has_one() -> bool:
    cache = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    return any(Path(cache).glob("chromium*/*/*"))


def provide_node() -> None:
    """See to it that there is a Node for the script tests. Raises MissingError if there is none."""
    if shutil.which("node") or (apt_install(["nodejs"]) and shutil.which("node")):
        return
    raise MissingError("no Node for the script tests: sudo apt install nodejs")
