"""Claims about the same facts become one snapshot, and nothing that was said is lost."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from envcheck.facts.claims import Claim, Evidence, Trust, resolve, unknowns
from envcheck.facts.snapshot import Completeness, PackageState, Snapshot, Unknown, UnknownReason, known
from envcheck.facts.symptoms import Symptom, SymptomKind


def resolved(*claims: Claim, **evidence: object) -> Snapshot:
    return resolve(Evidence(list(claims), **evidence), taken="2026-11-21T00:00:00Z", live=False)  # type: ignore[arg-type]


def test_paths_reach_groups_lists_and_mappings() -> None:
    snapshot = resolved(
        Claim("memory.total_bytes", 16, "a"),
        Claim("packages[torch]", {"version": "2.8.0", "manager": "pip"}, "b"),
        Claim("packages[torch].build", "py3", "c"),
        Claim("accelerators[1].name", "NVIDIA L4", "d"),
        Claim("builds[torch].cuda", None, "e"),
        Claim("toolkits[cuda@/usr/local/cuda-12.4]", {"version": "12.4", "path": "/usr/local/cuda-12.4"}, "f"),
        Claim("toolkits[cuda@/usr/local/cuda-11.8]", {"version": "11.8", "path": "/usr/local/cuda-11.8"}, "f"),
        Claim("variables", {"LD_LIBRARY_PATH": "/opt"}, "g"),
    )
    torch = snapshot.package("torch")
    assert snapshot.memory.total_bytes == 16
    assert torch is not None
    assert (torch.version, torch.build, torch.state) == ("2.8.0", "py3", PackageState.OK)
    assert [(card.index, card.name) for card in snapshot.accelerators] == [(1, "NVIDIA L4")]
    assert snapshot.builds["torch"].cuda is None
    assert [(each.name, each.version) for each in snapshot.toolkits] == [("cuda", "12.4"), ("cuda", "11.8")]
    assert snapshot.variables == {"LD_LIBRARY_PATH": "/opt"}


@pytest.mark.parametrize("order", [1, -1])
def test_the_more_trusted_claim_wins_and_the_other_is_kept(order: int) -> None:
    claims = [
        Claim("nvidia.driver_version", "470.82.01", "somebody's prose", Trust.MENTIONED),
        Claim("nvidia.driver_version", "535.54.03", "nvidia-smi", Trust.PRINTED),
    ]
    snapshot = resolved(*claims[::order])
    assert snapshot.nvidia.driver_version == "535.54.03"
    assert snapshot.source_of("nvidia.driver_version") == "nvidia-smi"
    assert [(each.fact, each.value, each.source) for each in snapshot.contradictions] == [
        ("nvidia.driver_version", "470.82.01", "somebody's prose")
    ]


def test_of_equals_the_earlier_wins_and_the_same_value_is_no_contradiction() -> None:
    snapshot = resolved(Claim("cpu.model", "A", "x"), Claim("cpu.model", "B", "y"), Claim("cpu.model", "A", "z"))
    assert snapshot.cpu.model == "A"
    assert [each.value for each in snapshot.contradictions] == ["B"]


def test_a_claim_of_another_scope_fills_no_gap() -> None:
    snapshot = resolved(Claim("nvidia.driver_version", "535", "nvidia-smi", scope="host"))
    assert snapshot.nvidia.driver_version is UNSET
    assert [(each.value, each.scope) for each in snapshot.contradictions] == [("535", "host")]


def test_unknown_absent_and_known_are_three_things_in_json() -> None:
    snapshot = resolved(Claim("memory.limit_bytes", None, "cgroup"), Claim("memory.total_bytes", 4, "meminfo"))
    written = msgspec.json.encode(snapshot)
    assert b'"memory":{"total_bytes":4,"limit_bytes":null}' in written
    assert msgspec.json.decode(written, type=Snapshot) == snapshot
    assert known(snapshot.memory.limit_bytes, 7) == 7
    assert known(snapshot.memory.total_bytes, 7) == 4


def test_what_one_source_could_not_find_out_and_another_knew_is_known() -> None:
    denied = Unknown(fact="", reason=UnknownReason.DENIED)
    evidence = Evidence([Claim("cpu.model", "A", "x")], unknown=unknowns(["cpu.model", "cpu.vendor"], denied))
    snapshot = resolve(evidence, taken="", live=True)
    assert [each.fact for each in snapshot.unknown] == ["cpu.vendor"]
    unknown = snapshot.why_unknown("cpu.vendor")
    assert unknown is not None
    assert unknown.reason is UnknownReason.DENIED


def test_the_reason_of_a_group_holds_for_its_members() -> None:
    snapshot = resolved(unknown=[Unknown(fact="disks", reason=UnknownReason.TIMED_OUT)])
    unknown = snapshot.why_unknown("disks[temp].free_bytes")
    assert unknown is not None
    assert unknown.reason is UnknownReason.TIMED_OUT
    assert snapshot.why_unknown("memory.total_bytes") is None


def test_the_source_of_a_group_holds_for_its_members() -> None:
    snapshot = resolved(Claim("packages[torch]", {"version": "2.8.0"}, "METADATA"))
    assert snapshot.source_of("packages[torch].version") == "METADATA"
    assert not snapshot.source_of("packages[numpy].version")


def test_evidence_adds_up_and_the_more_complete_look_stands() -> None:
    symptom = Symptom(kind=SymptomKind.SIGNAL, text="Killed")
    evidence = Evidence(symptoms=[symptom], observed={"packages": "partial"})
    evidence.add(Evidence(symptoms=[symptom], observed={"packages": "complete", "tools": "none"}))
    evidence.add(Evidence(observed={"packages": "partial"}))
    snapshot = resolve(evidence, taken="", live=False)
    assert snapshot.symptoms == (symptom,)
    assert snapshot.observed.packages is Completeness.COMPLETE


def test_the_contracts_groups_are_always_in_the_json() -> None:
    groups = {
        "schema",
        "taken",
        "system",
        "cpu",
        "memory",
        "disks",
        "accelerators",
        "nvidia",
        "amd",
        "apple",
        "intel",
        "toolkits",
        "modules",
    }
    groups |= {"devices", "python", "packages", "builds", "variables", "tools", "symptoms", "smoke", "observed", "unknown", "sources"}
    assert groups <= set(msgspec.json.decode(msgspec.json.encode(resolved())))


_scalars = st.none() | st.text(max_size=5)


@given(
    st.lists(
        st.tuples(st.sampled_from(["cpu.model", "packages[a].version", "builds[b].cuda"]), _scalars, st.sampled_from(Trust)), max_size=12
    )
)
def test_every_claim_is_either_the_fact_or_kept_beside_it(drawn: list[tuple[str, str | None, Trust]]) -> None:
    claims = [Claim(fact, value if value is not None or "cuda" in fact else "", "s", trust) for fact, value, trust in drawn]
    snapshot = resolved(*claims)
    package = snapshot.package("a")
    stands = {
        "cpu.model": snapshot.cpu.model,
        "packages[a].version": package.version if package else UNSET,
        "builds[b].cuda": snapshot.builds["b"].cuda if "b" in snapshot.builds else UNSET,
    }
    kept = {(each.fact, each.value) for each in snapshot.contradictions}
    for claim in claims:
        assert stands[claim.fact] == claim.value or (claim.fact, str(claim.value)) in kept
