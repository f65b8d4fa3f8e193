"""What compiled files tell before they are loaded: libraries of a real compiler, damaged and made for others, and whole environments."""

import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from envcheck.observing.answer import Answer, Ending
from envcheck.observing.process import Task
from envcheck.observing.runner import run
from tests.compiler import Compiler

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only ELF files are read")
Look = Callable[..., list[tuple[str, dict[str, str]]]]
TAG = "cp{0}{1}-cp{0}{1}-linux_x86_64".format(*sys.version_info[:2])
INIT = "void *PyInit_torch(void) { return 0; }\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "env" / "lib" / "python" / "site-packages"
    folder.mkdir(parents=True)
    return folder


def answer_of(*sites: Path, python: str = sys.executable, tag: str = TAG, path: str | None = None) -> Answer:
    arguments = (f"python={python}", f"tag={tag}", f"prefix={sites[0].parents[2]}", *(f"site={site}" for site in sites))
    variables = {"LD_LIBRARY_PATH": path, "LD_PRELOAD": None}
    answer = run([Task("linkage", "linkage", sys.executable, arguments, variables=variables)])["linkage"]
    assert answer.ending is Ending.ANSWERED, answer.stderr
    return answer


@pytest.fixture
def look(site: Path) -> Look:
    """What is told of the environment: subject and details."""

    def look(**more: str) -> list[tuple[str, dict[str, str]]]:
        return [(said.subject, said.details) for said in answer_of(site, **more).said]

    return look


def needing(library: str) -> str:
    return f"int of_{library}(void); int call(void) {{ return of_{library}(); }}\n{INIT}"


def test_an_empty_environment_has_nothing_to_tell(look: Look) -> None:
    assert look() == []


def test_what_finds_its_libraries_is_not_told(site: Path, compile_c: Compiler, look: Look) -> None:
    own = compile_c(site / "libown.so", "int of_own(void) { return 1; }", "-Wl,-soname,libown.so")
    compile_c(site / "torch.so", needing("own"), str(own), "-Wl,-rpath,$ORIGIN")
    assert look() == []


def test_a_library_that_is_nowhere_is_told_with_who_needs_it(site: Path, compile_c: Compiler) -> None:
    own = compile_c(site / "libown.so.3", "int of_own(void) { return 1; }", "-Wl,-soname,libown.so.3")
    compile_c(site / "torch.so", needing("own"), str(own), "-Wl,-rpath,$ORIGIN")
    own.unlink()
    (said,) = answer_of(site).said
    assert (said.subject, said.text) == (
        "torch",
        "libown.so.3 is needed by torch.so and is in none of the folders that the loader searches",
    )
    needed_by = str(site / "torch.so")
    assert said.details == {"kind": "library-not-found", "library": "libown.so.3", "needed_by": needed_by, "source": "read in torch.so"}


def test_a_library_that_a_package_was_installed_with_and_lost(site: Path, compile_c: Compiler, look: Look) -> None:
    for folder in ("torch.libs", "torch-2.9.0.dist-info", "other-1.0.dist-info"):
        (site / folder).mkdir()
    own = compile_c(site / "torch.libs" / "libown-1a2b.so.3", "int of_own(void) { return 1; }", "-Wl,-soname,libown-1a2b.so.3")
    (site / "other-1.0.dist-info" / "RECORD").write_text("other/x.py,,\n")
    (site / "torch-2.9.0.dist-info" / "RECORD").write_text("torch.so,sha256=x,1\ntorch.libs/libown-1a2b.so.3,sha256=y,5\n")
    compile_c(site / "torch.so", needing("own"), str(own), "-Wl,-rpath,$ORIGIN/torch.libs")
    assert look() == []
    own.unlink()
    ((_, details),) = look()
    assert (details["kind"], details["library"], details["reason"]) == ("file-damaged", str(own), "absent")


def test_wheels_of_nvidia_are_opened_by_the_framework_itself(site: Path, compile_c: Compiler, look: Look) -> None:
    folder = site / "nvidia" / "cuda_runtime" / "lib"
    folder.mkdir(parents=True)
    runtime = compile_c(folder / "libcudart.so.12", "int of_runtime(void) { return 12; }", "-Wl,-soname,libcudart.so.12")
    (site / "torch").mkdir()
    compile_c(site / "torch" / f"_C.{abi()}-x86_64-linux-gnu.so", needing("runtime"), str(runtime))
    assert look() == []
    runtime.unlink()
    assert [details["library"] for _, details in look()] == ["libcudart.so.12"]


def abi() -> str:
    return "cpython-{}{}".format(*sys.version_info[:2])


def test_the_drivers_own_libraries_are_asked_for_elsewhere(site: Path, compile_c: Compiler, look: Look) -> None:
    driver = compile_c(site / "libcuda.so.1", "int of_driver(void) { return 1; }", "-Wl,-soname,libcuda.so.1")
    compile_c(site / "torch.so", needing("driver"), str(driver))
    driver.unlink()
    assert look() == []


def test_a_library_of_a_package_that_is_imported_before_is_there_by_its_name(site: Path, compile_c: Compiler, look: Look) -> None:
    """torchvision names libtorch.so without a folder: the process has it already."""
    for folder in ("torch/lib", "torchvision"):
        (site / folder).mkdir(parents=True)
    own = compile_c(site / "torch" / "lib" / "libtorch.so", "int of_torch(void) { return 1; }", "-Wl,-soname,libtorch.so")
    compile_c(site / "torch" / "_C.so", needing("torch"), str(own), "-Wl,-rpath,$ORIGIN/lib")
    compile_c(site / "torchvision" / "_C.so", needing("torch"), str(own))
    assert look() == []
    (site / "torch" / "_C.so").unlink()
    own.unlink()
    assert [(subject, details["library"]) for subject, details in look()] == [("torchvision", "libtorch.so")]


def test_a_library_path_brings_an_older_library_before_the_systems(site: Path, compile_c: Compiler, look: Look, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder, version in ((old, "GLIBCXX_3.4.1"), (new, "GLIBCXX_3.4.99")):
        folder.mkdir()
        (folder / "map").write_text(f"{version} {{ global: of_newer; }};\n")
        text, soname = "int of_newer(void) { return 1; }", "-Wl,-soname,libstdc++.so.6"
        compile_c(folder / "libstdc++.so.6", text, soname, f"-Wl,--version-script={folder / 'map'}")
    compile_c(site / "torch.so", needing("newer"), str(new / "libstdc++.so.6"), f"-Wl,-rpath,{new}")
    assert look() == []
    ((subject, details),) = look(path=f"/nowhere:{old}:")
    assert (subject, details["kind"], details["version"]) == ("torch", "symbol-version-missing", "GLIBCXX_3.4.99")
    assert (details["library"], details["needed_by"]) == (str(old / "libstdc++.so.6"), str(site / "torch.so"))


def test_an_extension_module_for_other_pythons_only(site: Path, compile_c: Compiler, look: Look) -> None:
    (site / "numpy" / "_core").mkdir(parents=True)
    stem = site / "numpy" / "_core" / "_multiarray_umath"
    compile_c(Path(f"{stem}.cpython-399-x86_64-linux-gnu.so"), INIT)
    ((subject, details),) = look()
    assert (subject, details["kind"], details["have"], details["need"]) == ("numpy", "wrong-architecture", "cpython-399", abi())
    assert look(tag="") == []  # of an interpreter whose tags are not known nothing is said
    compile_c(Path(f"{stem}.abi3.so"), INIT)
    assert look() == []


@pytest.mark.parametrize(
    ("patch", "have"),
    [((18, b"\xb7\x00"), "aarch64"), ((4, b"\x01"), "32-bit x86_64"), ((0, b"\xcf\xfa\xed\xfe"), "macOS"), ((0, b"MZ\x90\0"), "Windows")],
)
def test_code_for_another_machine_or_system(site: Path, compile_c: Compiler, look: Look, patch: tuple[int, bytes], have: str) -> None:
    file = compile_c(site / "torch.so", INIT)
    data = bytearray(file.read_bytes())
    offset, replaced = patch
    data[offset : offset + len(replaced)] = replaced
    if have.startswith("32"):
        data[28:32], data[42:46] = struct.pack("<I", 52), struct.pack("<HH", 32, 1)
    file.write_bytes(data)
    ((_, details),) = look()
    assert (details["kind"], details["have"], details["need"]) == ("wrong-architecture", have, "x86_64")


@pytest.mark.parametrize("kept", [0, 3, 63, 64, 1000])
def test_a_file_that_was_cut_is_damaged(site: Path, compile_c: Compiler, look: Look, kept: int) -> None:
    file = compile_c(site / "torch.so", INIT)
    file.write_bytes(file.read_bytes()[:kept])
    ((subject, details),) = look()
    assert (subject, details["kind"], details["library"]) == ("torch", "file-damaged", str(file))


def test_what_a_text_file_in_the_place_of_a_library_is(site: Path, look: Look) -> None:
    (site / "torch.so").write_text("version https://git-lfs.github.com/spec/v1\n" * 20)
    assert [details["kind"] for _, details in look()] == ["file-damaged"]


def test_libraries_that_need_each_other_and_links_in_circles_come_to_an_end(site: Path, compile_c: Compiler, look: Look) -> None:
    first = compile_c(site / "libfirst.so", "int of_first(void) { return 1; }", "-Wl,-soname,libfirst.so")
    second = compile_c(site / "libsecond.so", needing("first"), str(first), "-Wl,-soname,libsecond.so", "-Wl,-rpath,$ORIGIN")
    text = f"int call(void); int of_first(void) {{ return call(); }}\n{INIT}"
    compile_c(first, text, str(second), "-Wl,-soname,libfirst.so", "-Wl,-rpath,$ORIGIN/round/round:$ORIGIN")
    (site / "round").symlink_to(site / "round")
    compile_c(site / "torch.so", needing("first"), str(first), "-Wl,-rpath,${ORIGIN}:$ORIGIN/round/round:$ORIGIN/../site-packages")
    assert look() == []


def test_a_made_up_file_that_asks_for_thousands_of_libraries_costs_little(site: Path, look: Look) -> None:
    (site / "torch.so").write_bytes(made_up([f"lib{number:04}.so" for number in range(4000)], ":".join(f"/a/{n}" for n in range(190))))
    answer = answer_of(site)
    assert answer.seconds < 8
    assert len(answer.said) <= 4 or answer.evidence.unknown
    assert all(len(said.text) < 500 for said in answer.said)


def made_up(needed: list[str], runpath: str) -> bytes:
    """An ELF file with no code, that needs what it is told to."""
    strings = b"\0" + b"".join(name.encode() + b"\0" for name in (*needed, runpath))
    places = [1]
    for name in needed:
        places.append(places[-1] + len(name) + 1)
    start = 64 + 2 * 56
    entries = [(1, place) for place in places[:-1]] + [(29, places[-1])]
    table = b"".join(struct.pack("<qQ", *entry) for entry in [*entries, (5, start + 16 * (len(entries) + 2)), (0, 0)])
    size = start + len(table) + len(strings)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, 0, 0, size, size, 0x1000)
    dynamic = struct.pack("<IIQQQQQQ", 2, 6, start, start, start, len(table), len(table), 8)
    header = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0)
    return header + load + dynamic + table + strings


def test_a_level_of_the_processor_that_the_file_asks_for_is_told(site: Path, compile_c: Compiler, look: Look) -> None:
    file = compile_c(site / "torch.so", INIT)
    data = bytearray(file.read_bytes())
    note = struct.pack("<III4sIIII", 4, 16, 5, b"GNU\0", 0xC0008002, 4, 0b111, 0)
    start, count = struct.unpack_from("<Q", data, 32)[0], struct.unpack_from("<H", data, 56)[0]
    stack = next(place for place in range(start, start + 56 * count, 56) if struct.unpack_from("<I", data, place)[0] == 0x6474E551)
    struct.pack_into("<IIQQQQQQ", data, stack, 0x6474E553, 4, len(data), 0, 0, len(note), len(note), 8)
    file.write_bytes(data + note)
    assert [(details["kind"], details["level"]) for _, details in look()] == [("arch-not-supported", "3")]


def test_a_library_for_glibc_under_musl(site: Path, compile_c: Compiler, look: Look, tmp_path: Path) -> None:
    """musl's loader knows no ld-linux-x86-64.so.2; versions of symbols are nothing to it."""
    python = tmp_path / "python"
    data = Path(os.path.realpath(sys.executable)).read_bytes()
    assert b"/lib64/ld-linux-x86-64.so.2\0" in data
    python.write_bytes(data.replace(b"/lib64/ld-linux-x86-64.so.2\0", b"/lib/ld-musl-x86_64.so.1\0\0\0\0"))
    loader = compile_c(tmp_path / "ld-linux-x86-64.so.2", "int of_loader(void) { return 1; }", "-Wl,-soname,ld-linux-x86-64.so.2")
    compile_c(site / "torch.so", needing("loader"), str(loader))
    told = [details for _, details in look(python=str(python)) if details["kind"] == "wrong-architecture"]
    assert [(details["library"], details["have"], details["need"]) for details in told] == [(str(site / "torch.so"), "glibc", "musl")]


def test_an_interpreter_that_is_no_program_leaves_it_unknown(site: Path) -> None:
    (site / "torch.so").write_bytes(b"")
    answer = answer_of(site, python=str(site))
    assert answer.said == []
    assert [unknown.fact for unknown in answer.evidence.unknown] == ["linkage"]


@pytest.mark.parametrize("fixture", ["computing_python", "services_python", "torch_python"])
def test_real_frameworks_that_work_have_nothing_told_of_them(fixture: str, request: pytest.FixtureRequest) -> None:
    python = request.getfixturevalue(fixture)
    (folder,) = Path(python).parents[1].glob("lib/python3*/site-packages")
    tag = folder.parent.name.replace("python", "cp").replace(".", "")
    answer = answer_of(folder, python=python, tag=f"{tag}-{tag}-linux_x86_64")
    assert (answer.said, answer.evidence.unknown) == ([], [])


def test_real_torch_without_one_of_its_libraries(computing_python: str, tmp_path: Path) -> None:
    (real,) = Path(computing_python).parents[1].glob("lib/python3*/site-packages")
    copy = tmp_path / "site-packages" / "torch"
    (copy / "lib").mkdir(parents=True)
    for file in [*real.glob("torch/_C.*.so"), *real.glob("torch/lib/*.so*")]:
        if file.name != "libc10.so":
            (copy / file.relative_to(real / "torch")).symlink_to(file)
    tag = real.parent.name.replace("python", "cp").replace(".", "")
    answer = answer_of(copy.parent, real, python=computing_python, tag=f"{tag}-{tag}-linux_x86_64")
    assert {(said.subject, said.details["library"]) for said in answer.said} == {("torch", "libc10.so")}
