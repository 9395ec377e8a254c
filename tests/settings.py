"""The site's settings, with nothing of the machine in them: own key, own folder, quick hashes."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_folder = tempfile.mkdtemp(prefix="frise-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["VAR_DIR"] = _folder
Path(_folder, "static").mkdir()  # WhiteNoise warns of a folder that is not there
os.environ["SECRET_KEY"] = "for tests alone"
os.environ.pop("MEDIA_ROOT", None)

from newsapp.settings import *  # noqa: E402, F403 - the environment had to be set first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # 0.3 s less a login
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names without hashes: nothing has to be collected first.
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405 - from the site's settings
    # A file, as in service: in memory, two threads would not wait for one another.
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}  # noqa: F405 - likewise
