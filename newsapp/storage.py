"""Static files under names that hold their hash, those that scripts import from one another too."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """A changed module changes its address, and so every module that imports it."""

    support_js_module_import_aggregation = True
