import pytest

from envcheck.parsers.cpu.lscpu import parse_lscpu, parse_lscpu_json

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


def test_labels_of_other_programs_around_it_are_not_its_own() -> None:
    around = ["OMP: Error #15: Initializing libiomp5md.dll", "OMP: Hint: see below", *PHONE.splitlines(), "Killed: 9"]
    (said,) = parse_lscpu(around)
    assert (said.at, min(said.lines), max(said.lines)) == (2, 2, len(around) - 2)


def test_other_lists_are_none() -> None:
    assert parse_lscpu(["Name: torch", "Version: 2.1", "Model name: a", "CPU(s): 4"]) == []


GERMAN = """Architektur:          x86_64
  Adressgrößen:       48 bits physical, 48 bits virtual
CPU(s):               12
  Liste der Online-CPU(s): 0-11
Anbieterkennung:      GenuineIntel
  Modellname:         A processor of six cores
    Prozessorfamilie: 6
    Thread(s) pro Kern: 2
    Kern(e) pro Sockel: 6
    Sockel:           1
    Markierungen:     fpu lm avx2
"""
CHINESE = """架构:                x86_64
  字节序:            Little Endian
CPU:                  12
  在线 CPU 列表:     0-11
厂商 ID:             GenuineIntel
  型号名称:          A processor of six cores
    型号:            141
    每个核的线程数:  2
    每个座的核数:    6
    座:              1
    标记:            fpu lm avx2
""".replace(":", "\N{FULLWIDTH COLON}")
FRENCH = """Architecture :             x86_64
Processeur(s) :            12
Liste de processeur(s) en ligne : 0-11
Thread(s) par cœur :       2
Cœur(s) par socket :       6
Socket(s) :                1
Identifiant constructeur : GenuineIntel
Nom de modèle :            A processor of six cores
Drapeaux :                 fpu lm avx2
"""


@pytest.mark.parametrize("printed", [GERMAN, CHINESE, FRENCH, FRENCH.replace(" :", "\N{NO-BREAK SPACE}:")])
def test_labels_of_other_languages(printed: str) -> None:
    (said,) = parse_lscpu(printed.splitlines())
    assert (said.architecture, said.logical_cores, said.physical_cores) == ("x86_64", 12, 6)
    assert (said.vendor, said.model, said.features) == ("GenuineIntel", "A processor of six cores", ["fpu", "lm", "avx2"])


def test_other_labels_with_accents_are_nobodys() -> None:
    assert parse_lscpu(["Größe: 12", "Façade: 3", "机器\N{FULLWIDTH COLON}", "CPU: 4"]) == []


def test_json_with_fields_below_fields() -> None:
    below = [
        {"field": "Thread(s) per core:", "data": "2"},
        {"field": "Core(s) per socket:", "data": "8"},
        {"field": "Socket(s):", "data": "1"},
    ]
    listed = [
        {"field": "Architecture:", "data": "x86_64", "children": [{"field": "Byte Order:", "data": "Little Endian"}]},
        {"field": "CPU(s):", "data": "16"},
        {"field": "Vendor ID:", "data": "AuthenticAMD", "children": [{"field": "Model name:", "data": "A name", "children": below}]},
    ]
    said = parse_lscpu_json({"lscpu": listed})
    assert said is not None
    assert (said.architecture, said.vendor, said.model, said.logical_cores, said.physical_cores) == (
        "x86_64",
        "AuthenticAMD",
        "A name",
        16,
        8,
    )


@pytest.mark.parametrize("document", [None, [], {"lscpu": 1}, {"lscpu": [{"field": 3, "data": []}]}, {"lsmem": [{"field": "CPU(s):"}]}])
def test_other_json_is_not_lscpus(document: object) -> None:
    assert parse_lscpu_json(document) is None


def test_a_part_of_a_mainframe_has_no_more_cores_than_cpus() -> None:
    (said,) = parse_lscpu(MAINFRAME.replace("CPU(s):  16", "CPU(s):  4").splitlines())
    assert (said.logical_cores, said.physical_cores) == (4, None)
    books = MAINFRAME.replace("Book(s) per drawer: 2\nDrawer(s): 1", "Book(s): 4")
    assert parse_lscpu(books.splitlines())[0].physical_cores == 16


def test_features_that_were_broken_into_lines_are_unknown() -> None:
    printed = [*GERMAN.splitlines(), "                      cx av", "                      x2 bmi2"]
    (said,) = parse_lscpu(printed)
    assert (said.features, said.physical_cores) == (None, 6)
