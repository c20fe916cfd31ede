"""What a client hands on of an answer, and what is the same in each request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nogilcheck import __version__
from nogilcheck.index.http.content_codings import ACCEPTED

AUTHORIZATION = "Authorization"

USUAL_HEADERS = {"User-Agent": f"nogilcheck/{__version__}", "Accept-Encoding": ACCEPTED}
"""Of each request, unless it says otherwise."""


@dataclass(slots=True, kw_only=True)
class RawAnswer:
    """An answer whose body is still to be read."""

    status: int
    headers: Mapping[str, str]
    """Case-insensitive."""
    pieces: Iterable[bytes]
    """The body as it comes, perhaps compressed. Reading it raises what the client raises."""
    url: str
    """That was asked for; no userinfo."""
    location: str | None
    """The URL that it redirects to; ``None``: it is no redirect."""
    authorization: str | None
    """The value of the header that was sent."""
    before: tuple[str | None, ...] = ()
    """The same for the requests that were redirected here."""
