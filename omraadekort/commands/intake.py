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
Parts = Annotated[
    list[Path], typer.Argument(help="One register: a file, its files, or a folder.", exists=True, readable=True, metavar="FILE ...")
]

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
    confirm: Confirm = False,
    crs: Annotated[str, typer.Option(help="The coordinate reference system of a table with WKT, for example EPSG:25832.")] = "",
) -> None:
    """Take layers of areas into the workspace: files with a CRS whose columns a profile in sets.toml knows.

    GeoJSON, GeoPackage, Shapefile, FlatGeobuf, GeoParquet, GML, KML, MapInfo, TopoJSON, a folder .gdb, a zip with one of them, or a
    table (CSV, XLSX) with a column of WKT. All files or none: if one has a fault, the workspace stays as it was. Codes that are new or
    gone, and figures that lose their area, are said.

    [bold]Example:[/bold] omraadekort import boundaries bydele.geojson kvarterer.geojson
    """
    place = at(ctx, workspace)
    from geo.inputs import intake as foreign
    from geo.inputs.layers.profiles import LayerChoices

    choices = LayerChoices(layer, leave_out_empty, valid_from.date() if valid_from else None, confirm, crs)
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


@app.command("register")
def import_register(  # noqa: PLR0913, PLR0917 - the options of a command
    ctx: typer.Context,
    files: Parts,
    workspace: Where = None,
    name: Annotated[str, typer.Option(help="Its name in the workspace (default: that of the file).")] = "",
    look: Annotated[bool, typer.Option("--look", help="Only show the proposed sidecar; nothing is taken.")] = False,
    crs: Annotated[str | None, typer.Option(help="The coordinate reference system of x and y, for example EPSG:25832.")] = None,
    person: Annotated[str | None, typer.Option(help="The column that names the person of a row.")] = None,
    events: Annotated[bool, typer.Option("--events", help="A row is an event; no column names a person.")] = False,
    period: Annotated[str | None, typer.Option(help="The column of periods.")] = None,
    every: Annotated[str | None, typer.Option(help="What days are gathered to: month, quarter, half, year; or none.")] = None,
    x: Annotated[str | None, typer.Option(help="The column of easting or longitude.")] = None,
    y: Annotated[str | None, typer.Option(help="The column of northing or latitude.")] = None,
    address: Annotated[str | None, typer.Option(help="The column with the key of the list of addresses.")] = None,
    addresses: Annotated[
        Path | None, typer.Option(help="The list of addresses, with that key, x and y.", exists=True, dir_okay=False)
    ] = None,
    code: Annotated[list[str] | None, typer.Option(help="A column whose words are declared; again for each (default: found out).")] = None,
    rare_words: Annotated[str, typer.Option(help="Words that few people have: declare, or leave (counted as unknown).")] = "",
    title: Annotated[str, typer.Option(help="What it is called on the data page.")] = "",
    producer: Annotated[str, typer.Option(help="Who made it.")] = "",
    licence: Annotated[str, typer.Option(help="Its licence, if it has one.")] = "",
    retrieved: Retrieved = None,
    add_to: Annotated[str, typer.Option(help="Add the file to this register, which is read as its sidecar says: a new half-year.")] = "",
) -> None:
    """Take a register of people or events into the workspace: Parquet, GeoParquet, CSV, or a folder of them; a row a person or event.

    Its sidecar is proposed from its columns; what cannot be seen is asked about, and answered by an option or by a sidecar beside the file.
    No value of a row is printed: only columns, counts, and words that at least 50 people share. Rows that no figure would count are said.

    [bold]Example:[/bold] omraadekort import register borgere.parquet --crs EPSG:25832 --producer "Københavns Kommune"
    """
    place = at(ctx, workspace)
    from geo.incoming import adding, taking
    from geo.incoming.describing import RegisterAnswers

    if add_to:
        for path in files:
            terminal.say(str(adding.add(place, add_to, path, retrieved=retrieved.date() if retrieved else None)))
        return
    gathered = "" if every == "none" else every
    answers = RegisterAnswers(
        "" if events else person, period, x, y, crs, address, gathered, tuple(code) if code else None, taking.rare(rare_words)
    )
    origin = taking.RegisterOrigin(name, title, producer, licence, retrieved=retrieved.date() if retrieved else None)
    proposed = taking.look(place, files, answers, origin, addresses=addresses)
    if look or proposed.open:
        for line in proposed.lines():
            terminal.say(line)
    if not look:
        terminal.say(str(taking.take_proposed(place, files, proposed, addresses=addresses)))


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


def _entries(kind: str, what: str, example: str) -> None:
    """Add the command that takes a table of one kind of catalogue entry."""

    def command(  # noqa: PLR0913, PLR0917 - the options of a command
        ctx: typer.Context,
        file: Annotated[Path, typer.Argument(help="One table.", exists=True, dir_okay=False, readable=True, metavar="FILE")],
        workspace: Where = None,
        fixed: Annotated[
            list[str] | None, typer.Option(metavar="FIELD=TEXT", help="A field that is the same in every row and stands in no column.")
        ] = None,
        replace: Annotated[bool, typer.Option("--replace", help="Replace entries that are there with other content.")] = False,
        sheet: Sheet = "",
    ) -> None:
        place = at(ctx, workspace)
        from geo.inputs.entries import taking

        pairs = taking.fixed_fields(fixed or ())
        terminal.say(str(taking.take(place, kind, file, fixed=pairs, sheet=sheet, replacing=replace)))

    command.__doc__ = f"""Take a table of {what} into the catalogue, data/{kind}.toml.

    Areas and sources by code or name; what does not match comes with what is alike. Comments and order of the file are kept, the whole
    catalogue is checked first, and an entry that is there with other content is replaced only with --replace.

    [bold]Example:[/bold] omraadekort import {kind} {example}
    """
    app.command(kind)(command)


_entries("plans", "plans, one a row", "helhedsplaner.xlsx --fixed area_set=udsat_boligomraade")
_entries("lists", "lists of areas, one member a row", "liste_2027.csv --fixed family=parallelsamfund")
_entries("hotspots", "hotspots, one a row", "hotspots.csv --fixed source=kk-002")
