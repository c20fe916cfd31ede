"""The HTML pages in a real browser: what they do, what they load (nothing), and whether everybody can use them."""

from __future__ import annotations

import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nogilcheck.model.report.report import Report
from nogilcheck.report.pages.html.page import render
from tests.support.reports import AIRFLOW, SCIENCE, WEB, Link, World, root, target
from tests.support.workshop import install_locked, make_environment

pytestmark = pytest.mark.tools

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--disable-background-networking", "--disable-component-update", "--disable-gpu", "--disable-quic",
    "--disable-sync", "--no-first-run", "--no-sandbox",
)  # fmt: skip


@cache
def crowd() -> Report:
    """A thousand distributions on sixteen targets."""
    return World(
        targets=SCIENCE.targets[:16],
        roots=(root("p0", 1),),
        links=(Link(parent=0, child="p0"), *(Link(parent=f"p{n // 3}", child=f"p{n}") for n in range(1, 1000))),
        versions={f"p{n}": "1.0" for n in range(1000)},
        verdicts={f"p{n}": SCIENCE.verdicts["polars-runtime-32"] for n in range(500, 520)},
    ).report()


Open = Callable[..., Any]
"""Shows a page; it fails where the page says, loads or throws anything."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is installed")
    place = tmp_path_factory.mktemp("browser") / "venv"
    install_locked(make_environment(sys.executable, place), "browser")
    library = sysconfig.get_path("purelib", "venv", {"base": str(place), "platbase": str(place)})
    sys.path.append(library)
    try:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            started = playwright.chromium.launch(executable_path=program, args=FLAGS)
            yield started
            started.close()
    finally:
        sys.path.remove(library)


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Open]:
    contexts: list[Any] = []
    heard: list[str] = []

    def show(report: Report | str, *, width: int = 1280, fragment: str = "", **options: Any) -> Any:
        file = tmp_path / f"{len(contexts)}.html"
        file.write_text(report if isinstance(report, str) else render(report), encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": 800}, **options))
        page = contexts[-1].new_page()
        page.on("console", lambda said: heard.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("dialog", lambda dialog: heard.append(dialog.message))
        page.on("request", lambda asked: heard.append(asked.url) if not asked.url.startswith(file.as_uri()) else None)
        page.goto(f"{file.as_uri()}{fragment}")
        return page

    yield show
    for context in contexts:
        context.close()
    assert heard == []


def shown(page: Any) -> list[str]:
    """The names in the rows of the table that are not folded away."""
    names = page.locator("#_table tbody tr:visible th").all_inner_texts()
    return [name.split()[0] for name in names]


def lit(page: Any) -> set[str]:
    return {text.split("\n")[0] for text in page.locator(".box.on text:nth-of-type(1)").all_text_contents()}


def test_the_table_is_filtered_searched_and_sorted(open_page: Open) -> None:
    page = open_page(AIRFLOW.report())
    folded = shown(page)
    assert {"grpcio", "psutil", "protobuf", "company-telemetry"} <= set(folded)
    assert "numpy" not in folded, "what is ready is folded"
    page.get_by_role("searchbox").fill("numpy")
    assert shown(page) == ["numpy"]
    page.get_by_role("searchbox").fill("pure fallback")
    assert shown(page) == ["protobuf"]
    page.get_by_role("searchbox").fill("")
    assert shown(page) == folded
    page.get_by_role("combobox", name="Status").select_option("blocker")
    assert set(shown(page)) == {"grpcio", "psutil", "psycopg-binary", "psycopg2-binary", "pyyaml"}
    page.get_by_role("combobox", name="Target").select_option(label="3.14t")
    assert set(shown(page)) == {"grpcio", "psycopg-binary", "psycopg2-binary"}
    assert "3 of 20 shown" in page.locator("output").all_inner_texts()
    heading = page.get_by_role("columnheader", name="Distribution")
    for order in ("ascending", "descending"):
        heading.get_by_role("button").click()
        assert heading.get_attribute("aria-sort") == order
        assert shown(page) == sorted(shown(page), reverse=order == "descending")


def test_a_link_to_a_name_opens_what_is_known_of_it(open_page: Open) -> None:
    page = open_page(AIRFLOW.report(), fragment="#grpcio")
    entry = page.locator("#grpcio")
    assert entry.get_attribute("open") is not None
    assert entry.locator("dt").all_inner_texts()[:2] == ["why", "from"]
    assert 'python_version >= "3.14"' in entry.inner_text()
    page.locator("#psutil > summary").click()
    assert page.locator("#psutil .chain").first.is_visible()
    page.goto(f"{page.url.partition('#')[0]}#numpy")
    page.locator("tr#numpy").wait_for(state="visible")


def test_the_chains_of_a_box_light_up(open_page: Open) -> None:
    page = open_page(AIRFLOW.report())
    box = page.locator(".box", has_text="psutil")
    box.hover()
    chain = {"apache-airflow", "apache-airflow-core", "psutil"}
    assert chain <= lit(page)
    assert "grpcio" not in lit(page)
    page.locator("h1").hover()
    assert lit(page) == set()
    box.focus()
    page.keyboard.press("Enter")
    page.locator("h1").hover()
    assert chain <= lit(page), "what was chosen stays"
    page.get_by_role("link", name="details").click()
    assert page.locator("#psutil").get_attribute("open") is not None
    wide = page.locator("#_picture").bounding_box()["width"]
    page.get_by_role("button", name="Zoom in").click()
    assert page.locator("#_picture").bounding_box()["width"] > wide


def test_no_page_scrolls_sideways(open_page: Open) -> None:
    for report in (AIRFLOW.report(), SCIENCE.report(), WEB.report(), crowd()):
        page = open_page(report)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        for width in (320, 390, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_thousand_distributions_are_small_enough_and_searched_at_once(open_page: Open) -> None:
    text = render(crowd())
    assert len(text) < 2_000_000
    page = open_page(text)
    assert len(shown(page)) == 20
    page.get_by_role("searchbox").fill("p999")
    assert shown(page) == ["p999"]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_everybody_can_use_it(open_page: Open, scheme: str, width: int) -> None:
    """What axe-core knows of the Web Content Accessibility Guidelines, and of good practice."""
    from axe_playwright_python.sync_playwright import Axe

    for world in (AIRFLOW, SCIENCE, WEB):
        page = open_page(world.report(), width=width, color_scheme=scheme)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_it_works_without_scripts_and_in_print(open_page: Open) -> None:
    page = open_page(AIRFLOW.report(), java_script_enabled=False)
    assert len(shown(page)) == 20
    assert not page.get_by_role("searchbox").is_visible()
    page.locator("#grpcio > summary").click()
    assert page.locator("#grpcio .chain").first.is_visible()
    assert not page.locator("#psutil .chain").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator("#psutil .chain").first.is_visible()


HOSTILE = (
    "<script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    '"><svg onload="document.title=\'run\'">',
    "</script><script>document.title='run'</script>",
    "javascript:document.title='run'",
    "</style><link rel=stylesheet href=//127.0.0.1:9/x>",
    "\u202egnp.exe\x1b[31m\ud800",
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_report_runs_and_loads_nothing(open_page: Open, hostile: str) -> None:
    report = World(
        targets=(replace(target("3.14t"), platform=hostile, floor=hostile),),
        roots=(root(hostile, 1, path=hostile, group=hostile),),
        links=(Link(parent=0, child=hostile, specifier=hostile, extra=hostile, marker=hostile),),
        versions={hostile: hostile},
        verdicts={hostile: SCIENCE.verdicts["polars-runtime-32"]},
        notes=(hostile,),
    ).report()
    places = tuple(replace(one, index=hostile) for one in report.distributions)
    page = open_page(replace(report, distributions=places, tool_version=hostile, options={"inputs": [hostile]}))
    page.locator("summary").first.click()
    page.get_by_role("searchbox").fill(hostile[:5])
    page.get_by_role("searchbox").fill("")
    page.locator(".box").first.click()
    page.get_by_role("link", name="details").click()
    page.locator("td").first.hover()
    title = page.title()
    assert title.startswith("nogilcheck: 3.14t")
    assert page.locator("h1").inner_text() in title
    assert page.locator("img, link, iframe, object, [onload], [onerror]").count() == 0
    assert all(
        link.startswith(("#", "https:"))
        for link in page.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    )
