"""A headline says who did what where, in the dispatch's words, whole and without the date."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from events.extraction import extract_one
from tests.extraction.arguments import filled

DAY = date(2019, 3, 8)

@pytest.mark.parametrize(
    ("text", "trigger", "language", "title"),
    [
        (
            "Les rebelles ont eux appelé mardi à un cessez-le-feu immédiat de cinq jours et à "
            "l'évacuation des civils pris au piège du déluge de feu dans la ville.",
            "appelé", "fr", "Les rebelles ont appelé à un cessez-le-feu immédiat",
        ),
        (
            "Les médecins ont entamé samedi une grève illimitée pour réclamer des embauches.",
            "entamé", "fr", "Les médecins ont entamé une grève illimitée",
        ),
        (
            "L'armée a repris vendredi la ville de Palmyre, après dix jours de combats.",
            "repris", "fr", "L'armée a repris la ville de Palmyre après dix jours de combats",
        ),
        (
            "Le président Jan Novak, qui avait promis une réforme, a démissionné lundi soir.",
            "démissionné", "fr", "Le président Jan Novak a démissionné",
        ),
        (
            "Trois syndicats doivent se retrouver samedi à Genève.",
            "retrouver", "fr", "Trois syndicats doivent se retrouver à Genève",
        ),
        (
            "Aucun vol n'est prévu mardi pour Oslo.",
            "prévu", "fr", "Aucun vol n'est prévu pour Oslo",
        ),
        (
            "La minute de silence sera observée jeudi dans les écoles.",
            "observée", "fr", "La minute de silence sera observée dans les écoles",
        ),
        (
            "Selon la police, deux suspects ont été arrêtés mardi par des gendarmes à Lyon.",
            "arrêtés", "fr", "Deux suspects ont été arrêtés par des gendarmes à Lyon",
        ),
        (
            "Special forces killed the 22-year-old attacker on Monday in a shootout.",
            "killed", "en", "Special forces killed the 22-year-old attacker in a shootout",
        ),
        (
            "The search, halted at nightfall, was due to resume on Wednesday.",
            "resume", "en", "The search was due to resume",
        ),
        (
            "The minister, who had denied it, resigned on Sunday after a scandal.",
            "resigned", "en", "The minister resigned after a scandal",
        ),
        (
            "Le gouvernement a reconduit jeudi pour vingt-quatre heures la trêve.",
            "reconduit", "fr", "Le gouvernement a reconduit la trêve",
        ),
        (
            "Alep est le front principal du conflit qui a fait dix morts lundi.",
            "fait", "fr", "Le conflit a fait dix morts",
        ),
        (
            "Le parquet avait abandonné les poursuites en avril, avant de les relancer lundi.",
            "relancer", "fr", "Le parquet avait abandonné les poursuites avant de les relancer",
        ),
        (
            "Le jury a délibéré samedi. Il a distingué dimanche une actrice.",
            "distingué", "fr", "Le jury a distingué une actrice",
        ),
        (
            "Au moins 98 personnes ont péri lundi.",
            "péri", "fr", "Au moins 98 personnes ont péri",
        ),
        (
            "De nouvelles pluies sont attendues jeudi.",
            "attendues", "fr", "De nouvelles pluies sont attendues",
        ),
        (
            "La centrale a fermé lundi : une fuite a été découverte.",
            "fermé", "fr", "La centrale a fermé",
        ),
        (
            "Strong currents had forced them to give up three attempts on Thursday.",
            "forced", "en", "Strong currents had forced them to give up three attempts",
        ),
        (
            "Police searched the house on Monday, before the deadline.",
            "searched", "en", "Police searched the house before the deadline",
        ),
        (
            "Regulators fined the company on Tuesday over last month's fire at the refinery.",
            "fined", "en", "Regulators fined the company over fire at the refinery",
        ),
        (
            "A court on Monday upheld the ban after the first one in 2018 was struck down.",
            "struck down", "en", "The first one was struck down",
        ),
        (
            "Achevé en 1932, le tunnel relie les deux vallées.",
            "Achevé", "fr", "Le tunnel achevé",
        ),
        (
            "Le propriétaire, le grec Danaos, a vendu mardi le navire.",
            "vendu", "fr", "Le propriétaire a vendu le navire",
        ),
        (
            "Le comité a échoué début mars.",
            "échoué", "fr", "Le comité a échoué",
        ),
        (
            "Talks did not resume on Friday in Vienna.",
            "resume", "en", "Talks did not resume in Vienna",
        ),
    ],
)  # fmt: skip
def test_a_title_keeps_the_clause_and_drops_date_and_asides(text, trigger, language, title):
    assert filled(text, trigger, "other", language).title == title


def test_a_pronoun_gives_way_to_the_name_that_it_means():
    text = "Maria Santos a remporté l'élection. Elle a prêté serment lundi à Brasilia."
    assert filled(text, "prêté serment", "politics").title.startswith(
        "Maria Santos a prêté serment"
    )


@pytest.mark.parametrize(
    ("text", "trigger", "language", "title"),
    [
        (
            "Paris, Berlin et Rome ont signé lundi un accord sur le gaz.",
            "signé", "fr", "Paris, Berlin et Rome ont signé un accord sur le gaz",
        ),
        (
            "À Paris, Berlin et Rome ont signé lundi un accord sur le gaz.",
            "signé", "fr", "Berlin et Rome ont signé un accord sur le gaz",
        ),
        (
            "Le président François Hollande, la chancelière Angela Merkel et le chef du "
            "gouvernement espagnol Mariano Rajoy se sont recueillis mercredi près du lieu.",
            "recueillis", "fr",
            "François Hollande, Angela Merkel et Mariano Rajoy se sont recueillis près du lieu",
        ),
        (
            "The foreign ministers of Russia, Iran and Turkey agreed in Moscow on Tuesday to act.",
            "agreed", "en",
            "The foreign ministers of Russia, Iran and Turkey agreed in Moscow to act",
        ),
        (
            "France, Germany, and Italy signed the treaty on Monday.",
            "signed", "en", "France, Germany and Italy signed the treaty",
        ),
        (
            "Son propriétaire, le japonais Shoei Kisen Kaisha, et l'Autorité du canal de Suez "
            "avaient signé lundi l'accord.",
            "signé", "fr",
            "Son propriétaire, le japonais Shoei Kisen Kaisha, et l'Autorité avaient signé "
            "l'accord",
        ),
        (
            "La journée d'action nationale avait mobilisé mardi 8.000 personnes à Marseille, "
            "Dunkerque et Nantes selon les syndicats.",
            "mobilisé", "fr", "La journée d'action nationale avait mobilisé 8.000 personnes",
        ),
        (
            "La direction a reçu lundi les syndicats, la préfète et le maire.",
            "reçu", "fr", "La direction a reçu les syndicats, la préfète et le maire",
        ),
    ],
)  # fmt: skip
def test_an_enumeration_is_told_whole(text, trigger, language, title):
    assert filled(text, trigger, "talks", language).title == title


@pytest.mark.parametrize(
    ("text", "trigger", "language", "title"),
    [
        (
            "L'usine, ouverte il y a dix ans, a fermé lundi.",
            "fermé", "fr", "L'usine a fermé",
        ),
        (
            "L'usine, dévoilée il y a une semaine par le ministre, coûtera cher.",
            "dévoilée", "fr", "L'usine dévoilée par le ministre",
        ),
        (
            "Les députés ont adopté mardi le texte, que le Sénat avait rejeté la veille.",
            "rejeté", "fr", "Le texte rejeté par le Sénat",
        ),
        (
            "Les groupes ont gelé les pourparlers de paix censés se tenir à Astana le 23 janvier.",
            "tenir", "fr", "Les pourparlers de paix censés se tenir à Astana",
        ),
        (
            "Livré en février 1991, l'appareil avait subi une révision à l'été 2013.",
            "Livré", "fr", "L'appareil livré",
        ),
        (
            "Le parti n'avait accédé qu'une seule fois au second tour, le 21 avril 2002.",
            "accédé", "fr", "Le parti n'avait accédé qu'une seule fois au second tour",
        ),
        (
            "Fin 2018, c'étaient les « gilets jaunes » qui occupaient les ronds-points.",
            "occupaient", "fr", "Les gilets jaunes occupaient les ronds-points",
        ),
        (
            "La journée de samedi a elle aussi été raccourcie.",
            "raccourcie", "fr", "La journée a été raccourcie",
        ),
        (
            "A Marine helicopter with eight people on board went missing near Charikot on Tuesday.",
            "went", "en",
            "A Marine helicopter with eight people on board went missing near Charikot",
        ),
    ],
)  # fmt: skip
def test_a_title_says_of_each_thing_what_the_text_says_of_it(text, trigger, language, title):
    assert filled(text, trigger, "other", language).title == title


@pytest.mark.parametrize(
    ("text", "trigger", "language", "title"),
    [
        (
            "Le tunnel rouvrira samedi, a annoncé vendredi l'administration des routes.",
            "annoncé", "fr", "L'administration des routes : le tunnel rouvrira",
        ),
        (
            "Le gouvernement ne renoncera pas, a-t-on assuré vendredi à Matignon.",
            "assuré", "fr", "Le gouvernement ne renoncera pas",
        ),
        (
            "« La digue a cédé », a déclaré mardi le préfet.",
            "déclaré", "fr", "Le préfet : la digue a cédé",
        ),
        (
            '"We avoided the worst," the mayor said on Tuesday.',
            "said", "en", "The mayor: we avoided the worst",
        ),
    ],
)  # fmt: skip
def test_a_speakers_words_stand_behind_a_colon_as_the_language_sets_it(
    text, trigger, language, title
):
    assert filled(text, trigger, "statement", language).title == title


def test_a_noun_event_is_titled_with_its_complements():
    text = "La signature de l'accord par la Colombie est attendue mardi."
    assert filled(text, "signature", "agreement").title.startswith("La signature de l'accord")


def test_a_long_clause_loses_whole_phrases_not_the_end_of_a_word():
    text = (
        "Les représentants des principales organisations professionnelles de la région ont "
        "rencontré lundi les responsables de la direction départementale des territoires à Nîmes."
    )
    title = filled(text, "rencontré", "talks").title
    assert len(title) <= 90
    assert set(title.lower().replace("'", " ").split()) <= set(
        text.lower().replace("'", " ").replace(".", "").split()
    )
    assert not title.endswith((" de", " la", " des", " à", " les"))


def test_a_headline_in_capitals_is_not_shouted():
    text = "LE PARLEMENT A ADOPTE MARDI LE PROJET DE LOI SUR LES PENSIONS."
    assert not filled(text, "ADOPTE", "politics").title.isupper()


WORDS = ["Le ministre", "des rebelles", "a", "ont", "signé", "accord", "de", "à Paris", ",", "qui",
         "lundi", "3", "mai", "2015", "(AFP)", "\n", "«", "»", "attaqué", "la ville"]  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=12), st.sampled_from(["fr", "en"]))
def test_any_text_gives_a_title_of_one_to_ninety_characters(words, language):
    text = " ".join([*words, "attaqué", *words])
    title = filled(text, "attaqué", "attack", language).title
    assert 0 < len(title) <= 90
    assert "\n" not in title


@pytest.mark.parametrize(
    ("text", "language", "title"),
    [
        ("Le gouvernement doit rendre d'ici à vendredi soir un rapport complet.", "fr",
         "Le gouvernement doit rendre un rapport complet"),
        ("Un premier essai avait échoué l'été dernier.", "fr",
         "Un premier essai avait échoué"),
        ("Les autorités ont fait état en milieu de journée d'au moins 12 morts.", "fr",
         "Les autorités ont fait état d'au moins 12 morts"),
        ("Le navire avait coulé le 10 juillet peu avant minuit dans le port.", "fr",
         "Le navire avait coulé dans le port"),
        ("Le musée n'avait rouvert que le 11 mai.", "fr",
         "Le musée n'avait rouvert que le 11 mai"),
        ("The committee awarded the 2030 Winter Games to France on Wednesday.", "en",
         "The committee awarded the 2030 Winter Games to France"),
        ("The strike had come to an end that very day, on Monday.", "en",
         "The strike had come to an end"),
        ("Voters rejected the plan in Sunday's referendum on taxes.", "en",
         "Voters rejected the plan in referendum on taxes"),
    ],
)  # fmt: skip
def test_a_date_goes_as_a_whole_unless_a_name_or_the_sense_needs_it(text, language, title):
    titles = {mention.title for mention in extract_one(text, DAY, language).mentions}

    assert titles == {title}


@pytest.mark.parametrize(
    ("text", "language", "title"),
    [
        ("La commission a réclamé mardi, par neuf voix contre deux, le report du vote.", "fr",
         "La commission a réclamé par neuf voix contre deux le report du vote"),
        ("Les ministres ont obtenu lundi soir, à Lisbonne, un accord qui met fin au conflit.", "fr",
         "Les ministres ont obtenu à Lisbonne un accord"),
        ("Au moins 60 passagers, dont neuf enfants, ont été blessés jeudi.", "fr",
         "Au moins 60 passagers ont été blessés"),
        ("La ville, dont le maire a démissionné lundi, est en deuil.", "fr",
         "Le maire a démissionné"),
        ("Trois d'entre elles ont été blessées mardi.", "fr",
         "Trois d'entre elles ont été blessées"),
        ("Une fusée Ariane 5 a décollé mardi de Kourou.", "fr",
         "Une fusée Ariane 5 a décollé de Kourou"),
        ("Le syndicat n'y voit qu'une manœuvre et maintient son défilé de samedi.", "fr",
         "Le syndicat maintient son défilé"),
        ("Le préfet avait demandé lundi aux habitants de rester chez eux.", "fr",
         "Le préfet avait demandé aux habitants de rester chez eux"),
        ("Une secousse de magnitude 5,4 a réveillé dimanche les habitants de Lorca.", "fr",
         "Une secousse de magnitude 5,4 a réveillé les habitants de Lorca"),
        ("A Oslo, le ministre norvégien, Lars Berg, a réclamé lundi des excuses.", "fr",
         "Le ministre norvégien a réclamé des excuses"),
        ("The banks will stay shut until Monday.", "en", "The banks will stay shut"),
        ("« Nous irons vite », a promis mardi dans la foulée sur le parvis Emmanuel Macron.", "fr",
         "Emmanuel Macron a promis dans la foulée sur le parvis"),
        ("Anna Lee became the first woman to sail the strait in 1962.", "en",
         "Anna Lee became the first woman to sail the strait"),
        ("Engineers set the rocket to launch at 10:31 a.m. on Tuesday.", "en",
         "Engineers set the rocket to launch"),
    ],
)  # fmt: skip
def test_an_aside_hides_neither_object_nor_subject(text, language, title):
    titles = {mention.title for mention in extract_one(text, DAY, language).mentions}

    assert titles == {title}


def test_a_clause_of_whose_neither_takes_nor_gives_a_subject():
    text = (
        "Les marins de la compagnie Corsica Linea, dont quatre navires étaient immobilisés depuis "
        "vendredi, ont reconduit mardi leur grève."
    )
    titles = {mention.title for mention in extract_one(text, DAY, "fr").mentions}

    assert titles == {
        "Quatre navires étaient immobilisés",
        "Les marins de la compagnie Corsica Linea ont reconduit leur grève",
    }


def test_a_sentence_that_never_ends_is_read_all_the_same():
    text = "Le maire " + "et mange " * 1500 + "lundi."

    assert all(len(mention.title) <= 90 for mention in extract_one(text, DAY, "fr").mentions)
