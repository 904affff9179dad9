"""What pages, the barometer, the API and the review say of a goal whose three parts become one answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geo import audit, pipeline
from geo.editions import changes
from geo.editions import edition as store
from geo.editions.edition import Edition
from geo.files.workspace import Workspace
from geo.model.programmes import AreaRef
from geo.model.vocabulary import Audience, Text
from tests.readers.parsed import parse, words
from tests.towns import offertown, toytown
from tests.towns.offertown import FELL, ROSE, SAME
from webmap.app import create_app
from webmap.changes import repeated
from webmap.edition.compared import together
from webmap.edition.reader import Reader
from webmap.reviews.subjects import Subject, facts
from webmap.settings import Settings

WORDS = Text(da="x", en="x")
OPEN = {"dag": ROSE, "fritid": SAME}
SAID = "brug af dagtilbud steg, brug af sociale tilbud er ikke målt, og brug af fritidstilbud er ikke sikkert ændret"
SAID_EN = "use of day care rose, use of social offers was not measured, and use of leisure cannot be told from before"


def client_of(place: Workspace) -> FlaskClient:
    return create_app(Settings(workspace=place.folder)).test_client()


def shown(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return words(parse(answer.get_data(as_text=True)))


@pytest.fixture(scope="module")
def undecided(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    return client_of(offertown.write(tmp_path_factory.mktemp("offers") / "w", OPEN))


@pytest.mark.parametrize(
    ("moved", "answer", "why"),
    [
        ({"dag": ROSE, "social": ROSE, "fritid": ROSE}, "Ja · Nået",
         "brug af dagtilbud, brug af sociale tilbud og brug af fritidstilbud steg"),
        ({"dag": ROSE, "social": FELL, "fritid": SAME}, "Nej · Ikke nået",
         "brug af dagtilbud steg, brug af sociale tilbud faldt, og brug af fritidstilbud er ikke sikkert ændret"),
        ({"dag": FELL}, "Nej · Ikke nået", "brug af dagtilbud faldt, og brug af sociale tilbud og brug af fritidstilbud er ikke målt"),
        (None, "Kan ikke afgøres endnu · Ikke målt", "brug af dagtilbud, brug af sociale tilbud og brug af fritidstilbud er ikke målt"),
    ],
)  # fmt: skip
def test_the_goals_page_says_one_answer_and_what_each_part_did(
    tmp_path: Path, moved: Mapping[str, tuple[int, int]] | None, answer: str, why: str
) -> None:
    client = client_of(offertown.write(tmp_path / "w", moved))
    page = shown(client, "/maal/4")
    assert f"{answer} : {why}." in page or f"{answer}: {why}." in page
    assert why[0].upper() + why[1:] in shown(client, "/")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/maal/4", f"Kan ikke afgøres endnu: {SAID}."),
        ("/en/maal/4", f"Cannot be decided yet: {SAID_EN}."),
        ("/", SAID[0].upper() + SAID[1:]),
        ("/en/", SAID_EN[0].upper() + SAID_EN[1:]),
        ("/barometer", SAID[0].upper() + SAID[1:]),
        ("/en/barometer", SAID_EN[0].upper() + SAID_EN[1:]),
        ("/maal/4/udskrift", SAID),
        ("/omraade/square/0101", SAID[0].upper() + SAID[1:]),
    ],
)
def test_every_page_says_what_each_part_did(undecided: FlaskClient, path: str, said: str) -> None:
    assert said in shown(undecided, path)


def test_the_page_has_a_line_for_each_part_and_the_rule(undecided: FlaskClient) -> None:
    page = shown(undecided, "/maal/4")
    for name, _ in offertown.PARTS.values():
        assert page.count(name) >= 2
    assert "60 % → 90 %" in page.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Målet har tre dele. Svaret er ja, når alle tre har nået det" in page
    assert "op til 7,3 gange af hundrede, mod 2,5 for et enkelt tal" in page
    assert "The goal has three parts" in shown(undecided, "/en/maal/4")
    assert undecided.get("/maal/4/fritid").status_code == 200
    assert "Ikke målt" in shown(undecided, "/maal/4/social")


def test_the_api_has_the_parts_and_their_verdicts(undecided: FlaskClient) -> None:
    goals = {goal["id"]: goal for goal in undecided.get("/api/v1/goals").json["goals"]}
    assert goals["M4"]["together"] == ["dag", "social", "fritid"]
    (whole,) = [each for each in goals["M4"]["judgements"] if not each.get("indicator") and not each.get("area_id")]
    assert (whole["verdict"], whole["reason"]) == ("undecided", "part_open")
    assert whole["parts"] == [
        {"indicator": "dag", "verdict": "reached"},
        {"indicator": "social", "reason": "no_indicator"},
        {"indicator": "fritid", "verdict": "undecided", "reason": "covers_no_change"},
    ]
    table = undecided.get("/api/v1/goals.csv").get_data(as_text=True)
    assert "dag=reached; social=not_measured; fritid=undecided" in table
    (row,) = [row for row in undecided.get("/api/v1/barometer").json["barometer"] if row["goal"] == "M4"]
    assert (row["verdict"], row["why"]) == ("undecided", SAID)
    assert row["indicator_name"] == "Brug af dagtilbud, brug af sociale tilbud og brug af fritidstilbud"


def test_a_new_figure_is_told_among_what_changed_with_its_part(tmp_path: Path) -> None:
    place = offertown.write(tmp_path / "w", OPEN)
    first = store.current(place.editions)
    path = place.folder / offertown.FILE
    path.write_text(offertown.table(offertown.rows(OPEN | {"social": FELL})), encoding="utf-8")
    toytown.write_sidecar(path)
    pipeline.build(place)
    page = shown(client_of(place), f"/aendret?fra={first}")
    assert "Brug af sociale tilbud" in page
    assert "Ikke nået" in page


def both(tmp_path: Path, last: Mapping[str, tuple[int, int]]) -> tuple[Edition, Edition]:
    old = offertown.write(tmp_path / "a", {"dag": FELL, "social": ROSE, "fritid": ROSE})
    new = offertown.write(tmp_path / "b", last)
    return tuple(store.read(town.editions, store.current(town.editions), Audience.PUBLIC) for town in (old, new))


def test_a_verdict_that_rests_on_a_part_that_is_not_shown_now_is_not_repeated(tmp_path: Path) -> None:
    old, new = both(tmp_path, {"social": ROSE, "fritid": ROSE})
    made = repeated.without_hidden(changes.compare(old, new), old, new, new)
    (whole,) = [each for each in made.verdicts if each.goal == "M4" and not each.indicator and not each.area_id]
    assert whole.before == repeated.UNREPEATED
    assert whole.now is not None
    assert whole.now.verdict == "undecided"


def test_a_verdict_whose_parts_are_all_shown_is_repeated(tmp_path: Path) -> None:
    old, new = both(tmp_path, {"dag": ROSE, "social": ROSE, "fritid": ROSE})
    made = repeated.without_hidden(changes.compare(old, new), old, new, new)
    (whole,) = [each for each in made.verdicts if each.goal == "M4" and not each.indicator and not each.area_id]
    assert whole.before is not None
    assert (whole.before.verdict, whole.now and whole.now.verdict) == ("not_reached", "reached")


def test_the_audit_holds_the_joined_verdict_against_its_parts(tmp_path: Path) -> None:
    place = offertown.write(tmp_path / "w", OPEN)
    report = audit.attack(place, store.current(place.editions), Audience.PUBLIC)
    assert not [finding for finding in report.findings if finding.where.endswith("judgements.json")]


def test_the_review_page_says_the_one_answer_of_the_goal(tmp_path: Path) -> None:
    place = offertown.write(tmp_path / "w", OPEN)
    read = store.read(place.editions, store.current(place.editions), Audience.PUBLIC)
    subject = Subject("square", "0101", WORDS, WORDS, (AreaRef(area_set="square", area_id="0101"),))
    lines = [line for line in facts(read, subject, before=None).goals if line.name.da == "Mål 4"]
    assert [(line.verdict.da, line.why.da, line.why.en, line.whole) for line in lines] == [("Kan ikke afgøres", SAID, SAID_EN, False)]


def test_one_part_has_the_singular_and_several_the_plural_in_english(tmp_path: Path) -> None:
    place = offertown.write(tmp_path / "w", {"dag": ROSE})
    read = store.read(place.editions, store.current(place.editions), Audience.PUBLIC)
    goal = read.catalogue.goal("M4")
    assert goal is not None
    (whole,) = [each for each in read.judgements if each.goal == "M4" and not each.indicator and not each.area_id]
    assert together.why_joined(Reader(read, "en"), goal, whole) == (
        "use of day care rose, and use of social offers and use of leisure were not measured"
    )
