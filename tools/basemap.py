"""Make the map's base from world-atlas (Natural Earth, public domain), unpacked from its package.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m tools.basemap package/countries-110m.json

Writes static/geo/world.json (GeoJSON: land, and the borders between countries) and world.svg.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parent.parent / "static" / "geo"
DECIMALS = 2
ANTARCTICA = -60  # what lies south of it is left out: no dispatch comes from there
Point = tuple[float, float]


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs in degrees: TopoJSON keeps them as steps of a grid."""
    (scale_x, scale_y), (move_x, move_y) = (
        topology["transform"][name] for name in ("scale", "translate")
    )
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for dx, dy in steps:
            x, y = x + dx, y + dy
            arc.append(
                (round(x * scale_x + move_x, DECIMALS), round(y * scale_y + move_y, DECIMALS))
            )
        arcs.append(arc)
    return arcs


def ring_of(indices: list[int], arcs: list[list[Point]]) -> list[Point]:
    ring: list[Point] = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring += arc if not ring else arc[1:]
    return ring


def unwrapped(ring: list[Point]) -> list[Point]:
    """A ring that crosses the 180th meridian goes on past it, instead of round the world."""
    turns = 0
    points = ring[:1]
    for (before, _), (x, y) in pairwise(ring):
        turns += (x - before < -180) - (x - before > 180)
        points.append((round(x + 360 * turns, DECIMALS), y))
    return points


def polygons_of(geometry: dict[str, Any]) -> Iterator[list[list[int]]]:
    if geometry["type"] == "Polygon":
        yield geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        yield from geometry["arcs"]


def main(path: str) -> None:
    topology = json.loads(Path(path).read_text("utf-8"))
    arcs = arcs_of(topology)
    land = [
        [unwrapped(ring_of(ring, arcs)) for ring in polygon]
        for geometry in topology["objects"]["land"]["geometries"]
        for polygon in polygons_of(geometry)
    ]
    land = [polygon for polygon in land if max(y for _, y in polygon[0]) > ANTARCTICA]
    used = Counter(
        index if index >= 0 else ~index
        for geometry in topology["objects"]["countries"]["geometries"]
        for polygon in polygons_of(geometry)
        for ring in polygon
        for index in ring
    )
    borders = [arcs[index] for index, times in sorted(used.items()) if times > 1]
    shapes = (("land", "MultiPolygon", land), ("border", "MultiLineString", borders))
    features = [
        {
            "type": "Feature",
            "properties": {"kind": kind},
            "geometry": {"type": name, "coordinates": coordinates},
        }
        for kind, name, coordinates in shapes
    ]
    OUT.mkdir(parents=True, exist_ok=True)
    collection = {"type": "FeatureCollection", "features": features}
    (OUT / "world.json").write_text(json.dumps(collection, separators=(",", ":")), "utf-8")
    (OUT / "world.svg").write_text(svg(land, borders), "utf-8")


def svg(land: list[list[list[Point]]], borders: list[list[Point]]) -> str:
    """Plain degrees, north up: the page puts its circles over it."""
    rings = "".join(drawn(ring) + "Z" for polygon in land for ring in polygon)
    lines = "".join(drawn(line) for line in borders)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-180 -84 360 144">'
        f'<path d="{rings}" fill="#b9b09c" fill-opacity=".45"/>'
        f'<path d="{lines}" fill="none" stroke="#8a8272" stroke-opacity=".6" stroke-width=".2"/>'
        "</svg>"
    )


def drawn(points: list[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {-y:.1f}" for x, y in points)


if __name__ == "__main__":
    main(sys.argv[1])
