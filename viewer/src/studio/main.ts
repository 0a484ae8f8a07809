// The page of `talkingeyes studio`.
import { byId } from "../dom";
import type { ReadBack } from "../rig";
import { readSettings } from "../settings";
import { startTheme } from "../theme";
import { Api, ApiError, takeToken } from "./api";
import type { Item } from "./model";
import { StudioPage } from "./page";
import { Store } from "./store";
import { tell } from "./toasts";
import type { Avatar, Project, Schema } from "./types";

interface StudioState {
  sound: string | undefined;
  take: string | undefined;
  other: string | undefined;
  time: number;
  playing: boolean;
  duration: number;
  selected: string | undefined;
  range: [number, number] | undefined;
  link: string;
  revision: number;
  /** Share of the take's frames that are here. */
  share: number;
  view: [number, number];
  error: string | undefined;
  /** What is here is of the take before a change. */
  planning: boolean;
}

export interface StudioApi {
  ready: Promise<void>;
  state: () => StudioState;
  items: () => Item[];
  seek: (time: number) => void;
  choose: (take: string) => void;
  select: (key: string | undefined) => void;
  setRange: (range: [number, number] | undefined) => void;
  show: (from_s: number, to_s: number) => void;
  /** Gaze in space at a time, degrees, as the page has it. */
  gazeAt: (time: number) => [number, number] | undefined;
  poseAt: (time: number) => ReadBack | undefined;
}

declare global {
  interface Window {
    talkingeyesStudio: StudioApi;
  }
}

function apiOf(page: StudioPage): Omit<StudioApi, "ready"> {
  const { store, transport, editor } = page;
  const take = (): NonNullable<typeof store.current>["take"] => store.current?.take;
  return {
    state: () => ({
      sound: store.sound, take: store.take, other: store.other, time: transport.player.time, playing: transport.player.playing,
      duration: transport.player.duration, selected: store.selected, range: store.range, link: store.link,
      revision: store.project.revision, share: store.current?.share ?? 0, view: page.sight, error: store.current?.error, planning: store.current?.stale ?? false,
    }),
    items: () => store.items,
    seek: (time) => { transport.player.seek(time); },
    choose: (id) => { page.actions.choose(store.sound, id); },
    select: (key) => { store.select(key); },
    setRange: (range) => { store.setRange(range); },
    show: (from_s, to_s) => {
      editor.view.show(from_s, to_s - from_s);
      editor.redraw();
    },
    gazeAt: (time) => {
      const now = take();
      if (!now) return undefined;
      const frame = Math.max(0, Math.min(now.frames - 1, Math.round(time * now.fps)));
      return [now.curve("gazeYaw")[frame] ?? 0, now.curve("gazePitch")[frame] ?? 0];
    },
    poseAt: (time) => {
      const now = take();
      return now && page.stages.poseAt(time, now);
    },
  };
}

async function start(): Promise<void> {
  startTheme(readSettings(location.hash).theme);
  const api = new Api(takeToken());
  const [project, schema] = await Promise.all([api.json<Project>("project"), api.json<Schema>("schema")]);
  const store = new Store(project, schema);
  byId("loading").remove();
  byId("app").hidden = false;
  const page = new StudioPage(store, api);
  Object.assign(window.talkingeyesStudio, apiOf(page));
  page.actions.choose(Object.keys(project.sounds)[0]);
  page.listen();
  try {
    store.avatar = await api.json<Avatar>("avatar");
    store.changed("avatar");
    await page.stages.load();
  } catch (error) {
    tell(error);
  }
}

function failed(error: unknown): void {
  const loading = document.getElementById("loading");
  const denied = error instanceof ApiError && error.status === 401;
  const text = denied ? "Not allowed: open the address that `talkingeyes studio` printed; it holds the key." : error instanceof Error ? error.message : String(error);
  if (loading) loading.textContent = text;
  else tell(error);
}

window.talkingeyesStudio = { ready: start() } as StudioApi;
window.talkingeyesStudio.ready.catch(failed);
