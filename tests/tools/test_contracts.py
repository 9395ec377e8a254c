"""What the repository promises in writing holds: commands, settings, links, pins."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def code_files() -> list[Path]:
    folders = ("events", "newsapp", "tools", "benchmarks", "templates", "static", ".ci")
    found = [path for folder in folders for path in (ROOT / folder).rglob("*")]
    kinds = {".py", ".toml", ".html", ".js", ".css", ""}
    return [path for path in found if path.is_file() and path.suffix in kinds]


def test_every_setting_read_from_the_environment_stands_in_the_readme() -> None:
    tree = ast.parse((ROOT / "newsapp" / "settings.py").read_text())
    read = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and isinstance(node.args[0], ast.Constant)
    }
    described = set(re.findall(r"`([A-Z_]+)`", (ROOT / "README.md").read_text()))
    assert len(read) > 10
    assert read - described == set()


def test_every_make_command_that_is_written_down_exists() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = set(re.findall(r"^  make ([a-z-]+)", listed.stdout, flags=re.MULTILINE))
    named = {
        name
        for page in PAGES
        for name in re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(), flags=re.MULTILINE)
    }
    assert {"install", "run", "demo", "test", "check"} <= targets
    assert named - targets == set()


@pytest.mark.parametrize("document", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_to_one(document: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text())
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_requirement_is_pinned_with_hashes_and_explained(name: str) -> None:
    pinned = (ROOT / f"{name}.txt").read_text()
    blocks = re.split(r"^(?=[A-Za-z0-9])", pinned, flags=re.MULTILINE)[1:]
    assert [b.split()[0] for b in blocks if "==" not in b or "--hash=sha256:" not in b] == []
    for line in (ROOT / f"{name}.in").read_text().splitlines():
        if not line or line[0] in "#-":
            continue
        wanted, comment = re.match(r"([\w.-]+)[^#]*(#?)", line).groups()  # type: ignore[union-attr]  # any line has a name
        folded = re.sub(r"[-_.]+", "-", wanted).lower()
        assert comment, f"{wanted}: say what it is for"
        assert re.search(rf"^{re.escape(folded)}(\[\S+\])?==", pinned, re.MULTILINE), wanted


def test_no_path_of_one_machine_stands_in_the_code() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in code_files()
        for line in path.read_text(errors="replace").splitlines()
        if re.search(r"(?<![\w.$}])/(?:work|root|home)/\w", line)
    ]
    assert found == []


def test_what_decides_whether_a_change_lands_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "set -euo pipefail" in (ROOT / ".ci" / "run").read_text()
