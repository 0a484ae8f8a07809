// Frames as the server packs them: a header, then one zlib block for each stretch.
import { inflate, unpackChannels } from "../payload";
import type { Take } from "../take";
import type { FramesHeader } from "./types";

export interface Frames {
  header: FramesHeader;
  stretches: { first: number; count: number; channels: Map<string, Float32Array> }[];
}

export async function readFrames(bytes: Uint8Array<ArrayBuffer>): Promise<Frames> {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as FramesHeader;
  let at = 4 + length;
  const stretches: Frames["stretches"] = [];
  for (const { first, count, channels, bytes: size } of header.stretches) {
    const planes = await inflate(bytes.slice(at, at + size));
    at += size;
    stretches.push({ first, count, channels: unpackChannels({ frames: count, channels }, planes) });
  }
  return { header, stretches };
}

export function putFrames(take: Take, frames: Frames): void {
  for (const { first, count, channels } of frames.stretches) take.put(first, count, channels);
}
