from envcheck.parsers.amd.kfd_topology import bank_bytes, cards_of, is_gpu, parse_properties

PROPERTIES = (
    "cpu_cores_count 0\nsimd_count 152\nsimd_per_cu 4\ngfx_target_version 90402\ndevice_id 29857\nlocation_id 1281\ndomain 2\nunique_id 3\n"
)


def test_properties():
    node = parse_properties(PROPERTIES + "text x\nnegative -1\nempty \n\x00\nhuge " + "9" * 100)
    assert is_gpu(node)
    assert node["gfx_target_version"] == 90402
    assert not {"text", "negative", "empty", "huge"} & node.keys()


def test_partitions_are_one_card():
    node = parse_properties(PROPERTIES)
    other = {**node, "location_id": 1280}
    (card,) = cards_of([(node, 10), (other, 20), ({"cpu_cores_count": 8, "simd_count": 0}, 0)])
    assert card == {
        "architecture": "gfx942",
        "compute_units": 76,
        "memory_bytes": 30,
        "pci_id": "1002:74a1",
        "pci_address": "0002:05:00.0",
        "uuid": "GPU-0000000000000003",
    }


def test_a_card_of_an_old_kernel():
    node = {"simd_count": 256, "simd_per_cu": 4, "local_mem_size": 100, "device_id": 0x6860}
    first, second = cards_of([(node, 0), (node, 0)])
    assert first == second == {"compute_units": 64, "memory_bytes": 100, "pci_id": "1002:6860"}


def test_memory_that_is_not_told_of_every_part_is_unknown():
    node = parse_properties(PROPERTIES)
    (card,) = cards_of([(node, 10), (node, 0)])
    assert "memory_bytes" not in card


def test_only_memory_of_its_own_counts():
    assert bank_bytes({"heap_type": 1, "size_in_bytes": 5}) == 5
    assert bank_bytes({"heap_type": 0, "size_in_bytes": 5}) == 0
