"""Makes inception-tf-stand-in.pt: a TorchScript file that is called as the published inception-2015-12-05.pt is, and answers in
the same shapes, but is small. Its weights are written as a formula, so the file holds code only.

Run with PyTorch 1.13 or later: python3 make.py
"""
import torch


class StandIn(torch.nn.Module):
    def forward(self, img: torch.Tensor, return_features: bool = False, use_fp16: bool = False, no_output_bias: bool = False) -> torch.Tensor:
        channels = img.shape[1]
        assert channels == 3
        x = (img.to(torch.float32) - 128) / 128
        x = torch.nn.functional.adaptive_avg_pool2d(x, [7, 7]).flatten(1)  # [batch, 147]
        i = torch.arange(2048, device=x.device, dtype=torch.float32).unsqueeze(1)
        j = torch.arange(147, device=x.device, dtype=torch.float32).unsqueeze(0)
        features = torch.relu(x @ torch.cos(i * 0.37 + j * 1.13 + i * j * 0.011).t())  # [batch, 2048]
        if return_features:
            return features
        c = torch.arange(1008, device=x.device, dtype=torch.float32).unsqueeze(0)
        k = torch.arange(2048, device=x.device, dtype=torch.float32).unsqueeze(1)
        logits = features @ torch.sin(k * 0.29 + c * 0.71) / 100  # [batch, 1008]
        if not no_output_bias:
            logits = logits + torch.cos(c)
        return torch.softmax(logits, dim=1)


if __name__ == "__main__":
    torch.jit.script(StandIn()).save("inception-tf-stand-in.pt")
