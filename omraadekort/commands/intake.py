"""The commands `omraadekort import ...`: other people's files into the workspace, checked first."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from omraadekort.commands.arguments import Files, Retrieved, Where, at

app = typer.Typer(no_args_is_help=True, help="Take other people's files into the workspace, checked first.")


@app.command("boundaries")
def import_boundaries(
    ctx: typer.Context,
    files: Files,
    workspace: Where = None,
    area_set: Annotated[str | None, typer.Option(help="Take the files as this area set only, for example bydel.")] = None,
    retrieved: Retrieved = None,
) -> None:
    """Take layers of areas into the workspace: GeoJSON or GeoPackage with a CRS, whose columns a profile in sets.toml knows.

    All files or none: if one has a fault, the workspace stays as it was.

    [bold]Example:[/bold] omraadekort import boundaries bydele.geojson kvarterer.geojson
    """
    place = at(ctx, workspace)
    from geo.inputs import intake as foreign

    for taken in foreign.boundaries(place, files, area_set=area_set, retrieved=retrieved.date() if retrieved else None):
        typer.echo(str(taken))


@app.command("observations")
def import_observations(ctx: typer.Context, files: Files, workspace: Where = None, retrieved: Retrieved = None) -> None:
    """Take tables of figures into the workspace: CSV in UTF-8 with comma and decimal point.

    The header is docs/real-data.md's; each figure names its source, which data/sources.toml knows. All files or none.

    [bold]Example:[/bold] omraadekort import observations tryghed_2026.csv
    """
    place = at(ctx, workspace)
    from geo.inputs import intake as foreign

    for taken in foreign.observations(place, files, retrieved=retrieved.date() if retrieved else None):
        typer.echo(str(taken))


@app.command("addresses")
def import_addresses(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="One CSV file.", exists=True, dir_okay=False, readable=True, metavar="FILE")],
    workspace: Where = None,
    retrieved: Retrieved = None,
) -> None:
    """Take a list of addresses into the workspace, so that the pages can say which areas an address lies in.

    Columns as the national address register writes them: vejnavn, husnr, postnr, and etrs89koordinat_øst and _nord, or
    wgs84koordinat_længde and _bredde. Only street, house number, postcode and point are kept.

    [bold]Example:[/bold] omraadekort import addresses adgangsadresser.csv
    """
    place = at(ctx, workspace)
    from geo.inputs import addresses

    typer.echo(str(addresses.take(place, file, retrieved=retrieved.date() if retrieved else None)))
