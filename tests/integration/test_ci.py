"""pre-commit, the GitHub action and the recipes of the documentation, run for real."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.settings_schema import PATH as SETTINGS_SCHEMA
from tests.support.settings_schema import documented_settings
from tests.support.workshop import Workshop, make_environment, only_locked, run
from tests.world import parse, write_links_dir

pytestmark = pytest.mark.tools

ROOT = Path(__file__).parents[2]
PARTS = (
    "nogilcheck",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    ".pre-commit-hooks.yaml",
    "action.yml",
    "docs/man",
    "tests/locks/run.txt",
)

APP = """
[projects.app]
"1.0" = { requires = ["speed>=1"] }
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp315-cp315-manylinux_2_28_x86_64"] }
"""
REQUIREMENTS = "--no-index\n--find-links links\napp\n"

LOCK = """\
lock-version = "1.0"
created-by = "hand"

[[packages]]
name = "speed"
version = "1.0"

[[packages.wheels]]
url = "https://host.invalid/speed-1.0-{tag}-manylinux_2_28_x86_64.whl"
hashes = {{ sha256 = "0000000000000000000000000000000000000000000000000000000000000000" }}
"""

_IDENTITY = {
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@host.invalid", "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@host.invalid", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
}  # fmt: skip
_OF_SERVICES = ("GITHUB_", "GITLAB_", "CI_")


def environment(**more: str) -> dict[str, str]:
    """The machine's own, without the traces of a CI service that runs these tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OF_SERVICES) and name != "CI"}
    return {**kept, **_IDENTITY, **more}


def git(directory: Path, *arguments: str) -> str:
    return run("git", *arguments, cwd=directory, env=environment()).stdout.strip()


def repository(directory: Path) -> str:
    """Everything in a directory as one commit; its name."""
    git(directory, "init", "--quiet")
    git(directory, "add", "--all")
    git(directory, "commit", "--quiet", "--message", "all of it")
    return git(directory, "rev-parse", "HEAD")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    shop = Workshop(tmp_path_factory.mktemp("tools"))
    yield shop
    shop.close()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a repository of its own."""
    directory = tmp_path_factory.mktemp("source")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, directory / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, directory / name)
    repository(directory)
    return directory


@pytest.fixture(scope="module")
def hooks_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environments of hooks."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Variables with which pip takes what is locked, in place of an index."""
    return only_locked(sys.executable, tmp_path_factory.mktemp("locked"), "run")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a blocker."""
    directory = tmp_path / "project"
    write_links_dir(parse(APP), directory / "links")
    (directory / "requirements.txt").write_text(REQUIREMENTS, encoding="utf-8")
    return directory


class TestPreCommit:
    @pytest.fixture
    def env(self, hooks_home: Path, locked: dict[str, str]) -> dict[str, str]:
        cache = str(hooks_home / "cache")
        return environment(
            PRE_COMMIT_HOME=str(hooks_home), PRE_COMMIT_COLOR="never", NOGILCHECK_CACHE_DIR=cache, **locked
        )

    def run_hook(self, shop: Workshop, env: dict[str, str], source: Path, project: Path, hook: str) -> tuple[int, str]:
        """What the hook says of everything in the project."""
        revision = git(source, "rev-parse", "HEAD")
        config = {"repos": [{"repo": str(source), "rev": revision, "hooks": [{"id": hook, "args": ["-p", "3.14t"]}]}]}
        (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
        repository(project)
        program = shop.scripts("pre-commit") / "pre-commit"
        done = run(program, "run", "--all-files", check=False, cwd=project, env=env)
        return done.returncode, done.stdout + done.stderr

    def test_a_blocker_stops_the_commit(self, shop: Workshop, env: dict[str, str], source: Path, project: Path) -> None:
        status, said = self.run_hook(shop, env, source, project, "nogilcheck")
        assert status == 1, said
        assert "Failed" in said
        assert "requirements.txt:3 app → speed >=1" in " ".join(said.split())

    @pytest.mark.parametrize(("tag", "verdict"), [("cp314-cp314", "Failed"), ("cp314-cp314t", "Passed")])
    def test_a_lock_needs_no_network(
        self, shop: Workshop, env: dict[str, str], source: Path, tmp_path: Path, tag: str, verdict: str
    ) -> None:
        (tmp_path / "pylock.toml").write_text(LOCK.format(tag=tag), encoding="utf-8")
        status, said = self.run_hook(shop, env, source, tmp_path, "nogilcheck-lock")
        assert verdict in said
        assert status == (verdict == "Failed")

    @pytest.mark.parametrize(
        ("root", "inner", "verdict"), [("t", "", "Failed"), ("", "t", "Failed"), ("t", "t", "Passed")]
    )
    def test_a_project_further_down_is_checked(
        self, shop: Workshop, env: dict[str, str], source: Path, tmp_path: Path, root: str, inner: str, verdict: str
    ) -> None:
        (tmp_path / "api").mkdir()
        (tmp_path / "pylock.toml").write_text(LOCK.format(tag=f"cp314-cp314{root}"), encoding="utf-8")
        (tmp_path / "api" / "pylock.toml").write_text(LOCK.format(tag=f"cp314-cp314{inner}"), encoding="utf-8")
        status, said = self.run_hook(shop, env, source, tmp_path, "nogilcheck-lock")
        assert verdict in said
        assert status == (verdict == "Failed")

    def test_other_files_do_not_matter(self, shop: Workshop, env: dict[str, str], source: Path, tmp_path: Path) -> None:
        (tmp_path / "notes.md").write_text("app\n", encoding="utf-8")
        status, said = self.run_hook(shop, env, source, tmp_path, "nogilcheck")
        assert (status, "Skipped" in said) == (0, True)

    def test_the_manifest_is_valid(self, shop: Workshop) -> None:
        shop.use("pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml", cwd=ROOT)


def test_the_schema_of_the_settings_is_one_and_the_documentation_is_valid(shop: Workshop, tmp_path: Path) -> None:
    shop.use("check-jsonschema", "--check-metaschema", ROOT / SETTINGS_SCHEMA, cwd=tmp_path)
    for number, settings in enumerate(documented_settings()):
        (tmp_path / f"{number}.toml").write_text(settings, encoding="utf-8")
    shop.use("check-jsonschema", "--schemafile", ROOT / SETTINGS_SCHEMA, *tmp_path.glob("*.toml"), cwd=tmp_path)


class TestAction:
    def test_the_metadata_is_valid(self, shop: Workshop) -> None:
        shop.use("check-jsonschema", "--builtin-schema", "vendor.github-actions", ROOT / "action.yml", cwd=ROOT)

    def test_the_workflows_are_valid(self, shop: Workshop) -> None:
        files = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
        shop.use("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files, cwd=ROOT)

    def test_zizmor_has_nothing_against_them(self, shop: Workshop) -> None:
        shop.use("zizmor", "--offline", "--no-progress", ".github/workflows", "action.yml", cwd=ROOT)

    @pytest.mark.skipif(os.name != "posix", reason="needs bash")
    def test_its_steps_install_and_check(
        self, source: Path, project: Path, locked: dict[str, str], tmp_path: Path
    ) -> None:
        action: Any = yaml.safe_load((source / "action.yml").read_text(encoding="utf-8"))
        steps = {step["id"]: step for step in action["runs"]["steps"] if "run" in step}
        output, summary = tmp_path / "output", tmp_path / "summary"
        output.touch()
        env = environment(
            PYTHON=sys.executable, RUNNER_TEMP=str(tmp_path), GITHUB_ACTION_PATH=str(source), GITHUB_ACTIONS="true",
            GITHUB_OUTPUT=str(output), GITHUB_STEP_SUMMARY=str(summary), GITHUB_WORKSPACE=str(project.parent),
            **{name: "" for name in steps["check"]["env"] if name.startswith("INPUT_")},
        )  # fmt: skip
        shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")
        run(*shell, steps["today"]["run"], cwd=project, env=env)
        assert re.fullmatch(r"day=\d{4}-\d\d-\d\d\n", output.read_text(encoding="utf-8"))
        run(*shell, steps["install"]["run"], cwd=project, env={**env, **locked})
        given = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
        env |= {
            "SCRIPTS": given["scripts"], "INPUT_FILES": "requirements.txt\n", "INPUT_PYTHON": "3.14t",
            "INPUT_OUTPUT": "found.sarif\n", "INPUT_ANNOTATIONS": "true",
        }  # fmt: skip
        done = run(*shell, steps["check"]["run"], check=False, cwd=project, env=env)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "BLOCKED  1 blocker" in done.stdout
        assert "::error file=project/requirements.txt,line=3,title=NGC006 speed 1.0 blocks 3.14t::" in done.stdout
        assert "## nogilcheck: 3.14t is blocked by 1" in summary.read_text(encoding="utf-8")
        said = output.read_text(encoding="utf-8")
        assert said.endswith("verdict=blocked\nblockers=1\nexit-status=1\nreport=found.sarif\n")
        assert json.loads((project / "found.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


@pytest.mark.skipif(os.name != "posix", reason="the recipes are for a POSIX shell")
class TestRecipes:
    @pytest.fixture
    def env(self, source: Path, project: Path, locked: dict[str, str], tmp_path: Path) -> dict[str, str]:
        """The package is a part of the project, as the page says."""
        shutil.copytree(source, project / "tools" / "nogilcheck")
        scripts = make_environment(sys.executable, tmp_path / "image")
        path = os.pathsep.join((str(scripts), os.environ["PATH"]))
        return environment(PATH=path, NOGILCHECK_CACHE_DIR=str(tmp_path / "cache"), **locked)

    def blocks(self, language: str, heading: str) -> list[str]:
        text = (ROOT / "docs" / "how-to" / "ci.md").read_text(encoding="utf-8")
        section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
        return re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)

    def test_gitlab(self, project: Path, env: dict[str, str]) -> None:
        (block,) = self.blocks("yaml", "GitLab CI")
        job: Any = yaml.safe_load(block)["free-threading"]
        *before, last = job["script"]
        for line in before:
            run("sh", "-euc", line, cwd=project, env=env)
        done = run("sh", "-euc", last, check=False, cwd=project, env=env)
        assert done.returncode == 1, done.stdout + done.stderr
        found = json.loads((project / job["artifacts"]["reports"]["codequality"]).read_text(encoding="utf-8"))
        assert {entry["check_name"] for entry in found} == {"NGC006"}
        assert "speed 1.0" in (project / job["artifacts"]["reports"]["junit"]).read_text(encoding="utf-8")

    def test_any_other_service(self, project: Path, env: dict[str, str]) -> None:
        installing, check, afterwards = self.blocks("sh", "Any other service")
        run("sh", "-euc", installing, cwd=project, env=env)
        done = run("sh", "-euc", check, check=False, cwd=project, env=env)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "BLOCKED  1 blocker" in done.stdout
        run("sh", "-euc", afterwards, cwd=project, env=env)
        assert json.loads((project / "badge.json").read_text(encoding="utf-8"))["label"] == "free-threaded"
        assert (project / "nogilcheck.html").is_file()
        assert (project / "nogilcheck.csv").is_file()

    def test_github_names_inputs_that_the_action_has(self, source: Path) -> None:
        (block,) = self.blocks("yaml", "GitHub Actions")
        steps: Any = yaml.safe_load(block)["jobs"]["free-threading"]["steps"]
        action: Any = yaml.safe_load((source / "action.yml").read_text(encoding="utf-8"))
        (used,) = [step for step in steps if step.get("uses") == "./tools/nogilcheck"]
        assert set(used["with"]) <= set(action["inputs"])
