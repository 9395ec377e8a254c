"""Whether a site lets machines read its pages: its robots.txt, as RFC 9309 has it.

A feed is given to be read by machines; the pages that it links to may not be.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from events.fetch import Fetched, FetchError

NAME = "Frise"  # that a site may name us by
MOST_BYTES = 512 * 1024  # of rules that are read


class Manners:
    """The rules of the sites that one visit comes to; each is asked once.

    A site that does not answer lets us read nothing; one that has no rules, everything.
    """

    def __init__(self, fetch: Callable[[str], Fetched]) -> None:
        self._fetch = fetch
        self._rules: dict[str, Protego | None] = {}

    def allow(self, url: str) -> bool:
        rules = self._of(url)
        return rules is not None and bool(rules.can_fetch(url, NAME))

    def one_at_a_time(self, url: str) -> bool:
        """Whether the site asks for a pause between two of its pages."""
        rules = self._of(url)
        return rules is not None and bool(rules.crawl_delay(NAME))

    def _of(self, url: str) -> Protego | None:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = self._ask(site)
        return self._rules[site]

    def _ask(self, site: str) -> Protego | None:
        try:
            answer = self._fetch(f"{site}/robots.txt")
        except FetchError:
            return None
        if answer.status == 200:
            return Protego.parse(answer.content[:MOST_BYTES].decode("utf-8", errors="replace"))
        # No rules are no ban; a site in trouble is left alone.
        return Protego.parse("") if 400 <= answer.status < 500 and answer.status != 429 else None
