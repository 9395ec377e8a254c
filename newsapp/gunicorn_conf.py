"""What gunicorn is told beside its command line (`--config python:newsapp.gunicorn_conf`)."""

import threading
from typing import Any


def post_worker_init(worker: Any) -> None:
    """Let the first visitor find the columns read, or at least being read.

    In each worker once it has been forked: a lock that a thread of the parent held at that moment
    would stay locked for ever in the child.
    """
    del worker
    from events.columns import warm  # noqa: PLC0415 - models are there only now

    threading.Thread(target=warm, daemon=True).start()
