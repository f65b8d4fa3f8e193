"""`nvidia-smi -q -x`: cut, hostile, of old and new branches."""

import pytest

from envcheck.parsers.nvidia.nvidia_smi_log import card_facts, card_key
from envcheck.parsers.nvidia.nvidia_smi_xml import parse_nvidia_smi_xml

MIB = 2**20
DOCUMENT = """<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v13.dtd">
<nvidia_smi_log>
  <timestamp>Mon Aug 31 10:00:00 2026</timestamp>
  <driver_version>610.57.04 [Deprecated; will be removed in CUDA 14.0. Use KMD Version instead]</driver_version>
  <cuda_version>13.3 [Deprecated]</cuda_version>
  <attached_gpus>2</attached_gpus>
  <gpu id="00000000:3B:00.0">
    <product_name>NVIDIA H100 &amp; more</product_name>
    <product_architecture>Hopper</product_architecture>
    <persistence_mode>Enabled</persistence_mode>
    <mig_mode><current_mig>Enabled</current_mig><pending_mig>Disabled</pending_mig></mig_mode>
    <mig_devices>
      <mig_device><index>0</index><fb_memory_usage><total>20096 MiB</total></fb_memory_usage></mig_device>
      <mig_device><index>1</index><fb_memory_usage><total>N/A</total></fb_memory_usage></mig_device>
    </mig_devices>
    <uuid>GPU-5c4b7a1e-9d2f-4a6b-8c3d-1e2f3a4b5c6d</uuid>
    <minor_number>5</minor_number>
    <clocks_event_reasons>
      <clocks_event_reason_gpu_idle>Not Active</clocks_event_reason_gpu_idle>
      <clocks_event_reason_hw_thermal_slowdown>Active</clocks_event_reason_hw_thermal_slowdown>
    </clocks_event_reasons>
    <fb_memory_usage><total> 81559 MiB </total><reserved>479 MiB</reserved><used>1 MiB</used><free>81079 MiB</free></fb_memory_usage>
    <bar1_memory_usage><total>131072 MiB</total></bar1_memory_usage>
    <compute_mode>Exclusive_Process</compute_mode>
    <ecc_errors><volatile><sram_uncorrectable_parity>1</sram_uncorrectable_parity><sram_uncorrectable_secded>2</sram_uncorrectable_secded>
      <dram_uncorrectable>N/A</dram_uncorrectable><dram_correctable>9</dram_correctable></volatile></ecc_errors>
    <remapped_rows><remapped_row_corr>1</remapped_row_corr><remapped_row_unc>2</remapped_row_unc>
      <remapped_row_pending>Yes</remapped_row_pending><remapped_row_failure>No</remapped_row_failure></remapped_rows>
    <gpu_power_readings><power_draw>N/A</power_draw><instant_power_draw>98,5 W</instant_power_draw></gpu_power_readings>
    <fabric><state>In Progress</state></fabric>
    <processes><process_info><pid>12</pid><process_name></process_name><used_memory>N/A</used_memory></process_info></processes>
  </gpu>
  <gpu id="00000000:5E:00.0">
    <product_name>Unknown Error</product_name>
    <performance_state>GPU is lost</performance_state>
    <processes />
  </gpu>
</nvidia_smi_log>
"""


def test_all_that_a_card_tells_is_a_fact() -> None:
    log = parse_nvidia_smi_xml(DOCUMENT)
    assert (log.driver_version, log.cuda_version, log.attached, log.cut, log.problem) == ("610.57.04", "13.3", 2, False, None)
    card, lost = log.cards
    assert card_key(card) == "accelerators[00000000:3B:00.0]"  # the minor number is that of the device node
    assert card_facts(card) == {
        "vendor": "nvidia",
        "backend": "cuda",
        "name": "NVIDIA H100 & more",
        "architecture": "Hopper",
        "pci_address": "00000000:3B:00.0",
        "uuid": "GPU-5c4b7a1e-9d2f-4a6b-8c3d-1e2f3a4b5c6d",
        "persistence": True,
        "mig": "enabled",
        "mig_devices": [{"memory_bytes": 20096 * MIB}, {}],
        "memory_bytes": 81559 * MIB,
        "memory_reserved_bytes": 479 * MIB,
        "memory_used_bytes": MIB,
        "memory_free_bytes": 81079 * MIB,
        "compute_mode": "exclusive-process",
        "ecc_errors": 3,
        "retired_pages": 3,
        "retirement_pending": True,
        "remapping_failed": False,
        "power_w": 98.5,
        "throttle_reasons": ["hw-thermal"],
        "fabric": "in-progress",
        "processes": [{"pid": 12}],
        "state": "ok",
    }
    assert card_facts(lost) == {"vendor": "nvidia", "backend": "cuda", "pci_address": "00000000:5E:00.0", "processes": [], "state": "lost"}


@pytest.mark.parametrize("place", range(0, len(DOCUMENT), 41))
def test_a_document_that_is_cut_gives_what_is_left_and_nothing_else(place: int) -> None:
    log, whole = parse_nvidia_smi_xml(DOCUMENT[:place]), parse_nvidia_smi_xml(DOCUMENT)
    assert log.cut
    assert log.driver_version in (None, "610.57.04")
    assert len(log.cards) <= 2
    for card, right in zip(log.cards, whole.cards, strict=False):
        for fact, value in card.facts.items():
            told = right.facts.get(fact)
            assert value == told or (isinstance(value, list) and isinstance(told, list) and value == told[: len(value)]), fact


BOMB = """<?xml version="1.0"?><!DOCTYPE nvidia_smi_log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<nvidia_smi_log><driver_version>&b;</driver_version></nvidia_smi_log>"""


@pytest.mark.parametrize("text", [BOMB, BOMB.replace("ENTITY", "entity")])
def test_a_document_with_entities_is_refused(text: str) -> None:
    log = parse_nvidia_smi_xml(text)
    assert log.problem is not None
    assert (log.cards, log.driver_version) == ([], None)


@pytest.mark.parametrize(
    "text", ["", "<html><body>no</body></html>", "<gpu>", "<<<<>>>>", "</nvidia", "\x00<\x00>", "<" * 100000, "<a>" * 100000]
)
def test_what_is_no_such_document_says_so(text: str) -> None:
    log = parse_nvidia_smi_xml(text)
    assert log.cards == []
    assert log.problem == "it is no output of nvidia-smi -q -x"


def test_the_number_of_cards_is_bounded() -> None:
    assert len(parse_nvidia_smi_xml('<gpu id="00000000:3B:00.0">\n' * 5000).cards) == 1024


def test_a_missing_end_tag_spoils_its_own_block_only() -> None:
    log = parse_nvidia_smi_xml(DOCUMENT.replace("<free>81079 MiB</free></fb_memory_usage>", ""))
    assert "memory_free_bytes" not in log.cards[0].facts
    assert log.cards[0].facts["memory_bytes"] == 81559 * MIB
    assert len(log.cards) == 2


def test_a_card_whose_beginning_is_missing_adds_nothing_to_the_one_before() -> None:
    text = DOCUMENT.replace('  </gpu>\n  <gpu id="00000000:5E:00.0">\n', "").replace("GPU is lost", "P8")
    (card,) = parse_nvidia_smi_xml(text).cards
    assert (card.facts["name"], "performance_state" in card.fields) == ("NVIDIA H100 & more", False)
