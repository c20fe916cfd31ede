"""Platform tags in the words people use."""

from __future__ import annotations

import pytest

from nogilcheck.classify.reasons import platform_family


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("manylinux_2_28_x86_64", "manylinux x86_64"),
        ("manylinux2014_aarch64", "manylinux aarch64"),
        ("manylinux1_i686", "manylinux i686"),
        ("musllinux_1_2_x86_64", "musllinux x86_64"),
        ("linux_armv7l", "Linux armv7l"),
        ("macosx_11_0_arm64", "macOS arm64"),
        ("macosx_10_9_x86_64", "macOS x86_64"),
        ("macosx_10_9_universal2", "macOS"),
        ("macosx_10_6_intel", "macOS"),
        ("win_amd64", "Windows amd64"),
        ("win_arm64", "Windows arm64"),
        ("win32", "Windows x86"),
        ("ios_13_0_arm64_iphoneos", "ios"),
        ("android_24_arm64_v8a", "android"),
        ("pyodide_2025_0_wasm32", "pyodide"),
        ("emscripten_4_0_9_wasm32", "emscripten"),
        ("any", "any"),
        ("freebsd_14_amd64", "freebsd_14_amd64"),
    ],
)
def test_a_family(tag: str, words: str) -> None:
    assert platform_family(tag) == words
