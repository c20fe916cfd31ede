"""What was asked of a check: its options, for the key of an answer and for the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nogilcheck.model.options import Options

_NOT_ASKED = ("offline", "refresh", "no_cache", "cache_dir", "max_age", "time_limit")
"""Options that say how to find an answer, not what is asked."""


def asked(options: Options) -> dict[str, object]:
    """The options that shape the answer, by name."""
    from dataclasses import asdict  # which a replay of what was printed does without

    return {name: value for name, value in asdict(options).items() if name not in _NOT_ASKED}


def for_the_record(options: Options) -> dict[str, object]:
    """What was asked, as JSON values without credentials."""
    from dataclasses import asdict

    from nogilcheck.model.urls import redact, without_credentials

    record = asked(options)
    record["inputs"] = tuple(map(redact, options.inputs))
    record["constraints"] = tuple(map(redact, options.constraints))
    settings = options.settings
    record["settings"] = {
        "index_url": settings.index_url and without_credentials(settings.index_url),
        "extra_index_urls": [without_credentials(url) for url in settings.extra_index_urls],
        "indexes": [{**asdict(index), "url": without_credentials(index.url)} for index in settings.indexes],
        "pins": [asdict(pin) for pin in settings.pins],
        "strategy": settings.strategy,
        "find_links": [without_credentials(place) for place in settings.find_links],
        "no_index": settings.no_index,
        "pre": settings.pre,
        "only_binary": sorted(settings.only_binary),
        "no_binary": sorted(settings.no_binary),
        "require_hashes": settings.require_hashes,
    }
    return {name: list(value) if isinstance(value, tuple) else value for name, value in record.items()}
