"""Mails, with their odd charsets and attachments."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage

import pytest

from events import readers
from events.readers import Reading, UnreadableDispatch
from tests.readers.samples import make_zip, wire


def make_mail(body: str = "Un accord a été signé mardi.", subtype: str = "plain") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Odile Ferrand <odile@exemple.fr>"
    mail["To"] = "desk@exemple.fr"
    mail["Subject"] = "Accord signé à Valmeuse"
    mail["Date"] = "Tue, 14 Mar 2017 23:45:00 +0100"
    mail["Message-ID"] = "<17@exemple.fr>"
    mail.set_content(body, subtype=subtype)
    return mail


def test_a_mail_is_a_dispatch_of_its_day_and_sender():
    (item,) = readers.read(make_mail().as_bytes())
    assert item.text == "Accord signé à Valmeuse\n\nUn accord a été signé mardi."
    assert item.published == date(2017, 3, 14)
    assert (item.source, item.guid) == ("Odile Ferrand", "17@exemple.fr")


def test_html_alone_is_read_as_text():
    mail = make_mail("<p>Un accord <b>signé</b>.</p><script>x()</script>", "html")
    assert readers.read(mail.as_bytes())[0].text.endswith("\n\nUn accord signé.")


def test_plain_text_wins_over_its_html_twin():
    mail = make_mail()
    mail.add_alternative("<p>Autre chose.</p>", subtype="html")
    assert "Autre chose" not in readers.read(mail.as_bytes())[0].text


def test_each_attachment_is_a_dispatch_but_a_logo_is_not():
    mail = make_mail()
    mail.add_attachment(
        wire("newsml1_fr.xml"), maintype="application", subtype="xml", filename="fil.xml"
    )
    mail.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="logo.png")
    mail.add_attachment(
        make_zip(("n.txt", b"Un texte.")), maintype="application", subtype="zip", filename="n.zip"
    )
    found = list(readers.parts(mail.as_bytes(), "m.eml"))
    assert [name for name, _ in found] == ["m.eml", "m.eml › fil.xml", "m.eml › n.zip › n.txt"]
    assert all(isinstance(part, Reading) for _, part in found)


def test_a_forwarded_mail_is_read():
    mail = make_mail()
    mail.add_attachment(make_mail("Le texte transmis."))
    texts = [item.text for item in readers.read(mail.as_bytes())]
    assert texts[1].endswith("Le texte transmis.")


def _raw(body: bytes, charset: str, subject: bytes = b"Essai") -> bytes:
    return (
        b"From: a@exemple.fr\r\nTo: b@exemple.fr\r\nSubject: " + subject
        + b"\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=" + charset.encode()
        + b"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body
    )  # fmt: skip


@pytest.mark.parametrize("charset", ["cp1252", "utf-8", "iso-8859-15", "utf-16"])
def test_the_charset_of_the_mail_is_obeyed(charset):
    body = "L’été est arrivé ; la grève est levée.".replace("’", "'")
    content = _raw(body.encode(charset), charset)
    if charset == "utf-16":  # no transport carries its bytes bare
        mail = make_mail()
        mail.set_content(body, charset="utf-16", cte="base64")
        content = mail.as_bytes()
    assert readers.read(content)[0].text.endswith(body)


@pytest.mark.parametrize("charset", ["x-unknown", "utf-8", "ascii", '""'])
def test_a_charset_that_is_wrong_loses_nothing(charset):
    content = _raw("La grève des éclusiers est levée.".encode("cp1252"), charset)
    text = readers.read(content)[0].text
    assert text.endswith("La grève des éclusiers est levée.")


@pytest.mark.parametrize(
    "subject",
    [
        "Grève levée".encode(),
        "Grève levée".encode("cp1252"),
        b"=?utf-8?q?Gr=C3=A8ve_lev=C3=A9e?=",
        b"=?utf-8?q?Gr=C3=83=C2=A8ve_lev=C3=83=C2=A9e?=",
    ],
    ids=["utf-8", "cp1252", "encoded", "mojibake"],
)
def test_a_subject_is_read_however_it_was_broken(subject):
    assert readers.read(_raw(b"Un texte.", "utf-8", subject))[0].title == "Grève levée"


def test_a_mail_of_nothing_is_refused_in_words():
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(make_mail("  ").as_bytes())
    assert refusal.value.reason["code"] == "mail-blank"


def test_a_note_that_begins_with_a_colon_is_no_mail():
    note = "Subject: grève\nDate: mardi\n\nUn accord a été signé.".encode()
    assert readers.read(note)[0].media_type == "text/plain"


def test_a_mail_of_control_characters_is_refused_in_words():
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(b"From: a\nTo: b\nDate: c\n\n\x01")
    assert refusal.value.reason["code"] == "file-blank"
