"""Plants errors in a framework, one after the other in one process, and sees by which comparison of its smoke test each is caught.

The framework is imported once: what `running.run_smoke` does for a single error, by a child of its own, would take minutes for all of them.
"""

import json
import os
import subprocess
from typing import Any

from envcheck.shipped import folder

_DRIVER = '''
import importlib, json, os, sys, tempfile, types

probes, name, device, *options = sys.argv[1:]
package = types.ModuleType("envcheck_probes")
package.__path__ = [probes]
sys.modules["envcheck_probes"] = package
test = importlib.import_module("envcheck_probes.smoke." + name)
framework = importlib.import_module(test.TEST["import"])
from envcheck_probes.smoke_steps.trial import Trial

class Silent:
    def stage(self, words):
        pass

    def deadline(self, seconds):
        pass

undo = []

def put(place, attribute, value):
    """Sets an attribute until the next error is planted."""
    undo.append((place, attribute, attribute in vars(place), getattr(place, attribute, None)))
    setattr(place, attribute, value)

def tried():
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Silent(), name, framework, device, 60.0, slow="slow" in options, folder=folder)
        try:
            test.check(trial)
        except Exception as error:
            what = getattr(error, "details", {}).get("what")
            return {"raised": type(error).__name__, "layer": trial.reached, "what": what, "text": str(error)}
        return {"raised": None, "layer": trial.reached, "compared": trial.compared, "notes": trial.notes}

outcomes = {}
for what, code in json.load(sys.stdin).items():
    exec(code, {"module": framework, "put": put})
    outcomes[what] = tried()
    while undo:
        place, attribute, was_its_own, value = undo.pop()
        setattr(place, attribute, value) if was_its_own else delattr(place, attribute)
print("\\n" + json.dumps(outcomes))
'''


def outcomes_of(
    python: str, name: str, planted: dict[str, str], *options: str, device: str = "cpu", variables: dict[str, str] | None = None
) -> dict[str, Any]:
    """How the test comes out with each error that is planted: code with the framework as `module`, and `put(place, attribute, value)`.

    Each is of its own: what `put` has changed is undone. "" plants nothing.
    """
    command = [python, "-c", _DRIVER, str(folder("probes")), name, device, *options]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(variables or {})}
    ended = subprocess.run(command, input=json.dumps(planted), env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert ended.returncode == 0, ended.stderr[-4000:]
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def assert_each_is_caught(outcomes: dict[str, Any]) -> None:
    """Each error by the comparison that it is named after."""
    not_caught = {what: told for what, told in outcomes.items() if (told["raised"], told.get("what")) != ("WrongResult", what)}
    assert not not_caught, not_caught


def in_predictions(change: str) -> str:
    """What is planted to change the array `found` that a booster of trees predicts."""
    return f"""
right = module.Booster.predict
def wrong(self, *arguments, **options):
    found = right(self, *arguments, **options)
    {change}
    return found
module.Booster.predict = wrong
"""
