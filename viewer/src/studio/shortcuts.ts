// The list of everything that keys do.
import type { Command } from "./commands";
import type { StudioPage } from "./page";
import { tell } from "./toasts";

function playing(page: StudioPage): Command[] {
  const { transport } = page;
  const seek = (time: number): void => { transport.player.seek(time); };
  return [
    { group: "Play", keys: [" ", "k"], label: "Play, pause", run: () => { transport.player.toggle(); } },
    { group: "Play", keys: ["ArrowLeft"], label: "One frame back", run: () => { transport.step(-1); } },
    { group: "Play", keys: ["ArrowRight"], label: "One frame on", run: () => { transport.step(1); } },
    { group: "Play", keys: ["shift+ArrowLeft"], label: "One second back", run: () => { seek(transport.player.time - 1); } },
    { group: "Play", keys: ["shift+ArrowRight"], label: "One second on", run: () => { seek(transport.player.time + 1); } },
    { group: "Play", keys: ["Home"], label: "To the start", run: () => { seek(0); } },
    { group: "Play", keys: ["End"], label: "To the end", run: () => { seek(transport.player.duration); } },
    { group: "Play", keys: ["l"], label: "Loop, of the range where one is painted", run: () => { transport.toggleLoop(); } },
    { group: "Play", keys: ["m"], label: "Mute", run: () => { transport.toggleMute(); } },
  ];
}

function looking(page: StudioPage): Command[] {
  const { editor, store } = page;
  return [
    { group: "Look around", keys: ["+", "="], label: "Zoom in", run: () => { editor.zoom(1.6); } },
    { group: "Look around", keys: ["-"], label: "Zoom out", run: () => { editor.zoom(1 / 1.6); } },
    { group: "Look around", keys: ["0"], label: "All of the recording", run: () => { editor.fit(); } },
    { group: "Look around", keys: ["z"], label: "Zoom to the range", run: () => { editor.fit(store.range); } },
    { group: "Look around", keys: ["c"], label: "Camera back to the front", run: () => { page.stages.resetView(); } },
    { group: "Look around", keys: ["j"], label: "Snap to words, pauses and turns", run: () => { page.toggleSnap(); } },
  ];
}

function directing(page: StudioPage): Command[] {
  const { direct, store, editor, transport } = page;
  const add = (lane: "gaze" | "blinks" | "head" | "face"): void => { direct.add(lane, transport.player.time).catch(tell); };
  const go = (way: 1 | -1): void => {
    const next = direct.neighbour(way);
    if (!next) return;
    store.select(next.key);
    transport.player.seek(Math.max(0, next.from_s));
  };
  const frame = (): number => 1 / (store.current?.take?.fps ?? 60);
  const escape = (): void => {
    if (editor.letGo()) return;
    if (store.selected !== undefined) store.select(undefined);
    else store.setRange(undefined);
  };
  return [
    { group: "Direct", keys: ["g"], label: "Add a glance here", run: () => { add("gaze"); } },
    { group: "Direct", keys: ["b"], label: "Add a blink here", run: () => { add("blinks"); } },
    { group: "Direct", keys: ["n"], label: "Add a nod here", run: () => { add("head"); } },
    { group: "Direct", keys: ["s"], label: "Add a smile here", run: () => { add("face"); } },
    { group: "Direct", keys: [",", "p"], label: "Select the event before", run: () => { go(-1); } },
    { group: "Direct", keys: [".", "e"], label: "Select the next event", run: () => { go(1); } },
    { group: "Direct", keys: ["alt+ArrowLeft"], label: "Move it one frame earlier", run: () => { direct.nudge(-frame()); } },
    { group: "Direct", keys: ["alt+ArrowRight"], label: "Move it one frame later", run: () => { direct.nudge(frame()); } },
    { group: "Direct", keys: ["Delete", "Backspace"], label: "Delete it", run: () => { direct.remove().catch(tell); } },
    { group: "Direct", keys: ["i"], label: "The range begins here", run: () => { direct.mark("in"); } },
    { group: "Direct", keys: ["o"], label: "The range ends here", run: () => { direct.mark("out"); } },
    { group: "Direct", keys: ["r"], label: "Re-roll the range", run: () => { page.inspector.rerollChosen(); } },
    { group: "Direct", keys: ["Escape"], label: "Let go, select nothing", run: escape },
    { group: "Direct", keys: ["ctrl+z"], label: "Undo", run: () => { void page.actions.step("undo"); } },
    { group: "Direct", keys: ["ctrl+shift+z", "ctrl+y"], label: "Redo", run: () => { void page.actions.step("redo"); } },
  ];
}

function taking(page: StudioPage): Command[] {
  const { takes, store, actions } = page;
  const numbers = Array.from({ length: 9 }, (_, index) => String(index + 1));
  const choose = (index: number): void => {
    const take = store.takes[index]?.[0];
    if (take !== undefined) actions.choose(store.sound, take);
  };
  return [
    { group: "Takes", keys: numbers, label: "Choose a take by its number", run: (event) => { choose(Number(event.key) - 1); } },
    { group: "Takes", keys: ["[", "{"], label: "The take before", run: () => { takes.turn(-1); } },
    { group: "Takes", keys: ["]", "}"], label: "The next take", run: () => { takes.turn(1); } },
    { group: "Takes", keys: ["t"], label: "New takes", run: () => { takes.more(); } },
    { group: "Takes", keys: ["*", "x"], label: "Star this take", run: () => { takes.star(); } },
    { group: "Takes", keys: ["F2"], label: "Name this take", run: () => { takes.rename().catch(tell); } },
    { group: "Takes", keys: ["v"], label: "Compare with another take, side by side", run: () => { takes.toggleCompare(); } },
    { group: "Takes", keys: ["shift+Delete"], label: "Delete this take", run: () => { if (store.take !== undefined) void actions.removeTake(store.take); } },
  ];
}

export function commandsOf(page: StudioPage): Command[] {
  const { tabs } = page;
  return [
    ...directing(page),
    ...playing(page),
    ...looking(page),
    ...taking(page),
    { group: "Page", keys: ["d"], label: "Panel: direct", run: () => { tabs.show("direct"); } },
    { group: "Page", keys: ["a"], label: "Panel: amounts", run: () => { tabs.show("amounts"); } },
    { group: "Page", keys: ["w"], label: "Panel: export", run: () => { tabs.show("export"); } },
    { group: "Page", keys: ["h"], label: "Light or dark", run: () => { page.toggleTheme(); } },
    { group: "Page", keys: ["?"], label: "These keys", run: () => { page.commands.showHelp(); } },
  ];
}
