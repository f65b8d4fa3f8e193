"""The steps of an installation."""

import time

from envcheck.parsers.python.install_log import is_install_log, parse_install_log


def test_steps_stand_in_their_order_with_their_lines() -> None:
    steps, taken = parse_install_log(["x", "  Successfully uninstalled Foo_Bar-1.0", "Successfully installed foo-bar-2.0 z-1"])
    assert [(step.name, step.version, step.line) for step in steps] == [("foo-bar", None, 1), ("foo-bar", "2.0", 2), ("z", "1", 2)]
    assert taken == {1, 2}


def test_requirements_with_their_reasons() -> None:
    line = "Requirement already satisfied: triton==2.1.0; x in /v/lib (from torch>=1.8 (from a)->b) (2.1.0)"
    assert parse_install_log([line.replace("; x", "")])[0][0].version == "2.1.0"
    windows = "Requirement already satisfied: torch in c:\\users\\me\\lib\\site-packages (from -r r.txt (line 3)) (1.13.1+cpu)"
    step = parse_install_log([windows])[0][0]
    assert (step.version, step.place) == ("1.13.1+cpu", "c:\\users\\me\\lib\\site-packages")


def test_other_text_is_none() -> None:
    assert not is_install_log(["pip list", "torch 2.0"])
    assert parse_install_log(["Successfully built foo", "Found existing installation: nothing"]) == ([], set())


def test_endless_lines_cost_no_time() -> None:
    before = time.perf_counter()
    parse_install_log(["Successfully installed " + "a-1 " * 4000] + ["b-1"] * 2000)
    parse_install_log(["Requirement already satisfied: " + "a" * 5000 + " in " + "(from " * 2000] * 50)
    assert time.perf_counter() - before < 2
