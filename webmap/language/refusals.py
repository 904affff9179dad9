"""What error pages say when something that is kept is damaged or cannot be written."""

from __future__ import annotations

from typing import Final

from geo.model.vocabulary import Text
from webmap.language.terms import ErrorWords

UNREADABLE: Final = ErrorWords(
    Text(da="Vi kan ikke læse, hvad der er gemt", en="We cannot read what is kept"),
    Text(
        da="Filen med konti eller med gennemgange er beskadiget, eller disken tager ikke mere. Intet er ændret. "
        "Sig det til den, der driver tjenesten: hvad der er galt, står i serverens log. De offentlige sider virker.",
        en="The file of accounts or of reviews is damaged, or the disk takes no more. Nothing was changed. "
        "Tell whoever runs the service: what is wrong is in the server's log. The public pages work.",
    ),
    areas=False,
)
"""The error page while the database of accounts or of reviews is damaged or refuses (503)."""

UNPUBLISHABLE: Final = ErrorWords(
    Text(da="Udgaven kan ikke gøres aktuel", en="The edition cannot be made current"),
    Text(
        da="Den kan ikke vises: en fil er ændret eller mangler, eller den er skrevet af en anden version. "
        "Alle ser stadig den samme udgave som før. Hvad der er galt, står i serverens log.",
        en="It cannot be shown: a file was changed or is missing, or another version wrote it. "
        "Everybody still sees the same edition as before. What is wrong is in the server's log.",
    ),
    areas=False,
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
    areas=False,
)
"""The error page of what needs a line in the access log, when none can be written (503)."""
