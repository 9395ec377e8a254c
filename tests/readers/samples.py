"""Where the look-alikes of the wires lie, and small archives made in memory."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

WIRE = Path(__file__).parents[1] / "data" / "wire"


def wire(name: str) -> bytes:
    return (WIRE / name).read_bytes()


def make_zip(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return out.getvalue()
