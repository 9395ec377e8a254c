"""WSGI entry point."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsapp.settings")

application = get_wsgi_application()

from events.columns import warm  # noqa: E402 - models are there only now

# The first visitor finds the columns read, or at least being read.
threading.Thread(target=warm, daemon=True).start()
