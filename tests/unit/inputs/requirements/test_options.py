from __future__ import annotations

import optparse
from typing import Any

import pytest

from nogilcheck.inputs.requirements import options as module
from nogilcheck.inputs.requirements.options import LineOptions, parse_options
from nogilcheck.inputs.specifiers.requirement import RejectedError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", LineOptions()),
        ("-i X", LineOptions(index_url="X")),
        ("-iX", LineOptions(index_url="X")),
        ("--index-url=X --index-url Y", LineOptions(index_url="Y")),
        ("--pypi-url X", LineOptions(index_url="X")),
        ("--extra-index-url X --extra-index Y", LineOptions(extra_index_urls=("X", "Y"))),
        ("-r a -c b -e c", LineOptions(requirements=("a",), constraints=("b",), editables=("c",))),
        (
            "--requirement a --constraint=b --editable c",
            LineOptions(requirements=("a",), constraints=("b",), editables=("c",)),
        ),
        ("-f a --find-links b", LineOptions(find_links=("a", "b"))),
        ("--no-index --pre --prefer-binary", LineOptions(no_index=True, pre=True, prefer_binary=True)),
        ("--require-hashes --no-require-hashes", LineOptions(require_hashes=True, no_require_hashes=True)),
        ("--trusted-host h --use-feature f", LineOptions(trusted_hosts=("h",), features=("f",))),
        ("--only-b a --no-binary=b,c", LineOptions(controls=(("only-binary", "a"), ("no-binary", "b,c")))),
        ("--all-releases a --only-final b", LineOptions(controls=(("all-releases", "a"), ("only-final", "b")))),
        ("--hash=sha256:a --hash=sha512:b", LineOptions(hashes=("sha256:a", "sha512:b"))),
        ("--hash sha384:a", LineOptions(hashes=("sha384:a",))),
        ("-C a=b --config-settings c=d", LineOptions(config_settings=True)),
        ("--pre a -- --b", LineOptions(pre=True, leftovers=("a", "--b"))),
        ("-e 'a b' -r \"c d\" -f e\\ f", LineOptions(editables=("a b",), requirements=("c d",), find_links=("e f",))),
        ("-f a\u00a0b", LineOptions(find_links=("a\u00a0b",))),
    ],
)
def test_options(text: str, expected: LineOptions) -> None:
    assert parse_options(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("--nonsense", "no such option: --nonsense"),
        ("-x", "no such option: -x"),
        ("--help", "no such option: --help"),
        ("--no-", "ambiguous option: --no- (--no-"),
        ("-r", "-r"),
        ("--pre=1", "--pre"),
        ("--only-binary -x", "--only-binary needs a value"),
        ("--hash=md5:a", "--hash does not accept md5"),
        ("--hash sha1:a", "--hash does not accept sha1"),
        ("--hash=abc", "--hash needs a value such as sha256"),
        ("-C abc", "KEY=VALUE"),
        ("-e 'abc", "the options cannot be split into words"),
    ],
)
def test_rejected(text: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RejectedError) as caught:
        parse_options(text)
    assert message in caught.value.message
    assert capsys.readouterr() == ("", ""), "optparse printed its usage"


@pytest.mark.parametrize(
    ("option", "hint"),
    [
        ("--global-option=x", "--config-settings"),
        ("--install-option=x", "no longer"),
        ("--user", "pip accepts no such option in a requirements file"),
    ],
)
def test_hints(option: str, hint: str) -> None:
    with pytest.raises(RejectedError) as caught:
        parse_options(option)
    assert hint in (caught.value.hint or "")


def test_one_line_does_not_leak_into_the_next() -> None:
    parse_options("-f a --pre --no-binary x -C a=b --hash sha256:a")
    assert parse_options("-f b") == LineOptions(find_links=("b",))


def test_lines_of_hashes_need_no_option_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("an option parser was built")

    module._parser.cache_clear()
    monkeypatch.setattr(optparse, "OptionParser", refuse)
    assert parse_options("--hash=sha256:a  --hash=sha256:b").hashes == ("sha256:a", "sha256:b")
