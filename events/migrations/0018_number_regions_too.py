"""Let regions, districts and points be one place in several languages, as cities are."""

from importlib import import_module

from django.db import migrations, models
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

LANGUAGES = ("fr", "en")
FIRST = import_module("events.migrations.0017_name_places_and_actors_once")


def name_once(apps, schema_editor):
    from events.recording.names import Told, place_key  # noqa: PLC0415 - for this one time

    Place = apps.get_model("events", "Place")
    numbered = Place.objects.exclude(geonames=None)
    numbered.update(register=Concat(Value("="), Cast("geonames", CharField())))
    others = []
    for place in Place.objects.filter(geonames=None, kind__in=["region", "district", "point"]):
        named = {"name": place.name, "country": place.country}
        keys = {place_key(Told(named, language)) for language in LANGUAGES} - {""}
        if len(keys) == 1:
            place.register = keys.pop()
            others.append(place)
    Place.objects.bulk_update(others, ["register"], batch_size=500)
    FIRST.unite(apps, Place, "place", "register", "EventPlace", ("event_id",))


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0017_name_places_and_actors_once'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='place',
            name='place_geonames',
        ),
        migrations.AddField(
            model_name='place',
            name='register',
            field=models.CharField(blank=True, editable=False, max_length=80, verbose_name='key in a register'),
        ),
        migrations.AlterField(
            model_name='actor',
            name='register',
            field=models.CharField(blank=True, editable=False, max_length=80, verbose_name='key in a register'),
        ),
        migrations.AddIndex(
            model_name='place',
            index=models.Index(condition=models.Q(('register', ''), _negated=True), fields=['register'], name='place_register'),
        ),
        migrations.RunPython(name_once, migrations.RunPython.noop),
    ]
