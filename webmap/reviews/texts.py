"""Words of the review room in both languages: fields, what happened, what is refused; and moments as people say them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from geo.errors import GeoError, InputError
from geo.model.vocabulary import Text
from webmap.efforts.words import FIELDS, STATUS
from webmap.language import wording
from webmap.reviews import writing
from webmap.reviews.writing import Writing

CANCELLED: Final = "-x"
"""What stands between the half-year of a cancelled round and its number, so that the half-year is free for another."""

LABEL: Final[Mapping[str, Text]] = {
    "note": Text(da="Vurdering", en="Assessment"),
    "followup": Text(da="Hvad blev der af den sidste beslutning?", en="What became of the last decision?"),
    "decision": Text(da="Beslutning", en="Decision"),
    "owner": Text(da="Ansvarlig", en="Responsible"),
    "due": Text(da="Frist", en="Due date"),
    "ready": Text(da="Klar til underskrift", en="Ready to be signed"),
    "actions": Text(da="Handling", en="Action"),
    "actions/text": Text(da="Hvad skal der gøres?", en="What is to be done?"),
    "actions/owner": Text(da="Ansvarlig", en="Responsible"),
    "actions/due": Text(da="Frist", en="Due date"),
    "actions/status": Text(da="Status", en="Status"),
    "money": Text(da="Medfinansiering", en="Co-financing"),
    "money/what": Text(da="Hvad er beløbet til?", en="What is the amount for?"),
    "money/unit": Text(da="Enhed", en="Unit"),
    "money/promised": Text(da="Lovet", en="Promised"),
    "money/delivered": Text(da="Leveret", en="Delivered"),
    "money/source": Text(da="Hvor kommer tallet fra?", en="Where does the figure come from?"),
    "initiatives": Text(da="Initiativ", en="Initiative"),
    "initiatives/theme": Text(da="Tema", en="Theme"),
    "initiatives/name": Text(da="Initiativets navn", en="Name of the initiative"),
    "initiatives/status": Text(da="Status", en="Status"),
    "initiatives/staff": Text(da="Medarbejdere", en="Staff"),
    "initiatives/note": Text(da="Bemærkning", en="Remark"),
    "approvals": Text(da="Godkendt ændring", en="Approved change"),
    "approvals/on": Text(da="Godkendt den", en="Approved on"),
    "approvals/text": Text(da="Hvad følgegruppen godkendte", en="What the steering group approved"),
    **FIELDS,
    "status": STATUS,
}
"""What each field is called; a field in a row goes by `<list>/<field>`."""

HAPPENED: Final[Mapping[str, Text]] = {
    "opened": Text(da="Siden blev oprettet", en="The page was made"),
    "saved": Text(da="Gemt", en="Saved"),
    "merged": Text(da="To udgaver flettet", en="Two versions merged"),
    "set aside": Text(
        da="Lagt til side, fordi en anden havde rettet det samme felt", en="Set aside because another had changed the same field"
    ),
    "signed": Text(da="Underskrevet", en="Signed"),
    "frozen": Text(da="Runden blev frosset", en="The round was frozen"),
    "addendum": Text(da="Tilføjelse", en="Addendum"),
    "renamed": Text(da="Rundens halvår blev rettet", en="The half-year of the round was corrected"),
    "moved": Text(da="Runden blev flyttet til en anden udgave", en="The round was moved to another edition"),
    "cancelled": Text(da="Runden blev aflyst", en="The round was cancelled"),
    "sent": Text(da="Sendt til sekretariatet", en="Sent to the secretariat"),
    "returned": Text(da="Sendt tilbage af sekretariatet", en="Sent back by the secretariat"),
    "approved": Text(da="Godkendt af sekretariatet", en="Approved by the secretariat"),
    "released": Text(da="Frigivet til de offentlige sider", en="Released to the public pages"),
    "recalled": Text(da="Trukket tilbage fra de offentlige sider", en="Taken back from the public pages"),
}
"""Kinds of history."""

REFUSED: Final[Mapping[str, Text]] = {
    "not a half-year": Text(da="Skriv halvåret som 2026H2.", en="Write the half-year as 2026H2."),
    "a half-year too far ahead": Text(
        da="Halvåret må højst begynde om et år. Er det tastet rigtigt?", en="The half-year may begin a year from now at most. Is it right?"
    ),
    "a round is open": Text(da="En anden runde er åben og skal underskrives først", en="Another round is open and must be signed first"),
    "a round of that half-year or a later one is there": Text(
        da="Der er allerede en runde for det halvår eller et senere", en="There is already a round for that half-year or a later one"
    ),
    "another round was signed meanwhile": Text(
        da="En runde blev underskrevet imens. Prøv igen.", en="A round was signed in the meantime. Try again."
    ),
    "no such department": Text(da="Vælg en forvaltning.", en="Choose a department."),
    "the round has changed since it was seen": Text(
        da="Runden er ændret, siden du så den. Læs den igen, og skriv så under.",
        en="The round has changed since you saw it. Read it again, then sign.",
    ),
    "the department has signed": Text(da="Forvaltningen har skrevet under.", en="The department has signed."),
    "the person has signed for another department": Text(
        da="Du har skrevet under for en anden forvaltning; en fra forvaltningen selv skal skrive under.",
        en="You have signed for another department; each department signs by one of its own.",
    ),
    "a page has something to mend": Text(
        da="En side har fejl, der skal rettes først.", en="A page has mistakes that must be mended first."
    ),
    "the round is signed": Text(
        da="Runden er underskrevet og kan ikke ændres; skriv en tilføjelse.",
        en="The round is signed and cannot be changed; write an addendum.",
    ),
    "the round is cancelled": Text(da="Runden er aflyst og kan ikke ændres.", en="The round is cancelled and cannot be changed."),
    "the round rests on that edition": Text(da="Runden hviler allerede på den udgave.", en="The round rests on that edition already."),
    "cancelling was not confirmed": Text(da="Sæt kryds ved, at runden skal aflyses.", en="Tick that the round is to be cancelled."),
    "pages are not ready": Text(
        da="Der er sider, som ikke er klar. Sæt kryds, hvis du vil skrive under alligevel.",
        en="There are pages that are not ready. Tick the box if you want to sign all the same.",
    ),
    "the account has no department": Text(
        da="Din konto hører ikke til nogen forvaltning, så du kan ikke skrive under. Sig det til den, der driver tjenesten.",
        en="Your account belongs to no department, so you cannot sign. Tell whoever runs the service.",
    ),
    "the department is not the account's": Text(
        da="Du kan kun skrive under for din egen forvaltning.", en="You can sign for your own department only."
    ),
    "the effort is another department's": Text(
        da="Indsatsen hører til en anden forvaltning; hver forvaltning skriver om sine egne.",
        en="The effort is another department's; each department writes about its own.",
    ),
    "the form says nothing of the status": Text(
        da="Skriv, hvordan det går (status i forhold til målet), før skemaet sendes.",
        en="Say how it goes (status against the aim) before the form is sent.",
    ),
    "the form has changed since it was seen": Text(
        da="Skemaet er ændret, siden du så det. Læs det igen.", en="The form has changed since you saw it. Read it again."
    ),
    "the form is not sent": Text(
        da="Skemaet er ikke sendt, eller det er rettet siden.", en="The form is not sent, or it was changed since."
    ),
    "the form is sent": Text(da="Skemaet er sendt allerede.", en="The form is sent already."),
    "the form is approved": Text(
        da="Skemaet er godkendt og kan ikke ændres. Skriv det i næste halvårs skema.",
        en="The form is approved and cannot be changed. Write it in the form of the next half-year.",
    ),
    "who sent it does not approve it": Text(
        da="Du har selv sendt skemaet; en anden skal godkende det.", en="You sent the form yourself; somebody else must approve it."
    ),
    "the report is approved": Text(
        da="Rapporten er godkendt og frosset; der kan ikke skrives flere bemærkninger.",
        en="The report is approved and frozen; no more remarks can be written.",
    ),
    "the report is rebuilt from papers": Text(
        da="Rapporten er genskabt af papirer og skal ikke godkendes.", en="The report is rebuilt from papers and is not approved here."
    ),
    "the report has changed since it was seen": Text(
        da="Rapporten er ændret, siden du så den. Læs den igen.", en="The report has changed since you saw it. Read it again."
    ),
    "no such section": Text(da="Rapporten har ikke det afsnit.", en="The report has no such section."),
    "a reason is missing": Text(da="Skriv, hvorfor skemaet sendes tilbage.", en="Say why the form is sent back."),
    "nothing was decided on the page": Text(
        da="Der er ikke besluttet noget på siden, så der er ikke noget at frigive.",
        en="Nothing was decided on the page, so there is nothing to release.",
    ),
    "the round is open": Text(da="Runden er ikke underskrevet endnu.", en="The round is not signed yet."),
    "empty": Text(da="Skriv en tekst.", en="Write a text."),
    "too long": Text(da="Teksten er for lang", en="The text is too long"),
    "too many rows": Text(da="Der er for mange rækker", en="There are too many rows"),
    "no such field": Text(da="Siden har ikke det felt", en="The page has no such field"),
}
"""What is said when something is refused, by the error's own words."""

_CANCELLED: Final = Text(da="aflyst", en="cancelled")
_DRAFT: Final = Text(da="kladde, ikke underskrevet", en="draft, not signed")
_ELSE: Final = Text(da="Det kan ikke lade sig gøre.", en="That cannot be done.")
_ZONE: Final = ZoneInfo("Europe/Copenhagen")


def label(path: str, page: Writing | None = None) -> Text:
    """What a field is called; in a row, with the row's own words after it, so that it can be told from its neighbours."""
    parts = path.split("/")
    if len(parts) < 3:
        return LABEL[path]
    name = LABEL[f"{parts[0]}/{parts[2]}"]
    row = next((row for row in getattr(page, parts[0]) if row.id == parts[1]), None) if page else None
    title = next((words for field in ("text", "name", "what") if row and (words := getattr(row, field, ""))), "")
    kind = LABEL[parts[0]]
    after = f" “{title[:60]}”" if title else ""
    return Text(da=f"{kind.da}{after}: {name.da}", en=f"{kind.en}{after}: {name.en}")


def refused(error: GeoError) -> Iterator[tuple[str, Text]]:
    """Each thing that an error says, with the field it is about ("" for none)."""
    for problem in error.problems:
        words = REFUSED.get(problem.what, _ELSE)
        given = f" ({problem.found})" if problem.found and problem.what in {"a round is open", "too long", "too many rows"} else ""
        yield problem.column, Text(da=words.da + given, en=words.en + given)


def left_over(typed: Writing, *, beside: Writing, language: str) -> str:
    """What somebody typed that does not stand on the page, a paragraph for each field with the field's name before it."""
    there = writing.flat(beside)
    fields = ((path, words) for path, words in writing.flat(typed).items() if words.strip() and words != there.get(path))
    return "\n\n".join(f"{label(path, typed).in_(language)}: {words}" for path, words in fields if path != "ready")


def half_year(period: str, language: str) -> str:
    """The name of a round: its half-year, and with a cancelled one that it is, and which; what cannot be read stays as it is."""
    day, mark, number = period.partition(CANCELLED)
    try:
        name = wording.period(day, language)
    except InputError:
        name = day
    return f"{name} ({_CANCELLED.in_(language)} {number})" if mark else name


def unsigned(language: str, *, cancelled: bool) -> str:
    """What stands in the place of the day on which a round was signed."""
    return (_CANCELLED if cancelled else _DRAFT).in_(language)


def moment(at: str, language: str) -> str:
    """A moment with its day: `21. november 2026 kl. 12.04`, in Danish time."""
    if not at:
        return ""
    when = _local(at)
    at_the_time = Text(da="kl.", en="at").in_(language)
    return f"{wording.date(when.date(), language)} {at_the_time} {_time(when, language)}"


def day_of(at: str) -> dt.date:
    """The Danish day on which a moment lies."""
    return _local(at).date()


def clock(at: str, language: str) -> str:
    """The time of day of a moment: `12.04`."""
    return _time(_local(at), language)


def _local(at: str) -> dt.datetime:
    return dt.datetime.fromisoformat(at).astimezone(_ZONE)


def _time(when: dt.datetime, language: str) -> str:
    return when.strftime(Text(da="%H.%M", en="%H:%M").in_(language))
