"""The administration: every model has its list and page; corrections go through curation."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events import roles
from events.models import Batch, CurationAct, Dispatch, Event, Feed, Heartbeat, OwnWord, Source
from events.processing import extract_again, process_dispatch
from tests.builders import PASSWORD, give, make_user, only_event, read
from tests.events.stories import make_dispatch, make_event, make_mention

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model._meta.app_label == "events"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.REDIS_URL = f"redis+socket://{tmp_path}/nobody.sock"


@pytest.fixture
def desk(client):
    client.force_login(make_user("chief", "administrator"))
    return client


def url(model, page, *args):
    return reverse(f"admin:events_{model._meta.model_name}_{page}", args=args)


def test_every_model_of_ours_is_there():
    ours = set(apps.get_app_config("events").get_models())
    assert {model for model in ours - set(MODELS) if model.__module__ == "events.models"} == set()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_list_opens_and_searches(model, desk):
    read()
    assert desk.get(url(model, "changelist")).status_code == 200
    if admin.site._registry[model].search_fields:
        assert desk.get(url(model, "changelist"), {"q": "alep"}).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_page_opens(model, desk):
    read()
    row = model.objects.first()
    if row is not None:
        assert desk.get(url(model, "change", row.pk)).status_code == 200


def test_lists_and_pages_ask_as_much_whatever_they_show_and_lists_for_no_whole_text(desk):
    batch = Batch.objects.create()
    dispatch = make_dispatch(title="Alep", batch=batch)
    event = make_event(dispatch=dispatch)
    pages = [url(model, "changelist") for model in MODELS]
    pages += [url(type(row), "change", row.pk) for row in (batch, dispatch, event)]
    for page in pages:
        desk.get(page)  # what a process asks once is asked
    asked = []
    for number in (2, 20):
        for n in range(number):
            own = make_dispatch(title="Alep", batch=batch)
            make_mention(event, own)
            make_event(dispatch=dispatch, actors=[f"{number}-{n}"], places=[f"{number}-{n}"])
            batch.items.create(position=number + n, name="a", verdict="accepted", dispatch=own)
            CurationAct.objects.create(kind="comment", event=event)
            CurationAct.objects.create(kind="redate", dispatch=own)
            Source.objects.create(name=f"{number}-{n}")
        asked.append({page: queries_of(desk, page) for page in pages})
    few, many = ({page: len(sqls) for page, sqls in one.items()} for one in asked)
    assert few == many
    lists = [sql for page in pages[: len(MODELS)] for sql in asked[1][page]]
    assert not [sql for sql in lists if '"events_dispatch"."text"' in sql]


def queries_of(client, page) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return [one["sql"] for one in asked]


def test_an_event_shows_its_evidence_with_the_words_marked(desk):
    event = only_event(read())
    page = desk.get(url(Event, "change", event.pk)).content.decode()
    assert "<mark>appelé</mark>" in page


def event_form(event, **changes):
    values = {
        "title": event.title,
        "edtf": event.edtf,
        "time_of_day": event.time_of_day,
        "type": event.type,
        "status": event.status,
    } | changes
    for prefix in ("mentions", "event_actors", "event_places", "acts"):
        values |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    return values


def test_a_correction_is_logged_and_makes_the_field_the_persons(desk):
    event = only_event(read())
    answer = desk.post(url(Event, "change", event.pk), event_form(event, edtf="2016-12-06"))
    assert answer.status_code == 302
    event.refresh_from_db()
    assert (event.edtf, event.curated_fields) == ("2016-12-06", ["edtf"])
    assert event.end_date.isoformat() == "2016-12-07"
    assert CurationAct.objects.get().kind == "edit"


def test_an_impossible_date_is_refused_beside_its_field(desk):
    event = only_event(read())
    answer = desk.post(url(Event, "change", event.pk), event_form(event, edtf="2016-02-30"))
    assert answer.status_code == 200
    assert "edtf" in answer.context["errors"].data or answer.context["adminform"].errors
    event.refresh_from_db()
    assert event.edtf == "2016-12-07"


def act(desk, model, action, *rows):
    return desk.post(
        url(model, "changelist"),
        {"action": action, "_selected_action": [row.pk for row in rows]},
        follow=True,
    )


def test_dispatches_are_read_again_and_failed_ones_retried(desk):
    done, failed = read(), give("Une autre dépêche, du 3 mai 2017, attend.")
    Dispatch.objects.filter(pk=failed.pk).update(state="failed", attempts=5)
    act(desk, Dispatch, "extract_again", done)
    act(desk, Dispatch, "retry", failed)
    for dispatch in (done, failed):
        dispatch.refresh_from_db()
        assert (dispatch.state, dispatch.attempts) == ("received", 0)


def test_events_are_approved_rejected_and_merged_from_the_list(desk):
    events = [
        only_event(read()),
        only_event(read("Une offensive a été lancée le 15 novembre 2016 à Damas.")),
    ]
    act(desk, Event, "approve", *events)
    assert set(Event.objects.values_list("review_state", flat=True)) == {"approved"}
    act(desk, Event, "merge", *events)
    assert Event.objects.filter(merged_into=None).count() == 1
    act(desk, CurationAct, "undo", CurationAct.objects.get(kind="merge"))
    assert Event.objects.filter(merged_into=None).count() == 2


def test_a_new_day_in_the_administration_has_the_dispatch_read_again(desk):
    dispatch = read("Les rebelles ont appelé hier à un cessez-le-feu à Alep.")
    values = {"title": dispatch.title, "source": "", "published": "2015-12-08", "language": "fr"}
    for prefix in ("mentions", "runs"):
        values |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    assert desk.post(url(Dispatch, "change", dispatch.pk), values).status_code == 302
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.published.year) == ("received", 2015)


def test_a_visitor_is_asked_to_log_in(client):
    assert client.get(url(Event, "changelist")).status_code == 302


@pytest.fixture
def chief(client):
    """Somebody with the role, and no more than that."""
    user = make_user("chief", "administrator")
    client.force_login(user)
    return client


@pytest.mark.parametrize("model", [*MODELS, User], ids=lambda model: model.__name__)
def test_an_administrator_sees_every_list(model, chief):
    read()
    page = chief.get(reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist"))
    assert page.status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@pytest.mark.parametrize(
    ("language", "title"), [("fr", "Frise : administration"), ("en", "Frise: administration")]
)
def test_every_list_speaks_both_languages(model, language, title, desk):
    page = desk.get(url(model, "changelist"), headers={"Accept-Language": language})
    assert title in page.content.decode()
    assert f'lang="{language}' in page.content.decode()


def test_the_first_page_parts_what_is_looked_up_from_what_runs(chief):
    parts = chief.get(reverse("admin:index")).context["app_list"]
    assert [str(part["name"]) for part in parts[:3]] == [
        "Données de référence", "Exploitation", "Ce qui a été trouvé, et décidé",
    ]  # fmt: skip
    shown = {model["object_name"] for part in parts for model in part["models"]}
    assert {model.__name__ for model in MODELS} <= shown
    only_events = chief.get(reverse("admin:app_list", args=["events"]))
    assert only_events.status_code == 200


def test_an_administrator_makes_people_and_gives_them_roles(chief):
    answer = chief.post(
        reverse("admin:auth_user_add"),
        {"username": "ada", "usable_password": "true", "password1": PASSWORD,
         "password2": PASSWORD},
    )  # fmt: skip
    ada = User.objects.get(username="ada")
    assert answer.status_code == 302
    curators = Group.objects.get(name="curator")
    address = reverse("admin:auth_user_change", args=[ada.pk])
    values = {"username": "ada", "is_active": "on", "groups": [curators.pk],
              "date_joined_0": "2026-01-01", "date_joined_1": "10:00:00",
              "is_superuser": "on"}  # fmt: skip
    assert chief.post(address, values).status_code == 302
    ada.refresh_from_db()
    assert roles.role_of(ada) == roles.Role.CURATOR
    assert not ada.is_superuser
    assert "éditeur" in chief.get(reverse("admin:auth_user_changelist")).content.decode()


def test_an_administrator_cannot_reach_a_superuser(chief):
    boss = User.objects.create_superuser("boss", password=PASSWORD)
    for page in ("auth_user_change", "auth_user_password_change"):
        answer = chief.get(reverse(f"admin:{page}", args=[boss.pk]))
        assert answer.status_code in {302, 404}
    answer = chief.post(
        reverse("admin:auth_user_password_change", args=[boss.pk]),
        {"password1": "une autre clé", "password2": "une autre clé"},
    )
    assert answer.status_code in {302, 404}
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)


def test_a_word_of_the_newsroom_decides_what_later_readings_find(desk):
    dispatch = read("Les rebelles ont bombardé le 7 décembre 2016 le quartier.")
    assert only_event(dispatch).type == "attack"
    values = {"language": "fr", "part": "verb", "word": " Bombarder ", "type": "protest"}
    assert desk.post(reverse("admin:events_ownword_add"), values).status_code == 302
    own = OwnWord.objects.get()
    assert own.word == "bombarder"
    act(desk, OwnWord, "read_again", own)
    dispatch.refresh_from_db()
    assert dispatch.state == "received"
    process_dispatch(dispatch.pk)
    assert only_event(dispatch).type == "protest"
    OwnWord.objects.update(type="")
    extract_again(dispatch)
    process_dispatch(dispatch.pk)
    assert not Event.objects.filter(mentions__dispatch=dispatch).exists()


@pytest.mark.parametrize("word", ["", "  ", "123", "…"])
def test_what_is_no_word_is_refused(word, desk):
    values = {"language": "fr", "part": "verb", "word": word, "type": "protest"}
    answer = desk.post(reverse("admin:events_ownword_add"), values)
    assert "word" in answer.context["adminform"].errors


def test_the_page_of_operations_tells_what_waits_without_a_broker(desk):
    give("Une dépêche du 3 mai 2017 attend.")
    failed = give("Une autre dépêche, du 4 mai 2017, a échoué.")
    Dispatch.objects.filter(pk=failed.pk).update(state="failed", attempts=5)
    page = desk.get(url(Heartbeat, "changelist"))
    seen = page.context["operations"]
    assert (seen.workers, seen.messages) == (None, None)
    assert (seen.dispatches["received"], seen.dispatches["failed"]) == (1, 1)
    assert seen.waiting_since is not None
    assert "La file d" in page.content.decode()
    for link in re.findall(r'id="operations".*?</div>', page.content.decode(), re.S):
        for address in re.findall(r'href="([^"]+)"', link):
            assert desk.get(address).status_code == 200, address


def test_another_name_of_a_source_brings_no_second_source(desk):
    agency = Source.objects.create(name="AFP")
    address = reverse("admin:events_source_change", args=[agency.pk])
    values = {"name": "AFP", "aliases": "Agence France-Presse\n\nAFP Paris", "homepage": ""}
    assert desk.post(address, values).status_code == 302
    assert read(source="agence france-presse").source == agency
    assert Source.objects.count() == 1
    other = Source.objects.create(name="Reuters")
    answer = desk.post(
        reverse("admin:events_source_change", args=[other.pk]), values | {"name": "Reuters"}
    )
    assert "aliases" in answer.context["adminform"].errors


def test_sources_are_made_one_with_their_dispatches_and_feeds(desk):
    first, second = read(source="AFP"), give("Une autre dépêche, du 3 mai 2017.", source="A.F.P.")
    third = give("Et une autre, du 4 mai 2017.", source="AFP")
    Feed.objects.create(url="https://example.org/", source=second.source)
    act(desk, Source, "unite", first.source, second.source)
    source = Source.objects.get()
    assert (source.name, source.aliases) == ("AFP", ["A.F.P."])
    assert source.dispatches.count() == 3
    assert source.feeds.count() == 1
    assert third.source == source
    page = desk.get("/", headers={"Accept-Language": "fr"})
    assert "A.F.P." not in page.content.decode()
