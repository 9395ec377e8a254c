from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0013_withhold_names")]

    operations = [
        migrations.AddField("change", "event", models.BigIntegerField(null=True)),
        migrations.AddField("change", "folded", models.BooleanField(default=False)),
        migrations.AddField("change", "nonce", models.BigIntegerField(default=0)),
        migrations.RemoveField("folding", "times"),
        migrations.AddField("folding", "forgotten", models.PositiveBigIntegerField(default=0)),
        migrations.AddField("folding", "key", models.CharField(default="", max_length=32)),
    ]
