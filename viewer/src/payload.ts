// Reads what talkingeyes.formats.html put into the page.
import { unzlibSync } from "fflate";

export interface TakeData {
  fps: number;
  frames: number;
  channels: { name: string; step: number }[];
  provenance: Record<string, string>;
}

/** The film that was fitted, with what is drawn over it: channels in shares of the picture's width, from its top left. */
export interface FilmData {
  mime: string;
  width: number;
  height: number;
  findings: string[];
  marks: Pick<TakeData, "fps" | "frames" | "channels">;
}

export interface SpeechData {
  duration_s: number;
  peak_rate_hz: number;
  turns: [number, number][];
  pauses: [number, number][];
}

/** Constants of talkingeyes.rig. */
export interface RigData {
  eyeLookSide_rad: number;
  eyeLookUpDown_rad: number;
  lidFollowsGaze_per_rad: number;
  neckShare: number;
  /** A character of the user's own: what its nodes are, found and computed by talkingeyes.avatar.rig. */
  avatar?: AvatarData;
}

export interface AvatarData {
  /** Part -> index of the glTF node. */
  bones: Partial<Record<"neck" | "head" | "leftEye" | "rightEye", number>>;
  /** How far the face is turned about +Y away from +Z. */
  facing_rad: number;
  /** Glued to node and target: the channel that holds its weight. */
  targets: [node: number, target: number, channel: string][];
  /** Where the eyes are once the face looks along +Z: left, right. */
  eyes_m?: [[number, number, number], [number, number, number]];
  /** Where the eyes stop, reached at a full gaze: sideways, up, down. */
  eye_range_rad?: [yaw: number, up: number, down: number];
}

export interface PageData {
  version: number;
  title: string;
  takes: TakeData[];
  rig: RigData;
  speech?: SpeechData;
  audio?: { mime: string };
  film?: FilmData;
}

const PAGE_FORMAT_VERSION = 1;

function textOf(id: string): string {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page lacks ${id}`);
  const text = element.textContent;
  element.remove();
  return text;
}

export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

export async function inflate(packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (typeof DecompressionStream === "undefined") return new Uint8Array(unzlibSync(packed));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export function readPageData(): PageData {
  const data = JSON.parse(textOf("te-data")) as PageData;
  if (data.version !== PAGE_FORMAT_VERSION) throw new Error(`page data of version ${data.version}`);
  return data;
}

export const readPacked = (id: string): Promise<Uint8Array<ArrayBuffer>> => inflate(bytesOfBase64(textOf(id)));

export function readBlob(id: string, mime: string): Blob {
  return new Blob([bytesOfBase64(textOf(id))], { type: mime });
}

/** Undoes pack_motion: low bytes, then high bytes, of zigzag-coded differences per channel. */
export function unpackChannels(take: Pick<TakeData, "frames" | "channels">, planes: Uint8Array): Map<string, Float32Array> {
  const { frames, channels } = take;
  const half = frames * channels.length;
  if (planes.length !== 2 * half) throw new Error("a take has the wrong length");
  const result = new Map<string, Float32Array>();
  channels.forEach(({ name, step }, index) => {
    const values = new Float32Array(frames);
    let sum = 0;
    for (let frame = 0; frame < frames; frame++) {
      const at = index * frames + frame;
      const coded = (planes[at] ?? 0) | ((planes[half + at] ?? 0) << 8);
      sum = ((sum + ((coded >>> 1) ^ -(coded & 1))) << 16) >> 16;
      values[frame] = sum * step;
    }
    result.set(name, values);
  });
  return result;
}
