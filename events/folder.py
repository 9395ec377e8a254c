"""A folder that is watched: what is put there is taken in, and moved to `done` or `refused`.

A file counts as complete when nothing about it has changed for a while. It is moved only when its
verdict is written: whoever dies in between finds it there again, and the same text is kept once.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from events import intake
from events.intake import Named
from events.models import BatchItem
from events.reasons import word
from events.spool import Spool

DONE = "done"
REFUSED = "refused"
SETTLE_SECONDS = 5.0  # a file that has not changed for so long is complete
LOT = 500  # files that are taken in at one go
# What programs call a file that they are still writing.
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart", ".swp", ".lock")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look did, in files."""

    done: int
    refused: int
    waiting: int


@dataclass(slots=True)
class WatchedFolder:
    """`stated` is what is said of all that comes: source, published, language."""

    path: Path
    source: str = ""
    published: date | None = None
    language: str = ""
    clock: Callable[[], float] = time.monotonic
    _seen: dict[Path, tuple[tuple[int, int], float]] = field(default_factory=dict)
    _given: dict[Path, int] = field(default_factory=dict)  # item of a file that is being taken in
    _stuck: set[tuple[Path, tuple[int, int]]] = field(default_factory=set)

    def look(self) -> Looked:
        """Take in what is complete, and move what has its verdict. To be called again and again."""
        found = dict(self._files())
        ready = [path for path in self._complete(found) if path not in self._given][:LOT]
        if ready:
            self._take_in(ready)
        moved = [self._move(path, found[path]) for path in list(self._given) if path in found]
        self._given = {path: pk for path, pk in self._given.items() if path in found}
        done, refused = moved.count(DONE), moved.count(REFUSED)
        return Looked(done, refused, len(found) - done - refused)

    def _files(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        """The files with what would change if they did: size and time of the last change."""
        for path in sorted(self.path.rglob("*")):
            parts = path.relative_to(self.path).parts
            if parts[0] in {DONE, REFUSED} or any(part.startswith((".", "~")) for part in parts):
                continue
            if path.name.lower().endswith(_UNFINISHED) or path.is_symlink() or not path.is_file():
                continue
            try:
                told = path.stat()
            except OSError:  # gone meanwhile
                continue
            mark = (told.st_size, told.st_mtime_ns)
            if (path, mark) not in self._stuck:
                yield path, mark

    def _complete(self, found: dict[Path, tuple[int, int]]) -> Iterator[Path]:
        now = self.clock()
        before, self._seen = self._seen, {}
        for path, mark in found.items():
            since = before[path][1] if path in before and before[path][0] == mark else now
            self._seen[path] = (mark, since)
            if now - since >= SETTLE_SECONDS:
                yield path

    def _take_in(self, paths: Sequence[Path]) -> None:
        named = []
        taken = []
        with Spool() as safe:
            for path in paths:
                try:
                    with path.open("rb") as file:
                        slot = intake.copy(file, safe)
                except OSError as error:
                    self._leave(path, f"cannot be read: {error.strerror}")
                    continue
                named.append(Named(str(path.relative_to(self.path)), slot))
                taken.append(path)
            if not named:
                return
            batch = intake.open_batch(
                safe, named, source=self.source, published=self.published, language=self.language
            )
        pks = list(batch.items.order_by("position").values_list("pk", flat=True))
        self._given.update(zip(taken, pks, strict=True))
        intake.take_in(batch)

    def _move(self, path: Path, mark: tuple[int, int]) -> str:
        """Move a file to where its verdict puts it; "" while there is none."""
        item = BatchItem.objects.get(pk=self._given[path])
        items = list(BatchItem.objects.filter(archive=item).counted()) or [item]
        if any(each.verdict == BatchItem.Verdict.WAITING for each in items):
            return ""
        refused = [each for each in items if each.verdict == BatchItem.Verdict.REFUSED]
        folder = REFUSED if len(refused) == len(items) else DONE
        try:
            moved = _free(self.path / folder / path.relative_to(self.path))
            moved.parent.mkdir(parents=True, exist_ok=True)
            path.rename(moved)
            if refused:
                told = "".join(f"{each.name}: {word(each.reason)}\n" for each in refused)
                Path(f"{moved}.reason.txt").write_text(told, encoding="utf-8")
        except OSError as error:
            self._leave(path, f"was taken in and cannot be moved: {error.strerror}")
            self._stuck.add((path, mark))
        del self._given[path]
        return folder

    def _leave(self, path: Path, why: str) -> None:
        mark = self._seen[path][0]
        self._stuck.add((path, mark))
        logger.error("%s %s", path, why)


def _free(path: Path) -> Path:
    """The path, or one beside it that is not taken."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem} ({number}){path.suffix}")
    return free
