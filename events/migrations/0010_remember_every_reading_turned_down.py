"""`overruled` held one reading a field, so that turning down a second one forgot the first."""

from django.db import migrations


def _listed(overruled):
    return {name: [reading] for name, reading in overruled.items()}


def _latest(overruled):
    return {name: readings[-1] for name, readings in overruled.items() if readings}


def _rewrite(apps, change):
    event, act = apps.get_model("events", "Event"), apps.get_model("events", "CurationAct")
    for row in event.objects.exclude(overruled={}).iterator():
        event.objects.filter(pk=row.pk).update(overruled=change(row.overruled))
    for row in act.objects.filter(kind__in=["edit", "settle"]).iterator():
        for side in (row.before, row.after):
            if "overruled" in side:
                side["overruled"] = change(side["overruled"])
        row.save(update_fields=["before", "after"])


def forwards(apps, schema_editor):
    _rewrite(apps, _listed)


def backwards(apps, schema_editor):
    _rewrite(apps, _latest)


class Migration(migrations.Migration):

    dependencies = [
        ("events", "0009_take_in_by_the_thousand"),
    ]

    operations = [
        migrations.RunPython(forwards, backwards),
    ]
