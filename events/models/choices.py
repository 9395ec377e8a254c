"""The closed lists: what a date rests on, what an event is, what a person may decide."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """Where the date of an event comes from."""

    EXPLICIT = "explicit", _("explicit date")
    RELATIVE = "relative", _("relative date")
    INHERITED = "inherited", _("date taken from another sentence")
    DCT = "dct", _("day of the dispatch")
    PERSON = "person", _("date set by a person")
    NONE = "none", _("no date")


class DctBasis(models.TextChoices):
    """Where the day of a dispatch comes from."""

    DECLARED = "declared", _("declared")
    DATELINE = "dateline", _("read in the dateline")
    INFERRED = "inferred", _("worked out from the text")
    NONE = "none", _("unknown")


class DayFrom(models.TextChoices):
    """Who says on which day a dispatch was published."""

    PERSON = "person", _("stated by a person")
    WIRE = "wire", _("declared by the agency")
    PAGE = "page", _("day of the page, feed or mail that brought it")


class Precision(models.TextChoices):
    DAY = "day", _("day")
    WEEK = "week", _("week")
    MONTH = "month", _("month")
    SEASON = "season", _("season")
    QUARTER = "quarter", _("quarter")
    YEAR = "year", _("year")
    RANGE = "range", _("period")
    OPEN = "open", _("open period")
    UNKNOWN = "unknown", _("unknown")


class Status(models.TextChoices):
    """What a reader may believe of the event at publication (FactBank's factuality, simplified)."""

    HAPPENED = "happened", _("happened")
    ONGOING = "ongoing", _("ongoing")
    PLANNED = "planned", _("planned")
    CALLED_FOR = "called_for", _("called for")
    DENIED = "denied", _("denied")
    HYPOTHETICAL = "hypothetical", _("hypothetical")


class EventType(models.TextChoices):
    """What the actor did; after PLOVER, with what general news needs on top."""

    ATTACK = "attack", _("attack")
    CONTROL = "control", _("control of territory")
    TALKS = "talks", _("talks")
    AGREEMENT = "agreement", _("agreement")
    CALL = "call", _("call")
    REFUSAL = "refusal", _("refusal")
    STATEMENT = "statement", _("statement")
    THREAT = "threat", _("threat")
    SANCTION = "sanction", _("sanction")
    JUSTICE = "justice", _("justice")
    PROTEST = "protest", _("protest")
    POLITICS = "politics", _("politics")
    AID = "aid", _("aid")
    TOLL = "toll", _("toll")
    DISASTER = "disaster", _("disaster")
    ECONOMY = "economy", _("economy")
    SOCIETY = "society", _("society")
    OTHER = "other", _("other")


class Role(models.TextChoices):
    AGENT = "agent", _("agent")
    TARGET = "target", _("target")
    PARTY = "party", _("party")
    SPEAKER = "speaker", _("speaker")
    VICTIM = "victim", _("victim")
    BENEFICIARY = "beneficiary", _("beneficiary")
    OTHER = "other", _("other")


class PlaceKind(models.TextChoices):
    POINT = "point", _("point")
    DISTRICT = "district", _("district")
    CITY = "city", _("city")
    REGION = "region", _("region")
    COUNTRY = "country", _("country")


class ReviewState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
