"""What pip itself makes of requirements files: JSON cases on stdin, JSON answers on stdout.

Run as a program by an interpreter that has pip. Each case is a directory with a requirements.txt in it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from pip._internal.commands import create_command
from pip._internal.network.session import PipSession
from pip._internal.req.req_install import check_invalid_constraint_type


def read(directory: str, environment: dict[str, str]) -> dict[str, Any]:
    os.chdir(directory)
    os.environ.update(environment)
    try:
        return _read()
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    finally:
        for name in environment:
            del os.environ[name]


def _read() -> dict[str, Any]:
    command = create_command("install", isolated=True)
    options, arguments = command.parse_args(["-r", "requirements.txt"])
    session = PipSession()
    finder = command._build_package_finder(options, session)
    found = command.get_requirements(arguments, options, finder, session)
    for requirement in found:
        if requirement.constraint and (problem := check_invalid_constraint_type(requirement)):
            raise ValueError(problem)
    releases = finder.release_control
    return {
        "requirements": [
            {
                "name": requirement.name,
                "specifier": str(requirement.req.specifier) if requirement.req else "",
                "extras": sorted(requirement.extras),
                "marker": str(requirement.markers) if requirement.markers else None,
                "url": requirement.link.url if requirement.link else None,
                "editable": requirement.editable,
                "hashes": [f"{name}:{value}" for name, values in requirement.hash_options.items() for value in values],
                "constraint": requirement.constraint,
                "origin": requirement.comes_from,
            }
            for requirement in found
        ],
        "options": {
            "index_urls": finder.search_scope.index_urls,
            "find_links": finder.search_scope.find_links,
            "no_index": finder.search_scope.no_index,
            "only_binary": sorted(finder.format_control.only_binary),
            "no_binary": sorted(finder.format_control.no_binary),
            "pre": ":all:" in releases.all_releases,
            "require_hashes": options.require_hashes,
            "prefer_binary": finder.prefer_binary,
            "release_control": sorted({*releases.all_releases - {":all:"}, *releases.only_final}),
        },
    }


if __name__ == "__main__":
    answers = [read(case["directory"], case["environment"]) for case in json.load(sys.stdin)]
    json.dump(answers, sys.stdout)
