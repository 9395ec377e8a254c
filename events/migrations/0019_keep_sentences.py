"""Keep the sentences of reports with them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0018_number_regions_too'),
    ]

    operations = [
        migrations.AddField(
            model_name='mention',
            name='sentence',
            field=models.TextField(blank=True, default='', verbose_name='sentence'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='mention',
            name='date_sentence',
            field=models.TextField(blank=True, default='', verbose_name='sentence of the date'),
            preserve_default=False,
        ),
    ]
