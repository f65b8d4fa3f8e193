# ruff: noqa: E501 - what programs print stands as they print it
from typing import Any

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.judging.case import Case
from envcheck.judging.rule import Found, NotApplicable, NotEvaluated, Passed
from envcheck.readers.read import read_text
from envcheck.report import Certainty
from envcheck.rules.jax_plugin_version_mismatch import RULE


def judge(**versions: str | None) -> list[Any]:
    packages = [
        {"name": name.replace("_", "-"), "state": "ok", **({"version": version} if version else {})} for name, version in versions.items()
    ]
    return list(RULE.check(Case(msgspec.convert({"packages": packages}, Snapshot))))


def read(text: str) -> list[Any]:
    return list(RULE.check(Case(read_text(text))))


def test_a_plugin_of_another_release_is_found_and_installed_in_jaxlibs():
    (found,) = judge(jax="0.7.2", jaxlib="0.7.2", jax_cuda13_plugin="0.8.0", jax_cuda13_pjrt="0.8.0")
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert found.remedies[0].steps[-1].run[-1] == "jax[cuda13]==0.7.2"


def test_a_fourth_place_makes_another_version_too():
    (found,) = judge(jaxlib="0.9.0.1", jax_cuda12_plugin="0.9.0")
    assert isinstance(found, Found)
    assert "jax-cuda12-plugin[with-cuda]==0.9.0.1" in found.remedies[0].steps[-1].run


@pytest.mark.parametrize(("jaxlib", "plugin"), [("0.4.30", "0.4.31"), ("0.5.1", "0.5.3"), ("0.9.1", "0.4.38.dev20260317")])
def test_before_the_comparison_and_with_a_vendors_build_it_is_likely(jaxlib: str, plugin: str):
    (found,) = judge(jaxlib=jaxlib, jax_cuda12_plugin=plugin)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY


@pytest.mark.parametrize("jax", ["0.6.1", "0.6.2"])
def test_one_version_passes_also_where_jax_itself_is_newer(jax: str):
    assert [type(outcome) for outcome in judge(jax=jax, jaxlib="0.6.1", jax_cuda12_plugin="0.6.1", jax_cuda12_pjrt="0.6.1")] == [Passed]


def test_an_unknown_version_leaves_it_open():
    assert [type(outcome) for outcome in judge(jax="0.6.1", jax_cuda12_plugin="0.6.1")] == [NotEvaluated]
    assert [type(outcome) for outcome in judge(jaxlib="0.6.1", jax_cuda12_plugin=None)] == [NotEvaluated]


@pytest.mark.parametrize("versions", [{}, {"jax": "0.6.1", "jaxlib": "0.6.1"}, {"jaxlib": "0.8.0", "jax_rocm7_plugin": "0.8.1"}])
def test_without_a_cuda_plugin_it_is_no_question(versions: dict[str, str]):
    assert [type(outcome) for outcome in judge(**versions)] == [NotApplicable]


@pytest.mark.parametrize(
    "line",
    [
        (
            "RuntimeError: Unable to initialize backend 'cuda': INVALID_ARGUMENT: Mismatched PJRT plugin PJRT API version (0.54) and framework "
            "PJRT API version 0.51). (you may need to uninstall the failing plugin package, or set JAX_PLATFORMS=cpu to skip this backend.)"
        ),
        (
            "RuntimeError: Unable to initialize backend 'cuda': INVALID_ARGUMENT: Unexpected PJRT_Client_Create_Args size: expected 88, got 72. "
            "The plugin is likely built with a later version than the framework. This plugin is built with PJRT API version 0.64."
        ),
        (
            "/x/jaxlib/plugin_support.py:71: RuntimeWarning: JAX plugin jax_cuda12_plugin version 0.9.2 is installed, but it is not compatible "
            "with the installed jaxlib version 0.9.0.1, so it will not be used."
        ),
    ],
)
def test_what_jax_says_is_certain(line: str):
    (found,) = read(f"{line}\n")
    assert isinstance(found, Found)
    assert found.certainty is Certainty.CERTAIN
    assert found.symptoms


def test_a_plugin_for_apple_is_taken_away():
    (found,) = read(
        "jaxlib.xla_extension.XlaRuntimeError: INVALID_ARGUMENT: Mismatched PJRT plugin PJRT API version (0.47) and framework PJRT API "
        "version 0.51).\nRuntimeError: Unable to initialize backend 'METAL': INVALID_ARGUMENT: Mismatched PJRT plugin PJRT API version "
        "(0.47) and framework PJRT API version 0.51).\n"
    )
    assert isinstance(found, Found)
    assert "jax[cuda" not in str(found.remedies)


def test_jax_and_jaxlib_that_do_not_fit_are_no_matter_of_the_plugin():
    assert not any(
        isinstance(outcome, Found)
        for outcome in read("RuntimeError: jaxlib version 0.4.30 is newer than and incompatible with jax version 0.4.20.\n")
    )


def test_a_part_that_the_plugin_misses_is_likely_and_the_versions_say_more():
    line = (
        "Jax plugin configuration error: Exception when calling jax_plugins.xla_cuda12.initialize()\n"
        "Traceback (most recent call last):\n"
        '  File "/e/lib/python3.13/site-packages/jax_plugins/xla_cuda12/__init__.py", line 96, in initialize\n'
        "    xla_client.register_custom_type_id_handler(\n"
        "AttributeError: module 'jaxlib.xla_client' has no attribute 'register_custom_type_id_handler'\n"
    )
    (found,) = read(line)
    assert isinstance(found, Found)
    assert found.certainty is Certainty.LIKELY
    (found,) = read(line + "\npip list\njax 0.4.38\njaxlib 0.4.38\njax-cuda12-plugin 0.5.0\n")
    assert found.certainty is Certainty.CERTAIN
