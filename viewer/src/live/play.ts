// The short way: a connection whose frames an avatar shows.
import { type Accepted, LiveClient, type LiveEvents, type LiveOptions } from "./client";
import { Playhead } from "./playhead";
import type { Target } from "./targets";

export interface Playing {
  client: LiveClient;
  playhead: Playhead;
  /** Call before each picture is drawn, before `vrm.update(delta)` where there is one; true once there is a pose. */
  update: () => boolean;
  stop: () => void;
}

/** Connects and shows frames on `target` each time `update` is called. */
export function play(options: LiveOptions, target: Target, events: LiveEvents = {}): Playing {
  const playhead = new Playhead();
  const now_s = (): number => performance.now() / 1000;
  const client = new LiveClient(options, {
    ...events,
    onAccept: (accepted: Accepted) => {
      playhead.restart();
      events.onAccept?.(accepted);
    },
    onFrames: (frames, track) => {
      const last = frames[frames.length - 1];
      if (last) playhead.arrived(last.number / track.fps, now_s());
      events.onFrames?.(frames, track);
    },
  });
  return {
    client,
    playhead,
    update: () => {
      const time = playhead.timeAt(now_s());
      const sample = time === undefined ? undefined : client.track?.sampleAt(time);
      if (sample) target.apply(sample);
      return sample !== undefined;
    },
    stop: () => {
      client.close();
      target.release();
    },
  };
}
