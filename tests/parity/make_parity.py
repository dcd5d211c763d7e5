#!/usr/bin/env python3
"""Makes the parity cases of this folder, or checks a folder of cases against this implementation.

    python3 make_parity.py                       writes cases/
    python3 make_parity.py --check FOLDER        recomputes every case of FOLDER and compares
"""

import argparse
import json
import pathlib
import shutil
import sys

import torch

import safetensors_file
from kinds import compute

CASES = pathlib.Path(__file__).parent / "cases"


def check(folder):
    """Compares what `folder` holds with what is computed here. True when every number is within its tolerance."""
    description = json.loads((folder / "case.json").read_text())
    tensors = safetensors_file.load(folder / "tensors.safetensors")
    case = compute(description, tensors)
    errors = []

    for name, (actual, tolerance, relative) in case.computed.items():
        if name in tensors:
            expected = tensors[name].double()
            error = (actual.double() - expected).abs().max().item() if actual.shape == expected.shape else float("nan")
            errors.append((error / (expected.abs().max().item() if relative else 1), tolerance, name))
    for place, (actual, tolerance, relative) in case.numbers.items():
        expected = look_up(description, place)
        if expected is not None:
            errors.append((abs(actual - expected) / (abs(expected) if relative else 1), tolerance, "/".join(map(str, place))))

    unused = set(tensors) - case.read - set(case.computed)
    problems = [f"not used: {', '.join(sorted(unused))}"] if unused else []
    problems += [f"{name}: {error:.1e} > {tolerance:.1e}" for error, tolerance, name in errors if not error <= tolerance]
    error, tolerance, name = max(errors, key=lambda entry: entry[0] / max(entry[1], 1e-300))
    print(f"{folder.name}: {description['kind']}, {len(errors)} compared, largest error {error:.1e} ({name}), "
          f"tolerance {tolerance:.1e}, {'; '.join(problems) or 'passed'}", flush=True)
    return not problems and bool(errors)


def look_up(description, place):
    for step in place:
        try:
            description = description[step]
        except (KeyError, IndexError):
            return None
    return description


def make():
    from catalogue import cases

    if CASES.exists():
        shutil.rmtree(CASES)
    for name, description, tensors in cases():
        case = compute(description, tensors)
        for tensor_name, (value, _, _) in case.computed.items():
            tensors[tensor_name] = value
        for place, (value, _, _) in case.numbers.items():
            write(description, place, value)
        folder = CASES / name
        folder.mkdir(parents=True)
        (folder / "case.json").write_text(json.dumps(description, indent=1) + "\n")
        safetensors_file.save(folder / "tensors.safetensors", tensors)
        print(f"{name}: {sum(file.stat().st_size for file in folder.iterdir()) / 1024:.0f} KiB", flush=True)


def write(description, place, value):
    """Puts a number into a description; a list where the next step is an index."""
    for step, following in zip(place, place[1:]):
        if isinstance(step, int):
            description = description[step]
        else:
            description = description.setdefault(step, [] if isinstance(following, int) else {})
    if isinstance(description, list):
        description.append(value)
    else:
        description[place[-1]] = int(value) if place[-1] == "nfe" else value


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", type=pathlib.Path, metavar="FOLDER")
    arguments = parser.parse_args()
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(0)
    if arguments.check:
        folders = sorted(path for path in arguments.check.iterdir() if path.is_dir())
        results = [check(folder) for folder in folders]
        print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
        sys.exit(0 if results and all(results) else 1)
    make()


if __name__ == "__main__":
    main()
