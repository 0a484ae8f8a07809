"""Write a face network anew for blocks of another length: the same weights, for voices that are still speaking.

    python scripts/face_in_blocks.py src/talkingeyes/assets/weights/face 2 src/talkingeyes/assets/weights/face_relaxed

A network is exported for blocks of one length (`block_frames` of its training). What blocks of two frames give differs
from blocks of ten by rounding.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

import torch

from talkingeyes.generate.lip_table import INPUTS
from talkingeyes.generate.mouth import NETWORK, checked_face
from talkingeyes.generate.plan import STEP_FRAMES
from talkingeyes.models.face_net import FaceNet, FaceNetConfig
from talkingeyes.models.face_step import free_axes, in_blocks
from talkingeyes.train.face_taught import begin_like
from talkingeyes.train.to_onnx import Names, export_network, write_manifest
from talkingeyes.weights import Network, load_network


def main() -> None:
    """Read, export, write the manifest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("frames", type=int)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    network = checked_face(load_network(asked.weights))
    net = _like(network)
    asked.out.mkdir(parents=True, exist_ok=True)
    names = Names(("features", "state"), ("lips", "shapes", "state_after"), free_axes(asked.frames))
    example = (torch.zeros(1, asked.frames, INPUTS), torch.zeros(1, net.state_size))
    print(export_network(in_blocks(net, asked.frames), example, names, asked.out / f"{NETWORK}.onnx"))
    given = network.manifest
    same = asked.frames == given.config.get("block", STEP_FRAMES)
    write_manifest(
        asked.out,
        name=given.name if same else f"{given.name} in blocks of {asked.frames}",
        licence=given.licence,
        training_data=given.training_data,
        config={**given.config, "block": asked.frames},
        scores=given.scores,
    )


def _like(network: Network) -> FaceNet:
    """The torch network of the same weights; its smoothing shows in the size of its state alone."""
    given = network.manifest.config
    for smooth in range(given["ahead"] // 2 + 1):
        net = FaceNet(dataclasses.replace(FaceNetConfig(), ahead=given["ahead"], smooth=smooth))
        if net.state_size == given["state_size"] and begin_like(net, network):
            return net
    raise SystemExit(f"{network.folder}: another size than the default's")


if __name__ == "__main__":
    main()
