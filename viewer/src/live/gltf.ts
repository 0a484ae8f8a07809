// Frames on a plain glTF: bones of head and eyes by their names, morph targets by ARKit's.
import { arkitWeights } from "./weights";
import { between, IDENTITY, inverse, multiplied, type Quat, rotationOf } from "./quaternions";
import { LIDS, NECK_SHARE, type ObjectLike, type QuaternionLike, type Target } from "./targets";
import type { Sample } from "./track";

const NAMES = {
  neck: ["neck", "jbipcneck"],
  head: ["head", "jbipchead"],
  leftEye: ["lefteye", "eyel", "eyeleft", "jadjlfaceeye"],
  rightEye: ["righteye", "eyer", "eyeright", "jadjrfaceeye"],
} as const;
type Part = keyof typeof NAMES;
const PARTS = Object.keys(NAMES) as Part[];

interface Joint {
  node: ObjectLike;
  /** Rest rotation over the parent, and the parent's in model space. */
  local: Quat;
  parent: Quat;
  mirrored: boolean;
}

export interface GltfOptions {
  /** How far the face is turned about +Y away from +Z: Math.PI for one that looks along -Z. */
  facing_rad?: number;
}

const read = ({ x, y, z, w }: QuaternionLike): Quat => [x, y, z, w];
const plain = (name: string): string => name.toLowerCase().replace(/^mixamorig\d*/, "").replace(/[^a-z]/g, "");

function found(root: ObjectLike, part: Part): ObjectLike | undefined {
  const wanted: readonly string[] = NAMES[part];
  let best: ObjectLike | undefined;
  root.traverse((node) => {
    if (node.isMesh || !wanted.includes(plain(node.name))) return;
    if (!best || (node.isBone && !best.isBone)) best = node;
  });
  return best;
}

/** `root`: what GLTFLoader gave as `scene`, in its rest pose. */
export class GltfTarget implements Target {
  private readonly joints = new Map<Part, Joint>();
  private readonly meshes: { influences: number[]; names: [string, number, number][] }[] = [];
  private readonly facing: Quat;
  private readonly eyesRideOnHead: boolean;

  constructor(root: ObjectLike, options: GltfOptions = {}) {
    root.updateWorldMatrix(true, true);
    this.facing = rotationOf(options.facing_rad ?? 0, 0);
    for (const part of PARTS) this.join(part, found(root, part));
    root.traverse((mesh) => {
      const influences = mesh.morphTargetInfluences;
      const names = Object.entries(mesh.morphTargetDictionary ?? {});
      if (influences && names.length > 0)
        this.meshes.push({ influences, names: names.map(([name, index]) => [name, index, influences[index] ?? 0]) });
    });
    const head = this.joints.get("head")?.node;
    let above = this.joints.get("leftEye")?.node.parent ?? null;
    while (above && above !== head) above = above.parent;
    this.eyesRideOnHead = above !== null;
    if (this.joints.size === 0 && this.meshes.length === 0)
      throw new Error("this model has neither bones named Head, LeftEye, RightEye nor morph targets");
  }

  private join(part: Part, node: ObjectLike | undefined): void {
    if (!node) return;
    let parent = IDENTITY;
    if (node.parent) {
      // Object3D.getWorldQuaternion fills a quaternion of three's own class; the node's has it.
      const holder = new (node.quaternion.constructor as new () => QuaternionLike)();
      node.parent.getWorldQuaternion(holder as never);
      parent = read(holder);
    }
    const mirrored = (node.parent?.matrixWorld.determinant() ?? 1) < 0;
    this.joints.set(part, { node, local: read(node.quaternion), parent, mirrored });
  }

  /** Turns a bone by a rotation of model space (the character's axes), whatever its own axes are. */
  private turn(part: Part, rotation: Quat): void {
    const joint = this.joints.get(part);
    if (!joint) return;
    const inModel = multiplied(multiplied(this.facing, rotation), inverse(this.facing));
    const [x, y, z, w] = multiplied(multiplied(inverse(joint.parent), inModel), joint.parent);
    const sign = joint.mirrored ? -1 : 1;
    joint.node.quaternion.set(...multiplied([x, sign * y, sign * z, w], joint.local));
  }

  apply(sample: Sample): void {
    const neck = this.joints.has("neck") && this.joints.has("head") ? between(IDENTITY, sample.head, NECK_SHARE) : IDENTITY;
    this.turn("neck", neck);
    this.turn("head", multiplied(inverse(neck), sample.head));
    (["leftEye", "rightEye"] as const).forEach((part, index) => {
      const eye = rotationOf(...(sample.eyes[index] ?? [0, 0]));
      this.turn(part, this.joints.has("head") && !this.eyesRideOnHead ? multiplied(sample.head, eye) : eye);
    });
    const weights = arkitWeights(sample, LIDS);
    for (const { influences, names } of this.meshes)
      for (const [name, index] of names) {
        const weight = weights.get(arkitName(name));
        if (weight !== undefined) influences[index] = weight;
      }
  }

  release(): void {
    for (const { node, local } of this.joints.values()) node.quaternion.set(...local);
    for (const { influences, names } of this.meshes) for (const [, index, rest] of names) influences[index] = rest;
  }
}

/** `JawOpen`, `eyeBlink_L` and `Face.eyeBlinkLeft` are the same as ARKit's own spelling. */
export function arkitName(name: string): string {
  const last = name.slice(name.lastIndexOf(".") + 1);
  const spelt = last.charAt(0).toLowerCase() + last.slice(1);
  return spelt.replace(/_?L$/, "Left").replace(/_?R$/, "Right").replace(/_/g, "");
}
