"""Words of the workroom in both languages: what a draft waits for, kinds of files, parts of a table, steps of the work, moments, sizes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from geo.drafts.draft import Draft, FileKind, Task, TaskKind
from geo.model.vocabulary import Audience, Text
from webmap.language import wording

KINDS: Final[Mapping[FileKind, Text]] = {
    "figures": Text(da="en tabel med tal", en="a table of figures"),
    "areas": Text(da="et lag med områder", en="a layer of areas"),
    "addresses": Text(da="en liste med adresser", en="a list of addresses"),
    "register": Text(da="et register", en="a register"),
    "plans": Text(da="en tabel med helhedsplaner", en="a table of area plans"),
    "lists": Text(da="en tabel med lister", en="a table of lists"),
    "hotspots": Text(da="en tabel med hotspots", en="a table of hotspots"),
}
"""What a file holds."""

TAKEN_FOR: Final[Mapping[str, Text]] = {
    "indicator": Text(da="indikator", en="indicator"),
    "definition": Text(da="definition", en="definition"),
    "area_set": Text(da="slags område", en="kind of area"),
    "area_id": Text(da="område", en="area"),
    "period": Text(da="periode", en="period"),
    "value": Text(da="tal", en="figure"),
    "numerator": Text(da="antal", en="count"),
    "denominator": Text(da="ud af", en="out of"),
    "n": Text(da="antal svar", en="answers"),
    "low": Text(da="nedre grænse", en="lower limit"),
    "high": Text(da="øvre grænse", en="upper limit"),
    "status": Text(da="status", en="status"),
    "source": Text(da="kilde", en="source"),
    "locator": Text(da="sted i kilden", en="place in the source"),
    "note": Text(da="note", en="note"),
    "person": Text(da="person", en="person"),
    "x": Text(da="øst", en="easting"),
    "y": Text(da="nord", en="northing"),
    "category": Text(da="gruppe", en="group"),
    "number": Text(da="tal", en="number"),
    "text": Text(da="tekst", en="text"),
    "date": Text(da="dato", en="date"),
}
"""What a column of a file was taken for."""

TASKS: Final[Mapping[TaskKind, Text]] = {
    "read": Text(da="Filer og forslag læses", en="Files and proposals are being read"),
    "rehearse": Text(da="Prøven kører: alle tal regnes ud", en="The rehearsal runs: all figures are worked out"),
    "publish": Text(da="Der udgives", en="Publishing"),
    "roll_back": Text(da="Der rulles tilbage", en="Rolling back"),
}  # fmt: skip
"""Work that goes on."""

FAILED: Final[Mapping[TaskKind, Text]] = {
    "read": Text(da="Filer og forslag kunne ikke læses", en="Files and proposals could not be read"),
    "rehearse": Text(da="Prøven gik ikke", en="The rehearsal failed"),
    "publish": Text(da="Der blev ikke udgivet", en="Nothing was published"),
    "roll_back": Text(da="Der blev ikke rullet tilbage", en="Nothing was rolled back"),
}
"""Work that failed."""

_STEPS: Final[Mapping[str, Text]] = {
    "entries": Text(da="forslag til kataloget", en="proposals for the catalogue"),
    "catalogue": Text(da="kataloget", en="the catalogue"),
    "boundaries": Text(da="grænserne", en="the boundaries"),
    "observations": Text(da="de udgivne tal", en="published figures"),
    "registers": Text(da="registrene tælles", en="registers are counted"),
    "joins and intervals": Text(da="tallene og deres usikkerhed", en="figures and their uncertainty"),
    "overlaps": Text(da="områder, der ligger over hinanden", en="areas that overlap"),
    "protection and verdicts": Text(da="beskyttelse af tal og svar på mål", en="disclosure control and answers to goals"),
    "edition": Text(da="udgaven skrives", en="the edition is written"),
    "waiting for another build to end": Text(da="venter på, at noget andet bliver færdigt", en="waiting for another build to end"),
    "done": Text(da="sammenligner", en="comparing"),
}
"""Steps of a build; other words are names of files."""

AUDIENCES: Final[Mapping[Audience, Text]] = {
    Audience.PUBLIC: Text(da="Alle", en="Everybody"),
    Audience.STAFF: Text(da="Medarbejdere", en="Staff"),
    Audience.SSP: Text(da="SSP", en="SSP"),
}
"""Whose pages a rehearsal tells of."""

_WAITS: Final = Text(da="Venter på at komme til", en="Waiting to begin")
_ZONE: Final = ZoneInfo("Europe/Copenhagen")
_UNITS: Final = ("kB", "MB", "GB")


def task(work: Task) -> Text:
    """What goes on, or what it waits for."""
    if work.cancelling:
        return Text(da="Stopper", en="Stopping")
    return TASKS[work.kind] if work.state == "running" else _WAITS


def step(what: str) -> Text:
    """The step of work that is being done; a part of a step by its step."""
    name = what.partition(":")[0]
    return _STEPS.get(name, Text(da=name, en=name))


def standing(draft: Draft, language: str) -> str:
    """How it stands with a draft, and what comes next, in one or two sentences."""
    return _ended(draft, language) or _open(draft).in_(language)


def _ended(draft: Draft, language: str) -> str:
    if draft.working and draft.task is not None:
        return f"{task(draft.task).in_(language)}."
    if draft.discarded:
        return Text(da="Kasseret.", en="Thrown away.").in_(language)
    if draft.published is None:
        return ""
    published = Text(da="Udgivet som nr. {}", en="Published as no. {}").in_(language).format(draft.published)
    if draft.rolled_back is None:
        return f"{published}."
    return published + Text(da=" og rullet tilbage som nr. {}.", en=" and rolled back as no. {}.").in_(language).format(draft.rolled_back)


def _open(draft: Draft) -> Text:  # noqa: PLR0911 - one for each way a draft can stand
    if draft.task is not None and draft.task.state == "failed":
        words = FAILED[draft.task.kind]
        return Text(da=f"{words.da}. Se hvorfor, ret det, og prøv igen.", en=f"{words.en}. See why, mend it and try again.")
    if not (draft.files or draft.entries):
        return Text(da="Tom. Hent filer ind, eller skriv i kataloget.", en="Empty. Bring files, or write in the catalogue.")
    if draft.behind:
        return Text(da="Andre har udgivet imens. Prøv igen.", en="Others have published meanwhile. Rehearse again.")
    if draft.read != draft.contents:
        return Text(da="Ikke læst, som den er nu. Læs den, eller prøv den.", en="Not read as it is now. Read it, or rehearse it.")
    if draft.faulty:
        return Text(
            da="Noget skal besvares eller rettes, før den kan prøves.", en="Something must be answered or mended before a rehearsal."
        )
    if not draft.ready:
        return Text(da="Læst. Prøv, hvad der sker, hvis den udgives.", en="Read. Rehearse what happens if it is published.")
    if not draft.valid_signatures:
        return Text(da="Prøvet. Læs, hvad der sker, og skriv under.", en="Rehearsed. Read what happens, and sign.")
    return Text(da="Underskrevet. Den kan udgives.", en="Signed. It can be published.")


def moment(at: str, language: str, *, now: dt.datetime) -> str:
    """A moment with its day, in Danish time: `i dag kl. 9.12`, `21. november 2026 kl. 12.04`."""
    if not at:
        return ""
    when, today = dt.datetime.fromisoformat(at).astimezone(_ZONE), now.astimezone(_ZONE).date()
    named = {today: Text(da="i dag", en="today"), today - dt.timedelta(days=1): Text(da="i går", en="yesterday")}.get(when.date())
    day = named.in_(language) if named else wording.date(when.date(), language)
    return Text(da=f"{day} kl. {when.hour}.{when:%M}", en=f"{day} at {when:%H:%M}").in_(language)


def size(count: int, language: str) -> str:
    """A size of so many bytes as people say it: `3,4 MB`."""
    amount, unit = count / 1000, _UNITS[0]
    for unit in _UNITS:
        if amount < 1000 or unit == _UNITS[-1]:
            break
        amount /= 1000
    return f"{wording.number(amount, decimals=1 if amount < 10 else 0, language=language)}\u00a0{unit}"
