"""NewsML 1.2, as AFP and Belga send it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from events import readers
from events.readers import UnreadableDispatch
from tests.readers.samples import wire


def test_an_item_is_read_as_it_is_printed():
    (item,) = readers.read(wire("newsml1_fr.xml"))
    assert item.text == (
        "Grève des éclusiers: un accord signé à Valmeuse\n\n"
        "Valmeuse (France), 14 mars 2017 (AEX) - Les éclusiers du canal ont signé mardi un accord "
        "avec la régie, après six jours de grève.\n\n"
        "La navigation reprendra jeudi, a précisé la direction\xa0: «tout sera rouvert»."
    )
    assert item.published == date(2017, 3, 14)
    assert item.filed_at == datetime(2017, 3, 14, 19, 15, tzinfo=UTC)
    assert (item.language, item.source, item.urgency) == ("fr", "AEX", 4)
    assert item.byline == "Odile Ferrand"
    assert item.advisory.startswith("CORRECTION: bien lire")
    assert item.categories == ("transport", "social", "canal")


def test_the_revision_is_no_part_of_the_identity():
    (item,) = readers.read(wire("newsml1_fr.xml"))
    assert item.guid == "urn:newsml:agence-exemple.fr:20170314:TX-PAR-QKV12"
    assert item.version == "2"


def test_one_file_gives_several_dispatches_and_its_picture_none():
    alert, kill, embargoed = readers.read(wire("newsml1_several.xml"))
    assert (alert.title, alert.urgency) == ("", 1)
    assert alert.filed_at == datetime(2017, 3, 15, 6, 10)  # noqa: DTZ001 - the file gives no zone
    assert (kill.status, kill.version) == ("canceled", "3")
    assert kill.guid == "urn:newsml:agence-exemple.fr:20170314:TX-PAR-QKV12"
    assert kill.text == "ANNULATION: Grève des éclusiers"
    assert embargoed.status == "embargoed"
    assert embargoed.embargo_until == datetime(2017, 3, 16, 5, tzinfo=UTC)
    assert embargoed.text.endswith("publiera jeudi son rapport.\n\nIl porte sur 2016.")


def test_an_encoding_that_the_file_only_claims_is_guessed_and_said():
    content = wire("newsml1_fr.xml").replace(b"iso-8859-1", b"utf-8")
    (item,) = readers.read(content)
    assert "Grève des éclusiers" in item.text
    assert item.encoding in {"cp1252", "iso8859-15"}


def test_what_was_pasted_under_its_old_first_line_is_read_as_what_it_is():
    content = wire("newsml1_fr.xml").decode("latin-1").encode()
    assert b"iso-8859-1" in content
    assert readers.read(content)[0].text == readers.read(wire("newsml1_fr.xml"))[0].text


def test_utf16_is_read_with_its_named_characters():
    content = wire("newsml1_fr.xml").decode("latin-1").encode("utf-16")
    content = content.replace("iso-8859-1".encode("utf-16-le"), "utf-16".encode("utf-16-le"))
    assert readers.read(content)[0].text == readers.read(wire("newsml1_fr.xml"))[0].text


def test_pictures_alone_are_refused_in_words():
    with pytest.raises(UnreadableDispatch) as refusal:
        readers.read(b"<NewsML><NewsItem><NewsComponent/></NewsItem></NewsML>")
    assert refusal.value.reason["code"] == "wire-no-text"


def test_the_day_of_the_place_wins_over_the_day_in_utc():
    content = (
        b"<NewsML><NewsItem><NewsManagement><FirstCreated>20170331T233000Z</FirstCreated>"
        b"</NewsManagement><NewsComponent><NewsLines><DateLine>Tokyo, 1er avril 2017 (AEX)"
        b"</DateLine></NewsLines><ContentItem><DataContent>Un texte.</DataContent></ContentItem>"
        b"</NewsComponent></NewsItem></NewsML>"
    )
    assert readers.read(content)[0].published == date(2017, 4, 1)


def test_a_dateline_far_from_the_filing_is_not_believed():
    content = (
        b"<NewsML><NewsItem><NewsManagement><FirstCreated>20170331T233000Z</FirstCreated>"
        b"</NewsManagement><NewsComponent><NewsLines><DateLine>Tokyo, 1er mai (AEX)"
        b"</DateLine></NewsLines><ContentItem><DataContent>Un texte.</DataContent></ContentItem>"
        b"</NewsComponent></NewsItem></NewsML>"
    )
    assert readers.read(content)[0].published == date(2017, 3, 31)


def test_a_story_in_two_languages_is_two_dispatches():
    dutch, french = readers.read(wire("newsml1_bilingual.xml"))
    assert dutch.text == (
        "Brug weer open in Valmeuse\n\nDe brug is dinsdag weer geopend.\n"
        "Het verkeer hervat woensdag."
    )
    assert french.text == "Le pont de Valmeuse rouvre\n\nLe pont a rouvert mardi."
    assert (dutch.language, french.language) == ("nl", "fr")
    assert dutch.guid == "urn:newsml:exemple.be:20190129:980001#980002"
    assert french.guid == "urn:newsml:exemple.be:20190129:980001#980005"
    assert (dutch.source, dutch.categories) == ("EXB", ("TRANS-EUROPA",))
    assert french.advisory == "Ajoute la date de réouverture"


def test_nitf_is_read_whatever_its_medium_is_called():
    content = (
        b"<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>\nexample.org\n"
        b"</ProviderId></NewsIdentifier></Identification><NewsManagement><FirstCreated>"
        b"20190121T102708</FirstCreated><Urgency>2</Urgency></NewsManagement><NewsComponent>"
        b"<NewsLines><DateLine>January 21</DateLine><HeadLine>Bridge opens</HeadLine></NewsLines>"
        b"<DescriptiveMetada><Language FormalName='en'/><guid>16AAC3</guid></DescriptiveMetada>"
        b"<ContentItem><MediaType FormalName='ComplexData'/><DataContent><nitf><body>"
        b"<body.content><p>STONEWELL, January 21. /EXA/. The bridge opened.</p></body.content>"
        b"</body></nitf></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
    )
    (item,) = readers.read(content)
    assert item.text == "Bridge opens\n\nSTONEWELL, January 21. /EXA/. The bridge opened."
    assert (item.urgency, item.language, item.guid) == (2, "en", "urn:newsml:example.org::16AAC3")
