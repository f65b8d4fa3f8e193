from envcheck.parsers.amd.kfd_in_text import parse_kfd_text

NODES = """$ cat /sys/class/kfd/kfd/topology/nodes/*/properties
cpu_cores_count 16
simd_count 0
simd_per_cu 0
max_waves_per_simd 0
cpu_cores_count 0
simd_count 192
simd_per_cu 2
gfx_target_version 110000
device_id 29772
location_id 768
unique_id 5
$ uname -r
6.8.0
"""
NAMED = """nodes/10/mem_banks/0/properties:heap_type 1
nodes/10/mem_banks/0/properties:size_in_bytes 1000
nodes/10/properties:cpu_cores_count 0
nodes/10/properties:simd_count 8
nodes/10/properties:simd_per_cu 4
nodes/2/properties:simd_count 16
nodes/2/properties:simd_per_cu 4
"""
HEADED = """==> nodes/1/properties <==
simd_count 8
simd_per_cu 4

==> nodes/1/mem_banks/0/properties <==
heap_type 2
size_in_bytes 2000
"""


def test_files_one_below_the_other():
    processor, card = parse_kfd_text(NODES.split("\n"))
    assert (processor.fields["cpu_cores_count"], processor.fields["simd_count"]) == (16, 0)
    assert (card.fields["simd_count"], card.fields["gfx_target_version"], card.line, len(card.lines)) == (192, 110000, 5, 7)
    assert card.memory_bytes == 0


def test_files_with_their_names_are_put_in_order_and_have_their_memory():
    first, second = parse_kfd_text(NAMED.split("\n"))
    assert (first.fields["simd_count"], first.memory_bytes) == (16, 0)
    assert (second.fields["simd_count"], second.memory_bytes) == (8, 1000)
    (headed,) = parse_kfd_text(HEADED.split("\n"))
    assert (headed.fields["simd_count"], headed.memory_bytes) == (8, 2000)


def test_other_names_and_numbers_are_no_nodes():
    assert parse_kfd_text(["simd_count 4", "width 100", "height 200", "cpu_cores_count many"]) == []
    assert parse_kfd_text(["cpu_cores_count 1", "simd_count -4", "simd_per_cu " + "9" * 30]) == []


def test_no_more_nodes_than_a_machine_has():
    assert len(parse_kfd_text(NODES.split("\n")[1:5] * 2000)) == 512
