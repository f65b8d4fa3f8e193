"""Runs one framework's smoke test: imports it, lists its devices, and lets it compute on each; a heavy child of its own.

Arguments: the test's name (a file of smoke/), then `device=auto|cpu|cuda|mps|xpu`, or `device=cuda:1,cuda:2` for these and no others;
`variant=NAME` (a Keras backend); `import=SECONDS` and `test=SECONDS`, the times within which each step has to get on; `card=BYTES`;
`slow` for the layers that take long; `folder=PATH`, where it may write.

The file of a test has TEST and MANUAL, literals that envcheck reads without running it (envcheck/knowledge/smoke_tests.py), and
    check(trial)                        computes and compares, through the layers of trial.Trial
    devices(framework, wanted) → names  what it can be tested on here, `wanted` as above; without it that is the CPU
Facts are told as each device is done: a crash on the second leaves what is known of the first.
"""

import os
import sys
import time


def main(channel, arguments):
    from envcheck_probes.smoke_steps.importing import import_and_tell
    from envcheck_probes.smoke_steps.network import refuse_network
    from envcheck_probes.smoke_steps.watching import alive_while_importing

    name, options = arguments[0], dict(argument.partition("=")[::2] for argument in arguments[1:])
    test = __import__("envcheck_probes.smoke." + name, fromlist=["check"])
    refuse_network()
    if options.get("folder"):  # a process that is killed takes no temporary files away, and this one ends without its exit handlers
        os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), options["folder"]))
    framework, import_s = None, 0.0
    if test.TEST["import"]:  # what is no package of Python's has none
        with alive_while_importing(channel, float(options["import"])):
            before = time.perf_counter()
            framework = import_and_tell(channel, test.TEST["import"])
            import_s = time.perf_counter() - before
        if framework is None:
            return
    channel.deadline(float(options["test"]))
    spoken_of = name + (":" + options["variant"] if options.get("variant") else "")
    channel.stage("testing {}: devices".format(spoken_of))
    devices = _devices(channel, test, framework, spoken_of, options.get("device", "auto"))
    for device in devices:
        _try(channel, test, framework, spoken_of, device, options, import_s)


def _devices(channel, test, framework, name, wanted):
    """The devices to be tested; none where the framework fails at listing them, or has none of the wanted kind, which is then told."""
    if ":" in wanted:
        return wanted.split(",")
    try:
        found = test.devices(framework, wanted) if hasattr(test, "devices") else ["cpu"] if wanted in ("cpu", "auto") else []
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the finding
        _tell_error(channel, name, wanted, "devices", error, {})
        return []
    channel.stage("devices of {}: {}".format(name, ",".join(found)))  # read by the parent, where this child dies on one of them
    if not found:
        _tell(channel, name, wanted, {"status": "skipped", "layer": "devices", "reason": _why_none(test.TEST, wanted)})
    return found


def _why_none(about, wanted):
    devices = about.get("devices", ("cpu",))
    if wanted not in devices:
        return "{} computes on {} alone".format(about["title"], " and ".join(devices))
    return "it lists no {} device: its build or this machine has none".format(wanted)


def _try(channel, test, framework, name, device, options, import_s):
    from envcheck_probes.smoke_steps.trial import CARD_BYTES, NotEvaluated, NotThere, Trial

    card_bytes = int(options.get("card") or CARD_BYTES)
    seconds, folder = float(options["test"]), options.get("folder", "")
    trial = Trial(channel, name, framework, device, seconds, slow="slow" in options, card_bytes=card_bytes, folder=folder)
    before = time.perf_counter()
    outcome = {"status": "passed"}
    error = None
    try:
        test.check(trial)
    except NotEvaluated as reason:
        outcome = {"status": "skipped", "reason": str(reason)}
    except NotThere as reason:
        outcome = {"status": "absent", "reason": str(reason)}
    except BaseException as raised:  # noqa: BLE001 - whatever it is, it is the finding
        error, outcome = raised, {"status": "failed"}
    taken_s = time.perf_counter() - before
    layers = trial.end()
    later_import_s = sum(layer["seconds"] for layer in layers if layer["name"] == "imported")
    outcome.update(
        layer=trial.reached,
        seconds=round(import_s + taken_s, 3),
        import_seconds=round(import_s + later_import_s, 3),
        compute_seconds=round(taken_s - later_import_s, 3),
        layers=layers,
        compared=trial.compared,
        notes=trial.notes,
        peak_bytes=_peak_bytes(),
    )
    if error is None:
        _tell(channel, name, device, outcome)
    else:
        _tell_error(channel, name, device, trial.reached, error, outcome)


def _tell(channel, name, device, outcome):
    channel.fact("smoke[{}@{}]".format(name, device), {key: value for key, value in outcome.items() if value is not None}, "smoke test")
    channel.stage("tested {} on {}".format(name, device))


def _tell_error(channel, name, device, layer, error, outcome):
    from envcheck_probes.smoke_steps.importing import details_of, words_of

    details = dict(details_of(error), device=device, layer=layer, **getattr(error, "details", {}))
    channel.said(name, words_of(error), {key: str(value) for key, value in details.items()})
    _tell(channel, name, device, dict(outcome, status="failed", layer=layer))


def _peak_bytes():
    """The most memory that this process held; None where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
