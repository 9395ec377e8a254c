"""Why a date, a refusal or a failure is what it is, in a sentence for people.

Whoever produces a code adds its sentence here. A sentence is an English message id with named
blanks, `%(name)s`, that the reason's own values fill; the catalogs in locale/ translate it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from events.wording import word_value


class ReasonLike(Protocol):
    """As `extraction.annotations.Reason`, without this module having to know extraction."""

    @property
    def code(self) -> str: ...

    @property
    def values(self) -> Iterable[tuple[str, str]]: ...


# code -> sentence. Keep them in alphabetical order: two people adding a line seldom collide.
REASONS: dict[str, str] = {
    "anchor-by-verb": _(
        "“%(words)s”, as the verb of its sentence tells it: %(value)s rather than %(nearest)s."
    ),
    "anchor-counted": _("“%(words)s” counts to it from %(from)s."),
    "anchor-dct": _("Nothing dates it: news of this kind is of the day of the dispatch, %(date)s."),
    "anchor-inherited": _(
        "The sentence gives no date: it goes on telling of %(date)s, which “%(words)s” named."
    ),
    "characters-lost": _(
        "%(count)s characters of the file were lost before it came here: they are left out."
    ),
    "dated-by-person": _("A person dated it."),
    "dates-impossible": _("A date in the text is a day that no calendar has."),
    "dates-none": _("No date was found in the text."),
    "dates-unplaced": _("The dates in the text count from a day that nobody has said yet."),
    "dct-dateline": _("The dispatch is dated %(date)s by its dateline, “%(words)s”."),
    "dct-dateline-received": _(
        "The dateline, “%(words)s”, gives no year; the dispatch was received within days of "
        "%(date)s."
    ),
    "dct-dateline-republished": _(
        "The dateline, “%(words)s”, gives no year; the dispatch was published within days of "
        "%(date)s."
    ),
    "dct-declared": _("The day of the dispatch, %(date)s, was given with it."),
    "dct-elapsed": _("The dispatch is of %(year)s: it says “%(start)s”, and since “%(length)s”."),
    "dct-no-year": _("The dateline gives a day, %(value)s, and nothing gives the year."),
    "dct-republished": _("It came with the date of %(date)s, and nothing in it names another day."),
    "dct-trailer": _("The dispatch is dated %(date)s by its closing line, “%(words)s”."),
    "dct-unknown": _("Nothing in the dispatch says of which year it is."),
    "dct-unsure": _("The dispatch can be of several years: none is likely enough."),
    "dct-weekday-fits": _("The dispatch is of %(year)s: then “%(words)s” is a true date."),
    "dct-years-written": _("The dispatch is of %(year)s, near the date it names: “%(words)s”."),
    "dispatch-being-read": _("The dispatch is being read just now: try again in a minute."),
    "dispatch-embargoed": _("The agency asks that nothing be published before %(date)s."),
    "dispatch-embargoed-open": _("The agency asks that nothing be published until further notice."),
    "dispatch-killed": _("The agency has taken this item back."),
    "dispatch-known": _("This text was already received on %(date)s."),
    "dispatch-known-version": _("This version of the item was already received on %(date)s."),
    "dispatch-resumed": _("It had come before, in an upload that was canceled: now it is read."),
    "dispatch-new-version": _("A new version: it replaces the one before."),
    "dispatch-older-version": _("A newer version of it is already here."),
    "dispatch-reprint": _("Much the same text as another dispatch: they count as one source."),
    "dispatch-taken-off": _("This item was taken off this site on request: it is not taken in."),
    "dispatch-withdrawn": _("The agency takes “%(title)s” back: its text is not shown any more."),
    "embargo-unread": _(
        "The agency asks for an embargo until “%(words)s”, which is no date that can be read: it "
        "holds until the agency sends a version without it."
    ),
    "encoding-guessed": _(
        "The file does not say how its characters are encoded: they were read as "
        "%(encoding)s, which is a guess."
    ),
    "encoding-known-text": _("Read like that, it is the text of another dispatch."),
    "encoding-mixed": _(
        "Some lines of the file are encoded in UTF-8, others are not: each was read as it "
        "seems to be."
    ),
    "encoding-moves-reports": _(
        "Read like that, the text has another length, and a report that a person has placed "
        "would lie elsewhere."
    ),
    "encoding-wrong": _("The characters of the file cannot be in %(encoding)s."),
    "events-cut": _("Only the first %(count)s events of the text were kept."),
    "events-none": _("No dated event was found in the text."),
    "feed-cut": _("The feed holds %(count)s entries: only the first %(most)s were read."),
    "feed-damaged": _("The feed is damaged: it was read as far as it goes."),
    "feed-empty": _("There is no entry with a text in this feed."),
    "feed-gone": _("The site says that this feed is gone for good: it is not polled any more."),
    "feed-none": _("There is no feed at this address, and the page names none."),
    "fetch-downgrade": _(
        "The site sends from a secure address to one that is not: it was not followed."
    ),
    "fetch-no-address": _("There is no site of this name."),
    "fetch-no-network": _(
        "The names of sites cannot be looked up from here: there seems to be no network, and "
        "nothing can be fetched until there is one."
    ),
    "fetch-nonsense": _("The site gave an answer that cannot be read."),
    "fetch-redirects": _("The site sends on from address to address, more than %(most)s times."),
    "fetch-status": _("The site answered with the error %(status)s."),
    "fetch-timeout": _("The site did not answer in time."),
    "fetch-too-large": _("The answer of the site is larger than %(megabytes)s MB."),
    "fetch-unreachable": _("The site cannot be reached."),
    "intake-failed": _("The file could not be taken in: something went wrong here."),
    "intake-interrupted": _("Taking the file in was interrupted five times."),
    "intake-gone": _("The bytes of this file are not here any more: give it again."),
    "file-binary": _("This is not a text: the file holds binary data."),
    "file-blank": _("There is no text in this file, only spaces."),
    "file-damaged": _("This %(kind)s file is damaged."),
    "file-empty": _("The file is empty."),
    "file-saved": _(
        "The file was saved on %(date)s, which may not be the day of the dispatch: it was not "
        "believed."
    ),
    "file-several": _("The file holds %(count)s dispatches; here, only one can be given."),
    "file-too-large": _("The file is larger than %(megabytes)s MB."),
    "file-too-slow": _("The file could not be read in %(seconds)s seconds."),
    "file-unsupported": _("Files of the kind %(kind)s cannot be read."),
    "html-day-not-believed": _(
        "The page shows the date %(date)s, which may not be that of the article: it was not "
        "believed."
    ),
    "html-no-article": _("No article was found in this page."),
    "html-too-deep": _("The page is nested deeper than %(levels)s levels."),
    "language-dates-only": _(
        "Events are found in French and English only: of this text, the dates alone were read."
    ),
    "language-unsure": _("The language of the text is a guess."),
    "mail-blank": _("There is no text in this e-mail, and no file is attached to it."),
    "merge-much-told": _("Their sentences say much alike."),
    "merge-must-link": _("A person put them together."),
    "merge-nested-dates": _("The dates of one lie within those of the other."),
    "merge-nested-year": _("The dates of one lie within a long time that the other tells of."),
    "merge-no-shared-word": _("They are told in other words."),
    "merge-none-told": _("Their sentences share no word."),
    "merge-only-ones": _("Each dispatch tells only this one of those days."),
    "merge-other-act": _("What was done is told in other words."),
    "merge-other-actors": _("They name other actors."),
    "merge-other-place": _("They name other places."),
    "merge-other-status": _("They do not say alike whether it happened."),
    "merge-other-subjects": _("The two dispatches name nobody and no place in common."),
    "merge-other-type": _("They are of other kinds."),
    "merge-planned-and-happened": _("One tells the plan, the other what came of it."),
    "merge-related-type": _("They are of related kinds."),
    "merge-running-toll": _("A count of victims that was brought up to date."),
    "merge-same-country": _("In the same country."),
    "merge-same-day": _("On the same day."),
    "merge-same-dispatch": _("Told twice in one dispatch."),
    "merge-same-happening": _("Both name the same happening."),
    "merge-same-period": _("Over the same time."),
    "merge-same-place": _("In the same place."),
    "merge-same-story": _("The two dispatches share other events."),
    "merge-same-subjects": _("The two dispatches speak of the same people and places."),
    "merge-same-type": _("Of the same kind."),
    "merge-shared-actor": _("They share an actor."),
    "merge-shared-actors": _("They share several actors."),
    "merge-shared-name": _("Their sentences share a name."),
    "merge-shared-number": _("They give the same number."),
    "merge-shared-subject": _("The two dispatches share a name."),
    "merge-shared-word": _("They share a word."),
    "merge-shared-words": _("They share several words."),
    "merge-some-told": _("Their sentences say something alike."),
    "merge-told-number": _("Their sentences give the same number."),
    "opml-none": _("There is no feed in this file: it is not a list of feeds (OPML)."),
    "page-not-for-machines": _(
        "The site does not let machines read the pages of its entries: what the feed says is all."
    ),
    "pdf-cut": _("The PDF has %(count)s pages: only the first %(most)s were read."),
    "pdf-encrypted": _("The PDF is protected by a password."),
    "pdf-no-text": _("The PDF holds pictures of pages, but no text."),
    "original-missing": _("The file as it was given is no longer kept: only its text is."),
    "preview-cut": _("It is long: this preview read its beginning alone."),
    "preview-several": _("It holds %(count)s dispatches: this is the first of them."),
    "reading-canceled": _("Canceled before it was read."),
    "reading-failed": _("The dispatch could not be read: an error occurred %(attempts)s times."),
    "reading-interrupted": _(
        "The dispatch could not be read: its worker was stopped %(attempts)s times while "
        "reading it."
    ),
    "reading-took-too-long": _(
        "The dispatch could not be read in the time allowed, %(attempts)s times."
    ),
    "text-taken-back": _("This text was taken back: it is not shown here any more."),
    "text-cut": _("Only the first %(characters)s characters were searched for events."),
    "timex-before-christ": _("“%(words)s” lies before the years that are drawn here."),
    "timex-counted": _("“%(words)s” counts from %(day)s, “%(source)s”: %(value)s."),
    "timex-dct": _("“%(words)s”, counted from the day of the dispatch, %(dct)s: %(value)s."),
    "timex-duration": _("“%(words)s” is a length of time, not a date."),
    "timex-explicit": _("“%(words)s” is written out: %(value)s."),
    "timex-from-told": _(
        "“%(words)s” counts from %(day)s, told before as “%(source)s”: %(value)s."
    ),
    "timex-head": _("“%(words)s” belongs to %(day)s, the day told before: “%(source)s”."),
    "timex-holiday": _("“%(words)s” is on %(value)s."),
    "timex-holiday-nearest": _("“%(words)s”, the one nearest to %(dct)s: %(value)s."),
    "timex-impossible": _("“%(words)s” is a day that no calendar has."),
    "timex-month-head": _("“%(words)s”, in the month that the text tells of, %(base)s: %(value)s."),
    "timex-month-nearest": _("“%(words)s”, the one nearest to %(base)s: %(value)s."),
    "timex-no-reference": _("“%(words)s” counts from a day that is not known."),
    "timex-no-year": _("“%(words)s” has no year, and nothing gives it."),
    "timex-sentence": _("“%(words)s” belongs to %(day)s, the day of its sentence: “%(source)s”."),
    "timex-set": _("“%(words)s” is repeated: it names no single day."),
    "timex-vague": _("“%(words)s” names no day that could be counted."),
    "timex-weekday-future": _("“%(words)s” is to come after %(dct)s: %(value)s."),
    "timex-weekday-nearest": _("“%(words)s”, the one nearest to %(dct)s: %(value)s."),
    "timex-weekday-past": _("“%(words)s” is past on %(dct)s: %(value)s."),
    "timex-year-context": _("“%(words)s” is in %(year)s, as “%(source)s” before it: %(value)s."),
    "timex-year-dct": _("“%(words)s” is in the year of the dispatch, %(dct)s: %(value)s."),
    "timex-year-nearest": _("“%(words)s”, the one nearest to %(dct)s: %(value)s."),
    "timex-year-weekday": _("“%(words)s” is on that day of the week in one year only: %(value)s."),
    "url-credentials": _("An address with a name or a password in it is not accepted."),
    "url-invalid": _("This is not an address of the web."),
    "url-port": _("Only the usual ports of the web, 80 and 443, are accepted."),
    "url-private": _("The address leads to a private network: it is not accepted."),
    "url-scheme": _("Only addresses that begin with http:// or https:// are accepted."),
    "wire-no-text": _("The file holds no text: only pictures, references or notes."),
    "xml-damaged": _("The XML of this file is damaged, from line %(line)s on."),
    "xml-too-deep": _("The XML of this file is too large or nested deeper than %(levels)s levels."),
    "zip-damaged": _("The archive or this file of it is damaged or incomplete."),
    "zip-empty": _("There is no file in this archive."),
    "zip-encrypted": _("The file is protected by a password."),
    "zip-link": _("This is a link to another file, not a file."),
    "zip-nested": _("The file lies in an archive in an archive in an archive: that is too deep."),
    "zip-ratio": _("The file unpacks to more than %(most)s times its size: it was not read."),
    "zip-too-large": _("The archive unpacks to more than %(megabytes)s MB: the rest was not read."),
    "zip-too-many": _("The archive holds more than %(most)s files."),
}


_AMOUNTS = frozenset(("count", "most", "megabytes"))  # numbers that are no years


class _Blanks(dict[str, str]):
    """A value that is missing leaves a visible gap, never an error page."""

    def __missing__(self, key: str) -> str:
        return "…"


def word(reason: Mapping[str, object] | ReasonLike | str) -> str:
    """Return the sentence of `reason` in the active language; dates among its values in words.

    Takes `{"code", "values"}`, a Reason, or a bare code. No code: "". A code that nobody worded
    comes back as it is.
    """
    code, values = _parts(reason)
    if code not in REASONS:
        return code
    return gettext(REASONS[code]) % _Blanks(
        {
            name: str(intcomma(str(value))) if name in _AMOUNTS else word_value(str(value))
            for name, value in values.items()
        }
    )


def _parts(reason: Mapping[str, object] | ReasonLike | str) -> tuple[str, dict[str, object]]:
    if isinstance(reason, str):
        return reason, {}
    if isinstance(reason, Mapping):
        values = reason.get("values") or {}
        return str(reason.get("code", "")), dict(values)  # type: ignore[call-overload]  # JSON
    return reason.code, dict(reason.values)
