"""What every test needs: a process that remembers nothing of the test before."""

from __future__ import annotations

import pytest

from events import columns


@pytest.fixture(autouse=True)
def _no_columns_of_another_test():
    columns.forget()
