"""The commands `omraadekort import ...`: other people's files into the workspace, checked first."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from omraadekort.commands import terminal
from omraadekort.commands.arguments import Files, Layers, Retrieved, Where, at

Profile = Annotated[str, typer.Option(help="Read the tables by this profile of data/tables.toml (default: the one that fits).")]
Decimal = Annotated[str, typer.Option(help="What stands before decimals in the tables, a comma or a point (default: found out).")]
Confirm = Annotated[bool, typer.Option("--confirm", help="Take what was asked about: it is right.")]
Sheet = Annotated[str, typer.Option(help="The sheet of a workbook (default: the only one with cells).")]

app = typer.Typer(no_args_is_help=True, help="Take other people's files into the workspace, checked first.")


@app.command("boundaries")
def import_boundaries(  # noqa: PLR0913, PLR0917 - the options of a command
    ctx: typer.Context,
    files: Layers,
    workspace: Where = None,
    area_set: Annotated[str | None, typer.Option(help="Take the files as this area set only, for example bydel.")] = None,
    retrieved: Retrieved = None,
    layer: Annotated[str, typer.Option(help="The layer to take, of a file that has several.")] = "",
    leave_out_empty: Annotated[bool, typer.Option("--leave-out-empty", help="Leave out features without a geometry.")] = False,
    valid_from: Annotated[
        dt.datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The day from which the areas are valid (default: that of the profile)."),
    ] = None,
) -> None:
    """Take layers of areas into the workspace: files with a CRS whose columns a profile in sets.toml knows.

    GeoJSON, GeoPackage, Shapefile, FlatGeobuf, GeoParquet, GML, KML, MapInfo, TopoJSON, a folder .gdb, or a zip with one of them. All files
    or none: if one has a fault, the workspace stays as it was. Codes that are new or gone, and figures that lose their area, are said.

    [bold]Example:[/bold] omraadekort import boundaries bydele.geojson kvarterer.geojson
    """
    place = at(ctx, workspace)
    from geo.inputs import intake as foreign
    from geo.inputs.layers.profiles import LayerChoices

    choices = LayerChoices(layer, leave_out_empty, valid_from.date() if valid_from else None)
    day = retrieved.date() if retrieved else None
    for taken in foreign.boundaries(place, files, area_set=area_set, retrieved=day, choices=choices):
        terminal.say(str(taken))


@app.command("observations")
def import_observations(  # noqa: PLR0913, PLR0917 - the options of a command
    ctx: typer.Context,
    files: Files,
    workspace: Where = None,
    retrieved: Retrieved = None,
    profile: Profile = "",
    decimal: Decimal = "",
    sheet: Sheet = "",
    confirm: Confirm = False,
) -> None:
    """Take tables of figures into the workspace: CSV, XLSX, ODS, Parquet or JSON-stat.

    A table has the columns of docs/real-data.md, or a profile in data/tables.toml says which column is what; import table proposes one. All
    files or none. What is new, changed and superseded is said.

    [bold]Example:[/bold] omraadekort import observations tryghed_2026.csv
    """
    place = at(ctx, workspace)
    from geo.inputs import intake as foreign
    from geo.inputs.tables.taking import TableChoices

    choices = TableChoices(profile, decimal, sheet, confirm)
    for taken in foreign.observations(place, files, retrieved=retrieved.date() if retrieved else None, choices=choices):
        terminal.say(str(taken))


@app.command("table")
def import_table(  # noqa: PLR0913, PLR0917 - the options of a command
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="One table.", exists=True, dir_okay=False, readable=True, metavar="FILE")],
    workspace: Where = None,
    indicator: Annotated[str, typer.Option(help="The id of the indicator that its figures are of, where no column says.")] = "",
    source: Annotated[str, typer.Option(help="The id of their source.")] = "",
    area_set: Annotated[str, typer.Option(help="The area set of its areas, for example bydel (default: found out).")] = "",
    sheet: Sheet = "",
    remember: Annotated[bool, typer.Option("--remember", help="Keep the proposed profile in data/tables.toml.")] = False,
) -> None:
    """Look at a table and propose a profile for it: which column is what, what its marks mean, and what a person must say.

    Nothing is imported. With --remember the profile is kept, and import observations reads this table and later ones by it. What is open
    is a question mark, to be answered in data/tables.toml.

    [bold]Example:[/bold] omraadekort import table folketal.xlsx --indicator beboere --source statistikbanken
    """
    place = at(ctx, workspace)
    from geo.inputs.tables import proposing, tableprofiles

    proposal = proposing.look(place, file, proposing.Given(indicator, source, area_set), sheet=sheet)
    for line in (*proposal.table.notes, *proposal.reasons):
        terminal.say(f"# {line}")
    terminal.say(tableprofiles.encode(proposal.profile))
    if remember:
        tableprofiles.remember(place, proposal.profile)
        typer.echo(f"# kept in {tableprofiles.FILE}; import observations --profile {proposal.profile.id} reads the table by it")


@app.command("addresses")
def import_addresses(  # noqa: PLR0913, PLR0917 - the options of a command
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="One table.", exists=True, dir_okay=False, readable=True, metavar="FILE")],
    workspace: Where = None,
    retrieved: Retrieved = None,
    decimal: Decimal = "",
    sheet: Sheet = "",
    confirm: Confirm = False,
) -> None:
    """Take a list of addresses into the workspace, so that the pages can say which areas an address lies in.

    Columns as the national address register writes them: vejnavn, husnr, postnr, and etrs89koordinat_øst and _nord, or
    wgs84koordinat_længde and _bredde; or today's adgangsadressebetegnelse, husnummertekst and position. CSV, XLSX, ODS or Parquet.
    Only street, house number, postcode and point are kept.

    [bold]Example:[/bold] omraadekort import addresses adgangsadresser.csv
    """
    place = at(ctx, workspace)
    from geo.inputs import addresses
    from geo.inputs.tables.taking import TableChoices

    choices = TableChoices(decimal=decimal, sheet=sheet, confirm=confirm)
    terminal.say(str(addresses.take(place, file, retrieved=retrieved.date() if retrieved else None, choices=choices)))
