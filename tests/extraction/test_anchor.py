"""Which date a trigger gets, and what gets none. The dispatch is of Thursday 8 December 2016."""

from datetime import date

import pytest

from events.extraction import extract_one
from tests.extraction.reading import date_of, dates, told


@pytest.mark.parametrize(
    ("words", "text", "edtf"),
    [
        ("arrêté", "La police a arrêté mardi deux suspects à Lyon.", "2016-12-06"),
        ("lancée", "L'offensive lancée le 15 novembre a tourné court.", "2016-11-15"),
        ("séisme", "Le bilan du séisme du 25 avril 2015 reste lourd.", "2015-04-25"),
        (
            "heurté",
            "Il faut remonter au 1er décembre 1981, quand un avion avait heurté la montagne.",
            "1981-12-01",
        ),
        (
            "privés",
            "Les combats ont abîmé une source, et les habitants sont privés d'eau "
            "depuis le 22 novembre.",
            "2016-11-22/..",
        ),
        ("signé", "Le traité doit être signé d'ici au 20 décembre.", "../2016-12-20"),
        ("Livré", "Livré en février 1991, l'appareil avait subi une révision.", "1991-02"),
    ],
    ids=lambda value: value if len(value) < 12 else "",
)
def test_a_date_goes_to_the_word_that_governs_it(words, text, edtf):
    assert date_of(words, text) == [edtf]


def test_a_period_bounds_its_event_on_both_sides():
    text = "Le tribunal a entendu les témoins du 2 au 5 novembre."
    assert date_of("entendu", text) == ["2016-11-02/2016-11-05"]


def test_an_act_told_of_two_years_is_two_events():
    text = "La ville a accueilli les Jeux en 1932 et en 1984."
    assert date_of("accueilli", text) == ["1932", "1984"]


def test_the_date_of_the_dateline_dates_no_event():
    text = "PARIS, 7 décembre 2016 (AFP) - La Bourse a ouvert ses portes au public."
    assert "2016-12-07" not in dates(text).values()


def test_the_credit_and_what_is_no_date_date_nothing():
    text = "Le parti a obtenu 80% des voix et son candidat 300.000 bulletins.\nAFP/VNA/CVN"
    assert dates(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "La Bourse a connu sa meilleure séance depuis 2012.",
        "La récolte est faible, contrairement à 2014.",
        "C'est une ville du XXIe siècle.",
    ],
)
def test_a_date_that_only_compares_or_describes_dates_nothing(text):
    assert dates(text) == {}


def test_a_quotation_keeps_its_dates_to_itself():
    text = '"Hier, des hommes armés ont attaqué notre village", raconte un paysan.'
    assert dates(text) == {"attaqué": "2016-12-07"}


@pytest.mark.parametrize(
    ("text", "language", "told_dates"),
    [
        (
            "Le nombre de morts s'élève à 120, a déclaré mardi le ministre.", "fr",
            {"élève à 120": "2016-12-06"},
        ),
        (
            "At least 52 people have died, officials said on Tuesday.", "en",
            {"died": "2016-12-06"},
        ),
        (
            "A driver died in the tunnel, officials said on Tuesday.", "en",
            {"said": "2016-12-06"},
        ),
    ],
)  # fmt: skip
def test_a_count_of_victims_is_of_the_day_on_which_it_was_said(text, language, told_dates):
    """What the past tells may have been on any day before."""
    assert dates(text, language=language) == told_dates


def test_what_was_said_in_a_medium_was_said_on_the_day_it_came_out():
    text = "Le président a exclu un cessez-le-feu, dans un entretien à paraître le 9 décembre."
    assert dates(text) == {"exclu": "2016-12-09"}


@pytest.mark.parametrize(
    ("words", "text", "edtf"),
    [
        (
            "annonce",
            "Des milliers de personnes ont défilé mardi, trois jours après l'annonce de sa mort.",
            "2016-12-03",
        ),
        (
            "manifestation",
            "Le ministre a reçu mercredi les syndicats, au lendemain d'une manifestation.",
            "2016-12-06",
        ),
        (
            "manifestations",
            "Cinq ans et neuf mois après les premières manifestations de Deraa, "
            "la guerre continue.",
            "2011-03",
        ),
    ],
    ids=lambda value: value if len(value) < 15 else "",
)
def test_a_date_is_counted_to_an_event_from_what_the_clause_tells(words, text, edtf):
    assert date_of(words, text) == [edtf]


@pytest.mark.parametrize(
    ("words", "text", "edtf"),
    [
        (
            "adoption",
            "Les dockers ont reconduit mercredi la grève entamée lundi, au lendemain de "
            "l'adoption du texte.",
            "2016-12-06",
        ),
        (
            "limogeage",
            "Le ministre a reconnu mercredi des fautes. Ces aveux interviennent quarante-huit "
            "heures après la démission du préfet et le limogeage d'un général.",
            "2016-12-05",
        ),
        (
            "jugés",
            "Arrêtés deux jours après l'attentat, ils seront jugés à partir du 4 février.",
            "2017-02-04/..",
        ),
    ],
    ids=["behind a comma", "each of two events", "not from the other verb"],
)
def test_what_is_counted_counts_from_the_clause_it_is_said_of(words, text, edtf):
    assert date_of(words, text) == [edtf]


@pytest.mark.parametrize(
    ("words", "text", "edtf"),
    [
        (
            "mort",
            "Elle dirigeait le pays depuis la mort de son mari, le 3 mai 2010.",
            "2010-05-03",
        ),
        (
            "fêté",
            "Des milliers de gens ont fêté lundi soir, place d'Armes, l'équipe de la ville "
            "arrivée samedi 3 décembre.",
            "2016-12-05",
        ),
    ],
    ids=["the event that times a clause", "fewest marks between"],
)
def test_of_two_acts_a_date_goes_to_the_nearer(words, text, edtf):
    assert date_of(words, text) == [edtf]


def test_what_a_count_was_before_is_only_compared():
    text = "The toll reached 293 on Wednesday, up from 202 two days earlier."
    assert set(dates(text, language="en").values()) == {"2016-12-07"}


def test_a_participle_beside_its_date_is_over():
    text = "L'accord signé en novembre à Alger prévoit un désarmement."
    assert date_of("accord", text) == ["2016-11"]


def test_what_a_date_owns_dates_the_act_that_is_part_of_it():
    text = "He scored twice in October's win over Spain."
    assert dates(text, language="en") == {"scored": "2016-10"}
    text = "Since Friday's bombing, police have searched 30 houses."
    assert date_of("bombing", text, language="en") == ["2016-12-02"]


def test_what_follows_an_infinitive_counts_from_the_dated_verb():
    text = (
        "The firm on Tuesday picked a manager, the head of a unit, to lead the group out of "
        "the scandal, two days after its chief stepped down."
    )
    assert date_of("stepped", text, language="en") == ["2016-12-04"]


def test_a_look_back_to_the_eve_does_not_move_the_day():
    text = (
        "Le titre, qui avait déjà cédé 18% la veille, a plongé mercredi de 19%. "
        "Le patron s'est excusé l'après-midi."
    )
    assert date_of("excusé", text) == ["2016-12-07"]


def test_an_event_is_not_counted_from_a_participle_without_a_day():
    text = "Arrêtés deux jours après l'attentat, ils seront jugés à partir du 4 février."
    assert not date_of("attentat", text)


@pytest.mark.parametrize(
    ("words", "text", "language", "edtf"),
    [
        ("renvoyé", "Le tribunal a renvoyé le procès au 8 juin.", "fr", "2017-06-08"),
        ("adjourned", "The hearing was adjourned to Tuesday.", "en", "2016-12-13"),
        (
            "cease fire",
            "The president ordered the army to cease fire from Monday.",
            "en",
            "2016-12-12/..",
        ),
        ("launch", "The firm will launch a new rocket no earlier than August.", "en", "2017-08/.."),
        ("atteindre", "La lave devrait atteindre la mer lundi au plus tôt.", "fr", "2016-12-12/.."),
        (
            "table",
            "Hershey could still table a rival bid before Saturday's deadline.",
            "en",
            "../2016-12-10",
        ),
        ("summit", "Ministers will meet before Tuesday's summit.", "en", "2016-12-13"),
    ],
)
def test_a_bound_or_a_date_that_is_set_lies_ahead(words, text, language, edtf):
    assert date_of(words, text, language=language) == [edtf]


def test_a_hearing_put_off_on_a_day_was_put_off_then():
    assert dates("L'audience a été reportée mardi.") == {"audience a été reportée": "2016-12-06"}


@pytest.mark.parametrize(
    ("text", "language", "told_dates"),
    [
        (
            "Réunis à Dakar le 25 novembre, les ministres se retrouveront en mars à Rome.",
            "fr",
            {"Réunis": "2016-11-25", "retrouveront": "2017-03"},
        ),
        (
            "Arrêté lundi à Lyon, l'homme a été relâché mercredi.",
            "fr",
            {"Arrêté": "2016-12-05", "relâché": "2016-12-07"},
        ),
        (
            "Ouvert en mai 1869, racheté par Dumas le 26 juillet 1956, le théâtre ferme en 2017.",
            "fr",
            {"Ouvert": "1869-05", "racheté": "1956-07-26", "ferme": "2017"},
        ),
        (
            "Elected in 2012, the mayor resigned on Tuesday.",
            "en",
            {"Elected": "2012", "resigned": "2016-12-06"},
        ),
    ],
)
def test_a_participle_that_opens_a_sentence_keeps_its_date(text, language, told_dates):
    assert dates(text, language=language) == told_dates


def test_the_year_of_an_opening_participle_is_not_that_of_its_sentence():
    text = (
        "Le peintre est mort mardi.\n"
        "Né à Metz le 3 mai 1931, il avait exposé en mars à Rome. Le musée l'avait fêté le 8 juin."
    )
    assert date_of("exposé", text) == ["2016-03"]
    assert date_of("fêté", text) == ["2016-06-08"]


@pytest.mark.parametrize(
    ("words", "text", "language", "edtf"),
    [
        (
            "levée",
            "Le roi avait nommé le 17 avril un régent. La veille, l'assemblée s'était levée.",
            "fr",
            "2016-04-16",
        ),
        (
            "tore",
            "The goal, unveiled in a televised address on Tuesday evening, a day after flames tore "
            "through the market, was met with anger.",
            "en",
            "2016-12-05",
        ),
        (
            "explosé",
            "La fusée a volé en octobre 2007. Trois ans plus tard, le 4 novembre, une autre a "
            "explosé.",
            "fr",
            "2010-11-04",
        ),
        (
            "baissé",
            "Le sucre, qui avait bondi mardi, a baissé le lendemain avant de remonter jeudi.",
            "fr",
            "2016-12-07",
        ),
    ],
    ids=["last named in the sentence before", "right before", "the month just told", "avant de"],
)
def test_what_is_counted_counts_from_the_day_just_named(words, text, language, edtf):
    assert date_of(words, text, language=language) == [edtf]


def test_what_is_hoped_in_a_quotation_lies_ahead():
    text = '"Nous espérons rouvrir le pont samedi", a dit jeudi le maire.'
    assert date_of("rouvrir", text) == ["2016-12-10"]


class TestTheNarrative:
    def test_a_time_of_day_stands_on_the_day_being_told(self):
        text = (
            "Les rebelles ont appelé mardi à une trêve.\n"
            "Ce projet a été discuté en soirée à Hambourg entre les ministres."
        )
        assert date_of("discuté", text) == ["2016-12-06"]

    def test_also_goes_on_with_the_day_of_the_paragraph_before(self):
        text = (
            "Les rebelles ont appelé mardi à une trêve immédiate.\n"
            "Un appel à la trêve a aussi été lancé par six capitales."
        )
        event = told(text)[-1]
        assert (event.edtf, event.basis) == ("2016-12-06", "inherited")

    def test_the_next_sentence_of_a_paragraph_goes_on_with_the_day(self):
        text = (
            "La cour a rendu mercredi son verdict. "
            "Le principal accusé a été condamné à la réclusion à perpétuité."
        )
        event = next(e for e in told(text) if "condamné" in e.words)
        assert (event.edtf, event.basis) == ("2016-12-07", "inherited")

    def test_what_happens_meanwhile_has_the_same_day(self):
        text = (
            "L'accord a été annoncé mardi soir, "
            "pendant que le Conseil de sécurité se réunissait à New York."
        )
        assert date_of("réunissait", text) == ["2016-12-06"]

    @pytest.mark.parametrize(
        ("words", "text"),
        [
            (
                "sent",
                "The rocket reached orbit on Tuesday.\n"
                "Hours after the launch, SpaceX sent a ship on a test.",
            ),
            (
                "landed",
                "Doctors opened a ward on Tuesday, and a plane landed in Maputo hours later.",
            ),
            (
                "bondi",
                "La banque a surpris mardi.\nLe franc a bondi dans les minutes qui ont suivi.",
            ),
        ],
        ids=["after an event", "later in the sentence", "minutes that followed"],
    )
    def test_what_came_hours_or_minutes_later_came_that_day(self, words, text):
        language = "fr" if words == "bondi" else "en"
        assert date_of(words, text, language=language) == ["2016-12-06"]

    def test_forty_eight_hours_later_is_another_day(self):
        text = (
            "Le ministre a démissionné mardi.\n"
            "Le premier ministre a avoué quarante-huit heures après."
        )
        assert date_of("avoué", text) != ["2016-12-06"]

    def test_a_verb_coordinated_with_a_dated_one_has_its_day(self):
        text = "Les deux camps ont signé mardi un accord et libéré trente prisonniers."
        assert date_of("libéré", text) == ["2016-12-06"]

    def test_a_look_back_in_a_relative_clause_does_not_move_the_day(self):
        text = (
            "Le port a retrouvé le calme mercredi. Les dockers, qui avaient cessé le travail "
            "le 20 novembre, ont voté la reprise la veille."
        )
        assert date_of("voté", text) == ["2016-12-06"]

    @pytest.mark.parametrize(
        ("words", "text", "language", "edtf"),
        [
            ("mort", "Le chanteur est mort à Paris. C'était mardi.", "fr", "2016-12-06"),
            (
                "effondré",
                "Le pont s'est effondré. Cela s'est passé le 14 août 2015.",
                "fr",
                "2015-08-14",
            ),
            (
                "collapsed",
                "The bridge collapsed within seconds. That was on Tuesday.",
                "en",
                "2016-12-06",
            ),
        ],
    )
    def test_a_sentence_that_only_gives_a_day_gives_it_to_what_was_told(
        self, words, text, language, edtf
    ):
        assert date_of(words, text, language=language) == [edtf]

    def test_a_sentence_that_describes_gives_no_day(self):
        text = "Le chanteur est mort seul. C'était un homme discret, né en 1943."
        assert not date_of("mort", text)

    def test_what_breaks_into_a_dated_clause_has_its_day_and_so_has_what_follows(self):
        text = (
            "The envoy was opening a show on Monday when a gunman fired at him. "
            "Guards killed the attacker."
        )
        assert date_of("fired", text, language="en") == ["2016-12-05"]
        assert date_of("killed", text, language="en") == ["2016-12-05"]

    def test_a_place_where_others_died_is_of_no_day(self):
        text = "Il a été condamné mercredi pour son rôle dans le camp où des milliers ont péri."
        assert not date_of("péri", text)

    def test_what_is_joined_to_a_verb_that_only_dates_has_that_day(self):
        text = "L'accident remonte au 27 mai 2015 et s'est produit à Lens."
        assert date_of("produit", text) == ["2015-05-27"]

    def test_the_day_told_last_by_a_main_clause_goes_on(self):
        text = (
            "Talks began on Sunday night and ended in the small hours of Tuesday.\n"
            "A rival could still bid, although it ruled one out on Monday. "
            "The premier promised in the afternoon to protect the jobs."
        )
        assert date_of("promised", text, language="en") == ["2016-12-06"]

    def test_a_relative_clause_of_place_goes_on_behind_a_comma(self):
        text = "Ils se sont rendus mardi à Amman, où ils ont signé un accord."
        assert date_of("signé", text) == ["2016-12-06"]

    def test_hours_later_is_said_of_its_verb_however_it_hangs(self):
        text = "The minister resigned on Tuesday. Her deputy was sworn in hours later."
        assert date_of("sworn", text, language="en") == ["2016-12-06"]

    def test_hours_after_midnight_are_of_the_next_day(self):
        text = (
            "Le cessez-le-feu est entré en vigueur lundi à minuit. Quelques heures plus tard, "
            "des tirs ont été entendus."
        )
        assert date_of("entendus", text) == ["2016-12-06"]

    def test_what_is_told_vividly_goes_on_in_the_present(self):
        text = "Mardi matin, un homme ouvre le feu dans un magasin. La police arrête le tireur."
        assert date_of("arrête", text) == ["2016-12-06"]

    def test_a_sentence_that_has_moved_on_does_not_take_the_day_before_it(self):
        text = (
            "L'opposant a été relâché dimanche. "
            "Il devait parler lundi, mais le meeting a été interdit."
        )
        assert "2016-12-04" not in date_of("interdit", text)

    @pytest.mark.parametrize(
        ("words", "text", "edtf"),
        [
            (
                "rouvert",
                "L'éleveur a porté plainte mercredi.\nLe marché, qui avait ouvert le 3 novembre, "
                "a fermé. Les autorités l'ont rouvert dans la soirée.",
                "2016-12-07",
            ),
            (
                "précisé",
                "La mairie a fermé le pont jeudi.\nL'ingénieur, hospitalisé depuis lundi, a "
                "précisé dans la matinée ses craintes.",
                "2016-12-08",
            ),
            (
                "accueilli",
                "La fédération a suspendu mercredi son entraîneur.\n"
                "Il avait gagné la coupe le 9 juillet 2006 à Berlin.\n"
                "Les joueurs ont accueilli la nouvelle dans la soirée.",
                "2016-12-07",
            ),
            (
                "approuvé",
                "Le maire a présenté jeudi son budget. La veille, il avait reçu les syndicats.\n"
                "Le conseil a approuvé le texte dans l'après-midi.",
                "2016-12-08",
            ),
            (
                "dénoncé",
                "Le musée a rouvert mardi.\nLa ministre a salué jeudi une réussite. "
                "L'opposition a dénoncé dans l'après-midi un gâchis.",
                "2016-12-08",
            ),
        ],
        ids=[
            "a relative clause is passing",
            "since when is no day told",
            "a look back ends with its paragraph",
            "the eve ends with its paragraph",
            "a speech of today moves it",
        ],
    )
    def test_a_part_of_the_day_is_of_the_day_that_is_told_not_of_one_named_in_passing(
        self, words, text, edtf
    ):
        assert date_of(words, text) == [edtf]

    @pytest.mark.parametrize(
        ("words", "text", "language", "edtf"),
        [
            (
                "effondrée",
                "Le ministre a visité jeudi le stade que le feu a ravagé la veille.\n"
                "L'alarme avait sonné peu après 18H20. Une heure plus tard, la tribune s'est "
                "effondrée.",
                "fr",
                "2016-12-07",
            ),
            (
                "sailed",
                "Crews on Thursday towed the ferry that has blocked the port since Tuesday.\n"
                "It had sailed shortly after 7 a.m. with 40 people.",
                "en",
                "2016-12-06",
            ),
            (
                "played",
                "The mayor resigned on Wednesday.\nThe jury had honored him on Oct. 13. "
                "That night he played the piano.",
                "en",
                "2016-10-13",
            ),
        ],
        ids=["named in passing", "since when", "that night"],
    )
    def test_what_led_up_to_the_news_has_the_hours_of_its_own_day(
        self, words, text, language, edtf
    ):
        assert date_of(words, text, language=language) == [edtf]

    def test_the_day_of_a_quotation_does_not_move_the_telling(self):
        text = (
            "The senate passed the bill on Tuesday.\n"
            '"Today we start to repair the damage," its author told reporters afterwards.\n'
            "The premier vowed the same day to veto it."
        )
        assert date_of("vowed", text, language="en") == ["2016-12-06"]

    def test_right_after_is_of_the_same_day_whatever_follows_it(self):
        text = (
            "Le maire s'est rendu jeudi au port.\nLa grue était tombée la veille peu après "
            "18H20. Une heure plus tard, un hangar s'est effondré.\n"
            '"Nous le rebâtirons", a promis dans la foulée sur le quai le patron du port.'
        )
        assert date_of("promis", text) == ["2016-12-07"]

    def test_a_day_counted_in_a_new_paragraph_counts_from_the_news(self):
        text = (
            "The court on Wednesday struck down the levy.\n"
            "It had upheld a similar one on May 4, 2003.\n"
            "The minister, who a day earlier had defended it, resigned."
        )
        assert date_of("defended", text, language="en") == ["2016-12-06"]

    def test_that_date_is_the_one_just_named_even_in_passing(self):
        text = (
            "L'armée a repris mercredi un quartier, au bout d'un siège commencé le 15 novembre. "
            "Au moins 40 habitants ont été tués depuis cette date."
        )
        assert date_of("tués", text) == ["2016-11-15/.."]

    @pytest.mark.parametrize(
        ("words", "text", "language"),
        [
            ("rejeté", "Le syndicat a lancé mercredi un appel.\nLe patronat l'a rejeté.", "fr"),
            (
                "praised",
                "The senate voted on Wednesday to ban the nets.\n"
                "Fishermen had blocked the port on May 4, 2003.\n"
                "Green groups praised the senators.",
                "en",
            ),
        ],
    )
    def test_who_answers_the_news_does_so_on_its_day(self, words, text, language):
        assert date_of(words, text, language=language) == ["2016-12-07"]

    @pytest.mark.parametrize(
        "text",
        [
            "Le roi est mort le 4 mai 2003.\nLe parti a salué son courage.",
            "The senate met on Wednesday.\nThe firm has apologised and praised its staff.",
        ],
        ids=["long past", "no subject of its own"],
    )
    def test_who_answers_nothing_new_is_given_no_day(self, text):
        language = "en" if "senate" in text else "fr"
        word = "praised" if language == "en" else "salué"
        assert not date_of(word, text, language=language)

    def test_a_new_paragraph_without_a_sign_is_not_given_a_day(self):
        text = (
            "La cour a rendu mercredi son verdict.\n"
            "Le fabricant a vendu des milliers d'appareils dans le pays."
        )
        assert not date_of("vendu", text)

    def test_a_state_is_given_no_day(self):
        text = "La cour a rendu mercredi son verdict. Le palais est situé au bord du fleuve."
        assert list(dates(text).values()) == ["2016-12-07"]

    def test_a_war_that_began_then_has_lasted_since(self):
        text = "La guerre, qui a commencé en mars 2011, a fait 300.000 morts."
        assert date_of("fait", text) == ["2011-03/.."]


def test_a_weekday_in_english_goes_to_its_verb():
    text = "Police arrested two suspects on Tuesday in Leeds."
    assert dates(text, language="en") == {"arrested": "2016-12-06"}


def test_a_year_in_a_name_dates_nothing():
    text = "The committee on Wednesday awarded the 2024 Summer Games to Paris."
    assert set(dates(text, language="en").values()) == {"2016-12-07"}


def test_a_verb_left_out_leaves_its_dates():
    text = (
        "Hamburg dropped out in November 2015, Rome in September 2016 and Budapest in October 2016."
    )
    found = date_of("dropped out", text, language="en")
    assert found == ["2015-11", "2016-09", "2016-10"]


@pytest.mark.parametrize(
    ("words", "text", "edtf"),
    [
        ("démissionné", "Élu en 2001, il a démissionné deux décennies plus tard.", "2021"),
        (
            "séparé",
            "Le lancement a eu lieu le 3 mai 2015 et, deux heures plus tard, le satellite s'est "
            "séparé de l'étage.",
            "2015-05-03",
        ),
    ],
    ids=["decades", "hours"],
)
def test_a_length_of_any_unit_is_counted_in_what_it_is_made_of(words, text, edtf):
    assert date_of(words, text) == [edtf]


@pytest.mark.parametrize(
    ("words", "text", "edtf", "code"),
    [
        # The words come after the noon of the curfew's last day; the telling has not moved there.
        (
            "démissionné",
            "Les autorités ont imposé lundi un couvre-feu jusqu'au lendemain midi. Le directeur a "
            "démissionné dans la soirée.",
            "2016-12-05",
            "timex-head",
        ),
        (
            "rejoint",
            "Elle a quitté le club en 2012. Samedi, elle avait rejoint son équipe.",
            "2016-12-03",
            "timex-weekday-past",
        ),
        (
            "cesser",
            "Il avait ordonné à l'armée de cesser le feu à partir de lundi.",
            "2016-12-12/..",
            "anchor-by-verb",
        ),
    ],
)
def test_the_reason_names_the_day_that_is_given(words, text, edtf, code):
    mentions = extract_one(text, declared=date(2016, 12, 8), language="fr").mentions
    (found,) = (m for m in mentions if words in m.trigger.span.of(text))
    told = dict(found.reason.values)
    assert (found.edtf, found.reason.code) == (edtf, code)
    assert (told.get("day") or told["value"]) in (edtf, edtf.removesuffix("/.."))
