"""Whose turn it is: every upload that has rows waiting gets the same share of a worker's time.

Rows of no upload (feeds, scripts) share one turn.
"""

from __future__ import annotations

import random
from math import ceil
from typing import TypeVar

from django.db.models import Count, Model, QuerySet

Row = TypeVar("Row", bound=Model)


def next_rows(waiting: QuerySet[Row], size: int) -> list[int]:
    """Return the ids of at most `size` rows of a model with a `batch`, the oldest of each.

    Call it in the transaction that claims them: rows that another claims just now are left out.
    """
    counts = dict(waiting.order_by().values_list("batch").annotate(n=Count("pk")))
    batches = list(counts)
    if len(batches) > size:
        batches = random.sample(batches, size)
    taken: list[int] = []
    # The smallest first: what they leave of their share is for the larger ones.
    for number, batch in enumerate(sorted(batches, key=counts.__getitem__)):
        share = ceil((size - len(taken)) / (len(batches) - number))
        rows = waiting.filter(batch=batch).order_by("pk").select_for_update(skip_locked=True)
        taken += rows.values_list("pk", flat=True)[:share]
    return taken
