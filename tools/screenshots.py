"""Make docs/screenshots/ from a demonstration of its own: `make screenshots`.

The site runs in a folder that is thrown away, on a free port, with the demonstration's dispatches.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tools import browser

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
SCREENS = {"desktop": (1280, 860), "phone": (390, 844)}  # CSS pixels
START_SECONDS = 300


@contextmanager
def running_demo() -> Iterator[str]:
    """Start a demonstration; yield its address once every dispatch has been read; stop it.

    Raises RuntimeError if it does not get that far.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    unwanted = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "MEDIA_ROOT", "MAKELEVEL", "HOST"}
    clean = {key: value for key, value in os.environ.items() if key not in unwanted}
    with tempfile.TemporaryDirectory(prefix="frise-demo-") as folder:
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.run", "--demo"],
            cwd=ROOT,
            env=clean | {"VAR_DIR": folder, "PORT": str(port)},
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait_until_read(url, process)
            yield url
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def wait_until_read(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:  # noqa: S310 - our own
                if json.load(answer)["waiting"] == 0:
                    return
        except OSError:
            pass  # not up yet
        time.sleep(0.5)
    raise RuntimeError("the demonstration did not get ready")


def take(chromium: Browser, url: str) -> None:
    """Take every page in every size."""
    for screen, (width, height) in SCREENS.items():
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale="fr-FR", reduced_motion="reduce"
        )
        page = context.new_page()
        page.goto(f"{url}/dispatches/1/")
        event = page.locator('a[href*="/events/"]').first.get_attribute("href")
        paths = {
            "timeline": "/?start=2016-12-01&end=2016-12-31",
            "timeline-day": "/?start=2016-12-19&end=2016-12-19",
            "timeline-year": "/?start=2016-01-01&end=2016-12-31",
            "timeline-decade": "/?start=2010-01-01&end=2019-12-31",
            "timeline-nothing": "/?q=introuvable",
            "map": "/map/",
            "event": event or "/",
            "dispatch": "/dispatches/1/",
            "upload": "/upload/",
        }
        for name, path in paths.items():
            page.goto(url + path)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=FOLDER / f"{name}-{screen}.png")
            print(f"docs/screenshots/{name}-{screen}.png", flush=True)  # noqa: T201 - a command's own words
        page.emulate_media(color_scheme="dark")
        page.goto(url + paths["timeline"])
        page.wait_for_load_state("networkidle")
        page.screenshot(path=FOLDER / f"timeline-dark-{screen}.png")
        context.close()


def main() -> int:
    try:
        browser.provide_chromium()
    except browser.MissingError as reason:
        print(reason, file=sys.stderr)  # noqa: T201 - as above
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with running_demo() as url, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**browser.launch_options())  # type: ignore[arg-type]  # a dict of options
        take(chromium, url)
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
