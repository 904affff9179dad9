"""The seven political committees, by the letters that the papers use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from geo.model.vocabulary import Text

Committee = Literal["BIU", "BUU", "KFU", "SOU", "SUD", "TMU", "ØU"]

COMMITTEES: Final[Mapping[Committee, Text]] = {
    "BIU": Text(da="Beskæftigelses- og Integrationsudvalget", en="Employment and Integration Committee"),
    "BUU": Text(da="Børne- og Ungdomsudvalget", en="Children and Youth Committee"),
    "KFU": Text(da="Kultur- og Fritidsudvalget", en="Culture and Leisure Committee"),
    "SOU": Text(da="Sundheds- og Omsorgsudvalget", en="Health and Care Committee"),
    "SUD": Text(da="Socialudvalget", en="Social Services Committee"),
    "TMU": Text(da="Teknik- og Miljøudvalget", en="Technical and Environmental Committee"),
    "ØU": Text(da="Økonomiudvalget", en="Finance Committee"),
}
"""What each committee is called."""

DEPARTMENTS: Final[Mapping[Committee, str]] = {
    "BIU": "Beskæftigelses- og Integrationsforvaltningen",
    "BUU": "Børne- og Ungdomsforvaltningen",
    "KFU": "Kultur- og Fritidsforvaltningen",
    "SOU": "Sundheds- og Omsorgsforvaltningen",
    "SUD": "Socialforvaltningen",
    "TMU": "Teknik- og Miljøforvaltningen",
    "ØU": "Økonomiforvaltningen",
}
"""The department that works for each committee, by the name that it signs with."""
