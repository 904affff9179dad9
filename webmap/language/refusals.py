"""What error pages say: by the status, and where the status alone does not tell what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from geo.model.vocabulary import Text
from webmap.language import wording


@dataclass(frozen=True)
class ErrorWords:
    """What an error page says. areas: whether the search for an area is a way on."""

    title: Text
    text: Text
    areas: bool = False


ERRORS: Final[Mapping[int, ErrorWords]] = {
    400: ErrorWords(
        Text(da="Formularen kan ikke bruges", en="The form cannot be used"),
        Text(
            da="Den er for gammel, eller den kom ikke fra en af vores sider. Hent siden igen, og send den én gang til. Intet er ændret.",
            en="It is too old, or did not come from one of our pages. Load the page again and send it once more. Nothing was changed.",
        ),
    ),
    401: ErrorWords(
        Text(da="Du er ikke logget ind", en="You are not signed in"),
        Text(
            da="Det her er kun for kolleger med en rolle. Log ind, og prøv igen. Har du skrevet noget, så kopiér det først.",
            en="This is only for colleagues with a role. Sign in and try again. If you have written something, copy it first.",
        ),
    ),
    403: ErrorWords(
        Text(da="Du har ikke adgang", en="You have no access"),
        Text(
            da="Siden er for en anden rolle end den, du ser med nu. Mangler du en rolle, så spørg den, der driver tjenesten.",
            en="The page is for another role than the one you look with now. If you lack a role, ask whoever runs the service.",
        ),
    ),
    408: ErrorWords(
        Text(da="Det tog for lang tid", en="It took too long"),
        Text(
            da="Det, du sendte, nåede ikke frem i tide. Intet er ændret. Send det igen, måske fra et andet netværk.",
            en="What you sent did not arrive in time. Nothing was changed. Send it again, perhaps from another network.",
        ),
    ),
    411: ErrorWords(
        Text(da="Længden mangler", en="The length is missing"),
        Text(
            da="Det, der blev sendt, siger ikke, hvor langt det er. Intet er ændret.",
            en="What was sent does not say how long it is. Nothing was changed.",
        ),
    ),
    413: ErrorWords(
        Text(da="Det fylder for meget", en="It is too large"),
        Text(
            da="Det, du sendte, fylder mere, end siden tager imod. Intet er ændret. Gør teksten kortere, og send den igen.",
            en="What you sent is larger than the page takes. Nothing was changed. Make the text shorter and send it again.",
        ),
    ),
    429: ErrorWords(
        Text(da="For mange forsøg", en="Too many attempts"),
        Text(da="Vent nogle minutter, og prøv igen.", en="Wait some minutes and try again."),
    ),
    404: ErrorWords(
        Text(da="Siden findes ikke", en="There is no such page"),
        Text(
            da="Adressen passer ikke til noget område, mål eller kort. Måske er den skrevet forkert, eller området har fået et andet navn.",
            en="The address fits no area, goal or map. It may be misspelt, or the area may have another name now.",
        ),
        areas=True,
    ),
    405: ErrorWords(
        Text(da="Det kan man ikke her", en="That cannot be done here"),
        Text(
            da="Siden kan læses, men den tager ikke imod det, du sendte. Intet er ændret.",
            en="The page can be read, but it does not take what you sent. Nothing was changed.",
        ),
    ),
    410: ErrorWords(
        Text(da="Udgaven findes ikke her længere", en="The edition is no longer here"),
        Text(
            da="Linket peger på en udgave af tallene, som ikke er gemt på denne server. Vi viser ikke andre tal i stedet.",
            en="The link points to an edition of the figures that is not kept on this server. We do not silently show others.",
        ),
        areas=True,
    ),
    503: ErrorWords(
        Text(da="Der er ingen tal at vise endnu", en="There are no figures to show yet"),
        Text(
            da="Ingen udgave er bygget. Den, der driver tjenesten, kan køre kommandoen “omraadekort build”.",
            en="No edition has been built. Whoever runs the service can run the command “omraadekort build”.",
        ),
    ),
    500: ErrorWords(
        Text(da="Noget gik galt hos os", en="Something went wrong on our side"),
        Text(
            da="Fejlen er skrevet i serverens log. Prøv igen om lidt; går det stadig galt, så sig det til den, der driver tjenesten.",
            en="The error is in the server's log. Try again in a while; if it persists, tell whoever runs the service.",
        ),
    ),
}
"""Error pages; any other status takes the words of 404 below 500 and of 500 above."""

BUSY: Final = ErrorWords(
    Text(da="Vi har for travlt lige nu", en="We are too busy right now"),
    Text(
        da="Så mange beder om noget på én gang, at der ikke blev plads til dig. Intet er ændret. Prøv igen om lidt.",
        en="So many ask for something at once that there was no room for you. Nothing was changed. Try again in a moment.",
    ),
)
"""The error page of what finds no room now (503)."""

DAMAGED: Final = ErrorWords(
    Text(da="Tallene er blevet ændret og vises ikke", en="The figures have been changed and are not shown"),
    Text(
        da="Denne udgave er ikke, som den blev skrevet: en af dens filer er ændret eller mangler. Derfor viser vi ingen af dens tal. "
        "Den, der driver tjenesten, kan køre kommandoen “omraadekort build”, som skriver udgaven igen.",
        en="This edition is not as it was written: one of its files has been changed or is missing. So we show none of its figures. "
        "Whoever runs the service can run the command “omraadekort build”, which writes the edition again.",
    ),
)
"""The error page of an edition that is not as it was written (503)."""

UNREADABLE: Final = ErrorWords(
    Text(da="Vi kan ikke læse, hvad der er gemt", en="We cannot read what is kept"),
    Text(
        da="Filen med konti, gennemgange eller følgere er beskadiget, eller disken tager ikke mere. Intet er ændret. "
        "Sig det til den, der driver tjenesten: hvad der er galt, står i serverens log. De offentlige sider virker.",
        en="The file of accounts, reviews or followers is damaged, or the disk takes no more. Nothing was changed. "
        "Tell whoever runs the service: what is wrong is in the server's log. The public pages work.",
    ),
)
"""The error page while the database of accounts, reviews or followers is damaged or refuses (503)."""

UNPUBLISHABLE: Final = ErrorWords(
    Text(da="Udgaven kan ikke gøres aktuel", en="The edition cannot be made current"),
    Text(
        da="Den kan ikke vises: en fil er ændret eller mangler, eller den er skrevet af en anden version. "
        "Alle ser stadig den samme udgave som før. Hvad der er galt, står i serverens log.",
        en="It cannot be shown: a file was changed or is missing, or another version wrote it. "
        "Everybody still sees the same edition as before. What is wrong is in the server's log.",
    ),
)
"""The error page of an edition that was to be published and cannot be shown (409)."""

UNLOGGED: Final = ErrorWords(
    Text(da="Siden kan ikke vises lige nu", en="The page cannot be shown right now"),
    Text(
        da="Vi kan ikke skrive i adgangsloggen, hvem der har set på siden, og så viser vi den ikke. De offentlige sider virker. "
        "Sig det til den, der driver tjenesten: kommandoen “omraadekort log verify” siger, hvad der er galt.",
        en="We cannot write in the access log who looked at the page, and so we do not show it. The public pages work. "
        "Tell whoever runs the service: the command “omraadekort log verify” says what is wrong.",
    ),
)
"""The error page of what needs a line in the access log, when none can be written (503)."""


def withdrawn(at: str, reason: str) -> ErrorWords:
    """The error page of an edition that was withdrawn (410). at: the day, ISO 8601. reason: as whoever did it wrote it."""
    day = dt.date.fromisoformat(at)
    return ErrorWords(
        Text(da="Udgaven er trukket tilbage", en="The edition has been withdrawn"),
        Text(
            da=f"Linket peger på en udgave af tallene, som blev trukket tilbage {wording.date(day, 'da')}. Begrundelse: {reason}",
            en=f"The link points to an edition of the figures that was withdrawn on {wording.date(day, 'en')}. Reason: {reason}",
        ),
        areas=True,
    )


def error_words(code: int) -> ErrorWords:
    """What the error page of a status says."""
    return ERRORS.get(code, ERRORS[404 if code < 500 else 500])
