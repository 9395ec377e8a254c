"""The events of a view in the formats that others read: a module each, chosen by its name here."""

from events.exports.formats import FORMATS, Format
from events.exports.view import View

__all__ = ["FORMATS", "Format", "View"]
