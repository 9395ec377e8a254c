"""A mail: its body is a dispatch, and so is each file attached to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

from events.readers.archive import Budget
from events.readers.dates import moment
from events.readers.encoding import decode
from events.readers.markup import html_text
from events.readers.reading import Member, Reading, UnreadableDispatch, library_reading
from events.readers.text import encoding_notices

MEDIA_TYPE = "message/rfc822"
_HEADER = re.compile(rb"([A-Za-z][A-Za-z0-9-]{1,60}):|[ \t]|From ")
_KNOWN = frozenset((
    b"from", b"to", b"subject", b"date", b"received", b"mime-version", b"message-id",
    b"return-path", b"delivered-to", b"content-type", b"reply-to", b"x-mailer",
))  # fmt: skip
_ENOUGH = 3  # headers of a mail that one has to have
# Parts of a mail that nobody attached: logos, signatures, invitations, cards.
_NOT_ATTACHED = ("image/", "application/pkcs7-signature", "application/pgp-signature",
                 "text/calendar", "text/vcard", "text/x-vcard")  # fmt: skip


def recognizes(content: bytes, name: str) -> bool:
    """Begins with headers, some of which only mails have."""
    del name
    seen = set()
    for line in content[:16_384].removeprefix(b"\xef\xbb\xbf").splitlines()[:200]:
        header = _HEADER.match(line)
        if header is None:
            break
        if header[1] and header[1].lower() in _KNOWN:
            seen.add(header[1].lower())
    return len(seen) >= _ENOUGH and not seen.isdisjoint((b"from", b"message-id", b"received"))


def members(content: bytes, name: str, budget: Budget) -> Iterator[Member]:
    """Yield the body as a Reading, then each attachment that is a file of its own.

    Raises UnreadableDispatch: file-damaged, mail-blank.
    """
    del name
    with library_reading("e-mail"):
        message = message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)  # noqa: S101 - what that policy makes
        body = _body(message)
        attached = list(_attached(message))
    if body is not None:
        yield Member("", body)
    elif not attached:
        raise UnreadableDispatch("mail-blank")
    for title, payload in attached:
        budget.members -= 1
        budget.size -= len(payload)
        yield Member(title, payload)


def _body(message: EmailMessage) -> Reading | None:
    part = message.get_body(("plain", "html"))
    if not isinstance(part, EmailMessage):
        return None
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return None
    decoded = decode(payload, part.get_content_charset() or "")
    text = decoded.text
    if part.get_content_type() == "text/html":
        text = html_text(text)
    elif str(part.get_param("format", "")).lower() == "flowed":
        text = re.sub(r" \r?\n(?!\r?\n|>)", " ", text)
    if not text.strip():
        return None
    title = _header(message, "Subject")
    sent = moment(_header(message, "Date"))
    sender, address = parseaddr(_header(message, "From"))
    return Reading(
        text=f"{title}\n\n{text.strip()}" if title else text,
        media_type=MEDIA_TYPE,
        title=title,
        published=sent.date() if sent else None,
        source=sender or address,
        encoding=decoded.encoding,
        encoding_guessed=decoded.guessed,
        notices=encoding_notices(decoded),
        guid=_header(message, "Message-ID").strip("<> "),
        filed_at=sent,
    )


def _attached(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    for part in message.iter_attachments():
        kind = part.get_content_type()
        if kind.startswith(_NOT_ATTACHED):
            continue
        title = part.get_filename() or kind
        if kind == "message/rfc822":
            yield title, part.get_content().as_bytes()
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload:
            yield title, payload


def _header(message: EmailMessage, name: str) -> str:
    """A header in characters: raw bytes, and UTF-8 taken for cp1252 on its way, are mended."""
    written = next((v for k, v in message.raw_items() if k.lower() == name.lower()), "")
    raw = str(written).encode("utf-8", "surrogateescape")
    if not raw.isascii():  # never encoded, as the standard asks; the parser loses its bytes
        return " ".join(decode(raw).text.split())
    text = " ".join(str(message.get(name, "")).split())
    if "Ã" in text or "â€" in text:
        try:
            return text.encode("cp1252").decode("utf-8")
        except UnicodeError:
            pass
    return text
