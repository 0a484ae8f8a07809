// Frames that have come, by number, and what they show at any audio time between them.
import { between, type Quat, rotationOf } from "./quaternions";

/** One frame as it came; angles in radians with the signs of docs/conventions.md. */
export interface Frame {
  number: number;
  /** Yaw, pitch, roll. */
  head: readonly number[];
  /** Left yaw, left pitch, right yaw, right pitch; in the head. */
  eyes: readonly number[];
  /** Closure by blinking: left, right. */
  lids: readonly number[];
  /** By `names` of the track. */
  weights: readonly number[];
}

/** What is shown at one time. */
export interface Sample {
  time_s: number;
  head: Quat;
  headAngles: [yaw: number, pitch: number, roll: number];
  /** Left, right x yaw, pitch, in the head. */
  eyes: [[number, number], [number, number]];
  lids: [number, number];
  /** ARKit coefficients by name; those of eyes and blinks say what `eyes` and `lids` say. */
  face: Map<string, number>;
}

/** Frames are kept so long after they were shown: a clock may step back a little. */
const KEPT = 90;

const mix = (a: readonly number[], b: readonly number[], share: number, index: number): number => {
  const from = a[index] ?? 0;
  return from + share * ((b[index] ?? from) - from);
};

export class FrameTrack {
  readonly fps: number;
  readonly names: readonly string[];
  private frames: Frame[] = [];

  constructor(fps: number, names: readonly string[]) {
    this.fps = fps;
    this.names = names;
  }

  get last(): Frame | undefined {
    return this.frames[this.frames.length - 1];
  }

  get length(): number {
    return this.frames.length;
  }

  /** Takes frames in order; one that is here already (sent again after a reconnection) is left out. */
  add(frames: readonly Frame[]): Frame[] {
    const fresh = frames.filter((frame) => frame.number > (this.last?.number ?? -1));
    this.frames.push(...fresh);
    if (this.frames.length > 4 * KEPT) this.forget();
    return fresh;
  }

  private shown = -Infinity;

  private forget(): void {
    const oldest = Math.min(this.shown, this.last?.number ?? 0) - KEPT;
    this.frames = this.frames.filter((frame, i) => frame.number >= oldest && i >= this.frames.length - 40 * KEPT);
  }

  /** The pose at an audio time: between frames, or the nearest one; undefined before the first frame came. */
  sampleAt(time_s: number): Sample | undefined {
    const position = time_s * this.fps;
    let high = this.frames.findIndex((frame) => frame.number > position);
    if (high < 0) high = this.frames.length;
    const from = this.frames[Math.max(0, high - 1)];
    if (!from) return undefined;
    const to = this.frames[high] ?? from;
    const span = to.number - from.number;
    const share = span > 0 ? Math.max(0, Math.min(1, (position - from.number) / span)) : 0;
    this.shown = from.number;
    return this.sample(from, to, share);
  }

  private sample(from: Frame, to: Frame, share: number): Sample {
    const value = (key: "head" | "eyes" | "lids" | "weights", index: number): number => mix(from[key], to[key], share, index);
    const head = (frame: Frame): Quat => rotationOf(frame.head[0] ?? 0, frame.head[1] ?? 0, frame.head[2] ?? 0);
    return {
      time_s: (from.number + share * (to.number - from.number)) / this.fps,
      head: between(head(from), head(to), share),
      headAngles: [value("head", 0), value("head", 1), value("head", 2)],
      eyes: [
        [value("eyes", 0), value("eyes", 1)],
        [value("eyes", 2), value("eyes", 3)],
      ],
      lids: [value("lids", 0), value("lids", 1)],
      face: new Map(this.names.map((name, i) => [name, value("weights", i)])),
    };
  }
}
