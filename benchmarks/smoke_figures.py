"""Measures what each smoke test states of itself: the seconds of its import and its test, and the memory of its processes.

    python benchmarks/smoke_figures.py --python ENVIRONMENT/bin/python [--runs 5] [NAME ...]

Prints the medians of warm runs beside what TEST in the test's file says: how many tests fit beside each other, and what is said beforehand
of the time, stand on these figures. Runs one test after the other; other work on the machine makes them wrong.
"""

import argparse
import contextlib
import os
import statistics
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

import psutil

from envcheck.cli.smoke_requests import TestOptions, requests, split_names
from envcheck.knowledge.smoke_tests import SmokeTest, smoke_tests
from envcheck.observing.answer import Answer
from envcheck.observing.runner import run
from envcheck.observing.smoke import SmokeRequest, smoke_task

_LOOK_S = 0.02


def main() -> None:
    arguments = parse_arguments()
    tests, _ = split_names(arguments.names) if arguments.names else (list(smoke_tests().values()), {})
    for test in tests:
        for request in requests([test], TestOptions(device="cpu"), asked_for=True):
            figures = [measured(arguments.python, request) for _ in range(arguments.runs + 1)][1:]
            passed = [figure for figure in figures if figure is not None]
            print(line(test, request, passed) if passed else f"{request.spoken_of}: did not pass here", flush=True)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True, help="the interpreter of an environment with the frameworks")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("names", nargs="*", help="smoke tests (default: all)")
    return parser.parse_args()


def measured(python: str, request: SmokeRequest) -> tuple[float, float, int] | None:
    """Seconds of import and test, and the most bytes that all its processes held at once; None where it did not pass."""
    with tempfile.TemporaryDirectory() as folder, peak() as most:
        answer = run([smoke_task(python, request, {"OMP_NUM_THREADS": "2"}, folder)])[request.task_name]
    results = list(told(answer))
    if not results or any(result["status"] != "passed" for result in results):
        return None
    return results[0]["import_seconds"], sum(result["compute_seconds"] for result in results), most[0]


def told(answer: Answer) -> Iterator[dict[str, Any]]:
    for claim in answer.evidence.claims:
        if claim.fact.startswith("smoke["):
            yield claim.value


@contextlib.contextmanager
def peak() -> Iterator[list[int]]:
    """The most bytes that the children of this process held at once, looked at every few moments: the one member of the list."""
    most, over, own = [0], threading.Event(), psutil.Process(os.getpid())

    def watch() -> None:
        while not over.wait(_LOOK_S):
            most[0] = max(most[0], sum(map(resident, own.children(recursive=True))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        over.set()
        watcher.join()


def resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it has ended
        return 0


def line(test: SmokeTest, request: SmokeRequest, figures: list[tuple[float, float, int]]) -> str:
    imports, computes, sizes = (statistics.median(side) for side in zip(*figures, strict=True))
    says = f"says import_s {test.import_s}, test_s {test.test_s}, peak_bytes {test.peak_bytes:_}"
    found = f"import_s {imports:.2f}, test_s {computes:.3f}, peak_bytes {round(int(sizes), -6):_}"
    return f"{request.spoken_of}: {found}  ({says})"


if __name__ == "__main__":
    main()
