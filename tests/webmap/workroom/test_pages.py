"""The workroom's pages without a browser: who comes in, the whole way of a draft, two people, both languages, hostile names."""

from __future__ import annotations

import io
import re
import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from geo.drafts import kept
from geo.editions import edition
from geo.files.workspace import Workspace
from geo.model.vocabulary import Audience
from tests.readers.parsed import all_of, parse
from tests.readers.signed import sign_in, staff, token
from tests.towns.drafttown import NEW, STRANGE, app_of, begin, bring, data_person, draft_of, rehearsed, send, work, write
from webmap.access import Role
from webmap.workroom.queue import WorkQueue


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    return write(tmp_path)


@pytest.fixture
def app(place: Workspace) -> Flask:
    return app_of(place)


@pytest.fixture
def dana(app: Flask) -> FlaskClient:
    return data_person(app)


def text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


# --- who comes in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_only_who_answers_for_the_data_reads_and_no_cache_keeps_it(app: Flask, dana: FlaskClient, place: Workspace, prefix: str) -> None:
    own = rehearsed(dana, place, ("tal.csv", NEW))
    paths = ("", "/historik", f"/{own}", f"/{own}/proeve", f"/{own}/proeve.json", f"/{own}/katalog", f"/{own}/katalog/indicator/tryg")
    for path in (f"{prefix}/arbejdsrum{path}" for path in paths):
        answer = dana.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert app.test_client().get(path).status_code == 302
        for other in (staff(app), sign_in(app, Role.ADMIN), sign_in(app, Role.SSP, audience=Audience.SSP, purpose="indsats")):
            assert other.get(path).status_code == 403, path


WRITE = ("filer", "filer/1", "ud", "arbejde", "stop", "underskriv", "udgiv", "kasser", "tilbage", "katalog/source/_ny")


@pytest.mark.parametrize("path", ["", *(f"/{{}}/{name}" for name in WRITE)])
def test_nobody_else_writes_and_only_our_own_forms_do(app: Flask, dana: FlaskClient, place: Workspace, path: str) -> None:
    address = f"/arbejdsrum{path.format(begin(dana, place))}"
    for client in (app.test_client(), staff(app), sign_in(app, Role.ADMIN), dana):
        assert client.post(address, data={"csrf": "0" * 64, "title": "x"}).status_code in {400, 401, 403}
    assert len(kept.listing(place.folder / kept.FOLDER)) == 1


def test_the_menu_names_the_room_to_those_who_may_come_in(app: Flask, dana: FlaskClient) -> None:
    assert ">Arbejdsrum</a>" in text(dana, "/arbejdsrum")
    assert "Arbejdsrum" not in text(staff(app), "/tilgaengelighed")


@pytest.mark.parametrize("path", ["/arbejdsrum/x", "/arbejdsrum/000000000000", "/arbejdsrum/..%2f..", "/arbejdsrum/000000000000/proeve"])
def test_what_is_not_there_is_not_found(dana: FlaskClient, path: str) -> None:
    assert dana.get(path).status_code == 404


# --- the whole way ------------------------------------------------------------------------------------------------------


def test_a_file_is_brought_rehearsed_signed_published_and_rolled_back(dana: FlaskClient, place: Workspace) -> None:
    before = edition.current(place.editions)
    own = begin(dana, place)
    assert "Tom." in text(dana, f"/arbejdsrum/{own}")
    assert bring(dana, own, ("tal.csv", NEW)).status_code == 303
    assert "Venter på at komme til" in text(dana, f"/arbejdsrum/{own}")
    work(place, own)
    page = text(dana, f"/arbejdsrum/{own}")
    assert "en tabel med tal" in page
    assert "Læst. Prøv" in page
    assert "<td>0104</td>" in page
    assert send(dana, own, "arbejde", hvad="rehearse").status_code == 303
    work(place, own)
    page = text(dana, f"/arbejdsrum/{own}/proeve")
    assert "1 tal er nyt." in page
    assert "Ingen har set det endnu." in page
    assert re.search(r'<th scope="row">Nordøst</th>.*?<b>90 %</b>', page)
    seen = draft_of(place, own).contents
    answer = send(dana, own, "underskriv", hvad="udgiv", begrundelse="Målingen 2013", set=seen)
    assert answer.status_code == 303
    assert work(place, own).published == 1
    assert edition.current(place.editions) != before
    assert "Udgivet som nr. 1." in text(dana, f"/arbejdsrum/{own}")
    assert "Målingen 2013" in text(dana, "/arbejdsrum")
    assert "Det skete der, da det blev udgivet" in text(dana, f"/arbejdsrum/{own}/proeve")
    assert send(dana, own, "tilbage", begrundelse="Forkert fil").status_code == 303
    assert work(place, own).rolled_back == 2
    assert edition.current(place.editions) == before
    assert "rullet tilbage som nr. 2" in text(dana, f"/arbejdsrum/{own}")


def test_two_pairs_of_eyes(place: Workspace) -> None:
    app = app_of(place, publish_two_people=True)
    dana, erik = data_person(app), data_person(app, "erik")
    own = rehearsed(dana, place, ("tal.csv", NEW))
    seen = draft_of(place, own).contents
    assert "Skriv under, så en anden kan udgive" in text(dana, f"/arbejdsrum/{own}")
    assert send(dana, own, "underskriv", hvad="underskriv", begrundelse="Set", set=seen).status_code == 303
    assert "En anden skal udgive: to par øjne." in text(dana, f"/arbejdsrum/{own}")
    refused = send(dana, own, "udgiv", begrundelse="Set")
    assert refused.status_code == 409
    assert "En anden end dig skal have skrevet under." in refused.get_data(as_text=True)
    assert "Underskrevet af Dana" in text(erik, f"/arbejdsrum/{own}")
    assert send(erik, own, "udgiv", begrundelse="Også set").status_code == 303
    assert work(place, own).published == 1


def test_a_signature_is_for_what_was_seen(dana: FlaskClient, place: Workspace) -> None:
    own = rehearsed(dana, place, ("tal.csv", NEW))
    answer = send(dana, own, "underskriv", hvad="udgiv", begrundelse="Målingen 2013", set="0" * 64)
    assert answer.status_code == 409
    assert "Kladden er ændret, siden den blev prøvet." in answer.get_data(as_text=True)
    assert "Målingen 2013</textarea>" in answer.get_data(as_text=True)
    assert not draft_of(place, own).signatures


def test_a_table_that_nobody_knows_is_asked_about_until_it_is_taken(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    bring(dana, own, ("maaling.csv", STRANGE))
    work(place, own)
    page = text(dana, f"/arbejdsrum/{own}")
    assert "Hvilken kilde kommer de fra?" in page
    assert f'href="/arbejdsrum/{own}/katalog/source/_ny"' in page
    assert "Svar på spørgsmålene" in page
    asked = {question.name for question in draft_of(place, own).files[0].preview.questions}
    assert {"fixed.indicator", "fixed.source", "fixed.area_set"} <= asked
    said = {"svar.fixed.indicator": "tryg", "svar.fixed.source": "survey", "svar.fixed.area_set": "square", "svar.fixed.status": "final"}
    send(dana, own, "filer/1", slags="", **said)
    work(place, own)
    page = text(dana, f"/arbejdsrum/{own}")
    first = re.search(r"<q>Sydvst</q>.*?<select[^>]*><option value=\"\">[^<]*</option><option value=\"(\d+)\"", page)
    assert first, page
    assert first[1] == "0101"
    send(dana, own, "filer/1", slags="", **said, **{"svar.area.Sydvst": "0101", "svar.area.Sydost": "0102"})
    assert work(place, own).files[0].taken


def test_what_is_wrong_is_said_in_danish_with_its_row(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    bring(dana, own, ("tal.csv", NEW.replace("2013,90", "2013,halvfems")))
    work(place, own)
    page = text(dana, f"/arbejdsrum/{own}")
    assert "Det skal rettes" in page
    assert re.search(r"<b>Række 2", page)
    assert "halvfems" in page
    assert send(dana, own, "arbejde", hvad="rehearse").status_code == 303
    work(place, own)
    assert "Prøven gik ikke" in text(dana, f"/arbejdsrum/{own}")


# --- sizes, names, stopping ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("prefix", "words"), [("", "En fil må højst fylde 1 MB."), ("/en", "A file may have at most 1 MB.")])
def test_a_file_that_is_too_large_is_refused_in_words(place: Workspace, prefix: str, words: str) -> None:
    dana = data_person(app_of(place, upload_mb=1))
    own = begin(dana, place)
    form = {"csrf": token(dana.get(f"/arbejdsrum/{own}")), "fil": (io.BytesIO(b"x" * 1_200_000), "stor.csv")}
    answer = dana.post(f"{prefix}/arbejdsrum/{own}/filer", data=form, content_type="multipart/form-data")
    assert answer.status_code == 413
    assert words in answer.get_data(as_text=True)
    assert not draft_of(place, own).files
    assert not list((place.folder / "drafts" / ".coming").glob("*"))


def test_what_people_named_is_text(dana: FlaskClient, place: Workspace) -> None:
    hostile = '"><script>alert(1)</script>.csv'
    own = begin(dana, place, title="<img src=x onerror=alert(1)>")
    bring(dana, own, (hostile, NEW.replace("90", "<b>9</b>")), ("../../../etc/passwd", "a;b\n1;2\n"))
    work(place, own)
    for path in (f"/arbejdsrum/{own}", "/arbejdsrum", f"/en/arbejdsrum/{own}"):
        page = dana.get(path).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>9</b>" not in page
        parse(page)
    assert {file.name for file in draft_of(place, own).files} >= {"passwd"}


def test_reading_is_stopped_by_a_change_and_a_rehearsal_is_not(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    bring(dana, own, ("tal.csv", NEW))
    assert bring(dana, own, ("mere.csv", NEW.replace("2013", "2014"))).status_code == 303
    work(place, own)
    assert len(draft_of(place, own).files) == 2
    send(dana, own, "arbejde", hvad="rehearse")
    refused = send(dana, own, "ud", hvad="1")
    assert refused.status_code == 409
    assert "Der arbejdes på kladden lige nu." in refused.get_data(as_text=True)
    assert bring(dana, own, ("tredje.csv", NEW.replace("2013", "2015"))).status_code == 409
    assert send(dana, own, "stop").status_code == 303
    assert send(dana, own, "ud", hvad="1").status_code == 303
    work(place, own)
    assert [file.name for file in draft_of(place, own).files] == ["mere.csv"]


def test_without_script_a_page_that_waits_comes_again(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    assert 'http-equiv="refresh"' not in text(dana, f"/arbejdsrum/{own}")
    bring(dana, own, ("tal.csv", NEW))
    assert f'<noscript><meta http-equiv="refresh" content="3; url=/arbejdsrum/{own}"></noscript>' in text(dana, f"/arbejdsrum/{own}")


def test_a_draft_is_thrown_away_after_a_second_question(dana: FlaskClient, place: Workspace) -> None:
    own = begin(dana, place)
    assert send(dana, own, "kasser").status_code == 422
    assert send(dana, own, "kasser", sikker="ja").status_code == 303
    assert draft_of(place, own).discarded
    assert "Afsluttede kladder (1)" in text(dana, "/arbejdsrum")


# --- pages --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_is_well_formed_with_one_heading_and_every_field_has_a_name(dana: FlaskClient, place: Workspace, prefix: str) -> None:
    own = rehearsed(dana, place, ("tal.csv", NEW))
    bring(dana, own, ("maaling.csv", STRANGE))
    work(place, own)
    paths = ("", "/historik", f"/{own}", f"/{own}/proeve", f"/{own}/katalog", f"/{own}/katalog/indicator/tryg", f"/{own}/katalog/goal/_ny")
    for path in paths:
        page = parse(dana.get(f"{prefix}/arbejdsrum{path}").get_data(as_text=True))
        assert page.get("lang") == (prefix.strip("/") or "da")
        assert len(page.findall(".//h1")) == 1
        ids = all_of(page, "id")
        assert len(ids) == len(set(ids)), path
        labels = {label.get("for") for label in page.iter("label")}
        for tag in ("input", "select", "textarea"):
            for field in page.iter(tag):
                assert field.get("type") == "hidden" or field.get("id") in labels, (path, field.attrib)
        described = {name for words in all_of(page, "aria-describedby") for name in words.split()}
        assert described <= set(ids), path


def test_ssp_figures_are_shown_to_who_looks_as_ssp_and_to_nobody_else(app: Flask, dana: FlaskClient, place: Workspace) -> None:
    own = rehearsed(dana, place, ("tal.csv", NEW))
    assert dana.get(f"/arbejdsrum/{own}/proeve?for=staff").status_code == 200
    assert dana.get(f"/arbejdsrum/{own}/proeve?for=ssp").status_code == 403
    assert dana.get(f"/arbejdsrum/{own}/proeve.json?for=ssp").status_code == 403
    assert dana.get(f"/arbejdsrum/{own}/proeve?for=nobody").status_code == 400
    both = sign_in(app, Role.DATA, Role.SSP, audience=Audience.SSP, purpose="indsats", name="bo")
    assert both.get(f"/arbejdsrum/{own}/proeve?for=ssp").status_code == 200
    looks_as_public = sign_in(app, Role.DATA, Role.SSP, name="bo")
    assert looks_as_public.get(f"/arbejdsrum/{own}/proeve?for=ssp").status_code == 403


def test_where_the_queue_is_away_it_is_said_and_nothing_waits(app: Flask, dana: FlaskClient, place: Workspace) -> None:
    def away(_draft: str) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    own = begin(dana, place)
    app.extensions["omraadekort.work"] = WorkQueue(None, away)
    answer = send(dana, own, "arbejde", hvad="read")
    assert answer.status_code == 409
    assert "Køen med arbejde kan ikke skrives lige nu" in answer.get_data(as_text=True)
    assert not draft_of(place, own).working
