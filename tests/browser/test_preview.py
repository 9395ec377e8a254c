"""A text is pasted, looked at, and added: with a real worker behind the page."""

from __future__ import annotations

import subprocess
import time

import pytest
from celery.contrib.testing.worker import start_worker
from playwright.sync_api import Page, expect

from events import queue
from events.models import Dispatch
from newsapp.celery import app
from tools import redis_server

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TEXT = (
    "ALEP (Syrie), 8 décembre 2016 (AFP) - Les rebelles ont appelé mercredi à un cessez-le-feu à "
    "Alep. Une réunion est prévue samedi à Paris."
)


@pytest.fixture
def worker(transactional_db, settings, tmp_path, monkeypatch):
    """A Redis and a worker of this test's own, in a thread of this process."""
    settings.MEDIA_ROOT = tmp_path / "media"
    socket = redis_server.socket_path(tmp_path)
    redis = subprocess.Popen(redis_server.command(socket), stdout=subprocess.DEVNULL)
    settings.REDIS_URL = redis_server.socket_url(socket)
    monkeypatch.setattr(queue, "PING_SECONDS", 10)  # a busy machine is no dead broker
    monkeypatch.setattr("events.upload_views.PREVIEW_SECONDS", 60.0)  # likewise
    monkeypatch.setattr(app.conf, "broker_url", settings.REDIS_URL)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)  # it keeps to the Redis it began with
    queue.breaker.reset()
    while not socket.exists():
        time.sleep(0.02)
    with start_worker(app, pool="solo", perform_ping_check=False, queues=queue.QUEUES):
        yield
    redis.kill()
    redis.wait()
    app.pool.force_close_all()


def test_a_pasted_text_is_looked_at_and_then_added_by_keyboard(
    page: Page, site, worker, violations
):
    page.goto(f"{site}/upload/")
    page.get_by_label("Texte de la dépêche").fill(TEXT)
    button = page.get_by_role("button", name="Aperçu")
    button.focus()
    page.keyboard.press("Enter")
    shown = page.get_by_role("region", name="Aperçu")
    expect(shown.get_by_text("7 décembre 2016", exact=True)).to_be_visible()
    expect(shown.locator("mark.is-date").get_by_text("samedi")).to_be_visible()
    expect(page.get_by_label("Texte de la dépêche")).to_have_value(TEXT)
    assert violations() == []
    assert not Dispatch.objects.exists()
    shown.get_by_role("button", name="Ajouter").press("Enter")
    expect(page).to_have_url(f"{site}{Dispatch.objects.get().batch.get_absolute_url()}")


def test_without_a_script_on_a_phone_a_preview_is_shown_too(browser, site, worker):
    phone = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 640}, locale="en-GB"
    )
    page = phone.new_page()
    page.goto(f"{site}/upload/")
    page.get_by_label("Text of the dispatch").fill(TEXT)
    page.get_by_role("button", name="Preview").click()
    heading = page.get_by_role("heading", name="Preview")
    expect(heading).to_be_in_viewport()
    expect(page.get_by_role("heading", name="2 reports found")).to_be_attached()
    width = page.evaluate("document.documentElement.scrollWidth")
    phone.close()
    assert width <= 360
