"""Who asks: what is kept of an index counts for the login that it was got with, and for no other.

Of a login only a keyed digest is ever kept, which tells nothing to whoever has not the key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nogilcheck.index.http.credentials import Credentials

NOBODY = "-"
"""In the place of a digest: what came on the way of several logins is not used again."""


class Logins:
    """Keyed digests of the logins that are sent to URLs; empty where none is. For any number of threads."""

    def __init__(self, credentials: Credentials, keyed: Callable[[str], str]) -> None:
        """``keyed``: `nogilcheck.model.cache.Cache.keyed`."""
        self._credentials = credentials
        self._keyed = keyed

    def first(self, url: str) -> str:
        """The login that the host of this URL gets before it has refused any; may ask the keyring and block."""
        return self._digest(self._credentials.first(self._credentials.learn(url))[0])

    def current(self, url: str) -> str:
        """The login that it gets now."""
        return self._digest(self._credentials.authorization(self._credentials.learn(url)))

    def found(self, url: str, sent: Sequence[str | None], *, first: str) -> str:
        """What `is_current` has to be asked about an answer; empty where ``first`` (see `first`) says all.

        ``sent``: the ``Authorization`` of the request and of those that it was redirected to.
        """
        if not set(sent[1:]) <= {sent[0], None}:
            return NOBODY
        login = self._digest(sent[0])
        from_keyring = bool(login) and self._credentials.first(url)[1]
        return (login or NOBODY) if login != first or from_keyring else ""

    def is_current(self, url: str, found: str) -> bool:
        """Whether the host would get the same login again; may ask the keyring and block."""
        if not found or self.first(url) == found:
            return True
        if found == NOBODY:
            return False
        self._credentials.after_refusal(url, None)
        return self.current(url) == found

    def _digest(self, authorization: str | None) -> str:
        return "" if authorization is None else self._keyed(authorization)
