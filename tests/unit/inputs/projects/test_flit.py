from __future__ import annotations

from tests.unit.inputs.projectfiles import clean, says


def test_flit_before_pep_621() -> None:
    content = clean(
        '[tool.flit.metadata]\nmodule = "my_mod"\nrequires = ["a>1"]\nrequires-python = ">=3.6"\n'
        '[tool.flit.metadata.requires-extra]\ntest = ["b"]\nall = ["my-mod[test]"]'
    )
    assert (says(content.roots), says(content.roots, "all", "extra")) == (["a>1"], ["b"])
    assert content.bounds
    assert content.bounds.requires_python == ">=3.6"
