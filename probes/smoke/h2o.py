"""H2O: a server of its own on this machine's loopback computes a mean and fits a linear model, and is shut down."""

import inspect
import os
import random
import socket

from envcheck_probes.smoke_steps.services import end, java_sought, jvm_options, prepare, words_kept

TEST = {
    "title": "H2O",
    "import": "h2o",
    "names": ("h2o", "h2o-3"),
    "default": False,
    "service": True,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: h2o 3.46.0.12, Java 17; with the server.
    "import_s": 0.35,
    "test_s": 7.0,
    "peak_bytes": 360_000_000,
    "test_deadline_s": 120,
    "needs": ("java",),
    "variables": {"DO_NOT_TRACK": "1"},
}
MANUAL = {
    "imported": "Its Python files are incomplete, or a package that it needs (requests, tabulate) is missing.",
    "computed": "Its server did not start, or does not answer: there is no Java, one that this H2O does not run on, too little memory, "
    "or a client and a server of two releases.",
    "compared": "H2O gives wrong numbers: its server's files are damaged, or memory is faulty.",
}

_ROWS = 40
_MOST_STARTS = 3
_SLOPES, _INTERCEPT = {"first": 3.0, "second": -2.0}, 5.0


def check(trial):
    trial.imports("h2o.estimators.glm")
    trial.layer("computed")
    h2o = trial.framework
    prepare(trial.folder)
    trial.doing("starting the server")
    with words_kept(trial.folder, "H2O's server", java_sought()):
        _start(trial, h2o)
    try:
        _compute(trial, h2o)
    finally:
        _end(h2o)


def _compute(trial, h2o):
    first = [float((7 * row) % 11 - 5) for row in range(_ROWS)]
    second = [float((3 * row) % 7 - 3) for row in range(_ROWS)]
    wanted = [_INTERCEPT + _SLOPES["first"] * a + _SLOPES["second"] * b for a, b in zip(first, second)]
    trial.doing("making a frame")
    frame = h2o.H2OFrame({"first": first, "second": second, "wanted": wanted})
    means = [frame[name].mean(return_frame=False)[0] for name in ("first", "second", "wanted")]
    total = frame["wanted"].sum(return_frame=False)
    trial.doing("fitting a linear model")
    model = h2o.estimators.glm.H2OGeneralizedLinearEstimator(family="gaussian", solver="IRLSM", lambda_=0.0, standardize=False)
    model.train(x=list(_SLOPES), y="wanted", training_frame=frame)
    found = model.coef()
    trial.layer("compared")
    truth = [sum(column) / _ROWS for column in (first, second, wanted)]
    trial.expect("means float64", means, truth, rtol=1e-12)
    trial.expect("sum float64", total, sum(wanted), rtol=1e-12)
    trial.expect("coefficients float64", [found[name] for name in _SLOPES], list(_SLOPES.values()), rtol=1e-10)
    trial.expect("intercept float64", found["Intercept"], _INTERCEPT, rtol=1e-10)


def _start(trial, h2o):
    """Some servers end at their very first request, which comes before they know all of their own answers (seen on Java 25)."""
    for attempt in range(1, _MOST_STARTS + 1):
        try:
            h2o.init(**_settings(h2o, trial.folder))
            break
        except h2o.exceptions.H2OConnectionError:
            if attempt == _MOST_STARTS:
                raise
            trial.note("server", "started anew {} times, since it ended at its first request".format(attempt))
            _end(h2o)
    h2o.no_progress()


def _end(h2o):
    connection = h2o.connection()
    if connection is not None and connection.local_server is not None:
        end(connection.local_server._process)  # noqa: SLF001 - its own shutdown asks for it and does not wait


def _settings(h2o, folder):
    """A server of its own name and port on the loopback, which no other H2O finds. What this release does not know is left out."""
    settings = {
        "ip": "127.0.0.1",
        "port": _free_port(),
        "name": "envcheck-{:08x}".format(random.getrandbits(32)),  # noqa: S311 - no secret
        "nthreads": 1,
        "ice_root": folder,
        "log_dir": os.path.join(folder, "logs"),
        "max_mem_size": "256M",
        "bind_to_localhost": True,
        "ignore_config": True,
        "jvm_custom_args": jvm_options(folder),
        "strict_version_check": True,
        "verbose": False,
        "telemetry": False,
    }
    known = inspect.signature(h2o.init).parameters
    return {name: value for name, value in settings.items() if name in known}


def _free_port():
    """One that is free with the one behind it, where H2O's nodes would talk to each other; from there on it looks for itself."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
