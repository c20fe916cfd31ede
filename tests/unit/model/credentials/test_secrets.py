from __future__ import annotations

import pytest

from nogilcheck.model.credentials import secrets
from nogilcheck.model.credentials.secrets import learn_path, learn_values, sealed, unsealed
from nogilcheck.model.urls import identity, redact, without_credentials

TOKEN = "aB3dE5fG7hJ9kL1m"


@pytest.mark.parametrize(
    "token", [TOKEN, "ghp_16C7e42F292c6912E7710c838347Ae178B4a", "0f8fad5b-d9cb-469f-a165-70867728950e"]
)
def test_a_part_that_looks_like_a_token(token: str) -> None:
    learn_path(f"https://host.example/{token}/simple/")
    assert without_credentials(f"https://host.example/{token}/simple/a/") == "https://host.example/***/simple/a/"
    assert redact(f"GET /{token}/x of {token}: failed") == "GET /***/x of ***: failed"


@pytest.mark.parametrize(
    "path",
    ["simple", "artifactory/api/pypi/pypi-release-local", "devpi/root-2/+simple", "python-packages-2024",
     "cp314t-wheels", "whl/nightly/cu130", "repository/pypi-all", "MyCompanyPythonPackages", "manylinux_2_28_x86_64"],
)  # fmt: skip
def test_ordinary_paths_are_shown(path: str) -> None:
    url = f"https://host.example/{path}/"
    learn_path(url)
    assert identity(url) == without_credentials(url) == redact(url) == url


def test_the_value_of_a_variable_that_is_called_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPANY_TOKEN", "hunter-two")
    monkeypatch.setenv("COMPANY_REPOSITORY", "public")
    url = "https://host.example/hunter-two/public/simple/"
    learn_path(url)
    assert without_credentials(url) == "https://host.example/${COMPANY_TOKEN}/public/simple/"
    assert redact(f"{url} and https://other.example/hunter-two/") == (
        "https://host.example/${COMPANY_TOKEN}/public/simple/ and https://other.example/hunter-two/"
    )


def test_values_that_stand_in_a_url() -> None:
    values = {"${PART}": "s p/ä", "${HOST}": "host.example", "${SHORT}": "ab", "${ALL}": "https://x.example/y"}
    learn_values("--index-url https://host.example/s p/ä/ab/", values)
    learn_values("--index-url https://host.example/s%20p/%C3%A4/", {"${PART}": "s%20p/%C3%A4"})
    assert redact("https://host.example/s%20p/%C3%A4/ab/") == "https://host.example/${PART}/ab/"
    learn_values("nothing", {"${PART}": "nothing"})
    assert redact("https://host.example/nothing/") == "https://host.example/nothing/"


def test_an_identity_tells_secrets_apart() -> None:
    urls = [f"https://host.example/{token}/simple/" for token in (TOKEN, TOKEN[::-1])]
    for url in urls:
        learn_path(url)
    first, second = map(identity, urls)
    assert first != second
    assert first.startswith("https://host.example/***/simple/#")
    assert not any(token in first + second for token in (TOKEN, TOKEN[::-1]))


def test_what_is_kept_has_no_secret_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    learn_path(f"https://host.example/{TOKEN}/simple/")
    learn_values("https://host.example/short/simple/", {"${X}": "short"})
    text = f"/{TOKEN}/files/ /short/files/"
    kept = sealed(text, "https://host.example/")
    assert TOKEN not in kept
    assert "short" not in kept
    assert unsealed(kept, "https://host.example/") == text
    assert "short" in sealed(text, "https://other.example/")
    monkeypatch.setattr(secrets, "_everywhere", {})
    with pytest.raises(ValueError, match="not known"):
        unsealed(kept, "https://host.example/")


def test_half_a_url_is_no_defect() -> None:
    learn_path("http://[bad/")
    learn_values("http://[bad/token", {"${X}": "token"})
    assert redact("http://[bad/token") == "http://[bad/${X}"
