// What a target of frames is, and the parts of three.js' objects that targets touch: no three.js is brought along.
import type { Sample } from "./track";

/** An avatar that shows frames. */
export interface Target {
  apply: (sample: Sample) => void;
  /** Gives the avatar back to whoever moved it before. */
  release: () => void;
}

export interface QuaternionLike {
  x: number;
  y: number;
  z: number;
  w: number;
  set: (x: number, y: number, z: number, w: number) => unknown;
}

/** What is used of THREE.Object3D and THREE.Mesh. */
export interface ObjectLike {
  name: string;
  quaternion: QuaternionLike;
  parent: ObjectLike | null;
  isMesh?: boolean;
  isBone?: boolean;
  matrixWorld: { determinant: () => number };
  morphTargetDictionary?: Record<string, number> | undefined;
  morphTargetInfluences?: number[] | undefined;
  traverse: (visit: (node: ObjectLike) => void) => void;
  updateWorldMatrix: (parents: boolean, children: boolean) => void;
  getWorldQuaternion: (target: never) => unknown;
}

/** As talkingeyes.rig has them. */
export const LIDS = { eyeLookSide_rad: 0.65, eyeLookUpDown_rad: 0.53, lidFollowsGaze_per_rad: 0.75 };
export const NECK_SHARE = 0.4;
