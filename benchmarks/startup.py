"""How quick envcheck is, as ratios against what people run today, side by side on the same cores.

    python benchmarks/startup.py --python ENVIRONMENT/bin/python [--runs 9]

Compares, interleaved, with medians: `envcheck doctor --quick` with `python -m torch.utils.collect_env` in an environment that has
torch, and `envcheck --version` with a bare click program. Prints the peak memory of envcheck's own process too.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

BARE_CLICK = """
import click
@click.command()
@click.version_option("1.0", prog_name="bare")
def bare(): pass
bare()
"""
# Not ru_maxrss: that counts what the process was before its exec, too.
OWN_PEAK = """
import sys
from envcheck.cli import run
run(sys.argv[1:])
sys.stderr.write("peak " + next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""
# The ratios that are not to be passed.
QUICK_LIMIT, VERSION_LIMIT = 0.15, 1.5


def main() -> None:
    arguments = parse_arguments()
    envcheck = [sys.executable, "-m", "envcheck"]
    quick = [*envcheck, "doctor", "--quick", "--python", arguments.python]
    collect_env = [arguments.python, "-m", "torch.utils.collect_env"]
    compare("doctor --quick", quick, "collect_env", collect_env, arguments.runs, QUICK_LIMIT)
    bare = [sys.executable, "-c", BARE_CLICK, "--version"]
    compare("--version", [*envcheck, "--version"], "bare click", bare, arguments.runs * 3, VERSION_LIMIT)
    for command in (["doctor", "--quick"], ["doctor"]) if sys.platform == "linux" else ():
        print(f"peak memory of envcheck {' '.join(command)}: {own_peak([*command, '--python', arguments.python]):.0f} MB")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True, help="the interpreter of an environment with torch")
    parser.add_argument("--runs", type=int, default=9)
    return parser.parse_args()


def compare(name: str, command: Sequence[str], other_name: str, other: Sequence[str], runs: int, limit: float) -> None:
    """Runs both in turn after a warm-up, and prints both medians and the median of the ratios."""
    seconds(command), seconds(other)
    pairs = [(seconds(command), seconds(other)) for _ in range(runs)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(mine / yours for mine, yours in pairs)
    word = "within" if ratio <= limit else "ABOVE"
    print(f"{name}: {ours:.3f} s, {other_name}: {theirs:.3f} s, ratio {ratio:.3f} ({word} {limit}; {runs} runs, {os.cpu_count()} cores)")


def seconds(command: Sequence[str]) -> float:
    before = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - before


def own_peak(command: Sequence[str]) -> float:
    """Megabytes; the children are not counted."""
    done = subprocess.run([sys.executable, "-c", OWN_PEAK, *command], capture_output=True, text=True, check=True)
    kilobytes = int(done.stderr.rpartition("peak ")[2])
    return kilobytes * 1024 / 1e6


if __name__ == "__main__":
    main()
