"""``nogilcheck cache dir|info|clear``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from nogilcheck.cli import examples
from nogilcheck.cli.errors import ending_well
from nogilcheck.errors import CacheError

cache_app = typer.Typer(help="Look at the cache, or empty it.", no_args_is_help=True, rich_markup_mode=None)

CacheDir = Annotated[Path | None, typer.Option("--cache-dir", metavar="DIR", help="Where the cache is.")]


def _directory(option: Path | None) -> Path:
    from nogilcheck.store.location import locate

    location = locate(str(option) if option else None, os.environ)
    if location is None:
        raise CacheError("there is no home directory to keep a cache in", hint="name one with --cache-dir")
    return location.directory


@cache_app.command("dir", epilog=examples.CACHE_DIR)
def show_directory(cache_dir: CacheDir = None) -> None:
    """Print the cache directory."""
    with ending_well():
        typer.echo(_directory(cache_dir))


@cache_app.command("info", epilog=examples.CACHE_INFO)
def show_info(cache_dir: CacheDir = None) -> None:
    """Print what the cache holds."""
    from datetime import UTC, datetime

    from nogilcheck.store.maintenance import info

    with ending_well():
        found = info(_directory(cache_dir))
        typer.echo(f"file       {found.path}")
        typer.echo(f"size       {_human(found.bytes)}")
        if found.problem:
            raise CacheError(f"it cannot be read: {found.problem}", hint="empty it with: nogilcheck cache clear")
        typer.echo(f"pages      {found.pages}")
        typer.echo(f"metadata   {found.metadata}")
        typer.echo(f"scans      {found.scans}")
        typer.echo(f"solutions  {found.solutions}")
        for word, moment in (("oldest", found.oldest), ("newest", found.newest)):
            if moment is not None:
                typer.echo(f"{word}     {datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S} UTC")


@cache_app.command("clear", epilog=examples.CACHE_CLEAR)
def clear_cache(cache_dir: CacheDir = None) -> None:
    """Remove the cache's files."""
    from nogilcheck.store.maintenance import clear

    with ending_well():
        directory = _directory(cache_dir)
        typer.echo(f"{_human(clear(directory))} freed in {directory}")


def _human(size: float) -> str:
    """Bytes with a binary prefix."""
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"
