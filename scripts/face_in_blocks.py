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
from talkingeyes.models.face_net import FaceNet, FaceNetConfig, StreamingFaceNet
from talkingeyes.train.face_taught import begin_like
from talkingeyes.train.to_onnx import Names, export_network, write_manifest
from talkingeyes.weights import load_network


def main() -> None:
    """Read, export, write the manifest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("frames", type=int)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    network = checked_face(load_network(asked.weights))
    net = FaceNet(dataclasses.replace(FaceNetConfig(), ahead=network.manifest.config["ahead"]))
    if not begin_like(net, network):
        raise SystemExit(f"{asked.weights}: another size than the default's")
    asked.out.mkdir(parents=True, exist_ok=True)
    names = Names(("features", "state"), ("lips", "shapes", "state_after"))
    example = (torch.zeros(1, asked.frames, INPUTS), torch.zeros(1, net.state_size))
    print(export_network(StreamingFaceNet(net), example, names, asked.out / f"{NETWORK}.onnx"))
    given = network.manifest
    write_manifest(
        asked.out,
        name=f"{given.name} in blocks of {asked.frames}",
        licence=given.licence,
        training_data=given.training_data,
        config={**given.config, "block": asked.frames},
        scores=given.scores,
    )


if __name__ == "__main__":
    main()
