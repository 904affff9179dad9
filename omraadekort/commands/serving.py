"""`omraadekort serve`: what is checked before anything listens, the processes that are started, and when it may be said that it runs."""

from __future__ import annotations

import os
import secrets
import socket
from typing import Annotated

import typer

from geo.errors import EditionError, Problem
from omraadekort.commands import publishing, reviewing
from omraadekort.commands.arguments import ENVIRONMENT, Where, at, settings


def serve(
    ctx: typer.Context,
    workspace: Where = None,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 lets other machines in.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 2,
) -> None:
    """Serve the current edition with granian; a new edition is shown without a restart. Stop with Ctrl-C.

    It says where it is when each of its processes has answered; one that does not, or ends, is replaced, and that is said.

    [bold]Example:[/bold] omraadekort serve --port 8080
    """
    place = at(ctx, workspace)
    publishing.to_serve(place)
    _free(host, port)
    os.environ[ENVIRONMENT] = str(place.folder.resolve())
    chosen = settings(place)  # told here, before the workers would each stop on it
    reviewing.open_room(chosen.reviews_address)
    from omraadekort.processes import answering, drafter, keeper, postman
    from omraadekort.processes import workers as processes

    token = secrets.token_urlsafe()
    server = processes.server(host, port, workers, _say)
    watch = answering.Watch(
        ask=answering.Inquiry(host, port, token).ask,
        pids=server.pids,
        ready=lambda: typer.echo(f"Områdekort is at http://{host}:{port} (stop with Ctrl-C)."),
        say=_say,
        answered=server.answered,
    )
    with keeper.kept(), drafter.working(), postman.posting(chosen), answering.watched(watch):
        processes.run(server, token)


def _say(line: str) -> None:
    """Tell whoever operates the server, on stderr."""
    typer.echo(line, err=True)


def _free(host: str, port: int) -> None:
    """Raise EditionError when the address cannot be listened on: granian's own workers would die without a word a person can use."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise EditionError(
            Problem(f"{host}:{port}", f"cannot listen there ({error.strerror})", expected="a free port: --port 8080")
        ) from None
