"""Stories: written, ordered, published; each version kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from events.curation import log
from events.curation.log import Kind
from events.models import CurationAct, Event, Story, StoryEvent
from events.withheld import names_in_force

if TYPE_CHECKING:
    from django.contrib.auth.models import User

STORY_FIELDS = (
    "title", "slug", "intro", "language", "published", "picture", "picture_alt", "picture_credit",
)  # fmt: skip
LONGEST_STORY = 500  # steps
RESERVED = {"new"}  # addresses of pages of ours


def create_story(title: str, *, language: str, by: User) -> Story:
    """Begin a story, unpublished, under an address made of its title."""
    log.check(by)
    with transaction.atomic():
        title = names_in_force().words(title.strip())
        story = Story(title=title, slug=_free_slug(title), language=language)
        story.full_clean()
        story.save()
        log.write(Kind.TELL, by, story=story, before={}, after=state(story))
    return story


def save_story(
    story: Story, changes: Mapping[str, object], *, by: User, seen: int | None = None
) -> CurationAct | None:
    """Change a story. None: nothing was different.

    `changes` may hold STORY_FIELDS (picture: the SHA-256 of a stored original) and steps
    [(event id, note), …] in their order. `seen` is the last act on the story when the person
    looked. Raises ValidationError by field, and if somebody else has changed the story since.
    """
    log.check(by)
    with transaction.atomic():
        story = Story.objects.select_for_update().get(pk=story.pk)
        if seen is not None:
            since = story.acts.filter(pk__gt=seen).exclude(by=by).select_related("by")
            if last := since.order_by("-pk").first():
                told = _(
                    "Meanwhile %(name)s has changed this story: look at its versions, and save "
                    "again to put yours in its place."
                )
                raise ValidationError(told % {"name": last.by or "?"}, code="meanwhile")
        before = state(story)
        _apply(story, changes)
        after = state(story)
        if before == after:
            return None
        return log.write(Kind.TELL, by, story=story, before=before, after=after)


def add_to_story(story: Story, events: Sequence[Event], *, by: User) -> int:
    """Put events into a story, each where its date belongs; return how many were new to it."""
    log.check(by)
    with transaction.atomic():
        steps = state(story)["steps"]
        known = {pk for pk, _note in steps}
        new = [event.pk for event in events if event.pk not in known]
        order = list(
            Event.objects.filter(pk__in=[*known, *new]).in_order().values_list("pk", flat=True)
        )
        notes = dict(steps)
        rank = {pk: position for position, pk in enumerate(order)}
        merged = list(steps)
        for pk in sorted(new, key=lambda one: rank[one]):
            after = [at for at, (other, _n) in enumerate(merged) if rank.get(other, 0) < rank[pk]]
            merged.insert(after[-1] + 1 if after else 0, [pk, notes.get(pk, "")])
        save_story(story, {"steps": merged}, by=by)
    return len(new)


def state(story: Story) -> dict[str, Any]:
    """All that makes a version of a story, as JSON keeps it."""
    steps = [[pk, note] for pk, note in story.steps.values_list("event_id", "note")]
    return {name: getattr(story, name) for name in STORY_FIELDS} | {"steps": steps}


@log.undoes(Kind.TELL)
def _undo_tell(act: CurationAct) -> None:
    if act.story is None or not act.before:
        raise ValidationError(_("A story is not deleted: take it off the site instead."))
    story = Story.objects.select_for_update().get(pk=act.story.pk)
    now = state(story)
    if any(now[name] != value for name, value in act.after.items()):
        raise log.too_late()
    _apply(story, act.before)


def _apply(story: Story, changes: Mapping[str, Any]) -> None:
    changes = names_in_force().values(dict(changes))
    for name in STORY_FIELDS:
        if name in changes:
            setattr(story, name, changes[name])
    if story.slug in RESERVED:
        raise ValidationError({"slug": _("This address is taken.")})
    story.full_clean()
    story.save()
    if "steps" not in changes:
        return
    steps = {int(pk): str(note) for pk, note in changes["steps"]}
    if len(steps) > LONGEST_STORY:
        raise ValidationError(_("A story has at most %(most)s steps.") % {"most": LONGEST_STORY})
    there = set(Event.objects.filter(pk__in=steps).values_list("pk", flat=True))
    story.steps.all().delete()
    StoryEvent.objects.bulk_create(
        StoryEvent(story=story, event_id=pk, position=position, note=note)
        for position, (pk, note) in enumerate(
            ((pk, note) for pk, note in steps.items() if pk in there), start=1
        )
    )


def _free_slug(title: str) -> str:
    stem = slugify(title)[:70] or "story"
    alike = Story.objects.filter(slug__startswith=stem)
    taken = RESERVED | set(alike.values_list("slug", flat=True))
    return next(
        slug
        for slug in (stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3)))
        if slug not in taken
    )
