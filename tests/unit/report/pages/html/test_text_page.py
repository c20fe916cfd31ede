"""Plans and comparisons as pages."""

from __future__ import annotations

from html import unescape

from nogilcheck.report.pages.html.page import render as report_page
from nogilcheck.report.pages.html.text_page import render
from tests.support.reports import AIRFLOW

PLAN = """\
3.14t: <script>alert(1)</script>

--- r.txt
+++ r.txt
@@ -1 +1 @@
-a==1
+a==2 & b
"""


def test_lines_of_a_diff_stand_out_and_all_are_text() -> None:
    page = render("nogilcheck plan", PLAN)
    for said in ('<span class="head">--- r.txt', '<span class="minus">-a==1', '<span class="plus">+a==2 &amp; b'):
        assert said in page
    body = page.partition("<pre")[2].partition("</pre>")[0]
    assert "<script" not in body
    assert "<script>alert(1)</script>" in unescape(body)


def test_a_plan_comes_before_what_blocks() -> None:
    page = report_page(AIRFLOW.report(), plan=PLAN)
    assert page.index("a==2") < page.index('id="grpcio"')
    assert 'href="#_plan"' in page
