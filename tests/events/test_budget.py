"""What a first visit weighs, compressed: it depends on no machine's speed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.conf import settings

from tests.events.stories import make_event

STATIC = Path(settings.BASE_DIR) / "static"
SCRIPTS = (STATIC / "js" / "late.js", *(STATIC / "js" / "timeline").glob("*.js"))
KIB = 1024


def weight(*paths: Path) -> int:
    """Bytes after compression, each file by itself as the server sends them."""
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths)


def test_the_scripts_of_the_timeline_weigh_at_most_20_kib():
    assert 0 < weight(*SCRIPTS) <= 20 * KIB


@pytest.mark.django_db
def test_a_first_visit_weighs_at_most_60_kib(client, settings):
    settings.PUBLIC_EVENTS = "all"
    for n in range(60):
        make_event(
            f"Un événement de longueur ordinaire, numéro {n}", f"20{n % 20 + 10}-0{n % 9 + 1}-15",
            actors=[f"un acteur {n}", "un autre"], places=[f"un lieu {n}"], reported=n % 3 == 0,
        )  # fmt: skip
    page = client.get("/")
    tile = client.get("/tiles/1/decade/201/?key=attack")
    whole = len(gzip.compress(page.content, 9)) + len(gzip.compress(tile.content, 9))
    whole += weight(STATIC / "css" / "frise.css", STATIC / "img" / "frise.svg")
    whole += weight(*SCRIPTS)
    assert whole <= 60 * KIB
