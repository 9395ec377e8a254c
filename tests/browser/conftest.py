"""A real browser against the real site: no request leaves it, and none of our pages is let off."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.builders import make_user
from tests.events.stories import make_dispatch, make_event, make_mention
from tools.browser import launch_options

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in the thread of the test
QUIET = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def base_url() -> str:
    """Ours, because that of the plugin is written in a way that pytest warns of."""
    return ""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, **launch_options(), "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "fr-FR", "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def site(live_server, settings) -> str:
    """The address of a running site where proposals are public."""
    settings.PUBLIC_EVENTS = "all"
    return str(live_server.url)


@pytest.fixture
def faults() -> list[str]:
    """What went wrong in the page so far."""
    return []


@pytest.fixture(autouse=True)
def _nothing_leaves_the_site_and_nothing_breaks(
    page: Page, live_server, faults: list[str]
) -> Iterator[None]:
    """Every browser test fails on a request to another origin, a script error or a CSP report."""
    home = urlsplit(live_server.url).netloc
    strangers = []
    page.on(
        "request",
        lambda one: strangers.append(one.url)
        if urlsplit(one.url).netloc not in {home, ""}
        else None,
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: faults.append(message.text)
        if message.type == "error" and "Failed to load resource" not in message.text
        else None,
    )
    yield
    assert not strangers
    assert not faults


@pytest.fixture
def violations(page: Page, faults: list[str]) -> Callable[[], list[str]]:
    """Ask axe about the page as it stands: one line for each rule broken, with where."""

    def ask() -> list[str]:
        options = {"runOnly": {"type": "tag", "values": RULES}}
        before = len(faults)
        found = Axe().run(page, options=options).response["violations"]
        del faults[before:]  # axe itself copies styled elements, which the policy reports
        return [
            f"{one['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
            for one in found
            for node in one["nodes"]
        ]

    return ask


@pytest.fixture
def story(transactional_db):
    """Three dispatches, events of every status and shape of date, one of them contested."""
    text = (
        "Les combats ont repris lundi à Alep. Kerry et Lavrov se sont rencontrés à Hambourg.\n"
        "Un contact est prévu jeudi. La guerre dure depuis mars 2011."
    )
    dispatch = make_dispatch(text, source="AFP", title="Alep: les combats ont repris")
    first = make_event(
        "Reprise des combats", "2016-12-05", actors=["armée syrienne"], places=["Alep"],
        dispatch=dispatch, time_of_day="08:30",
    )  # fmt: skip
    make_mention(
        first, make_dispatch("Les tirs ont repris mardi.", source="TASS"),
        date="mardi", edtf="2016-12-06",
    )  # fmt: skip
    for title, edtf, status in [
        ("La guerre en Syrie", "2011-03/..", "ongoing"),
        ("Contact prévu entre Kerry et Lavrov", "2016-12-08", "planned"),
        ("Appel à la trêve", "2016-12-07~", "called_for"),
        ("Pas de trêve", "2016-12-07", "denied"),
        ("Une victoire possible", "2017", "hypothetical"),
        ("Cinq jours de pourparlers", "2016-12-06/2016-12-10", "happened"),
        ("Sans jour", "", "happened"),
    ]:
        make_event(
            title, edtf, status=status, type="talks", actors=["John Kerry"], places=["Hambourg"]
        )
    make_dispatch("Un texte qui attend.", state="received", dct="")
    make_dispatch("Un texte qui résiste.", state="failed", error_code="reading-failed", attempts=5)
    return {"event": first.pk, "dispatch": dispatch.pk}


@pytest.fixture
def ada(transactional_db):
    """A curator whom the other process sees too."""
    return make_user("ada", "curator")


@pytest.fixture
def desk(page: Page, site, ada, client) -> Page:
    """The page, in the hands of a curator."""
    client.force_login(ada)
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": site}])
    return page
