"""The site: ``make docs`` builds it, and fails on a link that leads nowhere."""

from nogilcheck import __version__

project = "nogilcheck"
version = release = __version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "nogilcheck"
# Headings are link targets, as on the pages of a repository.
myst_heading_anchors = 4
nitpicky = True
exclude_patterns = ["build"]
