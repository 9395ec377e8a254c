"""Collect the strings to translate without guessing from strings that look alike."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """A guess would be shown, wrong, or stop the catalog from compiling."""

    msgmerge_options = [*makemessages.Command.msgmerge_options, "--no-fuzzy-matching"]
