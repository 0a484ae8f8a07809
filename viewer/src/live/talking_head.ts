// Frames on a TalkingHead (github.com/met4citizen/TalkingHead): its morph values and the turns of its head.
import { eulerOf } from "./quaternions";
import { LIDS, type Target } from "./targets";
import type { Sample } from "./track";
import { arkitWeights } from "./weights";

/** A value of `TalkingHead.mtAvatar`: `realtime` overrides its own animation until it is null again. */
interface Value {
  realtime: number | null;
  needsUpdate: boolean;
}

/** What is used of a TalkingHead whose avatar is shown. */
export interface TalkingHeadLike {
  mtAvatar: Record<string, Value>;
}

/** Its extra shapes that move what our own shapes move already. */
const DOUBLES = ["eyesLookUp", "eyesLookDown", "eyesClosed", "mouthOpen", "mouthSmile"];

export class TalkingHeadTarget implements Target {
  private readonly head: TalkingHeadLike;
  private readonly held = new Set<string>();

  constructor(head: TalkingHeadLike) {
    this.head = head;
  }

  apply(sample: Sample): void {
    for (const [name, weight] of arkitWeights(sample, LIDS)) this.hold(name, weight);
    for (const name of DOUBLES) this.hold(name, 0);
    for (const name of Object.keys(this.head.mtAvatar)) if (name.startsWith("viseme_")) this.hold(name, 0);
    const [x, y, z] = eulerOf(sample.head);
    this.hold("headRotateX", x);
    this.hold("headRotateY", y);
    this.hold("headRotateZ", z);
  }

  private hold(name: string, value: number): void {
    const held = this.head.mtAvatar[name];
    if (!held) return;
    this.held.add(name);
    Object.assign(held, { realtime: value, needsUpdate: true });
  }

  release(): void {
    for (const name of this.held) Object.assign(this.head.mtAvatar[name] ?? {}, { realtime: null, needsUpdate: true });
    this.held.clear();
  }
}
