"""Requirements files on which our reading is compared with pip's."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field

SERVER = "http://SERVER"
"""Stands for the loopback server that serves `REMOTE`."""

COMMON: dict[str, bytes] = {
    "project/pyproject.toml": b"[project]\nname = 'project'\nversion = '1'\n",
    "legacy/setup.py": b"",
    "empty/README": b"",
    "dist/foo_bar-1.0-py3-none-any.whl": b"",
    "dist/baz-2.0.tar.gz": b"",
    "dist/bad.whl": b"",
    "page.html": b"",
    "base.txt": b"base==1\n",
    "sub/base.txt": b"subbase==1\n",
    "sub/up.txt": b"-r ../base.txt\n-f wheels\n",
    "sub/wheels/README": b"",
    "wheels/README": b"",
    "limits.txt": b"numpy<3\npandas ; python_version < '3'\n",
}
"""In the directory of every case."""

REMOTE: dict[str, bytes] = {
    "/plain.txt": b"remote==1\n",
    "/nested/top.txt": b"-r ../plain.txt\n-c limits.txt\nhere==2\n",
    "/nested/limits.txt": b"capped<3\n",
    "/cycle.txt": b"-r cycle.txt\n",
}

# fmt: off
LINES = (
    # Names, specifiers, extras, markers.
    "numpy", "NumPy", "zope.interface", "a-b_c.d", "numpy==1.0", "numpy == 1.0", "numpy>=1,<2,!=1.5", "numpy~=1.4.2",
    "numpy===1.0-custom", "numpy==1.*", "numpy (>=1)", "numpy@1", "numpy>1.0.dev1", "numpy==1!2.0+local.1",
    "numpy=1", "numpy=>1", "numpy==", "numpy 1.0", "numpy==1.0.foo", ">=1", "num py", "numpy,pandas", "-", "--", "1",
    "_numpy", "numpy-", "nümpy", "numpy==1.0 extra", "numpy[", "numpy]", "numpy==1.0;", "numpy;", "${", "${a}",
    "foo[bar]", "foo[Bar,baz_qux]", "foo[]", "foo [bar]", "foo[bar]>=1", "foo>=1[bar]", "foo[bar", "foo[bar baz]",
    "foo;python_version<'4'", 'foo ; sys_platform == "linux"', "foo>=1; python_version<'4' and extra == 'x'",
    "foo ; python_version", "foo ; nonsense == '1'", "foo ; python_version < '4' # comment", "foo ; # comment",
    "foo ; platform_version == 'a/b'", "foo ; python_version in '3.11 3.12'", "foo ; implementation_name=='cpython'",
    # Comments and continuations within one text.
    "foo#bar", "foo #bar", "foo\t# bar", "#foo", "   ", "\\", "foo \\\n>=1", "foo\\\n>=1 # c\\\nbar", "# c \\\nfoo",
    "foo \\\n# comment\nbar", "foo \\\n  # comment \\\nbar", "foo \\", "foo\n\n\nbar\r\nbaz\rqux", "foo\x0cbar",
    "\\foo\\\n==1", "foo==1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb", "foo\u2028bar",
    # Direct references.
    "foo @ https://h.example/foo-1.0.tar.gz", "foo@https://h.example/x.zip",
    "foo[a] @ https://h.example/x ; python_version<'4'", "foo @ https://h.example/x;python_version<'4'",
    "foo @ ./x.whl", "foo_bar @ ./dist/foo_bar-1.0-py3-none-any.whl", "foo @ git+https://h.example/x@v1", "foo @ file:///x",
    "foo @ https://u:p@h.example/x.zip#sha256=abc", "foo @ https://h.example/x#egg=y[z]", "foo @", "foo @ http://[x",
    "https://h.example/foo_bar-1.0-py3-none-any.whl", "https://h.example/x.zip#egg=Foo.Bar",
    "https://h.example/x.zip", "https://h.example/x.zip ; python_version<'4'",
    "https://h.example/x.zip;python_version<'4'", "https://h.example/bad.whl", "https://h.example/x#egg=y[z]",
    "https://h.example/x#egg=y>=1", "http://[x", "ftp://h.example/x.zip", "sftp://h/x",
    "https://h.example/foo_bar-1.0%2Blocal-1-py3-none-any.whl", "HTTPS://h.example/x.zip#egg=foo&subdirectory=y",
    "git+https://h.example/x", "git+https://h.example/x.git@main#egg=foo&subdirectory=s",
    "git+ssh://git@h.example/x#egg=f", "git+git@h.example:x", "git+file:///x", "hg+static-http://h/x", "bzr+lp:x",
    "svn+svn://h/x", "svn+foo://h/x", "git://h/x",
    # Local paths, relative to the working directory.
    "./project", "project/", "project", "./project[extra]", "./project ; python_version<'4'", "./legacy", "./empty",
    ".", "./dist/foo_bar-1.0-py3-none-any.whl", "dist/baz-2.0.tar.gz", "dist/baz-2.0.tar.gz[x]", "./dist/bad.whl",
    "./nope", "./nope.whl", "nope-1.0.zip", "./base.txt", "base.txt", "file:///nope/x.zip", "file://host/x.zip",
    "../nope/", "/",
    # Editables.
    "-e project", "-e ./project", "--editable=./project[a,B]", "-e ./empty", "-e nope", "-e ./nope", "-e .", "-e ''",
    "-e", "-e git+https://h.example/x#egg=foo", "-e git+https://h.example/x", "-e 'foo @ git+https://h.example/x'",
    "-e 'foo[a] @ git+https://h.example/x ; python_version<\"4\"'", "-e foo @ git+https://h.example/x", "-e foo",
    "-e git://h.example/x#egg=foo", "-e hg://h.example/x#egg=foo", "-e https://h.example/x#egg=foo",
    "-e 'foo @ https://h/x'", "-e git+https://h.example/x#egg=foo[bar]", "-e git+git@h.example:x#egg=foo",
    "-e ./project -e ./legacy", "-e dist/baz-2.0.tar.gz", "-e ./project --hash=sha256:aa",
    "-e ./project --config-settings k=v", "-e ./project -C k", "-e ./project --pre", "-e file:///nope",
    "-e ./legacy stray", "-e 'foo @ ./project'",
    # Options of a requirement.
    "foo==1 --hash=sha256:aa --hash=sha512:bb", "foo==1 --hash sha384:cc", "foo --hash=md5:aa", "foo --hash=sha1:aa",
    "foo --hash=aa", "foo --hash=sha256:", "--hash=sha256:aa", "foo --config-settings a=b -C c=d",
    "foo --config-settings a", "foo --global-option=x", "foo --install-option=x", "foo --pre",
    "foo --index-url https://i.example", "foo -r base.txt", "foo -e ./project", "foo --only-binary=foo",
    "foo --no-binary :all:", "foo --unknown", "foo -- bar", "foo --hash='sha256:aa", "foo --hash='sha256:a a'",
    "foo\t--pre", "foo -x", "foo -1", "foo --conf a=b", "foo --require-hashes", "foo --all-releases foo",
    # Options of the run.
    "-i https://i.example", "--index-url=https://u:p@i.example/simple", "-ihttps://i.example",
    "--pypi-url https://i.example", "--index https://i.example", "--extra-index-url https://i.example",
    "--extra https://i.example", "--e https://i.example",
    "--extra-index-url https://a.example\n--index-url https://b.example\n--extra-index-url https://c.example",
    "-i ''", "--index-url https://b.example --extra-index-url https://c.example", "--no-index",
    "--no-index\n-i https://i.example", "-i https://i.example\n--extra-index-url https://j.example\n--no-index",
    "--no-", "--no-index=1", "-i", "-f wheels", "-f ./wheels/", "-f nope", "-f page.html", "-f https://f.example/x",
    "-f file:///nope", "-f a -f b", "-f ''", "--find-links=wheels --no-index", "-f ~", "--pre", "--pre stray",
    "--only-binary :all:", "--only-binary=A.b,c --no-binary c", "--only-binary :all:,:none:,x",
    "--no-binary=:all:\n--only-binary=foo", "--only-binary a,:all:,b", "--no-binary=a\n--no-binary=:none:",
    "--only-binary -x", "--only-binary", "--prefer-binary", "--require-hashes", "--no-require-hashes",
    "--trusted-host h:1", "--require-hashes\n--no-require-hashes", "foo --hash=sha256:aa\n--no-require-hashes",
    "--use-feature fast-deps", "--use-feature nonsense", "--all-releases :all:", "--all-releases foo,bar",
    "--only-final :all:", "--pre\n--only-final :all:", "--only-final -x", "--all-releases foo\n--pre", "--no-deps",
    "--user", "-h", "--help", "--version", "-q", "--platform x", "--uploaded-prior-to P3D", "--no-build-isolation",
    "--use-pep517", "--process-dependency-links", "--pre --pre",
    # Includes.
    "-r base.txt", "-rbase.txt", "--requirement=base.txt", "-r ./sub/base.txt", "-r sub/up.txt",
    "-r base.txt -r limits.txt", "-c limits.txt", "-c limits.txt -r base.txt", "-r nope.txt", "-r", "-r ''",
    "-r sub", "-r base.txt\n-r base.txt", "-c limits.txt\n-c limits.txt", "-r base.txt --pre",
    "-r base.txt --only-binary=x", "-r base.txt foo", "-r requirements.txt", f"-r {SERVER}/plain.txt",
    f"-r {SERVER}/nested/top.txt", f"-r {SERVER}/nope.txt", f"-c {SERVER}/nested/limits.txt",
    f"-r {SERVER}/cycle.txt", "-r http://", "-r file://host/base.txt", "-r file:///nope/base.txt",
)
# fmt: on


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A directory and an environment."""

    name: str
    files: dict[str, bytes]
    environment: dict[str, str] = field(default_factory=dict)


def _case(name: str, files: Mapping[str, str | bytes], **environment: str) -> Case:
    encoded = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
    return Case(name=name, files=encoded, environment=environment)


def _top(name: str, content: str | bytes, **environment: str) -> Case:
    return _case(name, {"requirements.txt": content}, **environment)


TREES = (
    _top("variable", "foo==${VERSION}\n-i https://${USER_1}:${PASS}@h.example/simple\n", VERSION="1.2", PASS="secret1"),
    _top("variable-lower-case", "foo==${version}\n", version="1"),
    _top("variable-without-braces", "foo==$VERSION\n", VERSION="1"),
    _top("variable-empty", "foo @ https://h.example/${EMPTY}x\n", EMPTY=""),
    _top("variable-nested", "foo==${A}\n", A="1.${B}", B="2"),
    _top("variable-nested-both-written", "foo==${A} # ${B}\nbar==${A}+${B}\n", A="1.${B}", B="2"),
    _top("variable-is-a-line", "${LINE}\n", LINE="foo>=1 --hash=sha256:aa"),
    _top("variable-is-an-option", "${LINE}\n", LINE="--pre"),
    _top("variable-is-blank", "${LINE}\n", LINE=" "),
    _top("variable-holds-comment", "foo${LINE}\n", LINE=" # x"),
    _top("variable-in-include", "-r ${DIR}/base.txt\n", DIR="sub"),
    _top("variable-in-comment", "foo # ${NEVER}\n"),
    _top("utf-8-bom", codecs.BOM_UTF8 + b"foo==1\n"),
    _top("utf-16", codecs.BOM_UTF16_LE + "foo==1\nbar\n".encode("utf-16-le")),
    _top("utf-16-be", codecs.BOM_UTF16_BE + "foo==1\n".encode("utf-16-be")),
    _top("utf-32", codecs.BOM_UTF32_LE + "foo==1\n".encode("utf-32-le")),
    _top("utf-32-be", codecs.BOM_UTF32_BE + "foo==1\n".encode("utf-32-be")),
    _top("utf-16-broken", codecs.BOM_UTF16_LE + b"f"),
    _top("coding-latin-1", b"# -*- coding: latin-1 -*-\nfoo # \xe9\n"),
    _top("coding-second-line", b"#!/x\n# vim: coding=latin-1\nfoo # \xe9\n"),
    _top("coding-third-line", b"#\n#\n# coding: latin-1\nfoo # \xe9\n"),
    _top("coding-unknown", b"# coding: nonsense\nfoo\n"),
    _top("coding-not-text", b"# coding: hex\nfoo\n"),
    _top("coding-wrong", b"# coding: ascii\nfoo # \xe9\n"),
    _top("undeclared-latin-1", b"foo\nbar # \xe9\n"),
    _top("blank", "\n  \n# x\n"),
    _top("empty", ""),
    _top("nul", b"foo\0\n"),
    _case(
        "diamond", {"requirements.txt": "-r a.txt\n-r b.txt\n", "a.txt": "-r base.txt\n", "b.txt": "-r base.txt\nb\n"}
    ),
    _case("cycle", {"requirements.txt": "-r a.txt\n", "a.txt": "foo\n-r requirements.txt\n"}),
    _case("cycle-twice", {"requirements.txt": "foo\n-r requirements.txt\n-r requirements.txt\n"}),
    _case("cycle-by-another-spelling", {"requirements.txt": "-r sub/../requirements.txt\n"}),
    _case("cycle-of-constraints", {"requirements.txt": "-c a.txt\n", "a.txt": "-c a.txt\n"}),
    _case("include-in-constraints", {"requirements.txt": "-c c.txt\n", "c.txt": "-r base.txt\ncapped<2\n"}),
    _case("constraints-in-include", {"requirements.txt": "-r a.txt\n", "a.txt": "-c limits.txt\nfoo\n"}),
    _case("options-in-constraints", {"requirements.txt": "-c c.txt\nfoo\n", "c.txt": "--pre\n-i https://i.example\n"}),
    _case("constraint-extras", {"requirements.txt": "-c c.txt\n", "c.txt": "foo[bar]<2\n"}),
    _case("constraint-editable", {"requirements.txt": "-c c.txt\n", "c.txt": "-e ./project\n"}),
    _case("constraint-unnamed", {"requirements.txt": "-c c.txt\n", "c.txt": "./project\n"}),
    _case("constraint-wheel", {"requirements.txt": "-c c.txt\n", "c.txt": "./dist/foo_bar-1.0-py3-none-any.whl\n"}),
    _case("constraint-url", {"requirements.txt": "-c c.txt\n", "c.txt": "foo @ https://h.example/x.zip\n"}),
    _case("constraint-hash", {"requirements.txt": "-c c.txt\nfoo\n", "c.txt": "foo==1 --hash=sha256:aa\n"}),
    _case(
        "relative-include",
        {"requirements.txt": "-r sub/a.txt\n", "sub/a.txt": "-r b.txt\n", "sub/b.txt": "x\n./project\n"},
    ),
    _case("find-links-beside", {"requirements.txt": "-r sub/a.txt\n", "sub/a.txt": "-f wheels\n"}),
    _case("find-links-elsewhere", {"requirements.txt": "-r sub/a.txt\n", "sub/a.txt": "-f dist\n-f nope\n"}),
    _case(
        "deep",
        {"requirements.txt": "-r 0.txt\n"} | {f"{n}.txt": f"-r {n + 1}.txt\n" for n in range(20)} | {"20.txt": "x\n"},
    ),
    _case("include-file-url", {"requirements.txt": "-r file://CASE/a.txt\n", "a.txt": "-r b.txt\na\n", "b.txt": "b\n"}),
    _case("constraints-file-url", {"requirements.txt": "foo\n-c file://CASE/limits.txt\n"}),
    _case(
        "path-file-url", {"requirements.txt": "file://CASE/dist/baz-2.0.tar.gz\nfile://CASE/sub/../project#egg=foo\n"}
    ),
    _case("editable-file-url", {"requirements.txt": "-e file://CASE/project#egg=foo\n-e file://CASE/project\n"}),
    _case("name-at-file-url", {"requirements.txt": "foo @ file://CASE/project\n"}),
)

CASES = (*(_top(line, f"{line}\n") for line in LINES), *TREES)

MISSING = "pip accepts it here and fails when it gets to installing it"
RELEASES = "IndexSettings knows --pre for all projects or none; a note says what is not followed"

DIFFERENCES: dict[str, str] = {
    "foo @ file:///x": MISSING,
    "nope-1.0.zip": MISSING,
    "file:///nope/x.zip": MISSING,
    "-e ./empty": MISSING,
    "-e .": MISSING,
    "-e file:///nope": MISSING,
    "foo --all-releases foo": RELEASES,
    "--all-releases foo,bar": RELEASES,
    "--all-releases foo\n--pre": RELEASES,
    "--only-final :all:": RELEASES,
    "--pre\n--only-final :all:": RELEASES,
    "--prefer-binary": "the newest version is judged, whatever its files; a note says so",
    "--use-feature nonsense": "a feature of another pip changes nothing that is asked here",
}
"""Where we read on purpose what pip does not, or the other way round, and why."""

ROWS: dict[str, tuple[str, ...]] = {
    "variables are expanded": ("variable", "variable-in-include", "variable-is-an-option"),
    "--config-settings and -C": (
        "foo --config-settings a=b -C c=d",
        "-e ./project --config-settings k=v",
        "-e ./project -C k",
    ),
    "options of the run behind a requirement": ("foo --pre", "foo --index-url https://i.example"),
    "options that are new": ("--no-require-hashes", "--all-releases foo,bar", "--only-final :all:"),
    "remote includes": (
        f"-r {SERVER}/plain.txt",
        f"-c {SERVER}/nested/limits.txt",
        "include-file-url",
        "constraints-file-url",
    ),
    "include cycles": ("cycle", "cycle-twice", "-r requirements.txt", f"-r {SERVER}/cycle.txt"),
    "-e with a name": ("-e 'foo @ git+https://h.example/x'",),
    "a name and a path": ("foo @ ./x.whl", "foo_bar @ ./dist/foo_bar-1.0-py3-none-any.whl"),
    "UTF-16 and UTF-32": ("utf-16", "utf-16-be", "utf-32", "utf-32-be"),
    "fragments": ("https://h.example/x#egg=y[z]", "https://h.example/x#egg=y>=1", "git+git@h.example:x"),
    "weak hashes": ("foo --hash=md5:aa",),
    "options that are gone": ("foo --global-option=x", "foo --install-option=x"),
    "unknown options": ("foo --unknown", "--process-dependency-links"),
    "missing paths": ("./nope", "./nope.whl", "../nope/"),
    "local links": ("./project", "./dist/foo_bar-1.0-py3-none-any.whl", "path-file-url"),
    "continuations and comments": ("foo \\\n>=1", "foo \\\n# comment\nbar", "foo #bar"),
    "two includes on one line": ("-r base.txt -r limits.txt",),
    "encodings that are not declared": ("undeclared-latin-1",),
}
"""What pip-requirements-parser, which parses single lines for us, gets wrong or was watched for: the cases about it."""
