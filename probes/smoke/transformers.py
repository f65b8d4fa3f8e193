"""Transformers: a tiny BERT with random weights, made from a configuration and not downloaded, against its layers in plain Python."""

import math

from envcheck_probes.smoke_steps.trial import NotEvaluated

TEST = {
    "title": "Transformers",
    "import": "transformers",
    "names": ("transformers", "huggingface"),
    "default": False,
    "devices": ("cpu",),
    # Medians of warm runs on 2 cores, Python 3.11, 2026-11-22, by benchmarks/smoke_figures.py: transformers 5.23.0, torch 2.13.0+cpu.
    "import_s": 5.0,
    "test_s": 0.15,
    "peak_bytes": 407_000_000,
    "variables": {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "DISABLE_TELEMETRY": "1"},
}
MANUAL = {
    "imported": "A package that it needs is of a release that it does not take (tokenizers and huggingface-hub are pinned closely), or "
    "its models cannot be imported because PyTorch or torchvision cannot.",
    "tensor": "A model cannot be made from its configuration: PyTorch is older than this Transformers takes, or files of two versions "
    "are mixed.",
    "computed": "The model raised: PyTorch's attention kernels do not fit this Transformers, or its files are of two versions.",
    "compared": "The model gives wrong numbers: an attention kernel, a mask or a normalisation is wrong in this pair of versions.",
}

_HIDDEN, _HEADS, _INNER, _WORDS, _PAD = 16, 2, 24, 32, 0
_EPSILON = 1e-12
_SENTENCES = [[3, 7, 1, 30, 12, 7], [9, 2, 25, 4]]
# float32 rounds each of some dozens of sums to 6e-8 of values around 1; what is wrong by 1e-4 of such a value is far outside.
_RTOL, _ATOL = 2e-5, 1e-5


def check(trial):
    transformers = trial.framework
    if not transformers.is_torch_available():
        raise NotEvaluated("there is no PyTorch that this Transformers takes; without one it has no models")
    trial.imports("torch", "transformers.models.bert.modeling_bert")
    import torch

    trial.layer("tensor")
    model = transformers.models.bert.modeling_bert.BertModel(_configuration(transformers)).eval()
    weights = {name: tensor.tolist() for name, tensor in model.state_dict().items()}
    longest = max(map(len, _SENTENCES))
    words = torch.tensor([sentence + [_PAD] * (longest - len(sentence)) for sentence in _SENTENCES])
    mask = torch.tensor([[1] * len(sentence) + [0] * (longest - len(sentence)) for sentence in _SENTENCES])
    trial.layer("computed")
    with torch.no_grad():
        states = model(input_ids=words, attention_mask=mask)[0].tolist()
    trial.layer("compared")
    trial.expect("shape", [len(states), len(states[0]), len(states[0][0])], [len(_SENTENCES), longest, _HIDDEN])
    normalised = [state for sentence in states for state in sentence]
    means = [sum(state) / _HIDDEN for state in normalised]
    trial.expect("mean of layer norm float32", means, [0.0] * len(means), atol=1e-6)
    variances = [sum(value * value for value in state) / _HIDDEN for state in normalised]
    trial.expect("variance of layer norm float32", variances, [1.0] * len(variances), atol=4e-6)
    for name, sentence, found in zip(("bert float32", "padded bert float32"), _SENTENCES, states):
        trial.expect(name, found[: len(sentence)], _bert(weights, sentence), rtol=_RTOL, atol=_ATOL)


def _configuration(transformers):
    return transformers.BertConfig(
        vocab_size=_WORDS,
        hidden_size=_HIDDEN,
        num_hidden_layers=1,
        num_attention_heads=_HEADS,
        intermediate_size=_INNER,
        max_position_embeddings=8,
        initializer_range=0.5,
        layer_norm_eps=_EPSILON,
        pad_token_id=_PAD,
    )


def _bert(weights, sentence):
    """The last hidden states, one layer after the other as in the paper (Devlin et al., 2018); the sentence alone, without padding."""
    embedded = "embeddings.{}_embeddings.weight".format
    states = [
        _sum(weights[embedded("word")][word], weights[embedded("position")][place], weights[embedded("token_type")][0])
        for place, word in enumerate(sentence)
    ]
    states = [_normalised(weights, "embeddings.LayerNorm", state) for state in states]
    layer = "encoder.layer.0."
    attended = _attended(weights, layer + "attention.self.", states)
    mixed = [_linear(weights, layer + "attention.output.dense", state) for state in attended]
    states = [_normalised(weights, layer + "attention.output.LayerNorm", _sum(*pair)) for pair in zip(mixed, states)]
    inner = [[_gelu(value) for value in _linear(weights, layer + "intermediate.dense", state)] for state in states]
    outer = [_linear(weights, layer + "output.dense", state) for state in inner]
    return [_normalised(weights, layer + "output.LayerNorm", _sum(*pair)) for pair in zip(outer, states)]


def _attended(weights, name, states):
    queries, keys, values = [[_linear(weights, name + part, state) for state in states] for part in ("query", "key", "value")]
    size = _HIDDEN // _HEADS
    found = [[] for _state in states]
    for start in range(0, _HIDDEN, size):
        head = slice(start, start + size)
        for query, attended in zip(queries, found):
            scores = [math.exp(_dot(query[head], key[head]) / math.sqrt(size)) for key in keys]
            attended += [_dot(scores, column) / sum(scores) for column in zip(*(value[head] for value in values))]
    return found


def _linear(weights, name, state):
    return [_dot(row, state) + bias for row, bias in zip(weights[name + ".weight"], weights[name + ".bias"])]


def _normalised(weights, name, state):
    mean = sum(state) / len(state)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in state) / len(state) + _EPSILON)
    scaled = zip(state, weights[name + ".weight"], weights[name + ".bias"])
    return [(value - mean) / deviation * weight + bias for value, weight, bias in scaled]


def _gelu(value):
    return value * (1 + math.erf(value / math.sqrt(2))) / 2


def _dot(left, right):
    return sum(a * b for a, b in zip(left, right))


def _sum(*vectors):
    return [sum(values) for values in zip(*vectors)]
