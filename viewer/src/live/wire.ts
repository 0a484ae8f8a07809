// The server's messages, as JSON texts or MessagePack.
import { readMessagePack } from "./msgpack";
import type { Frame } from "./track";

export interface WireMessage {
  type: string;
  [field: string]: unknown;
}

export function parseMessage(data: string | ArrayBuffer): WireMessage {
  const message: unknown = typeof data === "string" ? JSON.parse(data) : readMessagePack(new Uint8Array(data));
  if (typeof message !== "object" || message === null || !("type" in message)) throw new Error("a message has no type");
  return message as WireMessage;
}

/** A message of type "frame" (talkingeyes.live.frames). */
interface WireFrame {
  frame: number;
  head_rad: number[];
  eyes_rad: number[];
  lids: number[];
  weights: number[];
}

export function readFrame(message: WireMessage): Frame {
  const { frame, head_rad, eyes_rad, lids, weights } = message as unknown as WireFrame;
  return { number: frame, head: head_rad, eyes: eyes_rad, lids, weights };
}
