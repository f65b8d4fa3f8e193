"""What smoke tests cost beside bare scripts that make the same imports and the same operations.

    python benchmarks/smoke_speed.py --python ENVIRONMENT/bin/python [--runs 7] [NAME ...]

Compares, interleaved, with medians: `envcheck smoke NAME ... --device cpu` with one bare process for each NAME, all started at the same
time on the same cores. A bare process imports the framework and runs the very operations and comparisons of the test, and tells nobody.
"""

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from envcheck.shipped import PACKAGE, folder

NAMES = ("torch", "tensorflow", "sklearn", "xgboost")
# The ratio that is not to be passed.
LIMIT = 1.15
BARE = """
import sys, types
probes, envcheck, name = sys.argv[1:4]
for package, place in (("envcheck_probes", probes), ("envcheck", envcheck)):
    sys.modules[package] = types.ModuleType(package)
    sys.modules[package].__path__ = [place]
test = __import__("envcheck_probes.smoke." + name, fromlist=["check"])
framework = __import__(test.TEST["import"])
from envcheck_probes.smoke_steps.trial import Trial
class Nobody:
    def stage(self, words): pass
    def deadline(self, seconds): pass
for device in test.devices(framework, "cpu") if hasattr(test, "devices") else ["cpu"]:
    trial = Trial(Nobody(), name, framework, device, 60.0)
    test.check(trial)
import os
os._exit(0 if trial.compared else 1)
"""
# The same for both sides: what envcheck would set for its children is then the user's own.
THREADS = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "2"
)
ENVIRONMENT = {**os.environ, **THREADS, "CUDA_VISIBLE_DEVICES": "-1", "PYTHONDONTWRITEBYTECODE": "1"}


def main() -> None:
    arguments = parse_arguments()
    names = arguments.names or NAMES
    smoke = [sys.executable, "-m", "envcheck", "smoke", *names, "--device", "cpu", "--python", arguments.python, "--fail-on", "never"]
    bare = [[arguments.python, "-P", "-c", BARE, str(folder("probes")), str(PACKAGE), name] for name in names]
    seconds([smoke]), seconds(bare)
    pairs = [(seconds([smoke]), seconds(bare)) for _ in range(arguments.runs)]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(mine / yours for mine, yours in pairs)
    word = "within" if ratio <= LIMIT else "ABOVE"
    print(f"smoke {' '.join(names)}: {ours:.2f} s, bare scripts {theirs:.2f} s, ratio {ratio:.3f} ({word} {LIMIT})")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True, help="the interpreter of an environment with the frameworks")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("names", nargs="*", help=f"smoke tests (default: {' '.join(NAMES)})")
    return parser.parse_args()


def seconds(commands: Sequence[Sequence[str]]) -> float:
    """From the start of all commands to the end of the last. Raises where one of them fails."""
    began = time.perf_counter()
    started = [subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for command in commands]
    for process in started:
        _, words = process.communicate()
        if process.returncode != 0:
            raise SystemExit(f"{process.args!r} ended with status {process.returncode}:\n{words.decode(errors='replace')[-2000:]}")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
