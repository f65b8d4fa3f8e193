"""AMD's cards out of pasted files of the kernel's list of what can compute."""

from envcheck.facts.claims import Evidence
from envcheck.parsers.amd.kfd_in_text import parse_kfd_text
from envcheck.parsers.amd.kfd_topology import cards_of, is_gpu
from envcheck.readers.interface import Text


class KfdTopologyReader:
    """Reads the `properties` of nodes, with those of their memory banks where the paths are shown."""

    name = "/sys/class/kfd/kfd/topology"

    def recognises(self, text: Text) -> bool:
        """By a name that only those files have."""
        return any("simd_count " in line for line in text.lines)

    def read(self, text: Text) -> Evidence:
        """Cards with target, compute units, memory and their place on the bus; partitions of one card are one."""
        evidence = Evidence()
        nodes = parse_kfd_text(list(text.lines))
        for node in nodes:
            text.taken.update(node.lines)
        first = next((node.line for node in nodes if is_gpu(node.fields)), 0)
        for rank, card in enumerate(cards_of([(node.fields, node.memory_bytes) for node in nodes])):
            evidence.claims.append(text.claim(f"accelerators[amd:{rank}]", {"vendor": "amd", "backend": "rocm", **card}, first))
            evidence.observed["accelerators"] = "partial"
        return evidence
