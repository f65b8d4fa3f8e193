"""LightGBM: trees of one split, whose leaves are known in closed form; on a card only where it was asked for and this build has CUDA."""

import math

TEST = {
    "title": "LightGBM",
    "import": "lightgbm",
    "names": ("lightgbm", "lgbm"),
    "default": False,
    "devices": ("cpu", "cuda"),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: lightgbm 4.7.0.
    "import_s": 1.3,
    "test_s": 0.02,
    "peak_bytes": 164_400_000,
}
MANUAL = {
    "imported": "Its library cannot be loaded: the OpenMP library (libgomp, libomp) is missing; or a NumPy, SciPy or pandas that "
    "it imports is broken.",
    "devices": "Training a few rows on a card failed in another way than for want of CUDA: the driver or the card does not answer.",
    "tensor": "Its own data set cannot be made from an array of NumPy: NumPy is of a version that this LightGBM does not know.",
    "computed": "Training raised or crashed, or ran on another device than was asked for: a damaged library, or one for another processor.",
    "compared": "The leaves hold wrong numbers: a faulty library, or faulty memory.",
}
# Gradients are single numbers, sums and leaves double; all of these gradients are single numbers exactly.
_RTOL = 1e-10
# No shrinking, no start from the mean, and no leaf too small: what remains is the closed form.
_SETTINGS = {
    "num_leaves": 2,
    "learning_rate": 1.0,
    "lambda_l2": 0.0,
    "min_data_in_leaf": 1,
    "min_sum_hessian_in_leaf": 0.0,
    "boost_from_average": False,
    "force_col_wise": True,  # otherwise it tries both ways first
    "verbose": -1,
}


class OtherDevice(Exception):
    """It computed on another device than it was asked for; `details` are words for the report."""

    def __init__(self, asked, ran):
        super().__init__("LightGBM was asked to compute on {} and computed on {}".format(asked, ran))
        self.details = {"asked": asked, "ran": ran}


def devices(lightgbm, wanted):
    from envcheck_probes.smoke_steps.cuda_cards import count_cards

    cards = count_cards() if wanted == "cuda" else 0
    if cards and not _has_cuda(lightgbm):
        cards = 0
    return (["cpu"] if wanted in ("auto", "cpu") else []) + ["cuda:{}".format(card) for card in range(cards)]


def _has_cuda(lightgbm):
    """A build does not tell what it was built for, other than by refusing to train; any other failure is the card's."""
    import numpy as np

    data = lightgbm.Dataset(np.array([[0.0], [1.0], [2.0], [3.0]]), label=[0.0, 0.0, 1.0, 1.0], params=dict(_SETTINGS))
    try:
        lightgbm.train(dict(_SETTINGS, device_type="cuda"), data, num_boost_round=1)
    except lightgbm.basic.LightGBMError as error:
        if "not enabled" in str(error) or "Unknown device" in str(error):
            return False
        raise
    return True


def check(trial):
    from envcheck_probes.smoke_steps.busy import busy_is_no_failure

    with busy_is_no_failure(trial):
        _check(trial, trial.framework)


def _check(trial, lightgbm):
    import numpy as np
    from envcheck_probes.smoke_steps import tree_data

    trial.layer("tensor")
    rows, sides, heights, answers = tree_data.divided()
    features = np.array(rows)
    regression, decision = (lightgbm.Dataset(features, label=np.array(truth), params=dict(_SETTINGS)) for truth in (heights, answers))
    for data in (regression, decision):
        data.construct()
    trial.layer("computed")
    means = _trained(trial, regression, "regression").predict(features).tolist()
    decided = _trained(trial, decision, "binary")
    margins, chances = decided.predict(features, raw_score=True).tolist(), decided.predict(features).tolist()
    trial.layer("compared")
    trial.expect("leaf means float64", means, _means(heights, sides), rtol=_RTOL)
    # From a chance of 1/2 the gradient is 1/2 - y and its derivative 1/4: Newton's step is (mean - 1/2) / (1/4).
    steps = [4.0 * (mean - 0.5) for mean in _means(answers, sides)]
    trial.expect("leaf margins float64", margins, steps, rtol=_RTOL)
    trial.expect("chances float64", chances, [1.0 / (1.0 + math.exp(-step)) for step in steps], rtol=_RTOL)


def _trained(trial, data, objective):
    """One tree of one split. Raises `OtherDevice` where its own text names another than was asked for."""
    kind, _, card = trial.device.partition(":")
    settings = dict(_SETTINGS, objective=objective, device_type=kind)
    if card:
        settings["gpu_device_id"] = int(card)
    booster = trial.framework.train(settings, data, num_boost_round=1)
    ran = booster.model_to_string().partition("[device_type: ")[2].partition("]")[0]
    trial.note("device", ran)
    if ran != kind:
        raise OtherDevice(kind, ran)
    return booster


def _means(values, sides):
    """Of each value the mean of its side, in plain Python."""
    mean = {}
    for side in (False, True):
        members = [value for value, of in zip(values, sides) if of is side]
        mean[side] = sum(members) / len(members)
    return [mean[side] for side in sides]
