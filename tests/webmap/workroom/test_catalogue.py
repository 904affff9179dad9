"""The catalogue in forms: both languages side by side, what is refused, two people in one form, what is new and what goes."""

from __future__ import annotations

import html
import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from geo.drafts import kept
from geo.files.workspace import Workspace
from geo.inputs.entries import history as written_history
from geo.model.forms.described import FormField
from geo.model.vocabulary import Text
from tests.readers.parsed import parse
from tests.readers.signed import token
from tests.towns.drafttown import app_of, begin, data_person, draft_of, send, work, write
from webmap.workroom import history
from webmap.workroom.catalogue import posted


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return write(tmp_path)


@pytest.fixture
def app(place: Workspace) -> Flask:
    return app_of(place)


@pytest.fixture
def dana(app: Flask) -> FlaskClient:
    return data_person(app)


def opened(client: FlaskClient, id: str, entry: str) -> MultiDict[str, str]:
    """What a browser would send if somebody opened the form of an entry and pressed the button: every field as it stands."""
    answer = client.get(f"/arbejdsrum/{id}/katalog/{entry}", follow_redirects=True)
    assert answer.status_code == 200
    page = parse(answer.get_data(as_text=True))
    [form] = [each for each in page.iter("form") if "catalogue-form" in (each.get("class") or "")]
    sent: MultiDict[str, str] = MultiDict()
    for field in (each for each in form.iter() if each.tag in ("input", "select", "textarea")):
        if (name := field.get("name")) is not None and (said := _stands(field)) is not None:
            sent.add(name, said)
    return sent


def _stands(field: Element) -> str | None:
    if field.tag == "textarea":
        return (field.text or "").removeprefix("\n")
    if field.tag == "select":
        chosen = [option.get("value") or "" for option in field.iter("option") if option.get("selected") is not None]
        return chosen[0] if chosen else ""
    if field.get("type") == "checkbox" and field.get("checked") is None:
        return None
    return field.get("value") or ""


def save(client: FlaskClient, draft: str, entry: str, form: MultiDict[str, str], **fields: str) -> TestResponse:
    """Press the button of a form with some fields typed anew."""
    for path, words in fields.items():
        form[posted.FIELD + path.replace("__", ".")] = words
    form["csrf"] = token(client.get(f"/arbejdsrum/{draft}/katalog"))
    return client.post(f"/arbejdsrum/{draft}/katalog/{entry}", data=form)


def page_of(client: FlaskClient, id: str, entry: str) -> str:
    answer = client.get(f"/arbejdsrum/{id}/katalog/{entry}", follow_redirects=True)
    return html.unescape(re.sub(r"\s+", " ", answer.get_data(as_text=True)))


def test_a_form_that_nobody_changed_says_what_stands_there_already(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    forms = kept.forms(kept.folder_of(place.folder / kept.FOLDER, own))
    assert forms is not None
    for kind, entries in forms.entries.items():
        for entry in entries:
            before = len(draft_of(place, own).entries)
            assert save(dana, own, f"{kind}/{entry.id}", opened(dana, own, f"{kind}/{entry.id}")).status_code == 303
            [*_, proposed] = work(place, own).entries
            assert proposed.outcome is not None
            assert (proposed.outcome.state, proposed.outcome.problems, proposed.outcome.changes) == ("unchanged", (), ()), entry.id
            assert len(draft_of(place, own).entries) == before + 1


def test_both_languages_stand_side_by_side(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    page = page_of(dana, own, "indicator/tryg")
    assert re.search(r'name="felt:name\.da" lang="da".*?name="felt:name\.en" lang="en"', page)


def test_a_proposal_is_shown_in_the_draft_rehearsed_published_and_kept_in_the_history(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    form = opened(dana, own, "indicator/tryg")
    assert save(dana, own, "indicator/tryg", form, name__da="Trygge om dagen", name__en="Safe by day").status_code == 303
    work(place, own)
    assert "Forslaget er gemt og passer." in page_of(dana, own, "indicator/tryg")
    send(dana, own, "arbejde", hvad="rehearse")
    work(place, own)
    rehearsal = html.unescape(dana.get(f"/arbejdsrum/{own}/proeve").get_data(as_text=True))
    assert "Indikatoren Trygge om dagen er ændret: navn" in rehearsal
    send(dana, own, "underskriv", hvad="udgiv", begrundelse="Nyt navn", set=draft_of(place, own).contents)
    work(place, own)
    assert history.FILE == written_history.FILE
    [line] = history.lines(place.folder)
    assert (line.who, line.kind, line.id, line.action, line.after["name.da"]) == (
        "Dana",
        "indicator",
        "tryg",
        "changed",
        ("Trygge om dagen",),
    )
    page = html.unescape(dana.get("/arbejdsrum/historik?slags=indicator&kode=tryg").get_data(as_text=True))
    assert "Trygge om dagen" in page
    assert "Trygge om dagen" not in html.unescape(dana.get("/arbejdsrum/historik?kode=andet").get_data(as_text=True))


def test_what_is_refused_is_said_at_its_field_and_all_that_was_typed_stands_there(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    typed = {"decimals": "mange", "name__da": "Æ" * 300, "name__en": "Safe"}
    save(dana, own, "indicator/tryg", opened(dana, own, "indicator/tryg"), **typed)
    work(place, own)
    page = page_of(dana, own, "indicator/tryg")
    assert 'href="#f-decimals"' in page
    assert re.search(r'id="f-decimals"[^>]*aria-invalid="true" aria-describedby="e-f-decimals" value="mange"', page)
    assert "Æ" * 300 in page
    assert "Noget skal besvares eller rettes" in html.unescape(dana.get(f"/arbejdsrum/{own}").get_data(as_text=True))
    save(dana, own, "indicator/tryg", opened(dana, own, "indicator/tryg"), decimals="2", name__da="Trygge")
    draft = work(place, own)
    assert [entry.outcome.state for entry in draft.entries if entry.outcome] == ["written"]  # it took the place of the refused one


def test_two_people_in_one_form_lose_nothing(app: Flask, dana: FlaskClient, place: Workspace) -> None:
    erik = data_person(app, "erik")
    own = begin(dana, place)
    hers, his = opened(dana, own, "indicator/tryg"), opened(erik, own, "indicator/tryg")
    save(dana, own, "indicator/tryg", hers, name__da="Hendes navn", unit__en="per cent")
    work(place, own)
    save(erik, own, "indicator/tryg", his, name__da="Hans navn", population__en="everybody")
    draft = work(place, own)
    assert [entry.outcome.state for entry in draft.entries if entry.outcome] == ["written", "differs"]
    page = page_of(erik, own, "indicator/tryg")
    assert "En anden har rettet det samme imens" in page
    assert "Hendes navn" in page
    assert "Hans navn" in page
    again = opened(erik, own, "indicator/tryg")
    again["valg:name.da"] = "deres"
    save(erik, own, "indicator/tryg", again)
    draft = work(place, own)
    assert [entry.outcome.state for entry in draft.entries if entry.outcome] == ["written", "written"]
    forms = kept.forms(kept.folder_of(place.folder / kept.FOLDER, own))
    entry = forms.entry("indicator", "tryg") if forms else None
    assert entry is not None
    values = entry.values
    assert (values["name.da"], values["unit.en"], values["population.en"]) == (("Hendes navn",), ("per cent",), ("everybody",))


def test_a_refused_proposal_that_two_people_mend_at_once_is_kept_twice(app: Flask, dana: FlaskClient, place: Workspace) -> None:
    erik = data_person(app, "erik")
    own = begin(dana, place)
    save(dana, own, "indicator/tryg", opened(dana, own, "indicator/tryg"), decimals="mange")
    work(place, own)
    hers, his = opened(dana, own, "indicator/tryg"), opened(erik, own, "indicator/tryg")
    save(dana, own, "indicator/tryg", hers, decimals="1", note__da="Hendes", note__en="Hers")
    save(erik, own, "indicator/tryg", his, decimals="2", note__da="Hans", note__en="His")
    draft = work(place, own)
    assert {entry.by.name for entry in draft.entries} == {"Dana", "Erik"}
    assert {entry.proposal.values["note.da"] for entry in draft.entries} == {("Hendes",), ("Hans",)}


def test_a_new_source_can_be_chosen_for_a_file_and_has_an_address_of_its_own(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    fields = {
        "id": "ny-kilde",
        "title": "Ny kilde",
        "short": "Ny",
        "producer": "Kommunen",
        "retrieved": "2026-11-28",
        "quality": "official",
    }
    answer = save(dana, own, "source/_ny", opened(dana, own, "source/_ny"), **fields)
    assert answer.status_code == 303
    [proposed] = work(place, own).entries
    assert proposed.outcome is not None
    assert proposed.outcome.state == "written", proposed.outcome.problems
    moved = dana.get(answer.headers["Location"])
    assert moved.status_code == 303
    assert f"/katalog/source/ny-kilde?forslag={proposed.id}" in moved.headers["Location"]
    assert "Ny kilde" in html.unescape(dana.get(moved.headers["Location"]).get_data(as_text=True))


def test_an_entry_that_others_need_is_not_removed(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    form = opened(dana, own, "source/survey")
    form["fjern"] = "ja"
    save(dana, own, "source/survey", form)
    work(place, own)
    page = page_of(dana, own, "source/survey")
    assert "Det skal rettes" in page
    assert re.search("brug(es|er den) stadig", page)
    assert "Den fjernes" not in page


def test_a_list_in_a_form_gets_and_loses_rows_without_script(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    form = opened(dana, own, "indicator/tryg")
    for name, words in {"value": "50", "label.da": "Halvdelen", "label.en": "Half"}.items():
        form[f"felt:policy_breaks[1].{name}"] = words
    save(dana, own, "indicator/tryg", form)
    [added] = work(place, own).entries
    assert added.outcome is not None
    assert added.outcome.state == "written", added.outcome.problems
    form = opened(dana, own, "indicator/tryg")
    assert form["felt:policy_breaks[1].label.da"] == "Halvdelen"
    assert "felt:policy_breaks[2].value" in form
    form["felt:policy_breaks[1].remove"] = "yes"
    save(dana, own, "indicator/tryg", form)
    [*_, removed] = work(place, own).entries
    assert removed.outcome is not None
    assert removed.outcome.state == "written", removed.outcome.problems
    assert "felt:policy_breaks[2].value" not in opened(dana, own, "indicator/tryg")


@pytest.mark.parametrize("body", [{"aabnet": "{"}, {"aabnet": "[1]"}, {"felt:note.da": "x" * 200_000}])
def test_a_form_that_is_none_of_ours_is_refused(dana: FlaskClient, place: Workspace, body: dict[str, str]) -> None:
    own = begin(dana, place)
    answer = dana.post(f"/arbejdsrum/{own}/katalog/source/_ny", data={"csrf": token(dana.get(f"/arbejdsrum/{own}")), **body})
    assert answer.status_code == 409
    assert "Forslaget blev ikke gemt" in answer.get_data(as_text=True)
    assert not draft_of(place, own).entries


def test_a_list_of_words_is_a_word_a_line() -> None:
    field = FormField(name="ord", kind="several", label=Text(da="Ord", en="Words"))
    made = posted.proposal(MultiDict({"felt:ord": "en\r\nto\r\n"}), (field,), kind="x", id="y")
    assert made.values == {"ord": ("en", "to")}


@pytest.mark.parametrize("path", ["source/findes-ikke", "findes-ikke/x", "findes-ikke/_ny"])
def test_an_entry_that_is_not_there_is_not_found(dana: FlaskClient, place: Workspace, path: str) -> None:
    own = begin(dana, place)
    assert dana.get(f"/arbejdsrum/{own}/katalog/{path}").status_code == 404
