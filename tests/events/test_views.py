"""The pages: what they show, to whom, and what they answer to nonsense."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from events.models import (
    Batch,
    BatchItem,
    Dispatch,
    EventType,
    Heartbeat,
    ReviewState,
    Status,
)
from newsapp import gunicorn_conf
from tests.events.stories import make_dispatch, make_event, make_mention

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything_is_public(settings, client):
    settings.PUBLIC_EVENTS = "all"
    client.defaults["HTTP_HOST"] = "127.0.0.1"  # as somebody at the machine itself


@pytest.fixture
def staff(client) -> User:
    user = User.objects.create_superuser("redaction", password="dépêche")
    client.force_login(user)
    return user


def text_of(response) -> str:
    """What a reader sees, roughly: the page without its tags, spaces made plain."""
    page = response.content.decode()
    plain = re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").replace("&#x27;", "'")
    return re.sub(r"\s+", " ", plain)


def test_the_timeline_lists_events_under_year_and_month_oldest_first(client):
    make_event("Plus tard", "2016-12-07")
    make_event("Plus tôt", "2011-03/..")
    page = text_of(client.get("/"))
    assert page.index("2011") < page.index("depuis mars 2011") < page.index("Plus tôt")
    assert page.index("Plus tôt") < page.index("2016 décembre") < page.index("Plus tard")


def test_newest_first_turns_the_list_round(client):
    make_event("Plus tard", "2016-12-07")
    make_event("Plus tôt", "2011-03")
    page = text_of(client.get("/?order=desc"))
    assert page.index("Plus tard") < page.index("Plus tôt")


def test_an_undated_event_waits_in_its_tray_and_is_never_in_1970(client):
    make_event("Sans jour", "")
    page = text_of(client.get("/"))
    assert "1970" not in page
    assert page.index("Leur texte ne dit pas quand") < page.index("Sans jour")


def test_events_of_a_day_stand_in_the_order_of_their_hour(client):
    make_event("Le soir", "2016-12-07", time_of_day="20:30")
    make_event("Le matin", "2016-12-07", time_of_day="08:00")
    page = text_of(client.get("/"))
    assert page.index("Le matin") < page.index("Le soir")


def test_a_card_says_why_the_event_has_its_date_and_quotes_the_sentence(client):
    make_event("Combats")
    response = client.get("/")
    assert "Le jour de la dépêche, jeudi 8 décembre 2016, a été donné avec elle." in text_of(
        response
    )
    assert '<mark class="is-date ">lundi</mark>' in response.content.decode()


def test_a_called_for_truce_is_labelled_as_such(client):
    make_event("Trêve à Alep", status="called_for")
    assert "réclamé" in text_of(client.get("/"))


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ({"type": "talks"}, "Pourparlers"),
        ({"status": "planned"}, "Pourparlers"),
        ({"q": "HAMBOURG"}, "Pourparlers"),
        ({"start": "2016-12", "end": "2016-12"}, "Pourparlers"),
        ({"start": "2016-12-08", "end": "2016-12-08"}, "Pourparlers"),
        ({"end": "2015"}, "Offensive"),
        ({"confidence": "80"}, "Offensive"),
        ({"type": ["attack"]}, "Offensive"),
    ],
)
def test_a_filter_keeps_what_passes_and_drops_the_rest(client, query, kept):
    make_event("Offensive", "2015-11-15", confidence=0.9)
    make_event(
        "Pourparlers", "2016-12-08", type="talks", status="planned", places=["Hambourg"],
        confidence=0.4,
    )  # fmt: skip
    page = client.get("/?" + urlencode(query, doseq=True)).content.decode()
    titles = re.findall(r"entry__title.*?<a [^>]*>([^<]+)</a>", page)
    assert titles == [kept]


def test_actor_place_and_source_filter_by_their_number(client):
    chosen = make_event("Le bon", actors=["Kerry"], places=["Hambourg"])
    make_event("L'autre", dispatch=make_dispatch(source="Reuters"))
    actor = chosen.event_actors.get().actor_id
    place = chosen.event_places.get().place_id
    source = chosen.mentions.get().dispatch.source_id
    for query in (f"actor={actor}", f"place={place}", f"source={source}"):
        page = text_of(client.get(f"/?{query}"))
        assert "Le bon" in page, query
        assert "L'autre" not in page, query


def test_a_facet_counts_what_each_value_would_give_beside_the_other_filters(client):
    make_event(type="attack")
    make_event(type="talks")
    make_event(type="talks", status="planned")
    response = client.get("/?type=attack&status=happened")
    facet = next(f for f in response.context["page"].facets if f.name == "type")
    assert {value.value: value.count for value in facet.values} == {"attack": 1, "talks": 1}


def test_a_filter_in_force_can_be_taken_away_alone(client):
    make_event()
    page = client.get("/?type=attack&status=happened&page=1").content.decode()
    assert 'href="/?type=attack"' in page
    assert 'href="/?status=happened"' in page


def test_when_nothing_passes_the_page_says_what_dropping_a_filter_would_give(client):
    make_event(type="attack", status="happened")
    page = text_of(client.get("/?type=attack&status=planned"))
    assert "1 événement de tout statut" in page


def test_an_empty_site_leads_to_the_first_dispatch(client):
    response = client.get("/")
    assert "Rien encore sur la frise" in text_of(response)
    assert 'href="/upload/"' in response.content.decode()


HOSTILE = [
    ("type=zzz", "zzz"), ("status=1", "1"), ("start=hier", "2016-12"), ("end=2016-02-30", "30"),
    ("start=2016-13", "2016-13"), ("actor=abc", "numéro"), ("actor=-1", "numéro"),
    ("place=99999999999999999999999", "numéro"), ("confidence=101", "100"),
    ("confidence=x", "Confiance"), ("order=sideways", "sideways"),
    ("q=%00", "nul"), ("q=" + "x" * 500, "200"), ("&".join(["type=attack"] * 30), "20"),
    ("&".join(f"actor={n}" for n in range(30)), "20"), ("review=' OR 1=1", "OR"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "named"), HOSTILE)
def test_a_parameter_without_sense_is_answered_by_a_page_that_names_it(client, query, named):
    response = client.get(f"/?{query}")
    assert response.status_code == 400
    assert "Cette adresse n’a pas de sens" in text_of(response)
    assert named in text_of(response)


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-3", "page=99999999999999999999", "page=x", "page=%00", "unknown=1", "start=",
     "actor=9223372036854775807", "q=%25_%5C", "start=0001&end=9999", "start=9999-12-31",
     "end=0001-01-01", "type=&type=", "q=%F0%9F%92%A5"],
)  # fmt: skip
def test_a_parameter_that_can_be_put_right_is(client, query):
    make_event()
    response = client.get(f"/?{query}")
    assert response.status_code in {200, 400}
    if not query.startswith("type="):
        assert response.status_code == 200


def test_a_thousand_parameters_are_refused_without_a_crash(client):
    response = client.get("/?" + "&".join(f"a{n}=1" for n in range(2000)))
    assert response.status_code == 400
    assert "Cette adresse n’a pas de sens" in text_of(response)


def test_a_period_that_ends_before_it_begins_is_turned_round_and_said(client):
    make_event("Dedans", "2016-12-05")
    page = text_of(client.get("/?start=2017&end=2016"))
    assert "nous l’avons retournée" in page
    assert "Dedans" in page


def test_a_page_past_the_end_is_the_last_one(client):
    for number in range(45):
        make_event(f"Événement {number:02}", reported=False)
    page = text_of(client.get("/?page=500"))
    assert "page 2 sur 2" in page
    assert "Événement 44" in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_timeline_asks_the_database_as_often_for_thirty_events_as_for_one(
    client, number, django_assert_num_queries
):
    for one in range(number):
        make_event(actors=[f"acteur {one}"], places=[f"lieu {one}"])
    make_event("Sans jour", "")
    with django_assert_num_queries(19):
        client.get("/")


def test_under_approved_a_visitor_sees_no_proposal_anywhere(client, settings):
    settings.PUBLIC_EVENTS = "approved"
    dispatch = make_dispatch("Secret. Les combats ont repris lundi.")
    hidden = make_event("Proposition", dispatch=dispatch)
    shown = make_event("Approuvé", review_state="approved")
    assert "Proposition" not in text_of(client.get("/"))
    assert "Approuvé" in text_of(client.get("/"))
    assert client.get(f"/events/{hidden.pk}/").status_code == 404
    assert client.get(f"/events/{shown.pk}/").status_code == 200
    assert client.get(f"/dispatches/{dispatch.pk}/").status_code == 404
    assert "Secret" not in text_of(client.get("/dispatches/"))
    facet = next(f for f in client.get("/").context["page"].facets if f.name == "type")
    assert sum(value.count for value in facet.values) == 1


def test_under_approved_those_who_are_logged_in_see_proposals_on_their_own_page(
    client, settings, staff
):
    settings.PUBLIC_EVENTS = "approved"
    hidden = make_event("Proposition")
    assert client.get(f"/events/{hidden.pk}/").status_code == 200


def test_a_rejected_event_is_gone_for_everyone(client, staff):
    rejected = make_event("Rejeté", review_state="rejected")
    assert client.get(f"/events/{rejected.pk}/").status_code == 404
    assert "Rejeté" not in text_of(client.get("/"))


def test_a_merged_event_leads_to_the_one_that_was_kept(client):
    kept = make_event("Gardé")
    absorbed = make_event("Absorbé", merged_into=kept)
    response = client.get(f"/events/{absorbed.pk}/", follow=True)
    assert response.redirect_chain[-1][0] == f"/events/{kept.pk}/"
    assert "fusionné" in text_of(response)


def test_an_event_shows_every_sentence_it_rests_on_with_the_exact_words_marked(client):
    event = make_event("Combats", edtf="2016-12-05")
    other = make_dispatch("Selon Moscou, les tirs ont repris mardi matin.", source="TASS")
    make_mention(event, other, date="mardi matin", edtf="2016-12-06")
    response = client.get(f"/events/{event.pk}/")
    page = response.content.decode()
    assert '<mark class="is-date ">lundi</mark>' in page
    assert '<mark class="is-date ">mardi matin</mark>' in page
    assert '<mark class="is-trigger ">repris</mark>' in page
    assert "Cette dépêche dit : 6 décembre 2016" in text_of(response)
    assert "AFP, TASS" in text_of(response)


def test_an_event_shows_its_relatives_near_in_time(client):
    event = make_event("Le premier", "2016-12-05", places=["Alep"])
    make_event("Le proche", "2016-12-09", places=["Alep"])
    make_event("Le lointain", "2018-12-09", places=["Alep"])
    make_event("L'étranger", "2016-12-09", places=["Oslo"])
    page = text_of(client.get(f"/events/{event.pk}/"))
    assert "Le proche" in page
    assert "Le lointain" not in page
    assert "L'étranger" not in page


def test_the_text_of_a_dispatch_is_whole_and_leads_to_its_events_and_back(client):
    text = "Ouverture & <début>.\nLes combats ont repris lundi à l'aube."
    dispatch = make_dispatch(text)
    event = make_event(dispatch=dispatch)
    mention = event.mentions.get()
    page = client.get(f"/dispatches/{dispatch.pk}/").content.decode()
    prose = page[page.index('<div class="prose"') : page.index('<section class="dispatch__events"')]
    shown = re.sub(r"<sup[^>]*>\d+</sup>|<[^>]+>", "", prose)
    for entity, char in (("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&#x27;", "'")):
        shown = shown.replace(entity, char)
    assert shown.strip() == text
    assert f'href="#m{mention.pk}"' in page
    assert f'id="m{mention.pk}"' in page
    assert 'href="#f1"' in page
    assert 'id="f1"' in page


def test_a_failed_dispatch_says_why_and_can_be_retried(client):
    failed = make_dispatch(state="failed", error_code="reading-took-too-long", attempts=5)
    page = client.get(f"/dispatches/{failed.pk}/")
    assert "dans le temps imparti, 5 fois" in text_of(page)
    response = client.post(f"/dispatches/{failed.pk}/retry/")
    assert response.status_code == 302
    failed.refresh_from_db()
    assert failed.state != "failed"


def test_dispatches_are_listed_with_their_state_and_found_by_their_text(client):
    make_dispatch("Le premier parle d'Alep.", state="received")
    make_dispatch("Le second parle d'Oslo.", state="failed")
    assert "en attente" in text_of(client.get("/dispatches/"))
    assert "Oslo" not in text_of(client.get("/dispatches/?q=Alep"))
    assert "Alep" not in text_of(client.get("/dispatches/?state=failed"))
    assert client.get("/dispatches/?state=nowhere").status_code == 400


@pytest.mark.parametrize("number", [1, 12])
def test_the_list_of_dispatches_asks_as_often_for_twelve_as_for_one(
    client, number, django_assert_num_queries
):
    for _ in range(number):
        make_event()
    with django_assert_num_queries(6):  # one of them counts what is to be dated
        client.get("/dispatches/")


def test_a_pasted_text_is_taken_in_and_its_progress_has_an_address(client):
    response = client.post("/upload/", {"text": "Les combats ont repris lundi.", "source": "AFP"})
    batch = Batch.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("batch", args=[batch.pk])
    item = batch.items.get()
    assert item.verdict == "accepted"
    assert item.dispatch.text.startswith("Les combats")
    assert item.dispatch.source.name == "AFP"


def test_several_files_each_get_their_own_verdict(client):
    files = [
        SimpleUploadedFile("a.txt", "Première dépêche du 8 décembre.".encode()),
        SimpleUploadedFile("b.txt", b""),
    ]
    response = client.post("/upload/", {"uploads": files}, follow=True)
    assert list(BatchItem.objects.values_list("name", "verdict")) == [
        ("a.txt", "accepted"),
        ("b.txt", "refused"),
    ]
    assert "Le fichier est vide" in text_of(response)


def test_the_same_text_twice_is_kept_once_and_said(client):
    for _ in range(2):
        response = client.post("/upload/", {"text": "Les combats ont repris lundi."}, follow=True)
    assert Dispatch.objects.count() == 1
    assert "déjà là" in text_of(response)


def test_an_upload_of_nothing_says_what_to_do_and_keeps_what_was_typed(client):
    response = client.post("/upload/", {"text": "  ", "source": "AFP"})
    assert response.status_code == 422
    assert "Collez un texte ou choisissez un fichier." in text_of(response)
    assert 'value="AFP"' in response.content.decode()


def test_too_many_files_are_refused_with_the_limit(client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    files = [SimpleUploadedFile(f"{n}.txt", b"texte") for n in range(3)]
    response = client.post("/upload/", {"uploads": files})
    assert response.status_code == 413
    assert "plus de 2 fichiers" in text_of(response)


def test_a_false_publication_date_is_refused_by_name(client):
    response = client.post("/upload/", {"text": "x", "published": "2016-02-31"})
    assert response.status_code == 422
    assert Batch.objects.count() == 0


def test_progress_is_told_until_all_is_settled(client):
    batch = Batch.objects.create()
    waiting = make_dispatch(state="received")
    BatchItem.objects.create(
        batch=batch, position=0, name="a.txt", verdict="accepted", dispatch=waiting
    )
    url = reverse("batch-progress", args=[batch.pk])
    first = client.get(url).json()
    assert (first["settled"], first["read"], first["total"]) == (False, 0, 1)
    make_event(dispatch=waiting)
    Dispatch.objects.update(state="done")
    second = client.get(url).json()
    assert second["settled"] is True
    assert "1 événement" in second["html"]
    assert client.get(url)["Cache-Control"].startswith("max-age=0")


def test_uploading_needs_a_login_unless_one_sits_at_the_machine(client, settings):
    assert client.get("/upload/").status_code == 200
    assert client.get("/upload/", REMOTE_ADDR="192.0.2.7").status_code == 302
    settings.ALLOWED_HOSTS = ["*"]
    assert client.get("/upload/", headers={"host": "frise.example"}).status_code == 302
    assert client.get("/upload/", headers={"x-forwarded-for": "192.0.2.7"}).status_code == 302
    settings.PUBLIC_EVENTS = "approved"
    response = client.get("/upload/")
    assert response.status_code == 302
    assert response.url == "/login/?next=/upload/"


def test_a_login_leads_back_to_where_one_wanted_to_go(client):
    User.objects.create_user("ada", password="analytique")
    response = client.post("/login/?next=/upload/", {
        "username": "ada", "password": "analytique", "next": "/upload/",
    })  # fmt: skip
    assert response.url == "/upload/"
    assert client.post("/logout/").status_code == 302


def test_pages_speak_the_language_of_the_visitor_and_can_be_switched(client):
    make_event()
    assert 'lang="fr"' in client.get("/").content.decode()
    english = client.get("/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en"' in english
    assert "Why this date?" in english
    client.post("/i18n/setlang/", {"language": "en", "next": "/"})
    assert "Why this date?" in client.get("/").content.decode()


@pytest.mark.parametrize("url", ["/events/999/", "/dispatches/999/", "/nowhere/"])
def test_what_is_not_there_has_a_page_that_says_so(client, url):
    response = client.get(url)
    assert response.status_code == 404
    assert "Il n’y a rien ici" in text_of(response)


@pytest.mark.parametrize("url", ["/events/0/", f"/events/{2**70}/", f"/dispatches/{2**70}/"])
def test_a_number_that_no_row_can_have_breaks_nothing(client, url):
    assert client.get(url).status_code in {400, 404}


def test_the_page_for_our_own_faults_needs_nothing_that_may_be_broken(client, monkeypatch):
    client.raise_request_exception = False
    monkeypatch.setattr("events.timeline.timeline_page", lambda *_: 1 / 0)
    response = client.get("/")
    assert response.status_code == 500
    assert "La faute est de notre côté" in text_of(response)


def test_no_page_holds_inline_script_or_style_or_asks_another_origin(client, staff):
    event = make_event(actors=["Kerry"], places=["Hambourg"])
    dispatch = event.mentions.get().dispatch
    for url in ("/", "/upload/", "/dispatches/", f"/dispatches/{dispatch.pk}/",
                f"/events/{event.pk}/", "/login/", "/nowhere/"):  # fmt: skip
        page = client.get(url).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)", page), url
        assert not re.search(r"<style|\sstyle=|\son\w+=", page), url
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", page), url


def test_health_tells_whether_the_database_answers_and_the_sweeper_lives(client):
    Heartbeat.objects.create(name="sweep", at=timezone.now())
    make_dispatch(state="received")
    response = client.get("/healthz")
    assert response.status_code == 200
    report = json.loads(response.content)
    assert report.pop("disk_free_mb") > 0
    assert report == {
        "ok": True, "database": True, "broker": False, "sweeper": True, "waiting": 1, "files": 0,
        "oldest_seconds": 0, "failed": 0,
    }  # fmt: skip


def test_health_tells_how_long_the_first_of_all_that_waits_has_waited(client):
    long_ago = timezone.now() - timedelta(hours=2)
    make_dispatch(state="received")
    batch = Batch.objects.create()
    Batch.objects.update(created_at=long_ago)
    batch.items.create(position=0, name="a.txt", verdict="waiting")
    report = client.get("/healthz").json()
    assert (report["waiting"], report["files"]) == (1, 1)
    assert 7200 <= report["oldest_seconds"] < 7300


@pytest.mark.parametrize("url", ["/", "/dispatches/", "/upload/1/", "/events/1/retry/"])
def test_reading_pages_refuse_to_be_written_to(client, url):
    assert client.post(url).status_code in {404, 405}


def test_the_longest_address_that_filters_make_is_one_that_the_server_reads(client, settings):
    settings.PUBLIC_EVENTS = "approved"
    query = {
        "q": "\N{GRINNING FACE}" * 200, "start": "2016-12-07", "end": "2016-12-07",
        "type": EventType.values, "status": Status.values, "review": ReviewState.values,
        "confidence": 100, "order": "desc", "lane": "source", "known": "2016-12-07", "facts": "on",
        "page": 1_000_000_000, "event": 2**63 - 1,
    }  # fmt: skip
    query |= dict.fromkeys(("actor", "place", "source"), range(2**63 - 20, 2**63))
    words = urlencode(query, doseq=True)
    assert client.get(f"/read/?{words}").status_code == 200
    address = client.get(f"/review/?{words}")["Location"]  # within which it is encoded once more
    assert address.startswith("/login/?next=")
    assert len(address) < gunicorn_conf.limit_request_line - len("GET  HTTP/1.1")
