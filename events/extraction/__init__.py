"""Text in, dated event mentions out. Pure Python: knows nothing of Django."""
