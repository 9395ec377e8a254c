"""A site of real processes that can be killed: database, Redis, workers, sweeper, uploader."""

POISON = "POISON"  # a text that holds it kills the process that reads it
READINGS = "CHAOS_READINGS"  # names the file of pickled {opening words: Extraction}
