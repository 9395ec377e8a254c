"""As an Atom feed to follow a view by: what was told last, first."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.exports.view import View, headline, quote_with_source
from events.wording import word_edtf

MOST = 200  # entries


def atom(view: View) -> Iterator[str]:
    """The entry of an event that was corrected moves up with its `updated`."""
    latest = view.newest(MOST)
    feed = Atom1Feed(
        title=_("Timeline"), link=view.address, description=None, language=get_language(),
        feed_guid=view.address,
    )  # fmt: skip
    for item in latest.events:
        feed.add_item(
            title=f"{word_edtf(item.edtf)} – {headline(item)}",
            link=view.link(item),
            description=escape(quote_with_source(item)),  # Atom1Feed says that it is HTML
            unique_id=view.link(item),
            updateddate=item.updated_at,
            categories=[item.type_label],
        )
    yield feed.writeString("utf-8")
