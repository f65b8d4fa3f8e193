from envcheck.parsers.linux.meminfo import parse_gpu_node, parse_meminfo

KIB = 1024


def test_kb_means_kib_and_counts_without_a_unit_are_left_out() -> None:
    text = "MemTotal:       24684084 kB\nMemAvailable:   24300040 kB\nHugePages_Total:       4\n"
    assert parse_meminfo(text) == {"MemTotal": 24684084 * KIB, "MemAvailable": 24300040 * KIB}


def test_a_node_s_lines_lose_their_number() -> None:
    assert parse_meminfo("Node 250 MemTotal:       15728640 kB\nNode 250 MemFree: 15000000 kB\n") == {
        "MemTotal": 15728640 * KIB,
        "MemFree": 15000000 * KIB,
    }


def test_names_with_brackets_are_kept_apart() -> None:
    assert set(parse_meminfo("Active:  1 kB\nActive(anon):  2 kB\n")) == {"Active", "Active(anon)"}


def test_hostile_lines_are_left_out() -> None:
    text = f"MemTotal: {'9' * 30} kB\nMemFree: -5 kB\nSwapTotal: ٣ kB\nno colon\nX: 1 MB\n: kB\n\x00\n"
    assert parse_meminfo(text) == {}


def test_a_card_s_memory_node_counts_only_while_it_is_online() -> None:
    text = "Node:      255\nStatus:    online\nAddress:   40000000000\nSize:      3f0000000\n"
    assert parse_gpu_node(text) == 255
    assert parse_gpu_node(text.replace("online", "offline")) is None
    assert parse_gpu_node("") is None
    assert parse_gpu_node("Node: -1\nStatus: online\n") is None
