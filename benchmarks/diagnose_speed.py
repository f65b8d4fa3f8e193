"""How quick the diagnosis of texts is, and that it stays so for texts of every shape.

    python benchmarks/diagnose_speed.py [--megabytes 1] [--runs 3] [--snapshots 1000] [--envcheck ENVIRONMENT/bin/envcheck]

Prints for texts of several shapes the seconds that reading and judging take, for a thousand snapshots judged in one process the
milliseconds of each and the growth of memory, and, of an installed envcheck, `diagnose` of a short text as a ratio to `--version`,
with what each part of it takes. Behind each figure stands whether it is within what is wanted.
Processor time is counted, the least of several runs, save for the ratio, which is of interleaved runs on the wall's clock.
"""

import argparse
import gc
import itertools
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from envcheck.judging.engine import diagnose
from envcheck.readers.read import read_saved
from envcheck.rules import all_rules

# Seconds for a megabyte, milliseconds for a snapshot, and `diagnose` of a short text as a multiple of `--version`.
TEXT_LIMIT, SNAPSHOT_LIMIT, RATIO_LIMIT = 0.5, 3.0, 2.0
# What a short run does, one part after the other, in a process of its own.
PARTS = {
    "command line": "import envcheck.cli",
    "msgspec, facts": "import envcheck.facts.snapshot",
    "readers": "import envcheck.cli.diagnose, envcheck.readers.read as read",
    "reading": "snapshot = read.read_saved(open(sys.argv[1], 'rb').read(), 'report')",
    "engine": "from envcheck.judging.engine import diagnose; from envcheck.rules import rules_for",
    "rules": "rules = rules_for(snapshot)",
    "judging": "report = diagnose(snapshot, rules)",
    "rendering": "from envcheck.rendering.interface import render; render(report, 'terminal')",
}

SHORT = """Traceback (most recent call last):
  File "/home/ann/train.py", line 7, in <module>
    model.to("cuda")
  File "/opt/venv/lib/python3.10/site-packages/torch/nn/modules/module.py", line 1160, in to
    return self._apply(convert)
  File "/opt/venv/lib/python3.10/site-packages/torch/cuda/__init__.py", line 247, in _lazy_init
    torch._C._cuda_init()
RuntimeError: The NVIDIA driver on your system is too old (found version 11040). Please update your GPU driver.

torch 2.1.0+cu121 on Ubuntu 22.04, RTX 3090
"""


def pip_log(number: int) -> Iterator[str]:
    name, version = f"package-{number % 700}", f"{number % 9}.{number % 13}.{number % 7}"
    yield f"Collecting {name}=={version}"
    yield f"  Using cached {name}-{version}-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl.metadata ({number % 50}.4 kB)"
    yield f"  Found link https://files.example.org/packages/{number:040x}/{name}-{version}-py3-none-any.whl (requires-python:>=3.8)"
    yield f"Requirement already satisfied: {name}>=1.0 in /usr/lib/python3/site-packages (from other-{number})"
    yield f"     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ {number % 99}.2/{number % 99}.2 MB 33.1 MB/s eta 0:00:00"


def kernel_log(number: int) -> Iterator[str]:
    time_of = f"[{number // 10:5d}.{number * 7919 % 1000000:06d}]"
    words = (
        f"pci 0000:{number % 255:02x}:00.0: BAR 6: assigned [mem 0xfb000000-0xfb07ffff pref]",
        f"usb 1-{number % 9}: new high-speed USB device number {number} using xhci_hcd",
        f"EXT4-fs (nvme0n1p{number % 5}): mounted filesystem with ordered data mode.",
        f"nvidia 0000:{number % 16:02x}:00.0: enabling device (0100 -> 0102)",
        f"docker0: port {number % 7}(veth{number:06x}) entered blocking state",
    )
    yield f"{time_of} {words[number % len(words)]}"


def conda_list(number: int) -> Iterator[str]:
    build = f"py311h{number * 2654435761 % 2**28:07x}_{number % 3}"
    yield f"package{number % 3000:<24} {number % 9}.{number % 17}.{number % 5}    {build}    conda-forge"


def training_log(number: int) -> Iterator[str]:
    loss = number * 7919 % 10000 / 10000
    yield f"Epoch {number // 1000}/90 step {number % 1000}/1000 loss={loss:.4f} lr=1e-4 tokens/s={number * 13 % 9000}"
    if number % 10 == 0:
        day, minute = number % 28 + 1, number % 60
        yield f"2024-01-{day:02d} 10:{minute:02d}:11,{number % 999:03d} - INFO - trainer - saving /data/run{number}/ckpt.pt"


def tracebacks(number: int) -> Iterator[str]:
    yield "Traceback (most recent call last):"
    for depth in range(6):
        file = f"/opt/conda/lib/python3.10/site-packages/torch/nn/modules/m{number % 40}.py"
        yield f'  File "{file}", line {number * depth % 2000}, in forward'
        yield f"    return self.call_{depth}(input, weight_{number}, bias)"
    yield (f"RuntimeError: CUDA out of memory. Tried to allocate {number % 100}.00 MiB", f"KeyError: 'k{number}'")[number % 2]


def mixed(number: int) -> Iterator[str]:
    """Pieces of all the others, in an order that does not repeat."""
    chance = random.Random(number)  # noqa: S311 - the same pieces each time
    for _ in range(20):
        yield from chance.choice((pip_log, kernel_log, conda_list, training_log, tracebacks))(chance.randrange(10**6))
    yield from SHORT.split("\n")


def requirements(number: int) -> Iterator[str]:
    yield f"torch==2.{number % 9}.0"


SHAPES: dict[str, Callable[[int], Iterator[str]]] = {
    "installation log": pip_log,
    "kernel log": kernel_log,
    "conda list": conda_list,
    "training log": training_log,
    "tracebacks": tracebacks,
    "all mixed": mixed,
    "requirements": requirements,
}


def text_of(shape: Callable[[int], Iterator[str]], size: int, *, between: str = "\n") -> str:
    """A text of that many characters."""
    lines: list[str] = []
    length = 0
    for number in itertools.count():
        for line in shape(number):
            lines.append(line)
            length += len(line) + 1
        if length >= size:
            return between.join(lines)[:size]
    return ""


def texts(size: int, folder: Path | None) -> Iterator[tuple[str, str]]:
    """One of each shape; with a folder of recorded cases also all of them, again and again."""
    for name, shape in SHAPES.items():
        yield name, text_of(shape, size)
    yield "one line", text_of(training_log, size, between=" ")
    yield "one word", "torch==" * (size // 7)
    if folder is not None:
        reports = [path.read_text("utf-8", "replace") for path in sorted(folder.glob("*/report.txt"))]
        yield (
            "recorded cases",
            "\n".join(itertools.islice(itertools.cycle(reports), size * len(reports) // sum(map(len, reports)) + 1))[:size],
        )


def least(action: Callable[[], object], runs: int) -> float:
    """Seconds of processor time of the quickest of several runs."""
    times = []
    for _ in range(runs):
        before = time.process_time()
        action()
        times.append(time.process_time() - before)
    return min(times)


def shapes_of_text(size: int, runs: int, folder: Path | None) -> None:
    rules = all_rules()
    diagnose(read_saved(SHORT.encode(), "short"), rules)
    print(f"{'text':18} {'MB':>6} {'seconds':>8} {'MB/s':>6} {'half of it':>10}")
    for name, text in texts(size, folder):
        data = text.encode()
        half = data[: len(data) // 2]
        whole, part = (least(lambda data=data: diagnose(read_saved(data, "text"), rules), runs) for data in (data, half))  # type: ignore[misc]
        limit = within(whole * 1e6 / len(data), TEXT_LIMIT)
        print(f"{name:18} {len(data) / 1e6:6.2f} {whole:8.3f} {len(data) / 1e6 / whole:6.1f} {part:10.3f}  {limit}")


def many_snapshots(count: int, folder: Path | None) -> None:
    rules = all_rules()
    reports = [path.read_bytes() for path in sorted(folder.glob("*/report.txt"))] if folder is not None else []
    snapshots = [read_saved(data, "report") for data in (reports or [text_of(mixed, 5000).encode()])]
    for snapshot in snapshots:
        diagnose(snapshot, rules)
    before = time.process_time()
    for snapshot in itertools.islice(itertools.cycle(snapshots), count):
        diagnose(snapshot, rules)
    spent = time.process_time() - before
    limit = within(spent / count * 1000, SNAPSHOT_LIMIT)
    print(f"{count} snapshots ({len(snapshots)} different): {spent / count * 1000:.2f} ms each, {limit}")
    tracemalloc.start()
    sizes = []
    for _ in range(3):
        for snapshot in itertools.islice(itertools.cycle(snapshots), count // 2):
            diagnose(snapshot, rules)
        gc.collect()
        sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    print(f"memory held after each half of them again: {', '.join(f'{size / 1024:.0f} KiB' for size in sizes)}")


def within(figure: float, limit: float) -> str:
    return f"{'within' if figure <= limit else 'ABOVE'} {limit:g}"


def budget(python: Path, report: Path, runs: int) -> dict[str, float]:
    """The least that each part of a short run takes, of several runs."""
    marks = "\n".join(f"{part}\nprint(time.perf_counter())" for part in PARTS.values())
    program = f"import gc, sys, time\ngc.set_threshold(100_000)\nprint(time.perf_counter())\n{marks}"
    taken = []
    for _ in range(runs):
        ran = subprocess.run([str(python), "-c", program, str(report)], capture_output=True, text=True, check=True, cwd=report.parent)
        taken.append([after - before for before, after in itertools.pairwise(map(float, ran.stdout.split()))])
    return dict(zip(PARTS, map(min, zip(*taken, strict=True)), strict=True))


def command(envcheck: str, runs: int) -> None:
    """From a folder outside a checkout, with bytecode kept, as an installed program runs."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.txt")
        report.write_text(SHORT, "utf-8")
        commands: Sequence[list[str]] = ([envcheck, "--version"], [envcheck, "diagnose", str(report)])

        def seconds(words: list[str]) -> float:
            before = time.perf_counter()
            subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, cwd=folder, env=environment)
            return time.perf_counter() - before

        for words in commands:
            seconds(words)
        pairs = [tuple(seconds(words) for words in commands) for _ in range(runs)]
        parts = budget(Path(envcheck).with_name("python"), report, runs)
    version, diagnosis = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(mine / other for other, mine in pairs)
    print(
        f"diagnose of {len(SHORT)} bytes: {diagnosis * 1000:.0f} ms, --version: {version * 1000:.0f} ms, "
        f"ratio {ratio:.2f}, {within(ratio, RATIO_LIMIT)} ({runs} runs)"
    )
    for name, spent in parts.items():
        print(f"  {name:16} {spent * 1000:5.1f} ms")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=1.0)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--snapshots", type=int, default=1000)
    parser.add_argument("--cases", type=Path, metavar="FOLDER", help="recorded cases, each a folder with a report.txt")
    parser.add_argument("--envcheck", metavar="FILE", help="an installed envcheck, for the ratio to its --version")
    options = parser.parse_args()
    shapes_of_text(int(options.megabytes * 1e6), options.runs, options.cases)
    many_snapshots(options.snapshots, options.cases)
    if options.envcheck:
        command(options.envcheck, options.runs * 5)
    return 0


if __name__ == "__main__":
    sys.exit(main())
