"""The place of reference data and operations. Events are corrected through `curation`."""

from django.contrib import admin
from django.utils.translation import gettext_lazy

from events.admin import dispatches, events, names, operations, people, sources, words

__all__ = ["dispatches", "events", "names", "operations", "people", "sources", "words"]

admin.site.site_header = gettext_lazy("Frise: administration")
admin.site.site_title = "Frise"
admin.site.index_title = gettext_lazy("Reference data and operations")
