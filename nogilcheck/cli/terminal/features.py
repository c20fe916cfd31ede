"""What the terminal can show, and where a CI service keeps the repository."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Where GitHub Actions and GitLab CI put the repository."""

_TERMINALS = frozenset({"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio", "WarpTerminal"})
"""Values of ``TERM_PROGRAM`` of terminals that know OSC 8."""
_TERMS = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "contour", "wezterm")
_VARIABLES = ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM", "KITTY_WINDOW_ID", "TILIX_ID", "WEZTERM_PANE")
_VTE_WITH_LINKS = 5000
"""``VTE_VERSION`` of the first release (0.50) with OSC 8, on which GNOME Terminal and others are built."""


def terminal_width() -> int:
    """The width of the terminal in columns."""
    return shutil.get_terminal_size().columns


def wants_colour(*, on_terminal: bool) -> bool:
    """Whether to use colour: on a terminal that has it, unless ``NO_COLOR`` is set (https://no-color.org)."""
    return on_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def hyperlinks(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is known to support links (OSC 8); ``FORCE_HYPERLINK`` overrides, as in other programs.

    Some terminals without support print garbage: when in doubt, no links.
    """
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    if forced := environ.get("FORCE_HYPERLINK"):
        return forced != "0"
    if "CI" in environ or environ.get("TERM", "").startswith(("screen", "tmux")):
        return False
    vte = environ.get("VTE_VERSION", "")
    return (
        environ.get("TERM_PROGRAM") in _TERMINALS
        or environ.get("TERM", "").startswith(_TERMS)
        or any(environ.get(name) for name in _VARIABLES)
        or (vte.isascii() and vte.isdigit() and int(vte) >= _VTE_WITH_LINKS)
    )


def repository_prefix(environ: Mapping[str, str]) -> str:
    """The working directory relative to the root of the repository, on CI services that tell the root; else empty."""
    for name in _ROOTS:
        if root := environ.get(name):
            try:
                prefix = os.path.relpath(os.path.realpath(os.curdir), os.path.realpath(root))
            except (OSError, ValueError):  # the directory is gone; another drive
                return ""
            outside = prefix == os.pardir or prefix.startswith(os.pardir + os.sep)
            return "" if outside or prefix == os.curdir else prefix.replace(os.sep, "/")
    return ""
