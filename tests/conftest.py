"""What tests share: a process that remembers nothing of the test before, and a curator."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from events import columns
from tests.builders import make_user


@pytest.fixture(autouse=True)
def _no_columns_of_another_test():
    columns.forget()


@pytest.fixture(autouse=True)
def _no_language_of_another_test():
    """A request leaves its language with the thread, where a test would go on reading it."""
    translation.deactivate()


@pytest.fixture
def ada(db) -> User:
    """A curator."""
    return make_user("ada", "curator")


@pytest.fixture
def desk(client: Client, ada: User) -> Client:
    """The site in the hands of a curator."""
    client.force_login(ada)
    return client
