from django.db import migrations, models


def drop_triggers(apps, schema_editor):
    """They write the columns of before; new ones are made after the migrations."""
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "sqlite":
            cursor.execute("SELECT name, '' FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'tally%'")
        else:
            cursor.execute(
                "SELECT tgname, ' ON ' || tgrelid::regclass FROM pg_trigger WHERE tgname LIKE 'tally%'"
            )
        for name, on in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}{on}")


class Migration(migrations.Migration):
    dependencies = [("events", "0013_withhold_names")]

    operations = [
        migrations.RunPython(drop_triggers, migrations.RunPython.noop),
        migrations.AddField("change", "event", models.BigIntegerField(null=True)),
        migrations.AddField("change", "folded", models.BooleanField(default=False)),
        migrations.AddField("change", "nonce", models.BigIntegerField(default=0)),
        migrations.RemoveField("folding", "times"),
        migrations.AddField("folding", "forgotten", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("folding", "key", models.CharField(default="", max_length=32)),
        migrations.RunPython(migrations.RunPython.noop, drop_triggers),
    ]
