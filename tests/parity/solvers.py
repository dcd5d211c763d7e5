"""METHOD.md, "Samplers": from noise at t = 1 to data at t = 0 on a uniform grid. A solver returns the sample, each
step's velocity and the number of network evaluations."""

import math

import numpy
import torch
from scipy.integrate import solve_ivp


def velocity_of(network, head=1):
    """The head's velocity at a time of the whole batch; a discrete-time network is fed ⌊t·N⌋, at least 1."""

    @torch.no_grad()
    def velocity(z, t):
        if network.config["discrete_time"]:
            t = max(1, math.floor(t * network.config["total_N"] + 1e-9))
        return network(z, torch.full((z.shape[0],), float(t)), head)

    return velocity


def euler(velocity, z, nfe):
    return multistep(velocity, z, nfe, lambda velocities: velocities[-1])


def heun(velocity, z, nfe):
    """(NFE + 1)/2 steps, the last one Euler's."""
    steps = (nfe + 1) // 2
    h = 1 / steps
    velocities = []
    for i in range(steps):
        t = 1 - i * h
        v = velocity(z, t)
        if i < steps - 1:
            v = (v + velocity(z - h * v, t - h)) / 2
        z = z - h * v
        velocities.append(v)
    return z, velocities, 2 * steps - 1


def multistep(velocity, z, nfe, combine):
    """z ← z − h·combine(all velocities so far)."""
    h = 1 / nfe
    history, steps = [], []
    for i in range(nfe):
        history.append(velocity(z, 1 - i * h))
        steps.append(combine(history))
        z = z - h * steps[-1]
    return z, steps, nfe


def adams_bashforth_2(v):
    return 3 / 2 * v[-1] - 1 / 2 * v[-2] if len(v) > 1 else v[-1]


def adams_bashforth_3(v):
    return 23 / 12 * v[-1] - 16 / 12 * v[-2] + 5 / 12 * v[-3] if len(v) > 2 else adams_bashforth_2(v)


def deis(v):
    """The quadratic through the last three velocities, integrated over the step; two Euler steps first."""
    return quadratic_integral(v) if len(v) > 2 else v[-1]


def quadratic_integral(v):
    # In units of steps the last velocities lie at 0, −1 and −2; the step goes from 0 to 1.
    points = numpy.array([0.0, -1.0, -2.0])
    weights = []
    for j in range(3):
        basis = numpy.poly1d(numpy.poly(numpy.delete(points, j)) / numpy.prod(points[j] - numpy.delete(points, j)))
        weights.append(numpy.polyint(basis)(1.0))
    return sum(float(w) * v[-1 - j] for j, w in enumerate(weights))


def rk45(velocity, z, rtol, atol, t_end):
    """Dormand–Prince, adaptive, in float64 around a float32 network, with scipy's rule for the first step."""
    shape = z.shape

    def slope(t, state):
        return velocity(torch.tensor(state, dtype=torch.float32).view(shape), t).double().flatten().numpy()

    result = solve_ivp(slope, (1.0, t_end), z.double().flatten().numpy(), method="RK45", rtol=rtol, atol=atol)
    return torch.tensor(result.y[:, -1]).view(shape), result.nfev


SOLVERS = {
    "euler": euler,
    "heun": heun,
    "dpm_solver_2": lambda velocity, z, nfe: multistep(velocity, z, nfe, adams_bashforth_2),
    "dpm_solver_3": lambda velocity, z, nfe: multistep(velocity, z, nfe, adams_bashforth_3),
    "deis_2": lambda velocity, z, nfe: multistep(velocity, z, nfe, deis),
}


def trajectory(velocities, noise, sample):
    """Straightness, the mean over steps of MSE(step velocity, z₁ − x), and each step's mean cosine with that chord."""
    chord = (noise - sample).flatten(1)
    flat = [v.flatten(1) for v in velocities]
    straightness = torch.stack([(v - chord).square().mean() for v in flat]).mean().item()
    cosines = [torch.cosine_similarity(v, chord, dim=1).mean().item() for v in flat]
    return straightness, cosines
