"""The options of a check that other commands take as well, declared once: in `nogilcheck.cli.commands.check`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from nogilcheck.cli.commands.check import check

SHARED = (
    "inputs", "requirement", "constraint", "extra", "group", "all_extras", "all_groups", "input_format", "env",
    "python", "platform", "allow_target",
    "output", "verbose", "quiet", "colour",
    "index_url", "extra_index_url", "index_strategy", "find_links", "no_index", "pre", "only_binary", "no_binary",
    "exclude_newer", "offline", "refresh", "max_age", "no_cache", "cache_dir",
    "config", "no_config",
)  # fmt: skip
"""Parameters of `check`: what is checked, on what, from where, and how the answer is drawn."""

ALONE = ("output_format", "annotations", "fail_on", "ignore", "baseline", "write_baseline", "scan", "scan_limit")
"""Those that a command has to declare for itself."""


def with_options_of_check(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the parameters in `SHARED` that it does not declare itself, after its own.

    The command receives them as keyword arguments (``**shared``), named as in `nogilcheck.cli.check_job.Flags`.
    """
    own = inspect.signature(command, eval_str=True)
    named = [one for one in own.parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    of_check = inspect.signature(check, eval_str=True).parameters
    shared = [of_check[name] for name in SHARED if name not in own.parameters]

    @wraps(command)
    def called(*arguments: Any, **flags: Any) -> None:
        command(*arguments, **flags)

    called.__signature__ = own.replace(parameters=[*named, *shared])  # type: ignore[attr-defined]  # PEP 362
    return called
