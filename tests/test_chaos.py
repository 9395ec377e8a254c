"""Real workers, a real broker, a real database, and things that go wrong: nothing is lost."""

import contextlib

import pytest

from tests.chaos.site import Site, run
from tools import postgres

pytestmark = pytest.mark.slow


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    with contextlib.ExitStack() as stack:
        if request.param == "postgresql":
            yield stack.enter_context(postgres.running_server())
        else:
            yield f"sqlite:///{tmp_path}/chaos.sqlite3"


def test_nothing_is_lost_and_nothing_doubled_while_everything_is_killed(database_url, tmp_path):
    report = run(Site(tmp_path / "site", database_url), dispatches=60, faults=8, poison=1)
    assert report.dispatches == 60
    assert report.clean, report
    assert report.poison_parked == 1
