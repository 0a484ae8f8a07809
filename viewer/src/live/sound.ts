// Sound of the browser as pieces that a client sends: a microphone, or a file that is also heard.

export const CAPTURE_HZ = 16_000;

/** Why no microphone could be had, in one sentence each. */
const REFUSALS: Record<string, string> = {
  NotAllowedError: "The microphone is not allowed for this page. Allow it in the browser's address bar, then press the button again.",
  SecurityError: "The microphone is not allowed for this page. Allow it in the browser's address bar, then press the button again.",
  NotFoundError: "No microphone was found. Plug one in, or drop a sound file on this page.",
  NotReadableError: "The microphone is in use by another program, or switched off.",
  OverconstrainedError: "No microphone was found. Plug one in, or drop a sound file on this page.",
};
const INSECURE = "A browser gives the microphone to https:// pages and to this machine's own address only. Open the page by https or as localhost.";

export type OnPiece = (samples: Float32Array) => void;

export class Microphone {
  private readonly stream: MediaStream;
  private readonly nodes: AudioNode[];

  private constructor(stream: MediaStream, nodes: AudioNode[]) {
    this.stream = stream;
    this.nodes = nodes;
  }

  /** Rejects with an Error whose message is for people. */
  static async open(context: AudioContext, onPiece: OnPiece): Promise<Microphone> {
    const devices = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
    if (!devices) throw new Error(INSECURE);
    let stream: MediaStream;
    try {
      stream = await devices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
    } catch (error) {
      const name = error instanceof DOMException ? error.name : "";
      throw new Error(REFUSALS[name] ?? `The microphone cannot be used (${name || "unknown reason"}).`, { cause: error });
    }
    const source = context.createMediaStreamSource(stream);
    return new Microphone(stream, [source, captured(context, source, onPiece)]);
  }

  close(): void {
    for (const track of this.stream.getTracks()) track.stop();
    for (const node of this.nodes) node.disconnect();
  }
}

/** A decoded file: its sound is sent as it plays, and heard `delay_s` later, when the face shows it. */
export class Spoken {
  private readonly source: AudioBufferSourceNode;

  constructor(context: AudioContext, buffer: AudioBuffer, delay_s: number, onPiece: OnPiece, onEnd: () => void) {
    this.source = new AudioBufferSourceNode(context, { buffer });
    const delay = new DelayNode(context, { maxDelayTime: 2, delayTime: Math.min(2, delay_s) });
    this.source.connect(delay).connect(context.destination);
    const capture = captured(context, this.source, onPiece);
    this.source.onended = () => {
      setTimeout(() => {
        capture.disconnect();
        delay.disconnect();
        onEnd();
      }, 1000 * delay_s);
    };
    this.source.start();
  }

  stop(): void {
    this.source.stop();
  }
}

function captured(context: AudioContext, source: AudioNode, onPiece: OnPiece): AudioNode {
  const node = new AudioWorkletNode(context, "talkingeyes-capture", { numberOfInputs: 1, numberOfOutputs: 1, channelCount: 1 });
  node.port.onmessage = (event: MessageEvent<Float32Array>) => {
    onPiece(event.data);
  };
  source.connect(node);
  const mute = new GainNode(context, { gain: 0 }); // a node that leads nowhere is not run by every browser
  node.connect(mute).connect(context.destination);
  return node;
}
