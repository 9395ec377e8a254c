from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from events.checks import check_sqlite


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Frise")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(check_sqlite, Tags.database)
        from events import roles, search, tally  # noqa: PLC0415 - their models need the registry

        pre_migrate.connect(tally.unwatch, sender=self)
        pre_migrate.connect(search.unwatch, sender=self)
        post_migrate.connect(tally.watch, sender=self)
        post_migrate.connect(search.watch, sender=self)
        post_migrate.connect(roles.make_groups, sender=self)
