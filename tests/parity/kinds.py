"""What each kind of parity case computes from its inputs. Making a case and checking one run the same code."""

import torch

import inception
import metrics
import objectives
import solvers
from networks import Adm, SongUNet


class Case:
    """A case's description and input tensors, and what was computed from them."""

    def __init__(self, description, tensors):
        self.description = description
        self.tensors = tensors
        self.read = set()
        self.computed = {}  # tensor name → (tensor, tolerance, relative)
        self.numbers = {}  # place in the description → (number, tolerance, relative)

    def __getitem__(self, key):
        return self.description[key]

    def tensor(self, name):
        self.read.add(name)
        return self.tensors[name]

    def names_under(self, prefix):
        return [name for name in self.tensors if name.startswith(prefix)]

    def weights(self, prefix):
        return {name[len(prefix):]: self.tensor(name).float() for name in self.names_under(prefix)}

    def song(self, prefix="param.", config="config"):
        heads = self.description.get("heads", 1) if prefix == "param." else 1
        network = SongUNet(self[config], heads)
        weights = self.weights(prefix)
        for head in range(2, heads + 1):
            weights |= {f"head{head}.{name}": value for name, value in self.weights(f"head{head}.").items()}
        network.load_state_dict(weights)
        return network

    def put(self, name, tensor, tolerance=None, relative=False):
        self.computed[name] = (tensor.detach().clone(), self.tolerance(tolerance), relative)

    def put_number(self, place, value, tolerance=None, relative=False):
        self.numbers[place if isinstance(place, tuple) else (place,)] = (float(value), self.tolerance(tolerance), relative)

    def tolerance(self, given):
        return self["tolerance"] if given is None else given

    def put_gradients(self, network, norm_name):
        tolerance = self["tolerance_gradient"]
        gradients = {name: parameter.grad for name, parameter in network.named_parameters() if parameter.grad is not None}
        for name in self.names_under("grad."):
            self.put(name, gradients[name.removeprefix("grad.")], tolerance)
        norm = torch.stack([gradient.double().square().sum() for gradient in gradients.values()]).sum().sqrt()
        self.put_number(norm_name, norm, tolerance, relative=True)


@torch.no_grad()
def velocity_network(case):
    network = case.song().eval()
    features = network.features(case.tensor("x"), case.tensor("t"))
    case.put("features", features)
    case.put("velocity", network.velocity(features))


@torch.no_grad()
def adm_network(case):
    network = Adm(case["config"]).eval()
    network.load_state_dict(case.weights("param."))
    for i, v_i in enumerate(network.all_heads(case.tensor("x"), case.tensor("t"), case.tensor("class")), 1):
        case.put(f"velocity{i}", v_i)


@torch.no_grad()
def noise_encoder(case):
    z, mu, log_variance, kl = objectives.encode_noise(case.song(), case.tensor("x"), case.tensor("noise"))
    case.put("z", z)
    case.put("mu", mu)
    case.put("logvar", log_variance)
    case.put_number("kl", kl)


def catch_up_loss(case):
    network = case.song()
    weights = (1, 1)
    if "weights" in case.description and case["weights"]["kind"] == "progress-linear":
        progress = case["weights"]["progress"]
        weights = (2 * progress, 2 * (1 - progress))
    z_0, z_1 = case.tensor("z0"), case.tensor("z1")
    result = objectives.catch_up(
        network, z_0, z_1, case.tensor("t"), case.tensor("u"), case["delta_t"], case["steps"], weights)
    result.loss.backward()
    case.put("ground_truth", z_1 - z_0)
    put_catch_up(case, result)
    for i, term in enumerate(result.terms):
        case.put_number(("terms", i), term)
    case.put_number("loss", result.loss)
    case.put_gradients(network, "grad_norm")


def put_catch_up(case, result):
    for i, (v_i, t_i) in enumerate(zip(result.predictions, result.targets), 1):
        case.put(f"prediction{i}", v_i)
        case.put(f"target{i}", t_i)


def learned_coupling_loss(case):
    network, encoder = case.song(), case.song("encoder.", "encoder_config")
    x = case.tensor("x")
    z_1, _, _, kl = objectives.encode_noise(encoder, x, case.tensor("noise"))
    result = objectives.catch_up(network, x, z_1, case.tensor("t"), case.tensor("u"), case["delta_t"], case["steps"])
    loss = result.loss + case["beta"] * kl
    loss.backward()
    case.put("z1", z_1)
    put_catch_up(case, result)
    case.put_number("kl", kl)
    case.put_number("loss_flow", result.loss)
    case.put_number("loss", loss)
    case.put_gradients(encoder, "encoder_grad_norm")
    case.put_gradients(network, "network_grad_norm")


def consistency_distillation(case):
    student, teacher, ema = case.song("student."), case.song("teacher."), case.song("ema.")
    put_distillation(case, *objectives.consistency_distillation(
        student, teacher, ema, case.tensor("z0"), case.tensor("z1"), case.tensor("t"), case["steps"]))


def progressive_distillation(case):
    student, teacher = case.song("student."), case.song("teacher.")
    put_distillation(case, *objectives.progressive_distillation(
        student, teacher, case.tensor("z0"), case.tensor("z1"), case.tensor("t"), case["steps"]))


def put_distillation(case, prediction, target, loss):
    case.put("prediction", prediction)
    case.put("target", target)
    case.put_number("loss", loss)


def wavelet_loss(case):
    case.put_number("loss", objectives.wavelet_loss(case.tensor("z0"), case.tensor("z1"), case.tensor("v")))


def sampler(case):
    network = case.song().eval()
    noise = case.tensor("z1")
    for i, run in enumerate(case["runs"]):
        name, tolerance = run["tensor"], run["tolerance"]
        velocity = solvers.velocity_of(network, run.get("head", 1))
        if run["solver"] == "rk45":
            sample, nfe = solvers.rk45(velocity, noise, run["rtol"], run["atol"], run["t_end"])
            case.put_number(("runs", i, "nfe"), nfe, 6)  # a step more or less is within rounding
        else:
            sample, velocities, nfe = solvers.SOLVERS[run["solver"]](velocity, noise, run["nfe"])
            case.put_number(("runs", i, "nfe"), nfe, 0)
            if run["solver"] == "euler" and nfe > 1:
                straightness, cosines = solvers.trajectory(velocities, noise, sample)
                case.put_number(("runs", i, "straightness"), straightness, tolerance)
                for step, cosine in enumerate(cosines):
                    case.put_number(("runs", i, "cosine", step), cosine, tolerance)
        case.put(name, sample, tolerance)


def training_trajectory(case):
    network = case.song()
    settings = case["optimizer"]
    optimizer = torch.optim.Adam(network.parameters(), betas=tuple(settings["betas"]), eps=settings["eps"])
    averages = {name: parameter.detach().clone() for name, parameter in network.named_parameters()}
    z_0, z_1, t, u = (case.tensor(name) for name in ("z0", "z1", "t", "u"))
    for step in range(len(z_0)):
        optimizer.param_groups[0]["lr"] = settings["lr"] * min(step / max(1, settings["warmup_steps"]), 1)
        optimizer.zero_grad()
        result = objectives.catch_up(
            network, z_0[step], z_1[step], t[step], u[step], case["delta_t"], case["config"]["total_N"])
        result.loss.backward()
        optimizer.step()
        for name, parameter in network.named_parameters():
            averages[name].lerp_(parameter.detach(), 1 - case["ema_decay"])
        case.put_number(("losses", step), result.loss)
    for prefix, weights in (("final.", dict(network.named_parameters())), ("final_ema.", averages)):
        for name in case.names_under(prefix):
            case.put(name, weights[name.removeprefix(prefix)])


def generative_metrics(case):
    tolerance = case["tolerance_relative"]
    a, b, probabilities = (case.tensor(name).double().numpy() for name in ("a", "b", "probs"))
    moments = metrics.statistics(a) + metrics.statistics(b)

    def put(name, value):
        case.put_number(name, value, tolerance, relative=True)

    put("fid", metrics.frechet_distance(*moments))
    put("fid_by_eigenvalues", metrics.frechet_distance_by_eigenvalues(*moments))
    put("kid", metrics.kernel_distance(a, b))
    put("precision_400_k3", metrics.coverage(a[:400], b[:400]))
    put("recall_400_k3", metrics.coverage(b[:400], a[:400]))
    put("inception_score", metrics.inception_score(probabilities))


@torch.no_grad()
def inception_features(case):
    network = inception.Inception().eval()
    names = inception.fill(network)
    if names != case.description.setdefault("names", names):
        raise ValueError("the case names other parameters than this network has")
    features, logits = network(case.tensor("images"))
    case.put("features", features, case["tolerance_relative"], relative=True)
    case.put("logits", logits, case["tolerance_relative"], relative=True)


KINDS = {
    "velocity-network": velocity_network,
    "adm-network": adm_network,
    "noise-encoder": noise_encoder,
    "catch-up-loss": catch_up_loss,
    "learned-coupling-loss": learned_coupling_loss,
    "consistency-distillation": consistency_distillation,
    "progressive-distillation": progressive_distillation,
    "wavelet-loss": wavelet_loss,
    "sampler": sampler,
    "training-trajectory": training_trajectory,
    "generative-metrics": generative_metrics,
    "inception-features": inception_features,
}


def compute(description, tensors):
    case = Case(description, tensors)
    KINDS[description["kind"]](case)
    return case
