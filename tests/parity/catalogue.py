"""The cases of this folder: tiny networks with drawn weights, and what each case varies.

Weights and inputs come from NumPy's RandomState, whose stream is frozen across versions, seeded by the case's name.
Weights are rounded to half precision before use and stored in it, so that nothing is lost and the folder stays small.
"""

import zlib

import numpy
import torch

from inception import Inception
from networks import Adm, SongUNet

LOSS_GRADIENTS = ("map_layer0.weight", "enc.8x8_block0.conv0.weight", "dec.4x4_in0.qkv.weight", "dec.8x8_aux_conv.bias")


class Draws:
    def __init__(self, name):
        self.random = numpy.random.RandomState(zlib.crc32(name.encode()))

    def normal(self, *shape, scale=1.0):
        return torch.from_numpy((self.random.standard_normal(shape) * scale).astype(numpy.float32))

    def uniform(self, *shape):
        return torch.from_numpy(self.random.random_sample(shape).astype(numpy.float32))

    def images(self, *shape):
        return self.uniform(*shape) * 2 - 1

    def weights(self, network, prefix="param."):
        """A state_dict of a scale that keeps activations near 1; extra heads of a song network under their own names."""
        result = {}
        for name, tensor in network.state_dict().items():
            if name.endswith("resample_filter"):
                value = tensor
            elif name.endswith("freqs"):
                value = self.normal(*tensor.shape, scale=2)
            elif tensor.dim() == 1:
                value = self.normal(*tensor.shape, scale=0.1) + (1 if name.endswith("weight") else 0)
            else:
                value = self.normal(*tensor.shape, scale=tensor[0].numel() ** -0.5)
            result[name if name.startswith(("head2.", "head3.")) else prefix + name] = value.half()
        return result


def song_config(**changes):
    """An 8×8 grey network of two resolutions; a case names what it has otherwise."""
    return {
        "label_dim": 0, "augment_dim": 0, "channel_mult_emb": 4, "label_dropout": 0, "embedding_type": "positional",
        "channel_mult_noise": 1, "encoder_type": "standard", "decoder_type": "standard", "resample_filter": [1, 1],
        "img_resolution": 8, "in_channels": 1, "out_channels": 1, "model_channels": 4, "channel_mult": [1, 2],
        "num_blocks": 1, "attn_resolutions": [4], "dropout": 0.0, "prior_shakedrop": False, "phi": 0.75,
        "discrete_time": False, "total_N": 16, **changes}


NCSNPP = {"embedding_type": "fourier", "channel_mult_noise": 2, "encoder_type": "residual", "resample_filter": [1, 3, 3, 1]}


def shape(config, *batch):
    side = config["img_resolution"]
    return *batch, config["in_channels"], side, side


def velocity_networks():
    varied = {
        "network-three-levels": song_config(
            img_resolution=16, in_channels=3, out_channels=3, channel_mult=[1, 2, 2], attn_resolutions=[8, 4],
            prior_shakedrop=True, phi=0.6),
        "network-twelve-channels-discrete": song_config(
            img_resolution=12, model_channels=12, attn_resolutions=[12], channel_mult_emb=2, channel_mult_noise=2,
            channel_mult=[1, 1], discrete_time=True, total_N=10, prior_shakedrop=True),
        "network-one-level-no-attention": song_config(
            img_resolution=6, in_channels=2, out_channels=2, model_channels=8, channel_mult=[1], num_blocks=2,
            attn_resolutions=[]),
        "network-ncsnpp-three-levels": song_config(
            img_resolution=16, in_channels=3, out_channels=3, channel_mult=[1, 2, 2], attn_resolutions=[4], **NCSNPP),
        "network-ncsnpp-shakedrop": song_config(in_channels=3, out_channels=3, prior_shakedrop=True, phi=0.9, **NCSNPP),
    }
    for name, config in varied.items():
        draws = Draws(name)
        tensors = draws.weights(SongUNet(config))
        tensors["x"] = draws.normal(*shape(config, 3))
        tensors["t"] = torch.tensor([1, 4, 10]) if config["discrete_time"] else torch.tensor([1e-5, 0.37, 1.0])
        yield name, {"kind": "velocity-network", "config": config, "tolerance": 3e-5}, tensors


def adm_networks():
    name = "adm-two-heads-shakedrop"
    draws = Draws(name)
    config = {
        "img_resolution": 8, "in_channels": 1, "out_channels": 1, "model_channels": 32, "channel_mult": [1, 1],
        "num_blocks": 1, "attn_resolutions": [8, 4], "num_head_channels": 8, "num_classes": 5, "scale_shift_norm": True,
        "resblock_updown": True, "prior_shakedrop": True, "phi": 0.6, "heads": 2}
    tensors = draws.weights(Adm(config))
    tensors |= {"x": draws.normal(*shape(config, 3)), "t": torch.tensor([0.02, 0.5, 1.0]), "class": torch.tensor([4, 0, 2])}
    yield name, {"kind": "adm-network", "config": config, "tolerance": 3e-5}, tensors


def noise_encoders():
    name = "encoder-rgb"
    draws = Draws(name)
    config = song_config(in_channels=3, out_channels=6)
    tensors = draws.weights(SongUNet(config))
    tensors |= {"x": draws.images(*shape(config, 3)), "noise": draws.normal(*shape(config, 3))}
    yield name, {"kind": "noise-encoder", "config": config, "tolerance": 3e-5}, tensors


def catch_up_losses():
    rgb = {"in_channels": 3, "out_channels": 3}
    discrete = {"discrete_time": True}
    # order → heads 1, 2, 3; times None are drawn from (0.3, 1], where every sample has room
    varied = [
        ("loss-rk12-constant", 1, "constant", song_config(), None, None),
        ("loss-rk12-rule-boundary", 1, "rule", song_config(total_N=2), [1e-5, 1.5e-5, 3e-5, 0.4, 1.0], None),
        ("loss-rk12-uniform-ncsnpp", 1, "uniform", song_config(**rgb, **NCSNPP, prior_shakedrop=True), None, None),
        ("loss-rk12-discrete-progress", 1, "constant", song_config(**discrete, total_N=10), [0.1, 0.2, 0.3, 0.7, 1.0], 0.85),
        ("loss-rk23-rule", 2, "rule", song_config(model_channels=8), None, None),
        ("loss-rk23-uniform-boundary", 2, "uniform", song_config(**rgb), [1e-5, 0.01, 0.05, 0.08, 0.9], None),
        ("loss-rk23-discrete-shakedrop", 2, "constant", song_config(**discrete, total_N=10, prior_shakedrop=True),
         [0.1, 0.2, 0.3, 0.6, 1.0], None),
        ("loss-rk34-constant-progress", 3, "constant", song_config(), [0.1, 0.18, 0.2, 0.6, 1.0], 0.25),
        ("loss-rk34-rule-shakedrop", 3, "rule", song_config(**rgb, prior_shakedrop=True, phi=0.6), None, None),
        ("loss-rk34-uniform-boundary", 3, "uniform", song_config(total_N=6), [0.02, 0.1, 0.25, 0.45, 1.0], None),
        ("loss-rk34-discrete-boundary", 3, "constant", song_config(**discrete, total_N=12),
         [1 / 12, 2 / 12, 3 / 12, 4 / 12, 1.0], None),
    ]
    for name, heads, strategy, config, times, progress in varied:
        draws = Draws(name)
        tensors = draws.weights(SongUNet(config, heads))
        tensors["z0"] = draws.images(*shape(config, 5))
        tensors["z1"] = draws.normal(*shape(config, 5))
        tensors["t"] = torch.tensor(times) if times else 1 - 0.7 * draws.uniform(5)
        tensors["u"] = draws.uniform(5)
        tensors |= {f"grad.{gradient}": None for gradient in LOSS_GRADIENTS}
        if heads > 1:
            tensors[f"grad.head{heads}.block.2.weight"] = None
        description = {
            "kind": "catch-up-loss", "config": config, "heads": heads, "runge_kutta": {1: "12", 2: "23", 3: "34"}[heads],
            "delta_t": strategy, "discrete": config["discrete_time"], "steps": config["total_N"],
            "tolerance": 2e-5, "tolerance_gradient": 1e-4}
        if progress is not None:
            description["weights"] = {"kind": "progress-linear", "progress": progress}
        yield name, description, tensors


def learned_coupling_losses():
    name = "learned-coupling-rk23"
    draws = Draws(name)
    config = song_config(in_channels=3, out_channels=3)
    encoder = song_config(in_channels=3, out_channels=6, channel_mult=[1, 1])
    tensors = draws.weights(SongUNet(config, 2)) | draws.weights(SongUNet(encoder), "encoder.")
    tensors |= {
        "x": draws.images(*shape(config, 5)), "noise": draws.normal(*shape(config, 5)),
        "t": torch.tensor([1e-5, 0.12, 0.4, 0.8, 1.0]), "u": draws.uniform(5)}
    yield name, {
        "kind": "learned-coupling-loss", "config": config, "encoder_config": encoder, "beta": 7.5, "heads": 2,
        "delta_t": "rule", "steps": config["total_N"], "tolerance": 5e-5, "tolerance_gradient": 1e-4}, tensors


def distillations():
    for name, networks, steps, times in (
        ("consistency-ten-steps", ("student.", "teacher.", "ema."), 10, [0.04, 0.1, 0.15, 0.2, 1.0]),
        ("progressive-eight-steps", ("student.", "teacher."), 8, [2 / 8, 3 / 8, 4 / 8, 7 / 8, 1.0]),
    ):
        draws = Draws(name)
        config = song_config(in_channels=3, out_channels=3, prior_shakedrop=True)
        tensors = {}
        for prefix in networks:
            tensors |= draws.weights(SongUNet(config), prefix)
        tensors |= {
            "z0": draws.images(*shape(config, 5)), "z1": draws.normal(*shape(config, 5)), "t": torch.tensor(times)}
        kind = "consistency-distillation" if "ema." in networks else "progressive-distillation"
        yield name, {"kind": kind, "config": config, "steps": steps, "tolerance": 2e-5}, tensors


def wavelet_losses():
    name = "wavelet-odd-side"
    draws = Draws(name)
    tensors = {"z0": draws.images(3, 2, 13, 13), "z1": draws.normal(3, 2, 13, 13), "v": draws.normal(3, 2, 13, 13)}
    yield name, {"kind": "wavelet-loss", "tolerance": 1e-5}, tensors


def samplers():
    def runs(*entries):
        return [
            {"solver": solver, "nfe": nfe, "head": head, "tensor": f"{solver}-{nfe}-head{head}", "tolerance": 2e-5}
            for solver, nfe, head in entries]

    # The step-size control makes more of rounding than the other solvers do.
    rk45 = {"solver": "rk45", "rtol": 1e-5, "atol": 1e-5, "t_end": 1e-3, "tensor": "rk45", "tolerance": 1e-4}
    varied = {
        "samplers-rgb": (1, song_config(in_channels=3, out_channels=3, prior_shakedrop=True), runs(
            ("euler", 1, 1), ("euler", 5, 1), ("heun", 1, 1), ("heun", 9, 1), ("dpm_solver_2", 1, 1), ("dpm_solver_2", 7, 1),
            ("dpm_solver_3", 2, 1), ("dpm_solver_3", 7, 1), ("deis_2", 2, 1), ("deis_2", 7, 1)) + [rk45]),
        "samplers-every-head": (3, song_config(), runs(
            ("euler", 3, 2), ("heun", 5, 2), ("dpm_solver_2", 4, 3), ("dpm_solver_3", 5, 2), ("deis_2", 5, 3))),
        "samplers-discrete-heads": (2, song_config(discrete_time=True, total_N=10), runs(("euler", 10, 1), ("euler", 4, 2))),
    }
    for name, (heads, config, entries) in varied.items():
        draws = Draws(name)
        tensors = draws.weights(SongUNet(config, heads))
        tensors["z1"] = draws.normal(*shape(config, 3))
        description = {"kind": "sampler", "config": config, "heads": heads, "runs": entries}
        if config["discrete_time"]:
            description |= {"discrete": True, "steps": config["total_N"]}
        yield name, description, tensors


def training_trajectories():
    steps, batch = 6, 3
    for name, heads, strategy, config in (
        ("trajectory-rk12-ncsnpp", 1, "rule", song_config(in_channels=3, out_channels=3, **NCSNPP)),
        ("trajectory-rk34-shakedrop", 3, "uniform", song_config(prior_shakedrop=True, total_N=8)),
    ):
        draws = Draws(name)
        tensors = draws.weights(SongUNet(config, heads))
        tensors |= {
            "z0": draws.images(*shape(config, steps, batch)), "z1": draws.normal(*shape(config, steps, batch)),
            "t": 1 - draws.uniform(steps, batch), "u": draws.uniform(steps, batch)}
        tensors |= {f"{kind}.{gradient}": None for kind in ("final", "final_ema") for gradient in LOSS_GRADIENTS}
        yield name, {
            "kind": "training-trajectory", "config": config, "heads": heads, "delta_t": strategy, "ema_decay": 0.9,
            "optimizer": {"name": "adam", "lr": 0.003, "betas": [0.8, 0.99], "eps": 1e-6, "warmup_steps": 3},
            "tolerance": 5e-5}, tensors


def generative_metrics():
    for name, rows, columns in (("metrics-24", (430, 410), 24), ("metrics-fewer-rows-than-columns", (60, 50), 96)):
        draws = Draws(name)
        mixing = draws.normal(columns, columns, scale=columns**-0.5)
        tensors = {
            "a": draws.normal(rows[0], columns) @ mixing,
            "b": draws.normal(rows[1], columns) @ mixing * 1.1 + 0.3,
            "probs": torch.softmax(2 * draws.normal(rows[1], 7).double(), dim=1)}
        yield name, {"kind": "generative-metrics", "tolerance_relative": 1e-6}, tensors


def inception_features():
    name = "inception-20"
    draws = Draws(name)
    yield name, {
        "kind": "inception-features", "fill": "splitmix64", "names": fill_names(), "tolerance_relative": 1e-4,
        "batchnorm_eps": 0.001}, {"images": draws.uniform(3, 3, 20, 20)}


def fill_names():
    return [name for name in Inception().state_dict() if not name.endswith("num_batches_tracked")]


def cases():
    """Name, description and input tensors of every case; None stands for an output that is wanted."""
    for family in (
        velocity_networks, adm_networks, noise_encoders, catch_up_losses, learned_coupling_losses, distillations,
        wavelet_losses, samplers, training_trajectories, generative_metrics, inception_features,
    ):
        yield from family()
