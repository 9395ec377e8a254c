"""Waking a worker costs milliseconds and fails nobody, whatever state Redis is in."""

import signal
import subprocess
import time

import pytest

from events import queue
from tests.builders import give
from tools import redis_server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    queue.breaker.reset()
    yield
    queue.breaker.reset()


@pytest.fixture
def server(settings, tmp_path):
    """A real Redis of this test's own."""
    socket = redis_server.socket_path(tmp_path)
    process = subprocess.Popen(redis_server.command(socket), stdout=subprocess.DEVNULL)
    settings.REDIS_URL = redis_server.socket_url(socket)
    deadline = time.monotonic() + 5
    while not socket.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    yield process
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()


def test_with_no_redis_nobody_is_told_and_the_dispatch_waits(settings, tmp_path):
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"
    dispatch = give()
    assert not queue.wake(dispatch.pk)
    dispatch.refresh_from_db()
    assert dispatch.state == "received"
    assert queue.lengths() is None


def test_a_frozen_redis_is_given_up_and_then_left_alone(server, monkeypatch):
    server.send_signal(signal.SIGSTOP)
    dispatch = give()
    assert not queue.wake(dispatch.pk)
    assert queue.breaker.is_open
    asked = []
    monkeypatch.setattr(queue, "_client", lambda: asked.append("again"))
    assert not queue.wake(dispatch.pk)
    assert not asked


def test_messages_that_nobody_fetched_are_counted(server, monkeypatch):
    monkeypatch.setattr(queue, "PING_SECONDS", 10)  # a busy machine is no dead broker
    assert queue.lengths() == dict.fromkeys(queue.QUEUES, 0)
    client = queue._client()
    client.rpush(queue.BULK, "a message")
    assert queue.lengths() == {**dict.fromkeys(queue.QUEUES, 0), queue.BULK: 1}
