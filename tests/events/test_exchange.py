"""Actors and places as files: in with a preview, out, and in again without a change."""

from __future__ import annotations

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from events import curation, recording
from events.admin.exchange import FORMATS, MOST_ROWS
from events.models import Actor, CurationAct, Place
from tests.builders import make_user

pytestmark = pytest.mark.django_db
CSV, JSON = range(len(FORMATS))


@pytest.fixture
def desk(client):
    client.force_login(make_user("boss", "administrator"))
    return client


def url(kind, page):
    return reverse(f"admin:events_{kind}_{page}")


def preview(desk, kind, content, form=CSV, name="file"):
    content = content if isinstance(content, bytes) else content.encode()
    answer = desk.post(
        url(kind, "import"),
        {"format": form, "resource": "", "import_file": SimpleUploadedFile(name, content)},
    )
    assert answer.status_code == 200, answer
    return answer


def take_in(desk, kind, content, form=CSV):
    """Look at the preview, confirm it, and return how many rows were new, changed, left alone."""
    shown = preview(desk, kind, content, form)
    assert shown.context.get("confirm_form"), problems(shown)
    confirm = shown.context["confirm_form"].initial
    answer = desk.post(url(kind, "process_import"), confirm)
    assert answer.status_code == 302
    totals = shown.context["result"].totals
    return totals["new"], totals["update"], totals["skip"]


def problems(answer):
    """What is wrong with each row, by its number, as the page says it."""
    result = answer.context["result"]
    return {
        row.number: {name: list(told) for name, told in row.error_dict.items()}
        for row in result.invalid_rows
    } or [str(error.error) for error in result.base_errors]


def hand_out(desk, kind, form=CSV):
    answer = desk.post(url(kind, "export"), {"format": form, "resource": "0"})
    assert answer.status_code == 200
    return answer.content


PLACES = """name,kind,country,within,aliases,latitude,longitude,geonames
Raqqa,city,sy,,Raqa | Ar-Raqqah,"35,95",39.01,172955
Vallée de la Kadicha,region,LB,,,,,
"""


def test_a_file_is_shown_before_anything_is_written(desk):
    page = preview(desk, "place", PLACES)
    assert not Place.objects.exists()
    assert "<ins>Raqqa</ins>" in page.content.decode()
    assert "style=" not in page.content.decode().split("<table")[1]


def test_places_come_in_with_their_other_names(desk):
    assert take_in(desk, "place", PLACES) == (2, 0, 0)
    raqqa = Place.objects.get(name="Raqqa")
    assert (raqqa.country, raqqa.latitude, raqqa.geonames) == ("SY", 35.95, 172955)
    assert raqqa.aliases == ["Raqa", "Ar-Raqqah"]
    assert recording.place_named("RAQA", country="SY", kind="city") == raqqa
    assert LogEntry.objects.filter(object_id=str(raqqa.pk)).exists()


def test_the_same_file_twice_changes_nothing(desk):
    take_in(desk, "place", PLACES)
    before = list(Place.objects.order_by("pk").values())
    assert take_in(desk, "place", PLACES) == (0, 0, 2)
    assert list(Place.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("form", [CSV, JSON], ids=["csv", "json"])
def test_what_goes_out_comes_in_again_unchanged(form, desk):
    take_in(desk, "place", PLACES)
    for name in ("=1+1", "-Moins", "Coin | coin"[:4]):
        recording.place_named(name, country="FR", kind="point", latitude=-12.5, longitude=-1.0)
    content = hand_out(desk, "place", form)
    assert take_in(desk, "place", content, form) == (0, 0, 5)


def test_homonyms_go_out_and_come_in_as_what_they_are(desk):
    for language in ("fr", "en"):
        recording.actor_named("Congo", "government", language)
    for kind in ("city", "country"):
        recording.place_named("Mexico", kind=kind, country="MX")
    for kind in ("actor", "place"):
        content = hand_out(desk, kind)
        assert take_in(desk, kind, content) == (0, 0, 2)
        assert hand_out(desk, kind) == content
    told = problems(preview(desk, "actor", "name,register\nCongo,=ru\n"))
    assert {row: set(columns) for row, columns in told.items()} == {1: {"register"}}


def test_a_spreadsheet_runs_nothing_of_what_goes_out(desk):
    recording.actor_named("=HYPERLINK(1)")
    content = hand_out(desk, "actor").decode("utf-8-sig")
    assert "\n'=HYPERLINK(1)," in content.replace("\r", "")


def test_other_names_go_out_with_the_one_that_they_mean(desk):
    take_in(desk, "actor", "name,aliases,kind\nDaech,Etat islamique|EI,group\n")
    rows = json.loads(hand_out(desk, "actor", JSON))
    assert [(row["name"], row["aliases"]) for row in rows] == [("Daech", "Etat islamique | EI")]


def test_a_list_of_names_in_json_does_as_well(desk):
    rows = [{"name": "ONU", "aliases": ["Nations unies", "UN"], "kind": None}]
    take_in(desk, "actor", json.dumps(rows), JSON)
    assert Actor.objects.get(name="ONU").aliases == ["Nations unies", "UN"]
    assert recording.actor_named("nations unies").name == "ONU"


def test_a_row_changes_only_the_columns_of_the_file(desk):
    take_in(desk, "actor", "name,aliases,kind,wikidata\nONU,UN,organisation,Q1065\n")
    assert take_in(desk, "actor", "name,kind\nonu,other\n") == (0, 1, 0)
    actor = Actor.objects.get(same_as=None)
    assert (actor.kind, actor.qid, actor.aliases) == ("other", "Q1065", ["UN"])


def test_a_name_left_out_means_itself_again(desk):
    take_in(desk, "actor", "name,aliases\nDaech,EI\n")
    take_in(desk, "actor", "name,aliases\nDaech,\n")
    assert recording.actor_named("EI").name == "EI"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("Nulle part,lieu,FR,,,", "kind"),
        ("Nulle part,city,ZZ,,,", "country"),
        ("Nulle part,city,FR,,north,3", "latitude"),
        ("Nulle part,city,FR,,95,3", "latitude"),
        ("Nulle part,city,FR,,45,", "longitude"),
        ("Nulle part,city,FR,Paris,,", "aliases"),
        (",city,FR,,,", "name"),
        ("Lutèce,city,FR,,,", "name"),
        (f"{'x' * 201},city,FR,,,", "name"),
        (f"Nulle part,city,FR,{'x' * 201},,", "aliases"),
    ],
)
def test_a_bad_row_is_told_with_its_number_and_nothing_is_written(row, column, desk):
    take_in(desk, "place", "name,kind,country,aliases\nParis,city,FR,Lutèce\n")
    content = f"name,kind,country,aliases,latitude,longitude\nLyon,city,FR,,,\n{row}\n"
    answer = preview(desk, "place", content)
    told = problems(answer)
    assert list(told) == [2], told
    assert set(told[2]) == {column}, told
    assert not answer.context.get("confirm_form")
    assert not Place.objects.filter(name="Lyon").exists()


def test_a_row_that_went_bad_since_the_preview_stops_all_of_them(desk):
    shown = preview(desk, "actor", "name,aliases\nONU,\nDaech,EI\n")
    recording.actor_named("EI")
    desk.post(url("actor", "process_import"), shown.context["confirm_form"].initial)
    assert not Actor.objects.filter(name__in=["ONU", "Daech"]).exists()


@pytest.mark.parametrize(
    ("content", "form"),
    [(b"\x00\xff\xfe\x01", CSV), (b"{]", JSON), (b"", CSV), (b"nom,genre\nONU,x\n", CSV)],
    ids=["binary", "broken", "empty", "other columns"],
)
def test_what_is_no_such_file_is_refused_on_the_page(content, form, desk):
    answer = preview(desk, "actor", content, form)
    assert not answer.context.get("confirm_form")
    assert answer.context["form"].errors or answer.context["result"].has_errors()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_comes_in_as_spreadsheets_save_it(mark, encoding, desk):
    rows = [
        ["name", "kind", "country", "aliases", "latitude", "longitude"],
        ["Évian-les-Bains", "city", "FR", "Évian | Yvian", '"46,4"', '"6,59"'],
        ["Pays de la Loire", "region", "FR", "L’Ouest", "", ""],
    ]
    table = "\r\n".join(mark.join(row) for row in rows) + "\r\n"
    assert take_in(desk, "place", table.encode(encoding)) == (2, 0, 0)
    evian = Place.objects.get(name="Évian-les-Bains")
    assert (evian.aliases, evian.latitude) == (["Évian", "Yvian"], 46.4)
    assert Place.objects.get(name="Pays de la Loire").aliases == ["L’Ouest"]


def test_what_is_no_text_is_said_to_be_none(desk):
    answer = preview(desk, "actor", b"PK\x03\x04\x00\x00\x00\x00" * 9)
    assert "données binaires" in str(answer.context["form"].errors["import_file"])


def test_a_file_that_would_hold_up_all_others_is_to_be_cut_in_pieces(desk):
    rows = "".join(f"Acteur {i}\n" for i in range(MOST_ROWS + 1))
    answer = preview(desk, "actor", f"name\n{rows}")
    assert "2" in str(answer.context["form"].errors["import_file"])
    assert not answer.context.get("result")


def test_two_rows_of_one_name_are_one_and_the_last_one_counts(desk):
    take_in(desk, "actor", "name,kind\nONU,group\nonu,organisation\n")
    assert Actor.objects.get().kind == "organisation"


def test_unchanged_rows_ask_the_database_almost_nothing(desk, django_assert_max_num_queries):
    rows = "".join(f"Ville {i},city,FR,V{i} | W{i}\n" for i in range(40))
    take_in(desk, "place", f"name,kind,country,aliases\n{rows}")
    with django_assert_max_num_queries(100):  # most of them savepoints
        preview(desk, "place", f"name,kind,country,aliases\n{rows}")


def test_a_name_that_is_withheld_does_not_come_back_by_a_file(desk):
    chief = User.objects.get()
    curation.withhold_name(["Jean Dupont"], "M. X", "Sur demande", by=chief)
    told = problems(preview(desk, "actor", "name,aliases\nJean Dupont,\nMaire,Jean Dupont\n"))
    assert {row: set(columns) for row, columns in told.items()} == {1: {"name"}, 2: {"aliases"}}
    actor = recording.actor_named("Maire")
    assert "name" in change(desk, actor, name="Jean  Dupont").context["adminform"].errors
    assert "aliases" in change(desk, actor, aliases="Jean Dupont").context["adminform"].errors


def test_only_administrators_take_names_in_and_out(client):
    curator = make_user("curator", "curator")
    curator.is_staff = True
    curator.save()
    client.force_login(curator)
    assert client.get(url("actor", "changelist")).status_code == 200
    assert client.get(url("actor", "import")).status_code == 403
    assert client.get(url("actor", "export")).status_code == 403
    chief = make_user("chief", "administrator")
    client.force_login(chief)
    assert client.get(url("actor", "import")).status_code == 200
    assert client.get(url("actor", "export")).status_code == 200


def test_the_pages_speak_french(desk):
    page = preview(desk, "actor", "name,kind\nONU,inconnu\n").content.decode()
    assert "Aucune de ces valeurs" in page
    assert "Importer" in page


def form_of(subject, **changes):
    values = {"name": subject.name, "kind": subject.kind, "aliases": "\n".join(subject.aliases)}
    if isinstance(subject, Place):
        values |= {"within": "", "latitude": "", "longitude": "", "geonames": ""}
    else:
        values |= {"qid": ""}
    return values | changes


def change(desk, subject, **changes):
    kind = subject._meta.model_name
    address = reverse(f"admin:events_{kind}_change", args=[subject.pk])
    return desk.post(address, form_of(subject, **changes))


def test_a_new_name_in_the_administration_is_an_act_and_keeps_the_former_one(desk):
    actor = recording.actor_named("Organisation des nations unies")
    assert change(desk, actor, name="ONU", aliases="UN").status_code == 302
    actor.refresh_from_db()
    assert (actor.name, actor.folded) == ("ONU", "onu")
    assert set(actor.aliases) == {"UN", "Organisation des nations unies"}
    assert CurationAct.objects.get().kind == "rename"
    for name in ("UN", "organisation des Nations Unies"):
        assert recording.actor_named(name) == actor


def test_the_administration_refuses_what_another_one_is_called(desk):
    onu = recording.actor_named("ONU")
    other = recording.actor_named("Otan")
    assert "name" in change(desk, other, name="Onu").context["adminform"].errors
    assert "aliases" in change(desk, other, aliases="Onu").context["adminform"].errors
    assert change(desk, onu, aliases="U.N.").status_code == 302
    assert "name" in change(desk, other, name="U.N.").context["adminform"].errors


def test_a_place_is_added_with_its_country(desk):
    values = {"name": "Raqqa", "kind": "city", "country": "sy", "aliases": "Raqa"}
    assert desk.post(reverse("admin:events_place_add"), values).status_code == 302
    raqqa = Place.objects.get(name="Raqqa")
    assert (raqqa.folded, raqqa.country) == ("raqqa", "SY")
    again = desk.post(reverse("admin:events_place_add"), values)
    assert "name" in again.context["adminform"].errors


def test_a_name_that_no_country_goes_with_means_the_place_that_a_person_said(desk):
    raqqa = recording.place_named("Raqqa", country="SY", kind="city")
    change(desk, raqqa, aliases="Er-Raqqa")
    assert recording.place_named("Er-Raqqa", kind="city") == raqqa
