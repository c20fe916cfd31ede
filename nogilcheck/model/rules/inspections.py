"""The rules of ``nogilcheck inspect``, of every severity: ``NGC3xx``."""

from __future__ import annotations

from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.verdict import Severity

INSPECTIONS = (
    Rule(
        "NGC301", "undeclared", Severity.BLOCKER,
        meaning="A module in a free-threaded wheel does not declare that it runs without the GIL.",
        detail="Importing the module turns the GIL on for the whole process: it has neither a `Py_mod_gil` slot with "
        "`Py_MOD_GIL_NOT_USED` nor a call of `PyUnstable_Module_SetGIL` in its init function (PEP 703).",
        example="A Cython module built without `freethreading_compatible`.",
        remedy="Declare it once the module is safe without the GIL, or do not publish a free-threaded wheel.",
    ),
    Rule(
        "NGC302", "none-tag", Severity.BLOCKER,
        meaning="A wheel with the ABI tag none holds extension modules.",
        detail="The ABI tag `none` says that the wheel does not depend on the ABI of Python, but it holds extension "
        "modules, which do. Interpreters that cannot load them will install it.",
        example="`demo-1.0-cp313-none-win_amd64.whl` with `demo/_speed.cp313-win_amd64.pyd` in it.",
        remedy="Tag it for the ABI that it was built for, such as `cp313-cp313` or `cp314-cp314t`.",
    ),
    Rule(
        "NGC303", "abi3t-contents", Severity.BLOCKER,
        meaning="A wheel with the ABI tag abi3t holds a module that is not for that ABI.",
        detail="A wheel with the ABI tag `abi3t` promises modules for the stable ABI of free-threaded builds (PEP "
        "803), and one of them is not: its hook, its ABI information, or what it imports of the C API says otherwise.",
        example="A module that calls `PyModule_Create2`, which the stable ABI of free-threaded builds does not have.",
        remedy="Build it with `Py_TARGET_ABI3T`, or tag the wheel for the one Python that it was built for.",
    ),
    Rule(
        "NGC304", "unloadable-suffix", Severity.BLOCKER,
        meaning="A file has a suffix that no interpreter of the wheel's tags loads.",
        detail="Python finds extension modules by their suffix, and no interpreter of the tags looks for this one.",
        example="`_speed.cpython-314-x86_64-linux-gnu.so` in a `cp314-cp314t` wheel, which needs `cpython-314t`.",
        remedy="Build the module with the interpreter that the wheel is tagged for.",
    ),
    Rule(
        "NGC305", "tags-differ", Severity.BLOCKER,
        meaning="The file name of a wheel and its WHEEL file have different tags.",
        detail="The tags in the file name and in `WHEEL` differ. Installers use the name, other tools the file "
        "(binary distribution format).",
        example="A wheel that was renamed by hand instead of with `wheel tags`.",
        remedy="Change tags with `wheel tags` or the build backend.",
    ),
    Rule(
        "NGC306", "impossible-tag", Severity.BLOCKER,
        meaning="A wheel has tags that no interpreter accepts.",
        detail="No interpreter accepts the tag, so the wheel is never installed.",
        example="`cp315t-abi3t`: the `t` belongs to the ABI, `cp315-abi3t` is meant.",
        remedy="Correct the tag with `wheel tags` before you publish it.",
    ),
    Rule(
        "NGC307", "classifier", Severity.WARNING,
        meaning="The classifiers do not match what the wheel contains.",
        detail="A `Free Threading ::` classifier says how well free-threading is supported, and the contents of the "
        "wheel say otherwise. The classifier is a claim, and never decides a verdict.",
        example="`Free Threading :: 3 - Stable` on a project whose module declares that it needs the GIL.",
        remedy="Make the classifier and the modules agree.",
    ),
    Rule(
        "NGC308", "undeclared-in-tests", Severity.WARNING,
        meaning="A module that only tests import does not declare that it runs without the GIL.",
        detail="Users of the package are not affected, but a run of its tests turns the GIL on.",
        example="`demo/tests/_testing.cpython-314t-x86_64-linux-gnu.so`.",
        remedy="Declare it as well, or leave it out of the wheel.",
    ),
    Rule(
        "NGC309", "declaration-unknown", Severity.GAP,
        meaning="What a module declares about the GIL is unknown.",
        detail="The declaration does not follow from the bytes of the module. nogilcheck never assumes that it runs "
        "without the GIL.",
        example="A module that decides by an environment variable when it is imported.",
        remedy="Install the extra `scan` if the message says so; otherwise import it in a free-threaded interpreter.",
    ),
)  # fmt: skip
