"""Graphs in mermaid and in DOT."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.model.report.finding import Gap
from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Severity
from nogilcheck.report.formats import RENDERERS, RenderOptions
from nogilcheck.report.graphs import dot, mermaid
from nogilcheck.report.graphs.dependency_graph import MAX_GAPS, draw_report
from nogilcheck.report.graphs.drawing import COLOURS, NOTE, ROLES, ROOT, Arrow, Box, Drawing, Strand
from nogilcheck.report.words import safe
from tests.support.graph_reader import Drawn, read_dot, read_mermaid
from tests.support.reports import AIRFLOW, World, root, target

BORDERS = {border: role for role, (_, border) in COLOURS.items()}


def drawn_as_mermaid(report: Report, *, verbose: bool = False) -> Drawn:
    return read_mermaid(RENDERERS["mermaid"](report, RenderOptions(verbose=verbose)))


def drawn_as_dot(report: Report, *, verbose: bool = False) -> Drawn:
    found = read_dot(RENDERERS["dot"](report, RenderOptions(verbose=verbose)))
    return replace(found, roles={name: BORDERS[colour] for name, colour in found.roles.items()})


LANGUAGES = pytest.mark.parametrize("draw", [drawn_as_mermaid, drawn_as_dot])


@LANGUAGES
def test_blockers_and_the_chains_to_them(draw: Callable[..., Drawn]) -> None:
    found = draw(AIRFLOW.report())
    assert found.lines("r.txt:1") == ["r.txt:1", "apache-airflow[otel]>=3"]
    assert found.role("r.txt:1") == ROOT
    assert found.lines("grpcio 1.85.1")[0] == "grpcio 1.85.1"
    assert found.role("grpcio 1.85.1") == Severity.BLOCKER
    assert found.role("apache-airflow 3.2.1") == Severity.READY
    assert (
        "apache-airflow 3.2.1",
        "opentelemetry-exporter-otlp 1.43.0",
        "[otel] >=1.27",
    ) in found.named_edges
    assert (
        "opentelemetry-exporter-otlp-proto-grpc 1.43.0",
        "grpcio 1.85.1",
        '>=1.75.1,<2 ; python_version >= "3.14"',
    ) in found.named_edges
    assert "six 1.17.0" not in {lines[0] for lines in found.labels.values()}


@LANGUAGES
def test_what_differs_between_targets_is_said_in_the_box(draw: Callable[..., Drawn]) -> None:
    lines = draw(AIRFLOW.report()).lines("psutil 7.2.2")
    assert lines[1:] == ["3.14t: ready (free-threaded)", "3.15t: no wheel for this Python"]


@LANGUAGES
def test_everything_where_it_is_asked_for(draw: Callable[..., Drawn]) -> None:
    report = AIRFLOW.report()
    found = draw(report, verbose=True)
    titles = {f"{d.name} {d.version}" if d.version else d.name for d in report.distributions}
    assert titles <= {lines[0] for lines in found.labels.values()}
    assert len(found.edges) == len(AIRFLOW.links)
    assert found.role("protobuf 7.35.1") == Severity.WARNING
    assert found.role("company-telemetry") == Severity.GAP


def world(*gaps: Gap) -> World:
    return World(
        targets=(target("3.14t"),), roots=(root("a", 1),), links=(), versions={"a": "1"}, gaps=gaps, exit_status=0
    )


@LANGUAGES
def test_nothing_that_blocks_is_a_drawing_too(draw: Callable[..., Drawn]) -> None:
    found = draw(world().report())
    assert list(found.labels.values()) == [["nothing blocks 3.14t"]]


@LANGUAGES
def test_what_could_not_be_determined_is_no_good_news(draw: Callable[..., Drawn]) -> None:
    gaps = [Gap(rule="NGC204", text=f"index {number}\n did not answer") for number in range(MAX_GAPS + 2)]
    found = draw(world(*gaps).report())
    assert list(found.labels.values()) == [
        ["nothing blocks 3.14t, as far as is known"],
        ["unknown", *(f"index {n} did not answer" for n in range(MAX_GAPS)), "and 2 more"],
    ]


def test_the_two_languages_draw_the_same() -> None:
    report = AIRFLOW.report()
    for verbose in (False, True):
        one, other = drawn_as_mermaid(report, verbose=verbose), drawn_as_dot(report, verbose=verbose)
        assert one == other


def wide(width: int, label: str = ">=1") -> Drawing:
    """A root with so many children, one strand each."""
    first = Strand(boxes=(Box(id="n0", lines=("r.txt:1",), role=ROOT),), arrows=())
    strands = (
        Strand(
            boxes=(Box(id=f"n{n}", lines=(f"project-{n} 1.0", "GIL-only"), role=Severity.BLOCKER),),
            arrows=(Arrow(parent="n0", child=f"n{n}", label=label),),
        )
        for n in range(1, width + 1)
    )
    return Drawing(title="wide", strands=(first, *strands))


def test_mermaid_is_given_no_more_arrows_than_it_draws() -> None:
    at_most = mermaid.MAX_ARROWS
    assert "note" not in read_mermaid(mermaid.render(wide(at_most, label=""))).labels
    found = read_mermaid(mermaid.render(wide(at_most + 30, label="")))
    assert len(found.edges) == at_most
    assert found.labels["note"] == ["left out, for want of room: 30 distributions and 30 requirements"]


def test_mermaid_is_given_no_more_text_than_it_reads() -> None:
    text = mermaid.render(wide(400, label="~" * 100))
    assert len(text) < 50_000
    found = read_mermaid(text)
    assert len(found.edges) == 400 - int(found.labels["note"][0].split()[6])
    assert len(text) > 40_000


def test_dot_is_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dot, "MAX_ARROWS", 10)
    found = read_dot(dot.render(wide(12)))
    assert len(found.edges) == 10
    assert found.labels["note"] == ["left out, for want of room: 2 distributions and 2 requirements"]


HOSTILE = (
    '"]; click n0 "javascript:alert(1)"', "<script>alert(1)</script>", "`**md**` _x_ ~y~", "end", "- list", "1. list",
    "+ list", "style.txt:2#quot;;#35;", "%%{init: {}}%%", "\\N \\G \\l \\", "&amp; &#60;", "a\nb\x1b[31m\u202e\udcff",
    "] --> n1", '" ; x [label="', "<br/>", "{{x}}", "|", "ü 漢",
)  # fmt: skip
texts = st.sampled_from(HOSTILE) | st.text(max_size=20)


@given(st.lists(st.tuples(texts, texts, st.sampled_from(ROLES)), min_size=1, max_size=6))
def test_whatever_is_written_in_it_stays_text(said: list[tuple[str, str, str]]) -> None:
    boxes = tuple(Box(id=f"n{n}", lines=(one, two), role=role) for n, (one, two, role) in enumerate(said))
    arrows = tuple(Arrow(parent="n0", child=box.id, label=box.lines[0]) for box in boxes)
    drawing = Drawing(title=said[0][0], strands=(Strand(boxes=boxes, arrows=arrows),))
    for found in (read_mermaid(mermaid.render(drawing)), read_dot(dot.render(drawing))):
        shown = [[line.replace("$ $", "$$") for line in lines] for lines in found.labels.values()]
        assert shown == [[safe(line) for line in box.lines] for box in boxes]
        labels = [label.replace("$ $", "$$") for _, _, label in found.edges]
        assert labels == [safe(arrow.label) for arrow in arrows]


def test_a_formula_is_no_formula() -> None:
    drawing = Drawing(title="", strands=(Strand(boxes=(Box(id="n0", lines=("$$x$$",), role=NOTE),), arrows=()),))
    assert read_mermaid(mermaid.render(drawing)).labels == {"n0": ["$ $x$ $"]}


def test_equal_reports_are_drawn_alike() -> None:
    report = AIRFLOW.report()
    assert mermaid.render(draw_report(report, everything=True)) == mermaid.render(
        draw_report(Report.from_json(report.to_json()), everything=True)
    )


@pytest.mark.tools
@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_draws_it() -> None:
    boxes = tuple(Box(id=f"n{n}", lines=(text,), role=ROLES[n % len(ROLES)]) for n, text in enumerate(HOSTILE))
    hostile = Drawing(title=HOSTILE[0], strands=(Strand(boxes=boxes, arrows=()),))
    for text in (dot.render(draw_report(AIRFLOW.report(), everything=True)), dot.render(hostile)):
        done = subprocess.run(["dot", "-Tsvg"], input=text.encode(), capture_output=True, check=True)
        assert done.stderr == b""
        assert b"<svg" in done.stdout


@pytest.mark.parametrize(
    ("chains", "length", "direction"), [(1, 9, "TB"), (4, 9, "TB"), (30, 2, "LR"), (300, 12, "LR")]
)
def test_a_drawing_is_no_ribbon(chains: int, length: int, direction: str) -> None:
    arrows = tuple(
        Arrow(parent=f"c{chain}s{step}" if step else "root", child=f"c{chain}s{step + 1}", label="")
        for chain in range(chains)
        for step in range(length)
    )
    assert Strand(boxes=(), arrows=arrows).direction == direction
