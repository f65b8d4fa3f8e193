from envcheck.parsers.cpu.lscpu import parse_lscpu

PHONE = """Architecture:            aarch64
  CPU op-mode(s):        32-bit, 64-bit
CPU(s):                  8
  On-line CPU(s) list:   0-7
Vendor ID:               ARM
  Model name:            Cortex-A510
    Model:               1
    Thread(s) per core:  1
    Core(s) per cluster: 3
    Socket(s):           -
    Cluster(s):          1
  Model name:            Cortex-A715
    Thread(s) per core:  1
    Core(s) per cluster: 2
    Socket(s):           -
    Cluster(s):          1
  Model name:            Cortex-A710
    Thread(s) per core:  1
    Core(s) per cluster: 2
    Socket(s):           -
    Cluster(s):          1
  Model name:            Cortex-X3
    Thread(s) per core:  1
    Core(s) per cluster: 1
    Socket(s):           -
    Cluster(s):          1
"""
MAINFRAME = """CPU(s):  16
On-line CPU(s) list: 0-15
Thread(s) per core: 2
Core(s) per socket: 4
Socket(s) per book: 1
Book(s) per drawer: 2
Drawer(s): 1
"""


def test_the_models_of_a_hybrid_processor_are_added() -> None:
    (said,) = parse_lscpu(PHONE.splitlines())
    assert (said.logical_cores, said.physical_cores, said.vendor) == (8, 8, "ARM")
    assert said.model == "Cortex-A510 + Cortex-A715 + Cortex-A710 + Cortex-X3"


def test_books_and_drawers() -> None:
    (said,) = parse_lscpu(MAINFRAME.splitlines())
    assert (said.logical_cores, said.physical_cores) == (16, 8)


def test_a_part_that_does_not_say_its_cores_leaves_the_count_unknown() -> None:
    (said,) = parse_lscpu(PHONE.replace("Core(s) per cluster: 2\n", "Core(s) per cluster: -\n", 1).splitlines())
    assert (said.logical_cores, said.physical_cores) == (8, None)


def test_a_name_of_a_dash_is_none() -> None:
    (said,) = parse_lscpu(["CPU(s): 2", "Thread(s) per core: 1", "Model name: -", "Core(s) per socket: 2", "Socket(s): 1"])
    assert (said.model, said.physical_cores) == (None, 2)


def test_two_machines_are_two() -> None:
    one = "CPU(s): {0}\nThread(s) per core: 1\nCore(s) per socket: {0}\nSocket(s): 1\n"
    assert [said.physical_cores for said in parse_lscpu((one.format(4) + "\n" * 9 + one.format(6)).splitlines())] == [4, 6]


def test_other_lists_are_none() -> None:
    assert parse_lscpu(["Name: torch", "Version: 2.1", "Model name: a", "CPU(s): 4"]) == []
