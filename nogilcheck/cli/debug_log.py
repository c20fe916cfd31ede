"""``-vv``: a log on standard error of what was fetched, from where, with whose credentials, and why not."""

from __future__ import annotations

import logging
import sys

from nogilcheck.model.urls import redact
from nogilcheck.report.words import safe


class _RedactingFormatter(logging.Formatter):
    """One line for each record, without credentials and whatever a terminal would act upon."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(map(safe, redact(super().format(record)).split("\n")))


def start_debug_log() -> None:
    """Write what the modules of this package log, and nobody else: HTTP clients log the headers that they send."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_RedactingFormatter("nogilcheck: debug: %(message)s"))
    logger = logging.getLogger("nogilcheck")
    logger.setLevel(logging.DEBUG)
    logger.handlers = [handler]
    logger.propagate = False
