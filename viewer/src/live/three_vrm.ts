// Frames on a VRM that three-vrm (@pixiv/three-vrm) loaded: expressions, humanoid bones, look-at.
import { arkitName } from "./gltf";
import { between, IDENTITY, inverse, multiplied, type Quat, rotationOf } from "./quaternions";
import { LIDS, NECK_SHARE, type QuaternionLike, type Target } from "./targets";
import type { Sample } from "./track";
import { arkitWeights, clip } from "./weights";

/** What is used of three-vrm's VRM. */
export interface VrmLike {
  meta?: { metaVersion?: string };
  humanoid?: { getNormalizedBoneNode: (name: never) => { quaternion: QuaternionLike } | null } | null;
  expressionManager?: {
    expressionMap: Record<string, unknown>;
    setValue: (name: string, weight: number) => void;
  } | null;
  lookAt?: { autoUpdate: boolean; yaw: number; pitch: number } | null;
}

/** As talkingeyes.avatar.names.VRM_EXPRESSIONS: a vowel's weight from ARKit's. */
const VOWELS: Record<string, readonly (readonly [string, number])[]> = {
  aa: [["jawOpen", 1.2], ["mouthFunnel", -0.6], ["mouthPucker", -0.6]],
  oh: [["mouthFunnel", 1]],
  ou: [["mouthPucker", 1]],
  ih: [["mouthStretchLeft", 0.5], ["mouthStretchRight", 0.5]],
};
/** An avatar with jawOpen and this many ARKit expressions of the mouth shows more by them than by vowels. */
const ENOUGH_SHAPES = 8;
const MOUTH = /^(jaw|mouth|cheek|nose|tongue)/;
const DEGREES = 180 / Math.PI;

export class ThreeVrmTarget implements Target {
  private readonly vrm: VrmLike;
  /** VRM 0.x looks along -Z. */
  private readonly turned: boolean;
  private readonly has: ReadonlySet<string>;
  /** The avatar's own spelling of ARKit's names. */
  private readonly spelt = new Map<string, string>();
  private readonly byVowels: boolean;
  private readonly set = new Set<string>();

  constructor(vrm: VrmLike) {
    this.vrm = vrm;
    this.turned = vrm.meta?.metaVersion === "0";
    this.has = new Set(Object.keys(vrm.expressionManager?.expressionMap ?? {}));
    for (const name of this.has) this.spelt.set(arkitName(name), name);
    const shapes = [...this.spelt.keys()].filter((name) => /^(jaw|mouth)/.test(name));
    const hasVowels = Object.keys(VOWELS).some((name) => this.has.has(name));
    this.byVowels = !(shapes.includes("jawOpen") && (shapes.length >= ENOUGH_SHAPES || !hasVowels));
    if (vrm.lookAt) vrm.lookAt.autoUpdate = false;
  }

  private bone(name: string): QuaternionLike | undefined {
    return this.vrm.humanoid?.getNormalizedBoneNode(name as never)?.quaternion;
  }

  private turn(bone: QuaternionLike, [x, y, z, w]: Quat): void {
    if (this.turned) bone.set(-x, y, -z, w);
    else bone.set(x, y, z, w);
  }

  apply(sample: Sample): void {
    const neck = this.bone("neck");
    const head = this.bone("head");
    const share = neck && head ? between(IDENTITY, sample.head, NECK_SHARE) : IDENTITY;
    if (neck) this.turn(neck, head ? share : sample.head);
    if (head) this.turn(head, multiplied(inverse(share), sample.head));
    this.look(sample);
    this.express(sample);
  }

  /** Eye bones turn each by its own angle; eyes without bones are left to the avatar's look-at. */
  private look({ eyes }: Sample): void {
    const bones = [this.bone("leftEye"), this.bone("rightEye")];
    if (bones[0] && bones[1]) {
      bones.forEach((bone, index) => {
        if (bone) this.turn(bone, rotationOf(...(eyes[index] ?? [0, 0])));
      });
      return;
    }
    if (!this.vrm.lookAt) return;
    this.vrm.lookAt.yaw = ((eyes[0][0] + eyes[1][0]) / 2) * DEGREES;
    this.vrm.lookAt.pitch = (-(eyes[0][1] + eyes[1][1]) / 2) * DEGREES; // three-vrm counts downwards
  }

  private express(sample: Sample): void {
    for (const name of this.set) this.value(name, 0);
    const weights = arkitWeights(sample, LIDS);
    this.blink(sample);
    if (this.byVowels)
      for (const [vowel, recipe] of Object.entries(VOWELS))
        this.value(vowel, clip(recipe.reduce((sum, [name, gain]) => sum + gain * (weights.get(name) ?? 0), 0)));
    for (const [name, own] of this.spelt) {
      const weight = weights.get(name);
      if (weight === undefined || /^eye(Blink|Look)/.test(name) || (this.byVowels && MOUTH.test(name))) continue;
      this.value(own, weight);
    }
  }

  /** What is seen of the lids: blinks and what follows a gaze that goes down. */
  private blink({ eyes, lids }: Sample): void {
    const [left, right] = [0, 1].map((i) => clip((lids[i] ?? 0) + LIDS.lidFollowsGaze_per_rad * Math.max(0, -(eyes[i]?.[1] ?? 0)))) as [
      number,
      number,
    ];
    const sides = this.has.has("blinkLeft") && this.has.has("blinkRight") ? ["blinkLeft", "blinkRight"] : [this.spelt.get("eyeBlinkLeft"), this.spelt.get("eyeBlinkRight")];
    if (sides[0] !== undefined && sides[1] !== undefined) {
      this.value(sides[0], left);
      this.value(sides[1], right);
    } else this.value("blink", (left + right) / 2);
  }

  private value(name: string, weight: number): void {
    if (!this.has.has(name)) return;
    this.set.add(name);
    this.vrm.expressionManager?.setValue(name, weight);
  }

  release(): void {
    for (const name of this.set) this.vrm.expressionManager?.setValue(name, 0);
    for (const name of ["neck", "head", "leftEye", "rightEye"]) this.bone(name)?.set(...IDENTITY);
    if (this.vrm.lookAt) this.vrm.lookAt.autoUpdate = true;
  }
}
