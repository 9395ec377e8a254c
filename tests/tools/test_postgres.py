from __future__ import annotations

import os
import stat
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from tools import postgres

pytestmark = pytest.mark.slow


def socket_folder(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def test_a_server_runs_in_a_folder_of_its_own_account_and_leaves_nothing() -> None:
    with postgres.running_server() as url:
        folder = socket_folder(url)
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == ("frise",)
            pid = connection.info.backend_pid
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert folder.stat().st_uid != 0
    assert not folder.exists()
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_root_may_have_its_checkout_where_the_server_account_cannot_look(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres, "_open_to_all", lambda folder: False)
    with postgres.running_server() as url, psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_the_command_gets_the_address_and_its_exit_status_is_ours() -> None:
    probe = "import os, sys; sys.exit(7 if 'frise-pg-' in os.environ['DATABASE_URL'] else 1)"
    assert postgres.main(["python3", "-c", probe]) == 7
