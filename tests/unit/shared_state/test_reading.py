"""State that functions share, in small sources: what is reported, what is not, and that no source is in the way."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.model.report.shared_state import SharedStateReading
from nogilcheck.shared_state import reading
from nogilcheck.shared_state.reading import read_shared_state, sources_among

REPORTED = {
    "a counter": (
        "counter n:4",
        """
        n = 0
        def step():
            global n
            n += 1
        """,
    ),
    "a counter of keys": (
        "counter seen:3",
        """
        seen = {}
        def see(key):
            seen[key] = seen.get(key, 0) + 1
        """,
    ),
    "a counter of a class": (
        "counter Job.made:4",
        """
        class Job:
            made = 0
            def __init__(self):
                type(self).made += 1
        """,
    ),
    "a cache": (
        "check-then-act cache:4",
        """
        cache = {}
        def get(key):
            if key not in cache:
                cache[key] = make(key)
            return cache[key]
        """,
    ),
    "a cache that is tried first": (
        "check-then-act cache:7",
        """
        from collections import OrderedDict
        cache = OrderedDict()
        def get(key):
            try:
                return cache[key]
            except KeyError:
                value = cache[key] = make(key)
                return value
        """,
    ),
    "a cache of which only the clearing has the lock": (
        "check-then-act cache:6",
        """
        cache = {}
        def compile_(key):
            if len(cache) > 500:
                with lock:
                    cache.clear()
            cache[key] = made = make(key)
            return made
        """,
    ),
    "a cache of a class": (
        "check-then-act Parser.known:6",
        """
        class Parser:
            known = {}
            def parse(self, text):
                found = self.known.get(text)
                if found is None:
                    found = self.known[text] = make(text)
                return found
        """,
    ),
    "a singleton": (
        "lazy client:5",
        """
        client = None
        def get():
            global client
            if client is None:
                client = Client()
            return client
        """,
    ),
    "a singleton that its class makes": (
        "lazy One.instance:5",
        """
        class One:
            instance = None
            def __new__(cls):
                if not hasattr(cls, "instance"):
                    cls.instance = super().__new__(cls)
                return cls.instance
        """,
    ),
    "a list that grows": (
        "changed log:3",
        """
        log = []
        def note(text):
            log.append(text)
        """,
    ),
    "a global that is loaded": (
        "rebound table:4",
        """
        table = None
        def load():
            global table
            table = read()
        """,
    ),
}

NOT_REPORTED = {
    "a lock": """
        cache = {}
        def get(key):
            with cache_lock:
                if key not in cache:
                    cache[key] = make(key)
        """,
    "a lock, acquired": """
        n = 0
        def step():
            global n
            LOCK.acquire()
            try:
                n += 1
            finally:
                LOCK.release()
        """,
    "a lock that the callers hold": """
        n = 0
        def _step():
            global n
            n += 1
        def step():
            with lock:
                _step()
        """,
    "a lock that is checked for twice": """
        client = None
        def get():
            global client
            if client is None:
                with _lock:
                    if client is None:
                        client = Client()
            return client
        """,
    "import": """
        table = {}
        for name in names:
            table[name] = make(name)
        def _fill():
            table["more"] = 1
        _fill()
        """,
    "a registry of what is decorated": """
        handlers = {}
        def handler(name):
            def decorate(function):
                handlers[name] = function
                return function
            return decorate
        known = []
        def known_one(cls):
            known.append(cls.name)
            return cls
        """,
    "a setting": """
        options = {}
        level = None
        def configure(name, value):
            options[name] = value
        def choose(value):
            global level
            level = value
        """,
    "a name that is local": """
        cache = {}
        def get(key):
            cache = {}
            cache[key] = make(key)
            return cache
        """,
    "a name of each instance": """
        class Parser:
            known = {}
            def __init__(self):
                self.known = {}
            def parse(self, text):
                self.known[text] = make(text)
        """,
    "a default that a model copies": """
        class Model(Base):
            items: list[str] = []
            def add_all(self, items):
                self.items.extend(items)
        """,
    "threads of their own": """
        state = threading.local()
        current = ContextVar("current")
        def get():
            if not hasattr(state, "value"):
                state.value = make()
            current.set(state.value)
        """,
    "functools": """
        @functools.lru_cache(maxsize=None)
        def get(key):
            return make(key)
        """,
    "what is checked and set at once": """
        cache = {}
        def get(key):
            return cache.setdefault(key, make(key))
        """,
    "what is as good twice": """
        pattern = None
        def match(text):
            global pattern
            if pattern is None:
                pattern = re.compile("a+")
            return pattern.match(text)
        """,
    "a class as it is made": """
        class Plugin:
            all_of_them = []
            def __init_subclass__(cls):
                Plugin.all_of_them.append(cls)
        """,
    "types": """
        if TYPE_CHECKING:
            cache = {}
        def get(cache, key):
            cache[key] = make(key)
        """,
}


def found(read: SharedStateReading) -> list[str]:
    return [f"{one.kind} {one.name}:{one.line}" for one in read.found]


def of(text: str) -> SharedStateReading:
    read = read_shared_state({"m.py": dedent(text).strip().encode()})
    assert (read.modules, read.unread) == (1, ())
    return read


@pytest.mark.parametrize(("expected", "text"), REPORTED.values(), ids=REPORTED)
def test_is_reported(expected: str, text: str) -> None:
    assert found(of(text)) == [expected]


@pytest.mark.parametrize("text", NOT_REPORTED.values(), ids=NOT_REPORTED)
def test_is_not_reported(text: str) -> None:
    assert found(of(text)) == []


def test_a_cache_that_another_module_fills() -> None:
    read = read_shared_state(
        {
            "pkg/__init__.py": b"",
            "pkg/settings.py": b"class Cache(dict): pass\nCACHE = Cache()\nLIMIT = 3\n",
            "pkg/sub/__init__.py": b"",
            "pkg/sub/parser.py": b"from ..settings import CACHE\ndef add_all(k):\n  if k not in CACHE: CACHE[k] = 1\n"
            b"def parse(k):\n  if k not in CACHE: CACHE[k] = 1\n",
            "pkg/other.py": b"from pkg import settings as s\ndef parse(k):\n  s.CACHE[k] += 1\n  s.LIMIT.pop()\n",
        }
    )
    assert [(one.name, one.path, one.line, str(one.kind)) for one in read.found] == [
        ("CACHE", "pkg/other.py", 3, "counter")
    ]


def test_which_files_are_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_SOURCE", 10)
    monkeypatch.setattr(reading, "MAX_SOURCES", 15)
    wanted = {"pkg/a.py": 9, "pkg/testing_tools/b.py": 6}
    large = {"pkg/large.py": 11, "pkg/more.py": 1}
    others = [
        "pkg/tests/a.py",
        "pkg/vendor/x/test/a.py",
        "test_a.py",
        "pkg/conftest.py",
        "pkg/__main__.py",
        "pkg/a.pyi",
    ]
    paths, unread = sources_among(wanted | large | dict.fromkeys(others, 1))
    assert paths == list(wanted)
    assert [one.path for one in unread] == list(large)


@pytest.mark.parametrize(
    "source",
    ["def f(:\n", "print 'Python 2'", "\0", "# coding: nothing\n", "\udcff", "(" * 3000, "a" + ".b" * 20_000],
)
def test_what_cannot_be_parsed_is_told(source: str) -> None:
    read = read_shared_state({"bad.py": source.encode("utf-8", "surrogateescape"), "good.py": b"n = 0\n"})
    assert read.modules == 1
    assert [(one.path, bool(one.text)) for one in read.unread] == [("bad.py", True)]


LINES = st.sampled_from(
    """cache = {}|global cache|def get(self, *, k=cache):|class A(type):|if cache not in A:|with lock:|try:|
except KeyError:|cache[self] += 1|cls.cache[k].append(*k)|return k|async def f(k):|*cache, b = k = lambda: cache|
import a.b|from . import k|from ... import *|del cache[0], A.b|type(self).k = self.__class__.k = 1|else:|@property|
while cache and (k := A):|[cache.pop() for k in A]|match cache:|:""".replace("\n", "").split("|")
)
INDENTED = st.tuples(st.integers(0, 3), LINES).map(lambda line: "  " * line[0] + line[1])


@given(st.one_of(st.text(), st.lists(INDENTED, max_size=12).map("\n".join)))
def test_no_text_is_in_the_way(text: str) -> None:
    read = read_shared_state({"m.py": text.encode("utf-8", "surrogatepass")})
    assert read.modules + len(read.unread) == 1
