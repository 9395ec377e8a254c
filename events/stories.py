"""The read side of stories: what was published, step by step; drafts for curators alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from events import timeline, withheld
from events.models import Event, Story
from events.timeline import TimelineItem

LONGEST_CHAIN = 20  # events merged into events merged into …


@dataclass(frozen=True, slots=True)
class StoryCard:
    """A story as a list shows it."""

    slug: str
    title: str
    intro: str
    language: str
    published: bool
    steps: int
    updated_at: datetime
    picture: str  # SHA-256, "" for none
    picture_alt: str
    picture_credit: str


@dataclass(frozen=True, slots=True)
class Step:
    """An event of a story, and what the curator says of it."""

    position: int
    item: TimelineItem
    note: str
    hidden: bool  # readers do not see it: its event is not public
    typed: str | None = None  # its position as it stands on a form that was not understood


@dataclass(frozen=True, slots=True)
class StoryPage:
    card: StoryCard
    steps: tuple[Step, ...]
    unlisted: bool = False  # a step names somebody who is withheld: no engine may list it

    def as_json(self) -> Mapping[str, Any]:
        return {
            "title": self.card.title,
            "intro": self.card.intro,
            "language": self.card.language,
            "updated_at": self.card.updated_at.isoformat(),
            "steps": [
                {
                    "event": step.item.id,
                    "title": step.item.title,
                    "date": step.item.edtf,
                    "status": step.item.status,
                    "type": step.item.type,
                    "note": step.note,
                    "actors": [actor.name for actor in step.item.actors],
                    "places": [place.name for place in step.item.places],
                    "sources": list(step.item.sources),
                }
                for step in self.steps
            ],
        }

    def as_rows(self) -> Iterator[tuple[str, ...]]:
        """The steps as a table, its heading first."""
        yield ("step", "date", "title", "type", "status", "note", "actors", "places", "sources")
        for step in self.steps:
            item = step.item
            yield (
                str(step.position), item.edtf, item.title, item.type, item.status, step.note,
                "; ".join(actor.name for actor in item.actors),
                "; ".join(place.name for place in item.places),
                "; ".join(item.sources),
            )  # fmt: skip


def visible_stories(*, insider: bool) -> QuerySet[Story]:
    """Published ones; drafts too for curators."""
    return Story.objects.all() if insider else Story.objects.public()


def shelf(*, insider: bool) -> tuple[StoryCard, ...]:
    told = None if insider else Q(steps__event__in=Event.objects.public())
    stories = visible_stories(insider=insider).annotate(counted=Count("steps", filter=told))
    return tuple(_card(story, story.counted) for story in stories)


def story_page(story: Story, *, insider: bool) -> StoryPage:
    """Return a story with its steps in order; readers get those whose event is public."""
    steps = tuple(_steps(story, insider=insider))
    unlisted = withheld.is_told_of([step.item.id for step in steps])
    return StoryPage(_card(story, len(steps)), steps, unlisted)


def _steps(story: Story, *, insider: bool) -> Iterator[Step]:
    rows = list(
        story.steps.prefetch_related(Prefetch("event", Event.objects.only("pk", "merged_into")))
    )
    kept = _kept({row.event_id: row.event.merged_into_id for row in rows})
    wanted = Event.objects.filter(pk__in=set(kept.values()))
    items = {item.id: item for item in timeline.cards(wanted)}
    public = set(Event.objects.public().filter(pk__in=items).values_list("pk", flat=True))
    told: set[int] = set()
    for row in rows:
        pk = kept[row.event_id]
        if pk not in items or pk in told or not (insider or pk in public):
            continue
        told.add(pk)
        yield Step(len(told), items[pk], row.note, pk not in public)


def _kept(merged: Mapping[int, int | None]) -> dict[int, int]:
    """For each event the one that it was merged into, however often that happened since."""
    kept = {pk: into or pk for pk, into in merged.items()}
    for _ in range(LONGEST_CHAIN):
        absorbed = Event.objects.filter(pk__in=set(kept.values()), merged_into__isnull=False)
        further = {event.pk: event.merged_into_id or event.pk for event in absorbed}
        if not further:
            break
        kept = {pk: further.get(into, into) for pk, into in kept.items()}
    return kept


def _card(story: Story, steps: int) -> StoryCard:
    return StoryCard(
        slug=story.slug,
        title=story.title,
        intro=story.intro,
        language=story.language,
        published=story.published,
        steps=steps,
        updated_at=story.updated_at,
        picture=story.picture,
        picture_alt=story.picture_alt,
        picture_credit=story.picture_credit,
    )
