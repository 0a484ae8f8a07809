// ARKit weights of a pose: what the eyes and lids add to the face's own coefficients.

/** Constants of talkingeyes.rig; docs/conventions.md. */
export interface LidConstants {
  eyeLookSide_rad: number;
  eyeLookUpDown_rad: number;
  lidFollowsGaze_per_rad: number;
}

interface Face {
  /** Left, right x yaw, pitch, in the head, radians. */
  eyes: readonly (readonly [number, number])[];
  lids: readonly number[];
  face: ReadonlyMap<string, number>;
}

export const clip = (value: number): number => Math.max(0, Math.min(1, value));

/** Morph weights as talkingeyes.formats.glb.morph_weights has them: the lid comes down once, not twice. */
export function arkitWeights({ eyes, lids, face }: Face, rig: LidConstants): Map<string, number> {
  const weights = new Map(face);
  for (const [index, side, outward] of [
    [0, "Left", 1],
    [1, "Right", -1],
  ] as const) {
    const [yaw_rad, pitch_rad] = eyes[index] ?? [0, 0];
    const yaw = (yaw_rad * outward) / rig.eyeLookSide_rad;
    const pitch = pitch_rad / rig.eyeLookUpDown_rad;
    const follows = rig.lidFollowsGaze_per_rad * rig.eyeLookUpDown_rad * clip(-pitch);
    weights.set(`eyeBlink${side}`, clip(Math.min(lids[index] ?? 0, 1 - follows)));
    weights.set(`eyeLookOut${side}`, clip(yaw));
    weights.set(`eyeLookIn${side}`, clip(-yaw));
    weights.set(`eyeLookUp${side}`, clip(pitch));
    weights.set(`eyeLookDown${side}`, clip(-pitch));
  }
  return weights;
}
