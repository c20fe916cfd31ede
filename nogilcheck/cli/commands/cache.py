"""``nogilcheck cache dir|info|clear``."""

from __future__ import annotations

import os
from pathlib import Path

import typer

from nogilcheck.cli import examples
from nogilcheck.cli.errors import exiting_on_errors
from nogilcheck.cli.grouped_command import GroupedCommand
from nogilcheck.cli.typer_options import with_options
from nogilcheck.errors import CacheError

cache_app = typer.Typer(help="Show or clear the cache.", rich_markup_mode=None)


def _directory(option: str | None) -> Path:
    from nogilcheck.store.location import locate

    location = locate(str(Path(option)) if option is not None else None, os.environ)
    if location is None:
        raise CacheError("no home directory found for the cache", hint="name one with --cache-dir")
    place = location.directory.absolute()
    if not next(near for near in (place, *place.parents) if near.exists()).is_dir():
        raise CacheError("not a directory", where=str(location.directory), hint="name another with --cache-dir")
    return location.directory


@cache_app.command("dir", cls=GroupedCommand, epilog=examples.CACHE_DIR)
@with_options()
def show_directory(cache_dir: str | None = None) -> None:
    """Print the directory of the cache."""
    with exiting_on_errors():
        typer.echo(_directory(cache_dir))


@cache_app.command("info", cls=GroupedCommand, epilog=examples.CACHE_INFO)
@with_options()
def show_info(cache_dir: str | None = None) -> None:
    """Print what the cache holds and how large it is."""
    from datetime import UTC, datetime

    from nogilcheck.store.maintenance import info

    with exiting_on_errors():
        usage = info(_directory(cache_dir))
        typer.echo(f"file       {usage.path}")
        typer.echo(f"size       {_human(usage.bytes)}")
        if usage.problem:
            raise CacheError(f"it cannot be read: {usage.problem}", hint="empty it with: nogilcheck cache clear")
        for name, count in usage.records.items():
            typer.echo(f"{name:9}  {count}")
        for word, moment in (("oldest", usage.oldest), ("newest", usage.newest)):
            if moment is not None:
                typer.echo(f"{word}     {datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S} UTC")


@cache_app.command("clear", cls=GroupedCommand, epilog=examples.CACHE_CLEAR)
@with_options()
def clear_cache(cache_dir: str | None = None) -> None:
    """Delete the cache."""
    from nogilcheck.store.maintenance import clear

    with exiting_on_errors():
        directory = _directory(cache_dir)
        typer.echo(f"{_human(clear(directory))} freed in {directory}")


def _human(size: float) -> str:
    """Bytes with a binary prefix."""
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} GiB"
