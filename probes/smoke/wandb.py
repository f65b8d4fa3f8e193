"""Weights & Biases: a run in its disabled mode takes settings and values and gives them back; nothing is sent, and nothing is written."""

from envcheck_probes.smoke_steps.services import prepare

TEST = {
    "title": "Weights & Biases",
    "import": "wandb",
    "names": ("wandb", "weights-and-biases"),
    "default": False,
    "service": True,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: wandb 0.31.0.
    "import_s": 0.4,
    "test_s": 0.3,
    "peak_bytes": 141_000_000,
    "variables": {"WANDB_MODE": "disabled", "WANDB_SILENT": "true", "WANDB_ERROR_REPORTING": "false", "DO_NOT_TRACK": "1"},
}
MANUAL = {
    "imported": "A package that it needs is of a release that it does not take (protobuf, pydantic), or a folder named wandb, which its "
    "own runs make, stands before it on the path.",
    "computed": "A run could not be made even without a server: its settings (environment variables, ~/.config/wandb) cannot be read, or "
    "its files are of two releases.",
    "compared": "A run gives back something else than was put into it: its files are of two releases.",
}

_SETTINGS = {"rate": 0.1, "layers": 7}
_STEPS = [{"loss": 1 / 3, "score": -7}, {"loss": 1e-300}]


def check(trial):
    trial.layer("computed")
    wandb = trial.framework
    prepare(trial.folder)
    run = wandb.init(mode="disabled", project="envcheck", dir=trial.folder, config=_SETTINGS)
    for step in _STEPS:
        run.log(step)
    run.summary["best"] = 42
    settings = {name: run.config[name] for name in _SETTINGS}
    summary = {name: run.summary[name] for name in ("loss", "best")}
    table = wandb.Table(columns=["row", "square"], data=[[row, row * row] for row in range(5)])
    run.finish()
    trial.note("mode", "disabled")
    trial.layer("compared")
    trial.expect("settings", sorted(settings.items()), sorted(_SETTINGS.items()))
    trial.expect("last value", summary["loss"], _STEPS[-1]["loss"])
    trial.expect("summary", summary["best"], 42)
    trial.expect("table", [list(row) for row in table.data], [[0, 0], [1, 1], [2, 4], [3, 9], [4, 16]])
