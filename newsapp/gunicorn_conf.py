"""What gunicorn is told beside its command line (`--config python:newsapp.gunicorn_conf`)."""

import threading
from typing import Any

worker_class = "newsapp.web_worker.Worker"
# Bytes of an address, the most that gunicorn knows beside no limit at all. The longest that a form
# of ours makes has some 6,000 (tests/events/test_views.py); what is longer is told in our words.
limit_request_line = 8190


def post_worker_init(worker: Any) -> None:
    """Let the first visitor find the columns read, or at least being read.

    In each worker once it has been forked: a lock that a thread of the parent held at that moment
    would stay locked for ever in the child.
    """
    del worker
    from events.columns import warm  # noqa: PLC0415 - models are there only now

    threading.Thread(target=warm, daemon=True).start()
