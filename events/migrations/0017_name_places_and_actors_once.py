"""Let names in several languages be one actor or place, those that are there included.

Rows of one country, body or GeoNames place become one, the oldest or that which a person had to
do with. Where persons had to do with several, they stay as they are.
"""

from collections import Counter, defaultdict

from django.db import migrations, models

LANGUAGES = ("fr", "en")


def name_once(apps, schema_editor):
    from events.recording import register_named  # noqa: PLC0415 - for this one time

    Actor, Place = apps.get_model("events", "Actor"), apps.get_model("events", "Place")
    actors = []
    for actor in Actor.objects.exclude(kind="person").only("name"):
        actor.register = register_named(actor.name)
        if actor.register:
            actors.append(actor)
    Actor.objects.bulk_update(actors, ["register"], batch_size=500)
    # Scotland had the number of the United Kingdom.
    for place in Place.objects.filter(kind="country").exclude(geonames=None):
        taken = Place.objects.filter(folded=place.folded, country=place.country)
        if not any(register_named(place.name, language) for language in LANGUAGES) and (
            not taken.exclude(pk=place.pk).exists()
        ):
            place.kind, place.geonames = "region", None
            place.save(update_fields=["kind", "geonames"])
    unite(apps, Actor, "actor", "register", "EventActor", ("event_id", "role"))
    unite(apps, Place, "place", "geonames", "EventPlace", ("event_id",))


def unite(apps, model, field, key, through, unique):
    links = apps.get_model("events", through).objects
    decided = apps.get_model("events", "CurationAct").objects.exclude(**{field: None})
    touched = set(decided.values_list(field, flat=True))
    groups = defaultdict(list)
    for row in model.objects.filter(same_as=None).exclude(**{key: None}).order_by("pk"):
        if getattr(row, key):
            groups[getattr(row, key)].append(row)
    for rows in groups.values():
        if len(rows) == 1 or sum(row.pk in touched for row in rows) > 1:
            continue
        kept = next((row for row in rows if row.pk in touched), rows[0])
        for row in rows:
            told_in = links.filter(**{field: row}).values_list("event__language", flat=True)
            for language, _ in Counter(told_in).most_common(1):
                if language and kept.pk not in touched:
                    kept.names.setdefault(language, row.name)
        for row in rows:
            if row.pk != kept.pk:
                have = set(links.filter(**{field: kept}).values_list(*unique))
                for link in links.filter(**{field: row}):
                    if tuple(getattr(link, name) for name in unique) in have:
                        link.delete()
                    else:
                        links.filter(pk=link.pk).update(**{field: kept})
                model.objects.filter(same_as=row).update(same_as=kept)
                model.objects.filter(pk=row.pk).update(same_as=kept)
                kept.aliases = list(dict.fromkeys([*kept.aliases, row.name, *row.aliases]))
        model.objects.filter(pk=kept.pk).update(names=kept.names, aliases=kept.aliases)


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0016_find_reprints_by_their_marks'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='place',
            name='place_once_a_country',
        ),
        migrations.AddField(
            model_name='actor',
            name='names',
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name='names by language'),
        ),
        migrations.AddField(
            model_name='actor',
            name='register',
            field=models.CharField(blank=True, editable=False, max_length=20, verbose_name='key in a register'),
        ),
        migrations.AddField(
            model_name='place',
            name='names',
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name='names by language'),
        ),
        migrations.AlterField(
            model_name='actor',
            name='folded',
            field=models.CharField(editable=False, max_length=200, verbose_name='folded name'),
        ),
        migrations.AddIndex(
            model_name='actor',
            index=models.Index(condition=models.Q(('register', ''), _negated=True), fields=['register'], name='actor_register'),
        ),
        migrations.AddIndex(
            model_name='place',
            index=models.Index(fields=['geonames'], name='place_geonames'),
        ),
        migrations.AddConstraint(
            model_name='actor',
            constraint=models.UniqueConstraint(fields=('folded', 'register'), name='actor_once_a_register'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'country'), _negated=True), fields=('folded', 'country'), name='place_once_a_country'),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'country')), fields=('folded', 'country'), name='country_once'),
        ),
        migrations.RunPython(name_once, migrations.RunPython.noop),
    ]
