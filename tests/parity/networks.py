"""The velocity networks of METHOD.md, "Networks", in PyTorch: `SongUNet` (DDPM++ and NCSN++) and `Adm`.

Configurations have the keys of `config` in a parity case, weights the names of published checkpoints.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

SQRT_HALF = math.sqrt(0.5)


def shake_drop(phi, t, h, skip):
    """Prior ShakeDrop: [2φ(t)·h, 2(1 − φ(t))·skip] with φ(t) = t(1 − 2φ) + φ, joined along the channels."""
    phi_t = (t * (1 - 2 * phi) + phi).view(-1, 1, 1, 1)
    return torch.cat([2 * phi_t * h, 2 * (1 - phi_t) * skip], 1)


def join(config, t, h, skip):
    return shake_drop(config["phi"], t, h, skip) if config["prior_shakedrop"] else torch.cat([h, skip], 1)


class VelocityHead(nn.Module):
    """An extra head on the torso's last features: group norm, SiLU, 3×3 convolution."""

    def __init__(self, norm, channels, out_channels):
        super().__init__()
        self.block = nn.Sequential(norm, nn.SiLU(), nn.Conv2d(channels, out_channels, 3, padding=1))

    def forward(self, features):
        return self.block(features)


# ---------------------------------------------------------------------------------------------- songunet


def song_norm(channels):
    return nn.GroupNorm(min(32, channels // 4), channels, eps=1e-6)


class SongConvolution(nn.Module):
    """A convolution that keeps the size, with an optional resampling by 2: `down`, `up` (filter first, then
    convolution) or `down_after` (convolution at the higher resolution first, bias last)."""

    def __init__(self, in_channels, out_channels, kernel, resample=None, taps=(1, 1)):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(out_channels))
        self.resample = resample
        self.padding = kernel // 2
        self.filter_padding = (len(taps) - 1) // 2
        self.is_box = list(taps) == [1, 1]  # halving is then a mean, doubling a repetition, both several times faster
        bound = math.sqrt(6 / ((in_channels + out_channels) * kernel * kernel))
        nn.init.uniform_(self.weight, -bound, bound)
        if resample:
            row = torch.tensor(taps, dtype=torch.float32)
            outer = torch.outer(row, row)
            self.register_buffer("resample_filter", (outer / outer.sum())[None, None])

    def forward(self, x):
        if self.resample == "down_after":
            x = F.conv2d(x, self.weight, padding=self.padding + self.filter_padding)
            return self.halve(x, 0) + self.bias.view(1, -1, 1, 1)
        if self.resample == "down":
            x = self.halve(x, self.filter_padding)
        elif self.resample == "up":
            x = self.double(x)
        return F.conv2d(x, self.weight, self.bias, padding=self.padding)

    def halve(self, x, padding):
        if self.is_box:
            return F.avg_pool2d(x, 2)
        channels = x.shape[1]
        return F.conv2d(x, self.resample_filter.expand(channels, -1, -1, -1), stride=2, padding=padding, groups=channels)

    def double(self, x):
        if self.is_box:
            return F.interpolate(x, scale_factor=2, mode="nearest")
        channels = x.shape[1]
        taps = (4 * self.resample_filter).expand(channels, -1, -1, -1)  # 4 makes up for the zeros between the pixels
        return F.conv_transpose2d(x, taps, stride=2, padding=self.filter_padding, groups=channels)


class SongBlock(nn.Module):
    """Residual block with additive time embedding, and one-head attention after it where wanted."""

    def __init__(self, in_channels, out_channels, embedding, dropout, attention=False, resample=None, taps=(1, 1)):
        super().__init__()
        self.norm0 = song_norm(in_channels)
        self.conv0 = SongConvolution(in_channels, out_channels, 3, resample, taps)
        self.affine = nn.Linear(embedding, out_channels)
        self.norm1 = song_norm(out_channels)
        self.dropout = nn.Dropout(dropout)
        self.conv1 = SongConvolution(out_channels, out_channels, 3)
        self.skip = None
        if in_channels != out_channels or resample:
            self.skip = SongConvolution(in_channels, out_channels, 1, resample, taps)
        self.attention = attention
        if attention:
            self.norm2 = song_norm(out_channels)
            self.qkv = SongConvolution(out_channels, 3 * out_channels, 1)
            self.proj = SongConvolution(out_channels, out_channels, 1)

    def forward(self, x, embedding):
        h = self.conv0(F.silu(self.norm0(x)))
        h = h + self.affine(embedding)[:, :, None, None]
        h = self.conv1(self.dropout(F.silu(self.norm1(h))))
        x = (h + (self.skip(x) if self.skip else x)) * SQRT_HALF
        return self.attend(x) if self.attention else x

    def attend(self, x):
        b, c, height, width = x.shape
        q, k, v = self.qkv(self.norm2(x)).reshape(b, c, 3, height * width).unbind(2)  # [b, c, pixels] each
        weights = torch.softmax(q.transpose(1, 2) @ k / math.sqrt(c), dim=2)  # [b, query, key]
        a = v @ weights.transpose(1, 2)
        return (self.proj(a.reshape(b, c, height, width)) + x) * SQRT_HALF


class SongUNet(nn.Module):
    """`patch_size` p folds p×p pixels into channels around the whole network; the published network has 1."""

    def __init__(self, config, heads=1):
        super().__init__()
        self.config = config
        self.heads = heads
        self.patch = config.get("patch_size", 1)
        channels, taps, dropout = config["model_channels"], config["resample_filter"], config["dropout"]
        self.noise_channels = channels * config["channel_mult_noise"]
        embedding = channels * config["channel_mult_emb"]
        side = config["img_resolution"] // self.patch
        fold = self.patch**2

        if config["embedding_type"] == "fourier":
            self.map_noise = nn.Module()
            self.map_noise.register_buffer("freqs", torch.randn(self.noise_channels // 2) * 16)
        self.map_layer0 = nn.Linear(self.noise_channels, embedding)
        self.map_layer1 = nn.Linear(embedding, embedding)

        def block(c_in, c_out, attention, resample=None):
            return SongBlock(c_in, c_out, embedding, dropout, attention, resample, taps)

        def attends(resolution):
            return resolution in config["attn_resolutions"]

        # Encoder. Its layers run in the order of their names' insertion; `skips` has the channels of what each leaves.
        self.enc = nn.ModuleDict({f"{side}x{side}_conv": SongConvolution(config["in_channels"] * fold, channels, 3)})
        skips = [channels]
        c = channels
        image_channels = config["in_channels"] * fold
        for level, multiplier in enumerate(config["channel_mult"]):
            r = side >> level
            if level > 0:
                self.enc[f"{r}x{r}_down"] = block(c, c, False, "down")
                skips.append(c)
                if config["encoder_type"] == "residual":
                    self.enc[f"{r}x{r}_aux_residual"] = SongConvolution(image_channels, c, 3, "down_after", taps)
                    image_channels = c
            for i in range(config["num_blocks"]):
                self.enc[f"{r}x{r}_block{i}"] = block(c, channels * multiplier, attends(r))
                c = channels * multiplier
                skips.append(c)

        # Decoder: one block more than the encoder at every resolution, each joined with a skip.
        self.dec = nn.ModuleDict()
        for level, multiplier in reversed(list(enumerate(config["channel_mult"]))):
            r = side >> level
            if level == len(config["channel_mult"]) - 1:
                self.dec[f"{r}x{r}_in0"] = block(c, c, True)
                self.dec[f"{r}x{r}_in1"] = block(c, c, False)
            else:
                self.dec[f"{r}x{r}_up"] = block(c, c, False, "up")
            for i in range(config["num_blocks"] + 1):
                is_last = i == config["num_blocks"]
                self.dec[f"{r}x{r}_block{i}"] = block(c + skips.pop(), channels * multiplier, is_last and attends(r))
                c = channels * multiplier
        out_channels = config["out_channels"] * fold
        self.dec[f"{side}x{side}_aux_norm"] = song_norm(c)
        self.dec[f"{side}x{side}_aux_conv"] = SongConvolution(c, out_channels, 3)
        for head in range(2, heads + 1):
            setattr(self, f"head{head}", VelocityHead(song_norm(c), c, out_channels))

    def embed(self, t):
        if self.config["embedding_type"] == "fourier":
            angles = t[:, None] * (2 * math.pi * self.map_noise.freqs)
        else:
            half = self.noise_channels // 2
            frequencies = (1 / 10000) ** (torch.arange(half, dtype=torch.float32) / (half - 1))  # endpoint included
            angles = t[:, None] * frequencies
        embedding = torch.cat([angles.sin(), angles.cos()], 1)
        return F.silu(self.map_layer1(F.silu(self.map_layer0(embedding))))

    def features(self, x, t):
        """The torso's last features, [batch, channels, side, side]. In discrete time `t` is the index n."""
        t = t.to(torch.float32)
        if self.config["discrete_time"]:
            t = t / self.config["total_N"]
        embedding = self.embed(t)
        x = F.pixel_unshuffle(x, self.patch) if self.patch > 1 else x
        image = x
        skips = []
        for name, layer in self.enc.items():
            if name.endswith("aux_residual"):
                x = image = skips[-1] = (x + layer(image)) * SQRT_HALF
            else:
                x = layer(x, embedding) if isinstance(layer, SongBlock) else layer(x)
                skips.append(x)
        for name, layer in self.dec.items():
            if "aux_" in name:
                break
            if "_block" in name:
                x = join(self.config, t, x, skips.pop())
            x = layer(x, embedding)
        return x

    def velocity(self, features, head=1):
        if head > 1:
            v = getattr(self, f"head{head}")(features)
        else:
            norm, convolution = list(self.dec.values())[-2:]
            v = convolution(F.silu(norm(features)))
        return F.pixel_shuffle(v, self.patch) if self.patch > 1 else v

    def forward(self, x, t, head=1):
        return self.velocity(self.features(x, t), head)

    def all_heads(self, x, t):
        features = self.features(x, t)
        return [self.velocity(features, head) for head in range(1, self.heads + 1)]


# --------------------------------------------------------------------------------------------------- adm


def adm_norm(channels):
    return nn.GroupNorm(32, channels, eps=1e-5)


class AdmBlock(nn.Module):
    """Residual block with scale-shift norm; resampling comes after the first norm and SiLU, and on the skip."""

    def __init__(self, in_channels, out_channels, embedding, dropout, resample=None):
        super().__init__()
        self.resample = resample
        self.in_layers = nn.Sequential(adm_norm(in_channels), nn.SiLU(), nn.Conv2d(in_channels, out_channels, 3, padding=1))
        self.emb_layers = nn.Sequential(nn.SiLU(), nn.Linear(embedding, 2 * out_channels))
        self.out_layers = nn.Sequential(
            adm_norm(out_channels), nn.SiLU(), nn.Dropout(dropout), nn.Conv2d(out_channels, out_channels, 3, padding=1))
        self.skip_connection = nn.Identity() if in_channels == out_channels else nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x, embedding):
        norm, silu, convolution = self.in_layers
        h = convolution(self.resampled(silu(norm(x))))
        scale, shift = self.emb_layers(embedding)[:, :, None, None].chunk(2, 1)
        norm, *rest = self.out_layers
        h = norm(h) * (1 + scale) + shift
        for layer in rest:
            h = layer(h)
        return self.skip_connection(self.resampled(x)) + h

    def resampled(self, x):
        if self.resample == "up":
            return F.interpolate(x, scale_factor=2, mode="nearest")
        return F.avg_pool2d(x, 2) if self.resample == "down" else x


class AdmAttention(nn.Module):
    """Attention with heads of `head_channels`; qkv channels are ordered (q|k|v) × head × dimension."""

    def __init__(self, channels, head_channels):
        super().__init__()
        self.head_channels = head_channels
        self.norm = adm_norm(channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.proj_out = nn.Conv2d(channels, channels, 1)

    def forward(self, x, embedding):
        b, c, height, width = x.shape
        d = self.head_channels
        q, k, v = self.qkv(self.norm(x)).reshape(b, 3, c // d, d, height * width).unbind(1)  # [b, heads, d, pixels] each
        weights = torch.softmax(q.transpose(2, 3) @ k / math.sqrt(d), dim=3)
        a = v @ weights.transpose(2, 3)
        return x + self.proj_out(a.reshape(b, c, height, width))


class Adm(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.heads = config["heads"]
        channels, dropout = config["model_channels"], config.get("dropout", 0)
        width = 4 * channels
        self.time_embed = nn.Sequential(nn.Linear(channels, width), nn.SiLU(), nn.Linear(width, width))
        if config["num_classes"]:
            self.label_emb = nn.Embedding(config["num_classes"], width)

        def layers(c_in, c_out, r, resample=None):
            block = [AdmBlock(c_in, c_out, width, dropout, resample)]
            if resample is None and r in config["attn_resolutions"]:
                block.append(AdmAttention(c_out, config["num_head_channels"]))
            return nn.ModuleList(block)

        side = config["img_resolution"]
        multipliers = config["channel_mult"]
        self.input_blocks = nn.ModuleList([nn.ModuleList([nn.Conv2d(config["in_channels"], channels, 3, padding=1)])])
        c = channels
        skips = [c]
        for level, multiplier in enumerate(multipliers):
            if level > 0:
                self.input_blocks.append(layers(c, c, side >> level, "down"))
                skips.append(c)
            for _ in range(config["num_blocks"]):
                self.input_blocks.append(layers(c, channels * multiplier, side >> level))
                c = channels * multiplier
                skips.append(c)

        self.middle_block = nn.ModuleList([
            AdmBlock(c, c, width, dropout), AdmAttention(c, config["num_head_channels"]), AdmBlock(c, c, width, dropout)])

        self.output_blocks = nn.ModuleList()
        for level, multiplier in reversed(list(enumerate(multipliers))):
            for i in range(config["num_blocks"] + 1):
                block = layers(c + skips.pop(), channels * multiplier, side >> level)
                c = channels * multiplier
                if level > 0 and i == config["num_blocks"]:
                    block.append(AdmBlock(c, c, width, dropout, "up"))
                self.output_blocks.append(block)

        self.out = nn.Sequential(adm_norm(c), nn.SiLU(), nn.Conv2d(c, config["out_channels"], 3, padding=1))
        if self.heads > 1:
            self.generator_list = nn.ModuleList(
                VelocityHead(adm_norm(c), c, config["out_channels"]) for _ in range(self.heads - 1))

    def features(self, x, t, classes=None):
        half = self.config["model_channels"] // 2
        frequencies = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float32) / half)
        angles = t[:, None] * frequencies
        embedding = self.time_embed(torch.cat([angles.cos(), angles.sin()], 1))
        if classes is not None:
            embedding = embedding + self.label_emb(classes)

        def run(block, h):
            for layer in block:
                h = layer(h) if isinstance(layer, nn.Conv2d) else layer(h, embedding)
            return h

        skips = []
        for block in self.input_blocks:
            x = run(block, x)
            skips.append(x)
        x = run(self.middle_block, x)
        for block in self.output_blocks:
            x = run(block, join(self.config, t, x, skips.pop()))
        return x

    def all_heads(self, x, t, classes=None):
        features = self.features(x, t, classes)
        extra = self.generator_list if self.heads > 1 else []
        return [self.out(features)] + [head(features) for head in extra]
