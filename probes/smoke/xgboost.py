"""XGBoost: trees of one split with leaves in closed form, on each device that its build has; a silent fall-back is a failure."""

import json
import math

TEST = {
    "title": "XGBoost",
    "import": "xgboost",
    "names": ("xgboost", "xgb"),
    "default": True,
    "devices": ("cpu", "cuda"),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: xgboost-cpu 3.2.0.
    "import_s": 1.7,
    "test_s": 0.06,
    "peak_bytes": 166_200_000,
}
MANUAL = {
    "imported": "Its library cannot be loaded: the OpenMP library is missing, or files of xgboost and xgboost-cpu are mixed; or a NumPy, "
    "SciPy, pandas or scikit-learn that it imports is broken.",
    "devices": "What it was built with cannot be read, or the driver does not answer when it is asked for its cards.",
    "tensor": "Its own matrix cannot be made from an array of NumPy: NumPy is of a version that this XGBoost does not know.",
    "computed": "Training raised or crashed, or ran on the CPU although a card was asked for, which XGBoost does in silence: this build "
    "has no CUDA, its CUDA is newer than the driver, or the card is hidden or older than what it has code for.",
    "compared": "The leaves hold wrong numbers: a faulty library, or faulty memory.",
}


class FellBack(Exception):
    """It was asked to compute on a card and computed on the CPU; `details` are words for the report."""

    def __init__(self, asked, ran):
        super().__init__("XGBoost was asked to compute on {} and computed on {}".format(asked, ran))
        self.details = {"asked": asked, "ran": ran}


def devices(xgboost, wanted):
    from envcheck_probes.smoke_steps.cuda_cards import count_cards

    cards = count_cards() if wanted in ("auto", "cuda") and _has_cuda(xgboost) else 0
    return (["cpu"] if wanted in ("auto", "cpu") else []) + ["cuda:{}".format(card) for card in range(cards)]


def _has_cuda(xgboost):
    """Before 1.6 a build does not tell: then it is not asked for its cards."""
    return hasattr(xgboost, "build_info") and bool(xgboost.build_info().get("USE_CUDA"))


def check(trial):
    from envcheck_probes.smoke_steps.busy import busy_is_no_failure

    with busy_is_no_failure(trial):
        _check(trial, trial.framework)


def _check(trial, xgboost):
    import numpy as np
    from envcheck_probes.smoke_steps import tree_data

    trial.layer("tensor")
    rows, sides, heights, answers = tree_data.divided()
    features = np.array(rows, dtype=np.float32)
    regression, decision = xgboost.DMatrix(features, label=heights), xgboost.DMatrix(features, label=answers)
    trial.layer("computed")
    fitted = _trained(trial, regression, {"objective": "reg:squarederror", "base_score": 0.0})
    means = fitted.predict(regression).tolist()
    decided = _trained(trial, decision, {"objective": "binary:logistic", "base_score": 0.5})
    margins, chances = decided.predict(decision, output_margin=True).tolist(), decided.predict(decision).tolist()
    trial.layer("compared")
    trial.expect("leaf means float32", means, _means(heights, sides), rtol=1e-6)
    # From a chance of 1/2 the gradient is 1/2 - y and its derivative 1/4: Newton's step is (mean - 1/2) / (1/4).
    steps = [4.0 * (mean - 0.5) for mean in _means(answers, sides)]
    trial.expect("leaf margins float32", margins, steps, rtol=1e-6)
    trial.expect("chances float32", chances, [1.0 / (1.0 + math.exp(-step)) for step in steps], rtol=1e-6)


def _trained(trial, data, objective):
    """One tree of one split without any shrinking, made by the device that was asked for. Raises `FellBack`."""
    settings = {"max_depth": 1, "eta": 1.0, "lambda": 0.0, "min_child_weight": 0.0, "verbosity": 0, "device": trial.device}
    settings.update(objective, tree_method="hist")
    booster = trial.framework.train(settings, data, num_boost_round=1)
    chosen = _settings_of(booster)
    if trial.device != "cpu" and "device" not in chosen:  # before 2.0 a card had a method of its own
        del settings["device"]
        settings.update(tree_method="gpu_hist", gpu_id=trial.device.partition(":")[2])
        booster = trial.framework.train(settings, data, num_boost_round=1)
        chosen = _settings_of(booster)
    ran = chosen.get("device") or ("cpu" if chosen.get("gpu_id", "-1") == "-1" else "cuda:" + chosen["gpu_id"])
    trial.note("device", ran)
    if ran != trial.device:
        raise FellBack(trial.device, ran)
    return booster


def _settings_of(booster):
    """The booster's own word on where it computes, after it did: `{"device": "cuda:0", …}`, before 2.0 `{"gpu_id": "0", …}`."""
    return json.loads(booster.save_config())["learner"]["generic_param"]


def _means(values, sides):
    """Of each value the mean of its side, in plain Python."""
    mean = {}
    for side in (False, True):
        members = [value for value, of in zip(values, sides) if of is side]
        mean[side] = sum(members) / len(members)
    return [mean[side] for side in sides]
