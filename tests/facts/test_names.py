"""The names in the JSON of facts and reports that other tools rely on: one that is renamed or lost breaks them."""

import msgspec
import pytest

from envcheck.facts.snapshot import Snapshot
from envcheck.rendering.schemas import report_schema, snapshot_schema
from envcheck.report import Report

SNAPSHOT = {
    "Snapshot": "schema taken system cpu memory disks accelerators nvidia amd apple intel toolkits modules devices python packages builds "
    "variables tools symptoms smoke observed unknown sources",
    "System": "os distribution kernel machine libc container wsl virtual_machine",
    "Cpu": "model vendor physical_cores logical_cores usable_cores features level",
    "Memory": "total_bytes available_bytes limit_bytes swap_bytes shm_bytes",
    "Disk": "purpose path filesystem total_bytes free_bytes writable",
    "Accelerator": "vendor backend index name memory_bytes memory_free_bytes compute_capability architecture pci_address visible mig state",
    "Nvidia": "driver_version cuda_version kernel_module_version state",
    "Toolkit": "name version path",
    "Device": "path mode accessible",
    "Python": "executable version environment created_by externally_managed service prefix tags",
    "Package": "name version location installer manager build channel state",
    "Build": "version cuda rocm arch_list",
    "Tool": "name version path",
    "Symptom": "kind subject text code details scope source",
    "Smoke": "framework device status layer seconds",
    "Observed": "packages accelerators tools variables",
    "Unknown": "fact reason detail",
}
REPORT = {
    "Report": "schema envcheck tables status target profiles selected findings not_evaluated passed ignored facts",
    "Target": "python version environment chosen_because",
    "Finding": "id rule area severity certainty role because_of subject message evidence would_confirm requirement remedies",
    "Proof": "fact value source",
    "Origin": "profile file line source",
    "Remedy": "summary manager safety steps",
    "Step": "run env root do",
    "Gap": "rule subject reason needs",
    "Pass": "rule subject",
    "Ignored": "rule subject reason",
}
WORDS = {
    "Status": "healthy problems unknown",
    "Severity": "error warning info",
    "Certainty": "certain likely",
    "Role": "primary consequence",
    "Safety": "safe unsafe manual",
    "Area": "system cpu memory disk gpu python packages frameworks smoke container config",
    "Completeness": "complete partial none",
    "PackageState": "ok broken torn",
    "UnknownReason": "denied timed_out crashed unparsable unkillable",
}


@pytest.mark.parametrize(("struct", "names"), SNAPSHOT.items())
def test_the_schema_of_the_facts_has_every_name(struct: str, names: str) -> None:
    document = snapshot_schema()
    found = document["$defs"].get(struct, document)
    assert set(names.split()) <= set(found["properties"])


@pytest.mark.parametrize(("struct", "names"), REPORT.items())
def test_the_schema_of_the_report_has_every_name(struct: str, names: str) -> None:
    document = report_schema()
    found = document["$defs"].get(struct, document)
    assert set(names.split()) <= set(found["properties"])


@pytest.mark.parametrize(("enumeration", "words"), WORDS.items())
def test_the_words_are_those_that_were_promised(enumeration: str, words: str) -> None:
    assert set(words.split()) <= set(report_schema()["$defs"][enumeration]["enum"])


def test_what_is_written_has_the_groups_even_where_they_are_empty() -> None:
    assert set(SNAPSHOT["Snapshot"].split()) <= set(msgspec.to_builtins(Snapshot()))
    assert set(REPORT["Report"].split()) == set(Report.__struct_fields__)
