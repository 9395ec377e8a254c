"""Read dispatches without database or broker, and print what was drawn from them as JSON."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import slugify

from events.extraction import Extraction, ExtractionRequest, extract, merge, merge_item
from events.extraction.serialize import as_document
from events.extraction.timeml import STYLES, styled, to_timeml


@dataclass(frozen=True, slots=True)
class Item:
    """One text to read, under the name that its result carries."""

    name: str
    request: ExtractionRequest
    published: str | None = None
    source: str | None = None


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "files",
            nargs="*",
            metavar="FILE",
            help="a text, or JSON lines {id, text, dct[, lang]} if named *.jsonl; - is stdin",
        )
        parser.add_argument("--published", type=_day, help="day of the dispatches, YYYY-MM-DD")
        parser.add_argument("--lang", default="", help="their language, ISO 639-1")
        parser.add_argument("--jsonl", action="store_true", help="print one document a line")
        parser.add_argument(
            "--gold",
            metavar="GOLD.json",
            help="read the texts of an annotated file, never its annotations",
        )
        parser.add_argument(
            "--merge", action="store_true", help="say which events of all texts are one (cluster)"
        )
        parser.add_argument(
            "--style",
            default="frise",
            choices=sorted(STYLES),
            help="conventions for the values of time expressions",
        )
        parser.add_argument(
            "--timeml", action="store_true", help="print time expressions as TimeML, not JSON"
        )
        parser.add_argument(
            "--to", metavar="FOLDER", help="with --timeml: write a .tml file for each text there"
        )

    def handle(self, *files: str, **options: Any) -> None:
        files = tuple(options["files"])
        if bool(files) == bool(options["gold"]):
            raise CommandError("Name files to read, or an annotated file with --gold.")
        items = (
            list(gold_items(Path(options["gold"])))
            if options["gold"]
            else [item for name in files for item in _file_items(name, options)]
        )
        if options["timeml"]:
            self._write_timeml(items, options["style"], options["to"])
            return
        documents = (
            merged_documents(items)
            if options["merge"]
            else list(documents_of(items, options["style"]))
        )
        if options["gold"] and not options["jsonl"]:
            self._print({"docs": documents}, indent=1)
            return
        for document in documents:
            self._print(document, indent=None if options["jsonl"] else 1)

    def _write_timeml(self, items: Sequence[Item], style: str, folder: str | None) -> None:
        for item, extraction in zip(items, _restyled(items, style), strict=True):
            text = extraction.document.text
            written = to_timeml(item.name, text, extraction.dct, extraction.timexes)
            if folder is None:
                self.stdout.write(written, ending="")
                continue
            path = Path(folder) / f"{slugify(item.name) or 'text'}.tml"
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(written, encoding="utf-8")
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}") from error

    def _print(self, data: object, indent: int | None) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=indent, allow_nan=False))


def documents_of(items: Sequence[Item], style: str = "frise") -> Iterator[dict[str, Any]]:
    """Yield the result of each item, in order, in the shape of an annotated document.

    `style` names the conventions for the values of time expressions.
    """
    for item, extraction in zip(items, _restyled(items, style), strict=True):
        yield as_document(extraction, item.name, published=item.published, source=item.source)


def _restyled(items: Sequence[Item], style: str) -> Iterator[Extraction]:
    for extraction in extract(item.request for item in items):
        timexes = styled(extraction.timexes, extraction.document.text, style)
        yield replace(extraction, timexes=tuple(timexes))


def merged_documents(items: Sequence[Item]) -> list[dict[str, Any]]:
    """As `documents_of`, with the cluster of every event over all the items."""
    extractions = list(extract(item.request for item in items))
    clusters = _clusters(extractions)
    return [
        as_document(
            extraction,
            item.name,
            published=item.published,
            source=item.source,
            clusters=clusters[number],
        )
        for number, (item, extraction) in enumerate(zip(items, extractions, strict=True))
    ]


def _clusters(extractions: Iterable[Extraction]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    merge_items = []
    for number, extraction in enumerate(extractions):
        found.append({})
        merge_items += [
            merge_item(mention, str(number), f"{number}:e{position}")
            for position, mention in enumerate(extraction.mentions, start=1)
        ]
    for cluster_number, cluster in enumerate(merge(merge_items), start=1):
        for key in cluster.keys:
            document, event = key.split(":")
            found[int(document)][event] = f"c{cluster_number}"
    return found


def gold_items(path: Path) -> Iterator[Item]:
    """Yield the texts of an annotated file with what was declared of them, nothing else."""
    content = json.loads(path.read_text(encoding="utf-8"))
    for entry in content["docs"] if isinstance(content, dict) else content:
        yield Item(
            entry["id"],
            ExtractionRequest(entry["text"], _optional_day(entry["published"]), entry["lang"]),
            entry["published"],
            entry.get("source"),
        )


def _file_items(name: str, options: dict[str, Any]) -> Iterator[Item]:
    try:
        content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{name}: not UTF-8") from error
    published: date | None = options["published"]
    stated: str = options["lang"]
    if name.endswith(".jsonl"):
        for number, line in enumerate(text.splitlines(), start=1):
            if line.strip():
                yield _line_item(line, f"{name}:{number}", published, stated)
        return
    request = ExtractionRequest(text, published, stated or None)
    yield Item(Path(name).stem, request, published.isoformat() if published else None)


def _line_item(line: str, where: str, published: date | None, stated: str) -> Item:
    try:
        entry = json.loads(line)
        day = _optional_day(entry.get("dct")) or published
        request = ExtractionRequest(entry["text"], day, entry.get("lang") or stated or None)
        return Item(str(entry["id"]), request, day.isoformat() if day else None)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"{where}: not a line {{id, text, dct}}: {error}") from error


def _optional_day(value: str | None) -> date | None:
    return date.fromisoformat(value[:10]) if value else None


def _day(value: str) -> date:
    return date.fromisoformat(value)
