"""Columns in files: a process that starts maps them instead of reading a million rows.

One folder a state of the corpus, named by it; what stands in it never changes.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np

from events.columns.held import REPORTS, ROWS, Columns, Links, Numbers, Reports, indexed
from events.columns.state import State
from events.tally import Mark

FORMAT = 2  # to be raised when the arrays change


def keep(folder: Path, columns: Columns, state: State) -> None:
    """Write `columns` to `folder` in place of what was kept there. Raises OSError."""
    target = folder / f"at-{state}"  # a state may begin with a dot, as what is half written does
    if target.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".", dir=folder))
    try:
        for name, array in _arrays(columns):
            np.save(made / f"{name}.npy", array)
        about = {"format": FORMAT, "public": state.public, "seen": sorted(state.seen)}
        (made / "about.json").write_text(json.dumps(about | {"mark": asdict(state.mark)}))
        made.rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    for old in folder.iterdir():
        if old != target:
            shutil.rmtree(old, ignore_errors=True)


def kept(folder: Path) -> tuple[Columns, State] | None:
    """Return the newest columns that `folder` keeps, mapped into memory; None if it has none."""
    if not folder.is_dir():
        return None
    found = [one for one in folder.iterdir() if not one.name.startswith(".")]
    for path in sorted(found, key=lambda one: one.stat().st_mtime, reverse=True):
        try:
            return _load(path)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # half deleted, or of another version of the program: it is read anew
    return None


def _load(path: Path) -> tuple[Columns, State]:
    about = json.loads((path / "about.json").read_text())
    if about["format"] != FORMAT:
        raise ValueError(about["format"])
    state = State(Mark(**about["mark"]), about["public"], frozenset(about["seen"]))

    def array(name: str) -> Numbers:
        return np.load(path / f"{name}.npy", mmap_mode="r")  # type: ignore[no-any-return]

    links = {
        name: Links(*(array(f"{name}-{part}") for part in ("values", "first", "events")))
        for name in ("actor", "place", "source")
    }
    rows = {name: array(name) for name in ROWS}
    reports = Reports(*(array(f"report-{name}") for name in REPORTS))
    by_id, by_importance = array("by_id"), array("by_importance")
    return indexed(str(state), rows, links, reports, by_id, by_importance), state


def _arrays(columns: Columns) -> Iterator[tuple[str, Numbers]]:
    yield from ((name, columns.row(name)) for name in ROWS)
    yield "by_id", columns.by_id
    yield "by_importance", columns.by_importance
    yield from ((f"report-{name}", getattr(columns.reports, name)) for name in REPORTS)
    for name, links in columns.links.items():
        yield f"{name}-values", links.values
        yield f"{name}-first", links.first
        yield f"{name}-events", links.events
