import enum
import re
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envcheck.facts.accelerators import MigDevice
from envcheck.facts.snapshot import Accelerator, Package, PackageState, Python, Snapshot
from envcheck.parsers.nvidia.visible_devices import parse_visible_devices
from envcheck.rendering.redaction import redact, redact_here
from envcheck.rendering.shareable import PUBLIC_FIELDS, SHARED_GROUPS, is_shared_variable
from envcheck.report import Remedy, Report, Safety, Step

WHO = {"home": "/home/alice", "user": "alice", "host": "gpu17"}
# Each as it may stand in a text, and the part of it that must be gone.
SECRETS = [
    ("https://user:hunter2@host.example.net/simple", "hunter2"),
    ("https://oauth2:s3cr3t@gitlab.com/x", "s3cr3t"),
    ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI", "wJalrXUtnFEMI"),
    ("MY_SETTING='two words'", "two words"),
    ("hf_abcdefghijklmnopqrstuv", "hf_abc"),
    ("ghp_0123456789abcdefghij", "ghp_0123"),
    ("sk-abcdef0123456789abcdef", "abcdef0123"),
    ("AKIAIOSFODNN7EXAMPLE", "AKIA"),
    ("--token t0psecret", "t0psecret"),
    ("/home/bob/work", "bob"),
    (r"C:\Users\bob\work", "bob"),
    ("bob@mail.example.com", "bob"),
    ("192.168.17.4", "192.168"),
    ("host 10.20.30.40:22", "10.20"),
    ("52:54:00:12:34:56", "52:54"),
    ("b08dfa60-83e7-567a-1921-a715000001fb", "b08dfa60"),
]
# These need the names of this machine, and are not looked for where only public names stand.
NAMES = [("/home/alice/venv", "alice"), ("/scratch/alice/x", "alice"), ("node gpu17 is down", "gpu17")]
# Letters, blanks and marks that stand around a secret in a text; a letter at its edge would make it another word.
AROUND = st.text(st.sampled_from("xyz (),\n.é"), max_size=12).map(lambda text: f"{text} ")


def strings(value: Any, *, public: bool) -> list[str]:
    """All strings of a structure; without `public`, those of the public fields left out."""
    found: list[str] = []
    if isinstance(value, enum.Enum):
        return found
    if isinstance(value, str):
        return [value]
    if isinstance(value, msgspec.Struct):
        kept = [name for name in value.__struct_fields__ if public or name not in PUBLIC_FIELDS.get(type(value).__name__, ())]
        return [text for name in kept for text in strings(getattr(value, name), public=public)]
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, (tuple, list)):
        return [text for item in value for text in strings(item, public=public)]
    return found


def planted(value: Any, text: str) -> Any:
    """The structure with the text put behind every one of its strings."""
    if isinstance(value, enum.Enum):
        return value
    if isinstance(value, str):
        return f"{value} {text}"
    if isinstance(value, msgspec.Struct):
        return msgspec.structs.replace(value, **{name: planted(getattr(value, name), text) for name in value.__struct_fields__})
    if isinstance(value, dict):
        return {key: planted(item, text) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(planted(item, text) for item in value)
    return value


@pytest.mark.parametrize(("text", "secret"), SECRETS)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(before=AROUND, after=AROUND)
def test_no_secret_survives_in_any_field(reports: dict[str, Report], text: str, secret: str, before: str, after: str) -> None:
    report = planted(reports["driver_too_old"], f"{before}{text} {after}")
    redacted = redact(report, **WHO)
    public = "10.20" not in text and "192.168" not in text  # four numbers in a version field are a version
    assert [found for found in strings(redacted, public=public) if secret in found] == []


@pytest.mark.parametrize(("text", "secret"), NAMES)
def test_no_name_survives_outside_of_public_names(reports: dict[str, Report], text: str, secret: str) -> None:
    redacted = redact(planted(reports["broken_package"], text), **WHO)
    assert [found for found in strings(redacted, public=False) if secret in found] == []


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([text for text, _ in [*SECRETS, *NAMES]]) | st.text(max_size=20), max_size=6).map("".join))
def test_redacting_twice_changes_nothing(text: str) -> None:
    snapshot = Snapshot(sources={"a": text}, modules=(text,), python=Python(executable=text))
    once = redact(snapshot, **WHO)
    assert redact(once, **WHO) == once


def test_made_up_reports_stay_valid_and_settle(made_up: Report) -> None:
    once = redact(made_up, **WHO)
    assert redact(once, **WHO) == once
    assert msgspec.json.decode(msgspec.json.encode(once), type=Report) == once
    text = msgspec.json.encode(once).decode()
    assert "alice" not in text
    assert "Anna" not in text


def test_the_report_itself_is_not_changed(reports: dict[str, Report]) -> None:
    before = msgspec.json.encode(reports["driver_too_old"])
    redact(reports["driver_too_old"], **WHO)
    assert msgspec.json.encode(reports["driver_too_old"]) == before


def test_variables_outside_the_allow_list_keep_their_name_only() -> None:
    snapshot = Snapshot(variables={"CUDA_VISIBLE_DEVICES": "0", "SECRET_PLAN": "x", "LD_LIBRARY_PATH": "/home/alice/lib"})
    expected = {"CUDA_VISIBLE_DEVICES": "0", "SECRET_PLAN": "<hidden>", "LD_LIBRARY_PATH": "~/lib"}
    assert redact(snapshot, **WHO).variables == expected


@pytest.mark.parametrize(
    "name", ["HF_TOKEN", "TF_API_KEY", "PYTHON_KEYRING_BACKEND", "RAY_ADDRESS", "JAX_COORDINATOR_ADDRESS", "WANDB_API_KEY"]
)
def test_a_variable_whose_name_sounds_like_a_secret_is_never_shared(name: str) -> None:
    assert not is_shared_variable(name)


@pytest.mark.parametrize(
    "name", ["CUDA_VISIBLE_DEVICES", "PYTHONPATH", "LD_LIBRARY_PATH", "TF_CPP_MIN_LOG_LEVEL", "XLA_FLAGS", "OMP_NUM_THREADS"]
)
def test_a_variable_of_the_subject_is_shared(name: str) -> None:
    assert is_shared_variable(name)


def test_packages_keep_their_names_and_versions_and_lose_their_home() -> None:
    package = Package(
        name="alice", version="10.1.2.3", state=PackageState.OK, location="/home/alice/venv/lib", requires=("x @ https://a:b@c.net/d",)
    )
    redacted = redact(Snapshot(packages=(package,)), home="/home/alice", user="alice").packages[0]
    assert (redacted.name, redacted.version, redacted.location) == ("alice", "10.1.2.3", "~/venv/lib")
    assert redacted.requires == ("x @ https://***@<host>/***",)


def test_commands_lose_the_home_and_the_credentials(reports: dict[str, Report]) -> None:
    step = Step(
        run=("/home/alice/v/bin/python", "-m", "pip", "install", "--index-url", "https://t:k@pypi.corp/simple", "torch"), env={"X_Y": "z"}
    )
    remedy = Remedy(summary="Install", manager="pip", safety=Safety.SAFE, steps=(step,))
    finding = msgspec.structs.replace(reports["driver_too_old"].findings[0], remedies=(remedy,))
    redacted = redact(msgspec.structs.replace(reports["driver_too_old"], findings=(finding,)), **WHO).findings[0].remedies[0].steps[0]
    assert redacted.run == ("~/v/bin/python", "-m", "pip", "install", "--index-url", "https://***@<host>/***", "torch")
    assert redacted.env == {"X_Y": "<hidden>"}


def test_cards_lose_their_uuids_and_variables_still_name_the_same_cards() -> None:
    part = MigDevice(uuid="MIG-c7384736-a75d-5afc-978f-d2f1294409fd")
    cards = (
        Accelerator(index=0, vendor="nvidia", uuid="GPU-4cf8db2d-06c0-7d70-1a51-e59b25b2c1aa"),
        Accelerator(index=1, vendor="nvidia", uuid="GPU-5cf8db2d-06c0-7d70-1a51-e59b25b2c1ab", mig_devices=(part,)),
    )
    value = "GPU-5cf8db2d-06c0,GPU-4cf8db2d,MIG-c7384736-a75d-5afc-978f-d2f1294409fd,GPU-99999999"
    snapshot = Snapshot(accelerators=cards, variables={"CUDA_VISIBLE_DEVICES": value})
    redacted = redact(snapshot, **WHO)
    first, second = redacted.accelerators
    assert isinstance(second.mig_devices, tuple)
    told = [second.uuid, first.uuid, second.mig_devices[0].uuid]
    assert len(set(told)) == 3
    entries = parse_visible_devices(redacted.variables["CUDA_VISIBLE_DEVICES"])
    assert list(entries.entries[:3]) == told
    assert not entries.fault
    assert entries.entries[3] not in told
    assert not re.search(r"[45]cf8|c738|06c0|9999", str(redacted))
    assert redact(redacted, **WHO) == redacted


def test_every_group_of_facts_is_decided_about() -> None:
    assert set(Snapshot.__struct_fields__) == SHARED_GROUPS


def test_public_fields_exist() -> None:
    import envcheck.facts.snapshot
    import envcheck.report

    for kind, names in PUBLIC_FIELDS.items():
        struct = getattr(envcheck.report, kind, None) or getattr(envcheck.facts.snapshot, kind)
        assert names <= set(struct.__struct_fields__), kind


def test_a_group_that_nobody_decided_about_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("envcheck.rendering.redaction.SHARED_GROUPS", SHARED_GROUPS - {"modules"})
    assert redact(Snapshot(modules=("nvidia",)), **WHO).modules == ()


def test_the_person_who_runs_it_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/srv/people/carla")
    monkeypatch.setenv("USERPROFILE", "/srv/people/carla")
    monkeypatch.setenv("LOGNAME", "carla")
    redacted = redact_here(Snapshot(modules=("/srv/people/carla/x", "carla was here")))
    assert redacted.modules == ("~/x", "<user> was here")


def test_a_user_without_a_name_is_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError("no entry")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert redact_here(Snapshot(modules=("nvidia",))).modules == ("nvidia",)
