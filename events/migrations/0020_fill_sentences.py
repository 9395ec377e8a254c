"""Cut the sentences of reports that are there out of their texts.

In transactions of some dispatches each; after one that was cut off it begins anew.
"""

from itertools import groupby

from django.db import connection, migrations, transaction

BATCH = 200  # dispatches; of their texts one is in memory at a time
UPDATE = "UPDATE events_mention SET sentence = %s, date_sentence = %s WHERE id = %s"
SPANS = ("sentence_start", "sentence_end", "date_sentence_start", "date_sentence_end")


def fill(apps, schema_editor):
    Dispatch, Mention = apps.get_model("events", "Dispatch"), apps.get_model("events", "Mention")
    last = 0
    while pks := list(
        Dispatch.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        last = pks[-1]
        told = Mention.objects.filter(dispatch__in=pks).order_by("dispatch", "pk")
        spans = groupby(told.values_list("dispatch", "pk", *SPANS), key=lambda row: row[0])
        with transaction.atomic(), connection.cursor() as cursor:
            for dispatch, rows in spans:
                text = Dispatch.objects.values_list("text", flat=True).get(pk=dispatch)
                cursor.executemany(UPDATE, [(*cut(text, *row[2:]), row[1]) for row in rows])


def cut(text, start, end, date_start, date_end):
    elsewhere = date_start not in {None, start}
    return text[start:end], text[date_start:date_end] if elsewhere else ""


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('events', '0019_keep_sentences'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
