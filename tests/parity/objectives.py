"""What METHOD.md trains networks on. Data, noise, times and Δ draws come from outside."""

import math
from collections import namedtuple

import torch
from torch.nn import functional as F

EPSILON = 1e-5

CatchUp = namedtuple("CatchUp", "loss terms predictions targets")


def interpolate(z_0, z_1, t):
    """z_t = t·z₁ + (1 − t)·z₀."""
    t = t.view(-1, 1, 1, 1)
    return t * z_1 + (1 - t) * z_0


def network_input(network, t):
    """What the network is fed at time t: t itself, or the index t·N clamped to [1, N]."""
    if network.config["discrete_time"]:
        steps = network.config["total_N"]
        return (t * steps).round().clamp(1, steps)
    return t.clamp(EPSILON, 1)


def delta(strategy, t, u, steps):
    """The step Δ: `constant` 1/N, `rule` t/N, `uniform` u/N."""
    return {"constant": torch.full_like(t, 1 / steps), "rule": t / steps, "uniform": u / steps}[strategy]


@torch.no_grad()
def catch_up_targets(network, z_t, t, step, ground_truth):
    """RK12, RK23, RK34: T_i = v(p_i, t − iΔ), p_i = z_t − iΔ·s, or z₁ − z₀ where there is no room below t."""
    h = step.view(-1, 1, 1, 1)
    discrete = network.config["discrete_time"]

    def v(z, steps_back):
        return network(z, network_input(network, t - steps_back * step))

    k_1 = v(z_t, 0)
    if network.heads == 1:
        s = k_1
    else:
        k_2 = v(z_t - h * k_1, 1)
        if network.heads == 2:
            s = k_1 / 2 + k_2 / 2
        else:
            k_3 = v(z_t - h * (7 / 4 * k_1 + 1 / 4 * k_2), 2)
            s = 5 / 12 * k_1 + 2 / 3 * k_2 - 1 / 12 * k_3

    if discrete:  # whole indices, for multiples of 1/N are not exact
        no_room = (t * network.config["total_N"]).round() < network.heads
    else:
        no_room = t < EPSILON + network.heads * step
    no_room = no_room.view(-1, 1, 1, 1)
    return [torch.where(no_room, ground_truth, v(z_t - i * h * s, i)) for i in range(1, network.heads + 1)]


def catch_up(network, z_0, z_1, t, u, strategy, steps, weights=(1, 1)):
    """Σ_i MSE(v_i, T_i) and Σ_i MSE(v_i, z₁ − z₀), weighted. Gradients flow through the predictions and the ground
    truth (which matters when z₁ comes from an encoder), never through a target."""
    step = delta("constant" if network.config["discrete_time"] else strategy, t, u, steps)
    z_t = interpolate(z_0, z_1, t)
    ground_truth = z_1 - z_0
    targets = catch_up_targets(network, z_t.detach(), t, step, ground_truth.detach())
    predictions = network.all_heads(z_t, network_input(network, t))
    catch_up_terms = [F.mse_loss(v_i, t_i) for v_i, t_i in zip(predictions, targets)]
    ground_truth_terms = [F.mse_loss(v_i, ground_truth) for v_i in predictions]
    loss = weights[0] * sum(catch_up_terms) + weights[1] * sum(ground_truth_terms)
    return CatchUp(loss, catch_up_terms + ground_truth_terms, predictions, targets)


def encode_noise(encoder, x, noise):
    """The learned coupling: μ and log σ² at t = 1, z₁ = μ + ξ·exp(½ log σ²), and its KL from N(0, I) per data dimension."""
    mu, log_variance = encoder(x, torch.ones(x.shape[0])).chunk(2, 1)
    z_1 = mu + noise * torch.exp(log_variance / 2)
    kl = (mu**2 + log_variance.exp() - 1 - log_variance).mean() / 2
    return z_1, mu, log_variance, kl


def consistency_distillation(student, teacher, ema, z_0, z_1, t, steps):
    """Student at (z_t, t) against the EMA network at the teacher's Euler step of 1/N."""
    z_t = interpolate(z_0, z_1, t)
    with torch.no_grad():
        previous = z_t - teacher(z_t, t) / steps
        target = ema(previous, (t - 1 / steps).clamp(1 / steps, 1))
    prediction = student(z_t, t)
    return prediction, target, F.mse_loss(prediction, target)


def progressive_distillation(student, teacher, z_0, z_1, t, steps):
    """One student step of 2/N against two teacher steps of 1/N: the target is the mean of the two velocities."""
    z_t = interpolate(z_0, z_1, t)
    with torch.no_grad():
        first = teacher(z_t, t)
        second = teacher(z_t - first / steps, t - 1 / steps)
        target = (first + second) / 2
    prediction = student(z_t, t)
    return prediction, target, F.mse_loss(prediction, target)


def db3_filters():
    """Daubechies' wavelet with three vanishing moments, from its closed form. The low-pass filter sums to √2."""
    a, b = math.sqrt(10), math.sqrt(5 + 2 * math.sqrt(10))
    low = [1 + a + b, 5 + a + 3 * b, 10 - 2 * a + 2 * b, 10 - 2 * a - 2 * b, 5 + a - 3 * b, 1 + a - b]
    low = torch.tensor(low, dtype=torch.float64) / (16 * math.sqrt(2))
    high = low.flip(0) * torch.tensor([1, -1, 1, -1, 1, -1])
    return low.float(), high.float()


def detail_bands(images):
    """The finest db3 detail bands with zero padding, [batch, 3·channels, ⌊(side + 5)/2⌋, ⌊(side + 5)/2⌋]."""
    low, high = db3_filters()
    bank = torch.stack([torch.outer(low, high), torch.outer(high, low), torch.outer(high, high)])[:, None]
    channels = images.shape[1]
    padded = F.pad(images, (4, 5, 4, 5))  # five at the end: an odd side's last pixel has a coefficient of its own
    return F.conv2d(padded, bank.repeat(channels, 1, 1, 1), stride=2, groups=channels)


def wavelet_loss(z_0, z_1, v):
    """Mean of the largest ⌊0.2 n⌋ absolute differences of each image between detail bands of z₁ − v and z₀."""
    difference = (detail_bands((z_1 - v) / 2 + 0.5) - detail_bands(z_0 / 2 + 0.5)).abs().flatten(1)
    return difference.topk(int(0.2 * difference.shape[1]), dim=1).values.mean()
