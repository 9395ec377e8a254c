from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import install

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def own_venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(install, "ROOT", tmp_path)
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(install, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return tmp_path / ".venv"


@pytest.mark.parametrize("version", [(3, 9, 2), (3, 12, 1), (3, 13, 0)])
def test_another_python_than_3_11_is_told_what_to_install(
    version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(install.InstallError, match=r"needs Python 3\.11.*apt install"):
        install.check_python()


def test_a_python_without_venv_is_told_which_package_has_it(
    own_venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    debian = tmp_path / "python3.11"  # as Debian's speaks without python3.11-venv
    debian.write_text("#!/bin/sh\necho 'because ensurepip is not available.'; exit 1\n")
    debian.chmod(0o755)
    monkeypatch.setattr(install, "SYSTEM_PYTHON", str(debian))
    with pytest.raises(install.InstallError, match=r"apt install python3\.11-venv"):
        install.make_venv()
    assert not own_venv.exists()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Failed to establish a new connection: [Errno -3] NewConnectionError", "network"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE FILE", "not the one"),
        ("Looking …\nERROR: No matching distribution found for spacy==9", "found for spacy==9"),
        ("", "pip failed"),
    ],
)
def test_why_pip_failed_is_one_line_for_a_person(
    own_venv: Path, said: str, expected: str
) -> None:
    reason = install.why_pip_failed(said, own_venv / "requirements.log")
    assert expected in reason
    assert "\n" not in reason


def test_requirements_are_installed_again_only_when_they_or_the_place_changed(
    own_venv: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("one==1\n")
    (own_venv / "bin").mkdir(parents=True)
    install.PYTHON.touch()
    install.stamp_file(requirements).write_text(install.stamp_of(requirements))
    assert install.is_installed(requirements)

    requirements.write_text("one==2\n")
    assert not install.is_installed(requirements)

    requirements.write_text("one==1\n")
    monkeypatch.setattr(install, "VENV", tmp_path / "moved")
    shutil.move(own_venv, tmp_path / "moved")
    assert not install.is_installed(requirements)


@pytest.mark.slow
def test_without_network_a_first_install_fails_in_one_line_and_can_be_repeated(
    tmp_path: Path,
) -> None:
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "install.py", tmp_path / "tools")
    (tmp_path / "requirements.txt").write_text(
        "absent==1.0 --hash=sha256:" + "0" * 64 + "\n"
    )
    (tmp_path / ".venv" / "bin").mkdir(parents=True)  # left half-made by an earlier try
    command = [install.SYSTEM_PYTHON, "tools/install.py"]
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_CONFIG_FILE": os.devnull}
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PIP_")}
    for expected in ("removing a half-made", "1 packages"):
        done = subprocess.run(
            command, cwd=tmp_path, env=clean | nowhere, capture_output=True, text=True, check=False
        )
        assert done.returncode == 1
        assert expected in done.stdout
        assert done.stderr.count("\n") == 1
        assert "connect to the network" in done.stderr


def test_a_catalog_is_compiled_when_it_is_newer_than_its_compiled_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "ROOT", tmp_path)
    catalog = tmp_path / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "event"\nmsgstr "événement"\n'
    )
    compiled = catalog.with_suffix(".mo")
    install.compile_messages()
    assert "événement" in compiled.read_bytes().decode(errors="replace")

    os.utime(compiled, (2_000_000_000, 2_000_000_000))
    compiled.write_bytes(b"kept")
    os.utime(compiled, (2_000_000_000, 2_000_000_000))
    install.compile_messages()
    assert compiled.read_bytes() == b"kept"
