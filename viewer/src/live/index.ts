// talkingeyes-live.js: frames of `talkingeyes serve` on the avatars of other libraries. Needs nothing else.
export { LiveClient } from "./client";
export type { Accepted, LiveEvents, LiveOptions, SessionOptions, Status, Voice } from "./client";
export { GltfTarget } from "./gltf";
export { Playhead } from "./playhead";
export { pcm16, Resampler } from "./resample";
export { CAPTURE_HZ, Microphone, Spoken } from "./sound";
export { TalkingHeadTarget } from "./talking_head";
export type { Target } from "./targets";
export { ThreeVrmTarget } from "./three_vrm";
export { FrameTrack } from "./track";
export type { Frame, Sample } from "./track";
export { play } from "./play";
export { parseMessage, readFrame } from "./wire";
