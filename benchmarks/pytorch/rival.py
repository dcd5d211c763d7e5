#!/usr/bin/env python3
"""PyTorch's side of the comparisons in docs/performance.md: the same layers, batch and threads as a run of ours.

    rival.py training RUN.json --channels 1 --size 28 --images 10000 --units 5
    rival.py sampling RUN.json --channels 1 --size 28 --units 250 --nfe 8
    rival.py distance FOLDER --dimensions 2048

Like `CatchUp.Trainer benchmark --serve`, it makes a round whenever standard input says `go` and answers with one JSON
object a line, so that the two can take turns. The networks and objectives are those of tests/parity.
"""

import argparse
import datetime
import json
import os
import pathlib
import sys
import time

import numpy
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "parity"))

import metrics  # noqa: E402
import objectives  # noqa: E402
import solvers  # noqa: E402
from networks import SongUNet  # noqa: E402

HEADS = {"rk12": 1, "rk23": 2, "rk34": 3}


def network_of(specification, channels, size):
    """The network of a run specification, whose every key must be there."""
    network, objective = specification["network"], specification["objective"]
    return SongUNet({
        "embedding_type": network["embedding"], "channel_mult_noise": network["channelMultNoise"], "channel_mult_emb": 4,
        "encoder_type": network.get("encoder", "standard"), "resample_filter": network.get("resampleFilter", [1, 1]),
        "img_resolution": size, "in_channels": channels, "out_channels": channels, "model_channels": network["channels"],
        "channel_mult": network["channelMultipliers"], "num_blocks": network["blocks"],
        "attn_resolutions": network["attentionResolutions"], "dropout": network["dropout"],
        "prior_shakedrop": network["priorShakeDrop"], "phi": network["phi"], "patch_size": network["patchSize"],
        "discrete_time": objective["time"] == "discrete", "total_N": objective["timeSteps"],
    }, HEADS[objective["order"]] if objective["kind"] == "catch-up" else 1)


class Training:
    """Updates, whole: images, noise, the literal objective, backward, Adam, EMA."""

    unit = "update"

    def __init__(self, specification, arguments):
        self.units, self.specification = arguments.units, specification
        self.batch = specification["training"]["batchSize"]
        self.images = torch.rand(arguments.images, arguments.channels, arguments.size, arguments.size) * 2 - 1
        self.network = network_of(specification, arguments.channels, arguments.size).train()
        settings = specification["optimizer"]
        self.optimizer = torch.optim.Adam(
            self.network.parameters(), lr=settings["learningRate"], betas=(settings["beta1"], settings["beta2"]), eps=settings["epsilon"])
        self.averages = [parameter.detach().clone() for parameter in self.network.parameters()]

    def round(self):
        for _ in range(self.units):
            loss = self.update()
        return loss

    def update(self):
        objective = self.specification["objective"]
        z_0 = self.images[torch.randint(len(self.images), (self.batch,))]
        if self.specification["data"]["horizontalFlip"]:
            z_0 = torch.where(torch.rand(self.batch, 1, 1, 1) < 0.5, z_0.flip(3), z_0)
        z_1 = torch.randn_like(z_0)
        t, u = 1 - torch.rand(self.batch), torch.rand(self.batch)
        self.optimizer.zero_grad(set_to_none=True)
        if objective["kind"] == "rectified-flow":
            loss = torch.nn.functional.mse_loss(self.network(objectives.interpolate(z_0, z_1, t), t), z_1 - z_0)
        else:
            loss = objectives.catch_up(self.network, z_0, z_1, t, u, objective["delta"], objective["timeSteps"]).loss
        loss.backward()
        self.optimizer.step()
        with torch.no_grad():
            for average, parameter in zip(self.averages, self.network.parameters()):
                average.lerp_(parameter, 1 - self.specification["ema"]["decay"])
        return loss.item()


class Sampling:
    unit = "image"

    def __init__(self, specification, arguments):
        self.units, self.nfe = arguments.units, arguments.nfe
        self.shape = (arguments.units, arguments.channels, arguments.size, arguments.size)
        self.velocity = solvers.velocity_of(network_of(specification, arguments.channels, arguments.size).eval())

    def round(self):
        z = torch.randn(self.shape)
        for step in range(self.nfe):
            z = z - self.velocity(z, 1 - step / self.nfe) / self.nfe
        return z.mean().item()


class Distance:
    """The Fréchet distance by scipy.linalg.sqrtm. Reading features and their statistics take no part in a round."""

    unit, units = "distance", 1

    def __init__(self, folder, arguments):
        self.moments = ()
        for name in ("real.f32", "generated.f32"):
            features = numpy.fromfile(folder / name, dtype="<f4").reshape(-1, arguments.dimensions)
            self.moments += metrics.statistics(features.astype(numpy.float64))

    def round(self):
        return metrics.frechet_distance(*self.moments)


def serve(workload):
    def write(**line):
        print(json.dumps(line), flush=True)

    write(unit=workload.unit, unitsPerRound=workload.units, threads=torch.get_num_threads(), facts={"torch": torch.__version__})
    for word in sys.stdin:
        if word.strip() == "go":
            started, clock = datetime.datetime.now(datetime.timezone.utc), time.perf_counter()
            result = workload.round()
            write(started=started.isoformat(), seconds=time.perf_counter() - clock, result=result)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", choices=["training", "sampling", "distance"])
    parser.add_argument("path", type=pathlib.Path)
    for name, otherwise in (("channels", 1), ("size", 28), ("images", 10000), ("units", 1), ("nfe", 8), ("dimensions", 2048)):
        parser.add_argument(f"--{name}", type=int, default=otherwise)
    arguments = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count())))
    if arguments.work == "distance":
        serve(Distance(arguments.path, arguments))
    else:
        specification = json.loads(arguments.path.read_text())
        specification = specification.get("specification", specification)
        serve({"training": Training, "sampling": Sampling}[arguments.work](specification, arguments))


if __name__ == "__main__":
    main()
