"""What a browser sends goes straight into the spool: any number of files, 64 KiB of memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from events import intake
from events.spool import Slot, Spool

if TYPE_CHECKING:
    from django.http import HttpRequest

_FRAME = 4 * 1024 * 1024  # bytes of a form that are not of its files


class TooMuchError(RequestDataTooBig):
    """All files together are larger than what is taken at one go."""


class SpooledFile(UploadedFile[bytes]):
    """A file of a form; its bytes are in the spool. `size` is that of what was kept."""

    def __init__(self, name: str, slot: Slot, content_type: str) -> None:
        super().__init__(None, name, content_type, slot.size)
        self.slot = slot

    def close(self) -> None:
        """There is no file of its own to close."""


class SpoolHandler(FileUploadHandler):
    """Of a file that is too large no more is kept than shows that it is."""

    def __init__(self, request: HttpRequest, safe: Spool) -> None:
        super().__init__(request)
        self._safe = safe
        self._limit = 0

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *_: Any) -> None:  # noqa: N803 - Django's name
        if content_length > settings.ARCHIVE_MAX_BYTES + _FRAME:
            raise TooMuchError

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._safe.begin()
        self._limit = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if start == 0:
            self._limit = intake.limit_of(raw_data)
        self._safe.write(raw_data[: max(0, self._limit + 1 - start)])

    def file_complete(self, file_size: int) -> SpooledFile:
        return SpooledFile(self.file_name or "", self._safe.end(), self.content_type or "")
