"""py-cpuinfo is asked for what nothing quicker has said, and only then."""

import sys
import types
from collections.abc import Callable
from typing import Any

import pytest

X86_64_V1 = ["lm", "cmov", "cx8", "fpu", "fxsr", "mmx", "syscall", "sse", "sse2", "rdrnd"]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A py-cpuinfo that writes down that it was asked."""
    calls: list[str] = []
    library: Any = types.ModuleType("cpuinfo")

    def get_cpu_info() -> dict[str, Any]:
        calls.append("asked")
        return {"brand_raw": "Loongson-3A6000", "flags": X86_64_V1}

    library.get_cpu_info = get_cpu_info
    monkeypatch.setitem(sys.modules, "cpuinfo", library)
    return calls


Probe = Callable[[str], types.ModuleType]


def test_what_is_missing_is_told(asked: list[str], probe: Probe, channel: Any) -> None:
    probe("machine.cpu_library").tell_from_library(channel, ["cpu.model", "cpu.features"], "x86_64")
    assert channel.facts == {"cpu.model": "Loongson-3A6000", "cpu.features": [*X86_64_V1[:-1], "rdrand"], "cpu.level": "x86-64-v1"}
    assert set(channel.sources.values()) == {"py-cpuinfo"}


def test_where_nothing_is_missing_it_is_not_asked(asked: list[str], probe: Probe, channel: Any) -> None:
    probe("machine.cpu_library").tell_from_library(channel, [], "x86_64")
    assert (asked, channel.facts) == ([], {})


def test_what_it_does_not_know_either_stays_unknown(asked: list[str], probe: Probe, channel: Any) -> None:
    probe("machine.cpu_library").tell_from_library(channel, ["cpu.vendor"], "aarch64")
    assert (channel.facts, channel.unknowns) == ({}, {})


def test_without_it_nothing_breaks(probe: Probe, channel: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cpuinfo", None)
    probe("machine.cpu_library").tell_from_library(channel, ["cpu.model"], "x86_64")
    assert channel.facts == {}


@pytest.mark.parametrize(("full", "model"), [(False, None), (True, "Loongson-3A6000")])
def test_on_linux_only_the_full_doctor_asks_it(
    full: bool, model: str | None, asked: list[str], probe: Probe, channel: Any, tmp_path: Any
) -> None:
    probe("machine.host_linux").collect(channel, str(tmp_path), {}, "loongarch64", full=full)
    assert channel.facts.get("cpu.model") == model
    assert "cpu.model" in channel.unknowns  # whoever looks at both takes the fact


def test_the_real_one_answers_in_the_words_that_are_looked_for(probe: Probe, channel: Any) -> None:
    pytest.importorskip("cpuinfo", reason="py-cpuinfo is not installed")
    probe("machine.cpu_library").tell_from_library(channel, ["cpu.model", "cpu.features"], "aarch64")
    assert channel.facts["cpu.model"]
    assert channel.facts["cpu.features"]
