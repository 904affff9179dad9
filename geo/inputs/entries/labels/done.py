"""Labels of what is done: efforts, their money, plans of action and facilities. `Type.field`: Danish, English, and help in both."""

from __future__ import annotations

from typing import Final

from geo.model.efforts.committees import COMMITTEES

_MONEY: Final = ("Millioner kroner, et år på hver linje.", "Million kroner, one year a line.")
_WORDS: Final = ("Med ejerens egne ord.", "In the owner's own words.")

LABELS: Final[dict[str, tuple[str, ...]]] = (
    {
        "Location.lon": ("Længdegrad", "Longitude", "For eksempel 12,55.", "For example 12.55."),
        "Location.lat": ("Breddegrad", "Latitude", "For eksempel 55,69.", "For example 55.69."),
        "EffortStatus.period": ("Tid", "Time", "For eksempel 2009H1 eller 2009-03-31.", "For example 2009H1 or 2009-03-31."),
        "EffortStatus.text": ("Status i forhold til målet", "Status against the aim", *_WORDS),
        "EffortStatus.by": ("Skrevet af", "Written by"),
        "EffortStatus.cite": ("Kilde", "Source"),
        "Outcome.decision": ("Beslutning", "Decision"),
        "Outcome.decision=anchored": ("forankres i driften", "goes on as ordinary work"),
        "Outcome.decision=ended": ("afsluttes", "ends"),
        "Outcome.decided": ("Dag", "Day"),
        "Outcome.reason": ("Hvorfor", "Why"),
        "Effort.id": (
            "Kode",
            "Code",
            "Kort, uden mellemrum, for eksempel jobpatruljer.",
            "Short, without spaces, for example jobpatruljer.",
        ),
        "Effort.kind": ("Slags", "Kind"),
        "Effort.kind=effort": ("indsats", "effort"),
        "Effort.kind=project": ("projekt", "project"),
        "Effort.kind=initiative": ("initiativ i hotspotprogrammet", "initiative of the hotspot programme"),
        "Effort.kind=action": ("indsats i en handleplan", "action of a plan"),
        "Effort.no": ("Nummer i rapporten", "Number in the report", "For eksempel 2.1.", "For example 2.1."),
        "Effort.name": ("Kort navn", "Short name"),
        "Effort.committee": ("Udvalg", "Committee"),
        "Effort.owner": ("Ansvarlig", "Responsible", "En forvaltning eller en enhed.", "An administration or a unit."),
        "Effort.applicant": ("Ansøger", "Applicant"),
        "Effort.valid_from": ("Begynder", "Begins"),
        "Effort.valid_to": ("Slutter", "Ends"),
        "Effort.title": ("1. Navn på indsats", "1. Name of the effort", *_WORDS),
        "Effort.economy": ("2. Økonomi", "2. Economy", *_WORDS),
        "Effort.origin": ("3. Afsæt", "3. What it rests on", *_WORDS),
        "Effort.target_group": ("4. Målgruppe", "4. Target group", *_WORDS),
        "Effort.activities": ("5. Aktiviteter", "5. Activities", *_WORDS),
        "Effort.aim": ("6. Mål", "6. Aim", *_WORDS),
        "Effort.contribution": ("7. Bidrag til politikkens mål", "7. Contribution to the goals of the policy", *_WORDS),
        "Effort.follow_up": ("8. Planlagt opfølgning", "8. Planned follow-up", *_WORDS),
        "Effort.statuses": ("9. Status i forhold til målet", "9. Status against the aim", "Den nyeste sidst.", "The newest last."),
        "Effort.goals": ("Politikkens mål, som den bidrager til", "Goals of the policy that it contributes to"),
        "Effort.areas": ("Områder", "Areas"),
        "Effort.points": ("Steder på kortet", "Places on the map", "Når intet område er stedet.", "When no area is the place."),
        "Effort.theme": ("Temaets nummer", "Number of the theme", "Kun i hotspotprogrammet.", "In the hotspot programme only."),
        "Effort.financed": ("Kommunens penge", "The city's money", *_MONEY),
        "Effort.unfinanced": ("Penge, der mangler", "Money that is lacking", *_MONEY),
        "Effort.cofinanced": ("Andres penge", "Money of others", *_MONEY),
        "Effort.figures": ("Tal", "Figures"),
        "Effort.outcome": ("Beslutning, når projektet slutter", "Decision when the project ends"),
        "Effort.cite": ("Kilde", "Source"),
        "Effort.note": ("Bemærkning", "Note"),
        "EconomyRow.no": ("Nummer", "Number"),
        "EconomyRow.name": ("Navn", "Name"),
        "EconomyRow.within": ("Del af linje", "Part of row", "Linjens nummer, for eksempel 2.", "Number of the row, for example 2."),
        "EconomyRow.effort": ("Indsats", "Effort"),
        "EconomyRow.amounts": ("Beløb", "Amounts", *_MONEY),
        "EconomyRow.total": ("I alt, som det er trykt", "Total as printed"),
        "EconomyRow.note": ("Bemærkning", "Note"),
        "EconomyTable.id": ("Kode", "Code"),
        "EconomyTable.name": ("Navn", "Name"),
        "EconomyTable.years": ("År", "Years", "Et år på hver linje.", "One year a line."),
        "EconomyTable.rows": ("Linjer", "Rows"),
        "EconomyTable.grand": ("Nummer på den linje, der er summen af alle", "Number of the row that is the sum of all"),
        "EconomyTable.cite": ("Kilde", "Source"),
        "EconomyTable.note": ("Bemærkning", "Note"),
        "PlanSection.name": ("Afsnit", "Section"),
        "PlanSection.text": ("Tekst", "Text", *_WORDS),
        "PlanSection.cite": ("Kilde", "Source"),
        "ActionPlan.id": ("Kode", "Code"),
        "ActionPlan.committee": ("Udvalg", "Committee"),
        "ActionPlan.version": ("Version", "Version", "For eksempel udkast 2010-05-05.", "For example draft 2010-05-05."),
        "ActionPlan.name": ("Navn", "Name"),
        "ActionPlan.aim": ("Overordnet målsætning", "Overall aim", *_WORDS),
        "ActionPlan.decided": ("Besluttet den", "Decided on"),
        "ActionPlan.decision": ("Beslutning", "Decision", *_WORDS),
        "ActionPlan.sections": ("Afsnit", "Sections"),
        "ActionPlan.efforts": ("Indsatser", "Efforts"),
        "ActionPlan.cite": ("Kilde", "Source"),
        "ActionPlan.note": ("Bemærkning", "Note"),
        "Facility.id": ("Kode", "Code"),
        "Facility.name": ("Navn", "Name"),
        "Facility.kind": ("Slags tilbud", "Kind of offer"),
        "Facility.kind=day_care": ("daginstitution", "day care"),
        "Facility.kind=social": ("socialt tilbud", "social offer"),
        "Facility.kind=leisure": ("fritidstilbud", "leisure"),
        "Facility.kind=other": ("andet", "other"),
        "Facility.point": ("Sted", "Place"),
        "Facility.address": ("Adresse", "Address"),
        "Facility.valid_from": ("Åbner", "Opens"),
        "Facility.valid_to": ("Lukker", "Closes"),
        "Facility.cite": ("Kilde", "Source"),
        "Facility.note": ("Bemærkning", "Note"),
    }
    | {
        f"{place}.{part}": label
        for place in ("Effort.financed", "Effort.unfinanced", "Effort.cofinanced", "EconomyRow.amounts")
        for part, label in (("key", ("År", "Year")), ("value", ("Mio. kr.", "Million kr.")))
    }
    | {
        f"{kind}.committee={letters}": (f"{said.da} ({letters})", f"{said.en} ({letters})")
        for kind in ("Effort", "ActionPlan")
        for letters, said in COMMITTEES.items()
    }
)
