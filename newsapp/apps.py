"""Which site of administration is ours."""

from django.contrib.admin import apps


class FriseAdminConfig(apps.AdminConfig):
    default_site = "events.admin_site.Site"
