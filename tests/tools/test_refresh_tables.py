"""The tables as an index says they should be: an index on this machine, with the few projects that the tests need."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.conftest import ROOT

TOOL = ROOT / "tools" / "refresh_tables.py"
SIMPLE = "application/vnd.pypi.simple.v1+json"

PACKAGES = """\
# What packages say of themselves.

# The newest of its time.
[[release]]
name = "numpy"
version = "2.0.2"
requires_python = ">=3.9"
python = ["3.9", "3.10"]
platforms = ["linux_x86_64"]
glibc_min = "2.17"
requires = ["sometool>=1"]
confidence = "high"
source = "PyPI metadata of numpy==2.0.2"
checked = "2026-01-05"

# Somebody wrote this down by hand.
[[release]]
name = "seaborn"
version = "0.13.2"
requires_python = ">=3.8"
python = ["py3"]
platforms = ["any"]
glibc_min = ""
requires = ["numpy>=1.20,!=1.24.0"]
confidence = "high"
source = "PyPI metadata of seaborn==0.13.2"
checked = "2026-01-05"
"""

TORCH = """\
[[release]]
version = "2.9.1"
python = ["3.12"]
torchvision = ["0.24.1"]
torchaudio = ["2.9.1"]
pypi_cuda = "12.8"
numpy2 = true
glibc = "2.28"
confidence = "high"
source = "PyPI metadata of torch==2.9.1"
checked = "2026-01-05"
"""

VARIANTS = """\
[[wheel]]
tag = "cpu"
torch = "2.8"
kind = "cpu"
index = "https://wheels.example/whl/cpu"
platforms = ["linux_x86_64"]
confidence = "high"
source = "https://wheels.example/whl/torch/"
checked = "2026-01-05"

[[wheel]]
tag = "cu128"
torch = "2.9"
kind = "cuda"
cuda = "12.8"
index = "https://wheels.example/whl/cu128"
platforms = ["linux_x86_64"]
confidence = "high"
source = "https://wheels.example/whl/torch/"
checked = "2026-01-05"

[[kernels]]
tag = "cu128"
capabilities = ["7.5", "8.0"]
confidence = "high"
source = "cuobjdump"
checked = "2026-01-05"
"""


class Recorded:
    """Projects with their files and metadata, by the path that they are asked for under."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[str, bytes]] = {}
        self.credentials: list[str] = []

    def project(self, name: str, *files: tuple[str, str], yanked: tuple[str, ...] = ()) -> None:
        entries = [
            {"filename": file, "url": f"/files/{file}", "requires-python": python, "yanked": file in yanked, "hashes": {}}
            for file, python in files
        ]
        self.answers[f"/simple/{name}/"] = (SIMPLE, json.dumps({"name": name, "files": entries, "meta": {}}).encode())

    def metadata(self, file: str, *requires: str) -> None:
        text = "Metadata-Version: 2.1\nName: x\nVersion: 1\n" + "".join(f"Requires-Dist: {line}\n" for line in requires) + "\nProse.\n"
        self.answers[f"/files/{file}.metadata"] = ("text/plain", text.encode())


@pytest.fixture
def recorded() -> Recorded:
    found = Recorded()
    found.project(
        "numpy",
        ("numpy-2.0.2-cp39-cp39-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", ">=3.9"),
        ("numpy-2.0.2-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", ">=3.9"),
    )
    found.project("seaborn", ("seaborn-0.13.2-py3-none-any.whl", ">=3.8"), ("seaborn-0.13.2.tar.gz", ">=3.8"))
    return found


@pytest.fixture
def index(recorded: Recorded) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            recorded.credentials.append(self.headers.get("Authorization", ""))
            kind, body = recorded.answers.get(self.path, ("", b""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    (tmp_path / "packages.toml").write_text(PACKAGES, encoding="utf-8")
    (tmp_path / "torch_releases.toml").write_text(TORCH, encoding="utf-8")
    (tmp_path / "torch_wheels.toml").write_text(VARIANTS, encoding="utf-8")
    return tmp_path


def run(index: str, tables: Path, *arguments: str, table: str = "packages") -> "subprocess.CompletedProcess[str]":
    options = [
        "--index",
        f"{index}/simple",
        "--torch-index",
        f"{index}/whl",
        "--folder",
        str(tables),
        "--date",
        "2026-11-21",
        "--timeout",
        "20",
    ]
    command = [sys.executable, str(TOOL), *options, *arguments, table]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False)


def test_tables_that_say_what_the_index_says_stay_untouched(index: str, tables: Path) -> None:
    done = run(index, tables, "--write")
    assert done.returncode == 0, done.stderr
    assert "nothing has changed" in done.stdout
    assert (tables / "packages.toml").read_text(encoding="utf-8") == PACKAGES


def test_a_new_release_gets_a_row_before_the_others_and_comments_stay(index: str, tables: Path, recorded: Recorded) -> None:
    wheel = "numpy-2.1.0-cp313-cp313t-manylinux_2_28_x86_64.whl"
    recorded.project(
        "numpy",
        ("numpy-2.0.2-cp39-cp39-manylinux_2_17_x86_64.whl", ">=3.9"),
        ("numpy-2.0.2-cp310-cp310-manylinux_2_17_x86_64.whl", ">=3.9"),
        (wheel, ">=3.10"),
        ("numpy-2.1.0-cp312-abi3-win_amd64.whl", ">=3.10"),
        ("numpy-2.2.0rc1-cp313-cp313-win_amd64.whl", ">=3.10"),
    )
    recorded.metadata(wheel, "sometool>=2", "othertool", 'sometool>=9; extra == "test"', 'sometool<2; sys_platform == "win32"')
    done = run(index, tables, "--write")
    assert done.returncode == 0, done.stderr
    assert "+ numpy 2.1.0" in done.stdout
    text = (tables / "packages.toml").read_text(encoding="utf-8")
    row = """\
[[release]]
name = "numpy"
version = "2.1.0"
requires_python = ">=3.10"
python = ["3.12+", "3.13t"]
platforms = ["linux_x86_64", "win_amd64"]
glibc_min = "2.28"
requires = ["sometool>=2"]
confidence = "high"
source = "PyPI metadata of numpy==2.1.0"
checked = "2026-11-21"

"""
    assert text == PACKAGES.replace("# The newest of its time.\n", row + "# The newest of its time.\n")


def test_of_a_series_only_the_newest_release_gets_a_row(index: str, tables: Path, recorded: Recorded) -> None:
    files = [(f"seaborn-{version}-py3-none-any.whl", ">=3.8") for version in ("0.13.2", "0.13.3", "0.13.4", "0.14.0")]
    recorded.project("seaborn", *files)
    for file, _ in files:
        recorded.metadata(file, "numpy>=1.20")
    done = run(index, tables, "--write")
    assert [line.split()[2] for line in done.stdout.splitlines() if line.strip().startswith("+")] == ["0.13.4:", "0.14.0:"]
    text = (tables / "packages.toml").read_text(encoding="utf-8")
    assert text.index('"0.14.0"') < text.index('"0.13.4"') < text.index('"0.13.2"')


def test_a_changed_field_is_shown_and_dated_and_the_rest_of_the_row_stays(index: str, tables: Path, recorded: Recorded) -> None:
    recorded.project("seaborn", ("seaborn-0.13.2-py3-none-any.whl", ">=3.9"))
    done = run(index, tables, "--write")
    assert '~ seaborn 0.13.2: requires_python ">=3.8" -> ">=3.9"' in done.stdout
    expected = PACKAGES.replace('">=3.8"', '">=3.9"')
    before, _, after = expected.rpartition('checked = "2026-01-05"')
    assert (tables / "packages.toml").read_text(encoding="utf-8") == f'{before}checked = "2026-11-21"{after}'


def test_check_ends_with_one_and_writes_nothing(index: str, tables: Path, recorded: Recorded) -> None:
    assert run(index, tables, "--check").returncode == 0
    recorded.project("seaborn", ("seaborn-0.13.2-py3-none-any.whl", ">=3.9"))
    done = run(index, tables, "--check")
    assert done.returncode == 1
    assert "1 of 1 tables would change" in done.stdout
    assert (tables / "packages.toml").read_text(encoding="utf-8") == PACKAGES


def test_a_release_that_was_withdrawn_is_only_noted(index: str, tables: Path, recorded: Recorded) -> None:
    files = [(f"seaborn-{version}-py3-none-any.whl", ">=3.8") for version in ("0.13.2", "0.13.1", "0.14.0")]
    recorded.project("seaborn", *files, yanked=("seaborn-0.13.2-py3-none-any.whl", "seaborn-0.14.0-py3-none-any.whl"))
    done = run(index, tables, "--check")
    assert done.returncode == 0
    assert "? seaborn 0.13.2: the index has no such final release" in done.stdout


def test_a_release_whose_requirements_are_not_told_is_left_out(index: str, tables: Path, recorded: Recorded) -> None:
    recorded.project("seaborn", ("seaborn-0.13.2-py3-none-any.whl", ">=3.8"), ("seaborn-0.14.0-py3-none-any.whl", ">=3.8"))
    done = run(index, tables, "--check")
    assert done.returncode == 0
    assert "? seaborn 0.14.0: the index does not tell what it requires" in done.stdout


def test_what_pypi_says_in_json_is_asked_where_there_is_no_metadata_file(index: str, tables: Path, recorded: Recorded) -> None:
    recorded.project("seaborn", ("seaborn-0.13.2-py3-none-any.whl", ">=3.8"), ("seaborn-0.14.0-py3-none-any.whl", ">=3.8"))
    info = {"info": {"version": "0.14.0", "requires_dist": ["numpy>=2", "pandas>=2"]}}
    recorded.answers["/pypi/seaborn/json"] = ("application/json", json.dumps(info).encode())
    done = run(index, tables, "--write")
    assert "+ seaborn 0.14.0" in done.stdout
    assert 'requires = ["numpy>=2"]' in (tables / "packages.toml").read_text(encoding="utf-8")


def test_what_metadata_does_not_tell_is_taken_over_and_said_to_be(index: str, tables: Path, recorded: Recorded) -> None:
    wheel = "torch-2.10.0-cp313-cp313-manylinux_2_28_x86_64.whl"
    recorded.project("torch", ("torch-2.9.1-cp312-cp312-manylinux1_x86_64.whl", ">=3.10"), (wheel, ">=3.10"))
    recorded.metadata(wheel, 'nvidia-cuda-runtime-cu12==12.9.79; platform_system == "Linux"')
    recorded.project("torchvision", ("torchvision-0.25.0-cp313-cp313-manylinux_2_28_x86_64.whl", ""))
    recorded.metadata("torchvision-0.25.0-cp313-cp313-manylinux_2_28_x86_64.whl", "torch==2.10.0")
    recorded.project("torchaudio", ("torchaudio-2.9.1-cp312-cp312-manylinux_2_28_x86_64.whl", ""))
    recorded.metadata("torchaudio-2.9.1-cp312-cp312-manylinux_2_28_x86_64.whl", "torch==2.9.1")
    done = run(index, tables, "--write", table="torch_releases")
    assert "to be looked up: numpy2" in done.stdout
    text = (tables / "torch_releases.toml").read_text(encoding="utf-8")
    assert text.endswith(TORCH)
    assert (
        text.removesuffix(TORCH)
        == """\
[[release]]
version = "2.10.0"
python = ["3.13"]
torchvision = ["0.25.0"]
torchaudio = []
pypi_cuda = "12.9"
numpy2 = true
glibc = "2.28"
confidence = "medium"
reservation = "numpy2: taken over from the release before, not looked up"
source = "PyPI metadata of torch==2.10.0"
checked = "2026-11-21"

"""
    )


def test_the_last_release_of_a_series_and_its_day_are_kept_up(index: str, tables: Path, recorded: Recorded) -> None:
    row = 'released = "2025-10-15"\nconfidence = "high"\nsource = "PyPI metadata of torch==2.9.0"\nchecked = "2026-01-05"\n'
    text = f'[[series]]\nname = "torch"\nseries = "2.9"\nlast = "2.9.0"\n{row}'
    (tables / "release_dates.toml").write_text(text, encoding="utf-8")
    days = {"2.8.0": "2025-08-06", "2.9.0": "2025-10-15", "2.9.1": "2025-11-12", "2.10.0": "2026-01-21"}
    entries = [
        {"filename": f"torch-{version}-py3-none-any.whl", "url": "/x.whl", "upload-time": f"{date}T09:00:00Z"}
        for version, date in days.items()
    ]
    recorded.answers["/simple/torch/"] = (SIMPLE, json.dumps({"files": entries}).encode())
    done = run(index, tables, "--write", table="release_dates")
    assert done.returncode == 0, done.stderr
    assert '~ torch 2.9: last "2.9.0" -> "2.9.1"' in done.stdout
    assert '+ torch 2.10: name "torch", series "2.10", last "2.10.0", released "2026-01-21"' in done.stdout
    written = (tables / "release_dates.toml").read_text(encoding="utf-8")
    assert written.index('"2.10"') < written.index('"2.9"')
    assert 'released = "2025-11-12"' in written
    assert '"2.8"' not in written


def test_variants_of_torch_come_from_its_own_index_and_kernels_stay(index: str, tables: Path, recorded: Recorded) -> None:
    names = [
        "torch-2.9.0+cu128-cp312-cp312-manylinux_2_28_x86_64.whl",
        "torch-2.9.0+cu128-cp312-cp312-win_amd64.whl",
        "torch-2.9.0+cu130-cp312-cp312-manylinux_2_28_aarch64.whl",
        "torch-2.9.0+cpu-cp312-cp312-win_amd64.whl",
        "torch-2.9.0-cp312-none-macosx_11_0_arm64.whl",
        "torch-2.9.0+rocm6.4-cp312-cp312-manylinux_2_28_x86_64.whl",
        "torch-2.9.0+somebody-cp312-cp312-manylinux_2_28_x86_64.whl",
        "torch-1.13.1+cu117-cp310-cp310-linux_x86_64.whl",
        "something-else",
    ]
    page = "".join(f'<a href="/whl/x/{name}">{name}</a><br/>\n' for name in names)
    recorded.answers["/whl/torch/"] = ("text/html", f"<html><body><h1>Links for torch</h1>{page}</body></html>".encode())
    done = run(index, tables, "--write", table="torch_wheels")
    assert '~ torch 2.9 cu128: platforms ["linux_x86_64"] -> ["linux_x86_64", "win_amd64"]' in done.stdout
    assert '+ torch 2.9 cu130: tag "cu130", torch "2.9", kind "cuda", cuda "13.0"' in done.stdout
    assert '+ torch 2.9 cpu: tag "cpu", torch "2.9", kind "cpu", index' in done.stdout
    assert 'platforms ["macos_arm64", "win_amd64"]' in done.stdout
    assert "? torch 2.9 rocm6.4: the table has no row of that kind" in done.stdout
    assert "somebody" not in done.stdout
    assert "cu117" not in done.stdout
    text = (tables / "torch_wheels.toml").read_text(encoding="utf-8")
    assert text.index('"cu130"') < text.index("[[kernels]]")
    assert VARIANTS[VARIANTS.index("[[kernels]]") :] in text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"<html>not json</html>", "does not answer in JSON"),
        (b"[" * 100_000, "does not answer in JSON"),
        (b'{"files": 3}', "no list of files"),
    ],
)
def test_an_answer_that_is_none_ends_with_words_and_changes_nothing(
    index: str, tables: Path, recorded: Recorded, answer: bytes, words: str
) -> None:
    recorded.answers["/simple/numpy/"] = (SIMPLE, answer)
    done = run(index, tables, "--write")
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert (tables / "packages.toml").read_text(encoding="utf-8") == PACKAGES


def test_hostile_entries_are_passed_over(index: str, tables: Path, recorded: Recorded) -> None:
    wheel = "seaborn-0.14.0-py3-none-any.whl"
    entries: list[object] = [
        7,
        {"filename": "seaborn-0.13.2-py3-none-any.whl", "url": "/files/a.whl", "requires-python": ">=3.8"},
        {"filename": "x" * 100_000, "url": "/files/b.whl"},
        {"filename": "seaborn-9.9-py3-none-any.whl", "url": ["no"], "requires-python": None},
        {"filename": "other-99.0-py3-none-any.whl", "url": "/files/c.whl"},
        {"filename": "seaborn-1.0-" + ".".join(f"py3{n}" for n in range(90)) + "-none-any.whl", "url": "/files/d.whl"},
        {"filename": wheel, "url": f"/files/{wheel}", "requires-python": "]]\n[[release]]"},
    ]
    recorded.answers["/simple/seaborn/"] = (SIMPLE, json.dumps({"files": entries}).encode())
    recorded.metadata(wheel, "numpy>=2", "numpy @ file:///etc/passwd", "(" * 5_000, "numpy\x1b[31m>=3")
    done = run(index, tables, "--write")
    assert done.returncode == 0, done.stderr
    text = (tables / "packages.toml").read_text(encoding="utf-8")
    assert text.count("[[release]]") == 3
    assert 'version = "0.14.0"\nrequires_python = ""\n' in text
    assert "\x1b" not in text + done.stdout
    assert "passwd" not in text


def test_metadata_is_not_fetched_from_the_disk(index: str, tables: Path, recorded: Recorded) -> None:
    entries = [{"filename": "seaborn-0.14.0-py3-none-any.whl", "url": "file:///tmp/seaborn-0.14.0-py3-none-any.whl"}]
    recorded.answers["/simple/seaborn/"] = (SIMPLE, json.dumps({"files": entries}).encode())
    done = run(index, tables)
    assert done.returncode == 2
    assert "which is not asked" in done.stderr


def test_without_a_network_it_says_so(tables: Path) -> None:
    done = run("http://127.0.0.1:9", tables, "--write")
    assert done.returncode == 2
    assert "The tables stay as they are: no answer from http://127.0.0.1:9/simple/numpy/" in done.stderr
    assert "Traceback" not in done.stderr


def test_name_and_password_of_the_address_go_to_the_index(index: str, tables: Path, recorded: Recorded) -> None:
    done = run(index.replace("//", "//some%20body:secret@"), tables)
    assert done.returncode == 0, done.stderr
    assert set(recorded.credentials) == {"Basic c29tZSBib2R5OnNlY3JldA=="}


def test_a_password_in_the_address_is_not_printed(tables: Path) -> None:
    done = run("http://somebody:secret@127.0.0.1:9", tables)
    assert done.returncode == 2
    assert "secret" not in done.stdout + done.stderr


def test_a_table_that_metadata_knows_nothing_of_is_refused(tables: Path) -> None:
    done = run("http://127.0.0.1:9", tables, table="nvidia_cards")
    assert done.returncode == 2
    assert "no table that metadata can tell of: nvidia_cards" in done.stderr
