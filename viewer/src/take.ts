// One take: its channels, its pose at any time, and the curves that are drawn of it.
import { Quaternion, Vector3 } from "three";
import { DEGREES, directionOf, quaternionOf, yawPitchOf } from "./angles";
import { Extremes } from "./extremes";
import { type TakeData, unpackChannels } from "./payload";

export interface Pose {
  head: Quaternion;
  eyes: [Quaternion, Quaternion];
  /** Eye angles in the head: left, right x yaw, pitch. */
  eyeAngles: [[number, number], [number, number]];
  lids: [number, number];
  face: Map<string, number>;
  /** Weights of the morph targets of a character of the user's own, by channel. */
  weights: Map<string, number>;
}

const SIDES = ["left", "right"] as const;

const NO_CHANGE = 0.01;

/** The pose with its vergence times a factor; the mean of both eyes stays where it is. */
export function converged(pose: Pose, factor: number): Pose {
  const [[left, leftPitch], [right, rightPitch]] = pose.eyeAngles;
  if (Math.abs(factor - 1) < NO_CHANGE) return pose;
  const turn = ((right - left) / 2) * (factor - 1);
  const angles: Pose["eyeAngles"] = [[left - turn, leftPitch], [right + turn, rightPitch]];
  const eyes = angles.map(([yaw, pitch]) => quaternionOf(yaw, pitch, 0, new Quaternion())) as Pose["eyes"];
  return { ...pose, eyes, eyeAngles: angles };
}

export class Take {
  readonly fps: number;
  readonly frames: number;
  readonly provenance: Record<string, string>;
  private readonly channels: Map<string, Float32Array>;
  private faceNames: string[] = [];
  private weightNames: string[] = [];
  private readonly curves = new Map<string, Float32Array>();
  private readonly bounds = new Map<string, Extremes>();
  private readonly next = new Quaternion();

  /** Without planes every channel is still to come, by `put`. */
  constructor(data: TakeData, planes?: Uint8Array) {
    this.fps = data.fps;
    this.frames = data.frames;
    this.provenance = data.provenance;
    this.channels = planes ? unpackChannels(data, planes) : new Map<string, Float32Array>();
    this.nameChannels();
  }

  private nameChannels(): void {
    const names = [...this.channels.keys()];
    this.weightNames = names.filter((n) => /^weight\d+$/.test(n));
    this.faceNames = names.filter((n) => !/^(head|left|right)(Yaw|Pitch|Roll|Eye|Lid)|^weight\d+$/.test(n));
  }

  /** How far away the person looked at is; undefined where nobody says. */
  get partnerDistance_m(): number | undefined {
    const distance = Number(this.provenance["partner.distance_m"]);
    return Number.isFinite(distance) && distance > 0 ? distance : undefined;
  }

  /** Some frames, new or in place of others. */
  put(first: number, count: number, channels: Map<string, Float32Array>): void {
    const known = this.channels.size;
    for (const [name, values] of channels) {
      let whole = this.channels.get(name);
      if (!whole) {
        whole = new Float32Array(this.frames);
        this.channels.set(name, whole);
      }
      whole.set(values.subarray(0, Math.max(0, this.frames - first)), first);
    }
    if (this.channels.size !== known) this.nameChannels();
    const last = Math.min(this.frames, first + count);
    for (const name of this.curves.keys()) this.computeCurves(name, first, last);
    for (const extremes of this.bounds.values()) extremes.update(first, last);
  }

  /** Lowest and highest of a curve, fast over many frames. */
  extremes(name: string): Extremes {
    let found = this.bounds.get(name);
    if (!found) {
      found = new Extremes(this.curve(name));
      this.bounds.set(name, found);
    }
    return found;
  }

  get duration(): number {
    return this.frames / this.fps;
  }

  has(channel: string): boolean {
    return this.channels.has(channel);
  }

  private value(channel: string, frame: number): number {
    return this.channels.get(channel)?.[frame] ?? 0;
  }

  private between(channel: string, low: number, high: number, weight: number): number {
    const from = this.value(channel, low);
    return from + weight * (this.value(channel, high) - from);
  }

  private headAt(frame: number, target: Quaternion): Quaternion {
    return quaternionOf(this.value("headYaw", frame), this.value("headPitch", frame), this.value("headRoll", frame), target);
  }

  private eyeAt(side: "left" | "right", frame: number, target: Quaternion): Quaternion {
    return quaternionOf(this.value(`${side}EyeYaw`, frame), this.value(`${side}EyePitch`, frame), 0, target);
  }

  /** The pose at a time: rotations are interpolated as quaternions, everything else linearly. */
  poseAt(time: number): Pose {
    const position = Math.max(0, Math.min(time * this.fps, this.frames - 1));
    const nearest = Math.round(position);
    const exact = Math.abs(position - nearest) < 1e-6;
    const low = exact ? nearest : Math.floor(position);
    const high = Math.min(low + 1, this.frames - 1);
    const weight = exact ? 0 : position - low;
    const turn = (from: Quaternion, to: Quaternion): Quaternion => (weight === 0 ? from : from.slerp(to, weight));
    const angles = (side: string): [number, number] => [
      this.between(`${side}EyeYaw`, low, high, weight),
      this.between(`${side}EyePitch`, low, high, weight),
    ];
    const [left, right] = SIDES.map((side) =>
      turn(this.eyeAt(side, low, new Quaternion()), this.eyeAt(side, high, this.next)),
    ) as [Quaternion, Quaternion];
    return {
      head: turn(this.headAt(low, new Quaternion()), this.headAt(high, this.next)),
      eyes: [left, right],
      eyeAngles: [angles("left"), angles("right")],
      lids: [this.between("leftLid", low, high, weight), this.between("rightLid", low, high, weight)],
      face: new Map(this.faceNames.map((name) => [name, this.between(name, low, high, weight)])),
      weights: new Map(this.weightNames.map((name) => [name, this.between(name, low, high, weight)])),
    };
  }

  /** A curve to draw, one value per frame: degrees for angles, 0..1 for lids; computed on first use. */
  curve(name: string): Float32Array {
    let found = this.curves.get(name);
    if (!found) {
      found = new Float32Array(this.frames);
      this.curves.set(name, found);
      this.computeCurves(name, 0, this.frames);
    }
    return found;
  }

  private computeCurves(name: string, first: number, last: number): void {
    const curve = this.curve(name);
    if (name === "gazeYaw" || name === "gazePitch") this.computeGaze(curve, name === "gazePitch" ? 1 : 0, first, last);
    else if (name === "lids")
      for (let f = first; f < last; f++) curve[f] = (this.value("leftLid", f) + this.value("rightLid", f)) / 2;
    else {
      const values = this.channels.get(name);
      const unit = /Yaw|Pitch|Roll/.test(name) ? DEGREES : 1;
      for (let f = first; f < last; f++) curve[f] = (values?.[f] ?? 0) * unit;
    }
  }

  /** Gaze in space: the head's rotation of the mean of both eyes' directions. */
  private computeGaze(curve: Float32Array, axis: 0 | 1, first: number, last: number): void {
    const mean = new Vector3();
    const other = new Vector3();
    const head = new Quaternion();
    for (let frame = first; frame < last; frame++) {
      directionOf(this.value("leftEyeYaw", frame), this.value("leftEyePitch", frame), mean);
      mean.add(directionOf(this.value("rightEyeYaw", frame), this.value("rightEyePitch", frame), other));
      curve[frame] = yawPitchOf(mean.applyQuaternion(this.headAt(frame, head)))[axis] * DEGREES;
    }
  }
}
