// The sheet that says where a take comes from and which keys there are.
import { byId, dress, make } from "./dom";
import type { Take } from "./take";

const KEYS: [string, string][] = [
  ["Space", "Play, pause"],
  ["← →", "One frame back, forward (with Shift: one second)"],
  ["Home End", "Start, end"],
  ["1 – 9", "Switch take; [ and ] step through all"],
  ["+ − 0", "Zoom the timeline in, out, all of it"],
  ["L  M", "Loop, mute"],
  ["C", "Camera back to the front"],
  ["F", "Only the face"],
  ["T", "Light or dark"],
  ["O", "What is drawn over a film, on or off"],
];

const SIGNS: [string, string][] = [
  ["Yaw", "+ to the character's left, which is right on the screen"],
  ["Pitch", "+ up"],
  ["Roll", "+ lifts the character's left side"],
  ["Gaze", "where the eyes look in space: head and eyes together"],
];

const WORDS: Record<string, string> = {
  model_sha256: "Model SHA-256",
  "model.sha256": "Model SHA-256",
  "source.name": "Recording",
  "source.sha256": "Recording SHA-256",
};
const UNITS: Record<string, string> = { deg: "°", m: "\u2009m", s: "\u2009s", hz: "\u2009Hz" };

/** A row for a provenance entry: its name in words, the unit moved from the name to the value. */
function row(key: string, value: string): [string, string] {
  const known = WORDS[key];
  if (known) return [known, value];
  const [, name = key, unit = ""] = /^(.*?)(?:_(deg|m|s|hz))?$/.exec(key.replace(/^source\./, "recording.")) ?? [];
  const text = name.replace(/[._]/g, " ");
  return [text.charAt(0).toUpperCase() + text.slice(1), value + (UNITS[unit] ?? "")];
}

function table(rows: [string, string][], className: string): HTMLElement {
  const list = make("dl", className);
  for (const [name, value] of rows) list.append(make("dt", "", name), make("dd", "", value));
  return list;
}

/** One line for the header: model, seed, role and rate of a take. */
export function summaryOf(take: Take): string {
  const { model, generator, seed, role } = take.provenance;
  const parts = [model ?? generator, seed === undefined ? undefined : `seed ${seed}`, role, `${Number(take.fps.toFixed(3))} fps`];
  return parts.filter((part) => part !== undefined).join(" · ");
}

export function setUpAbout(title: string, current: () => { take: Take; label: string }): () => void {
  const dialog = byId("about", HTMLDialogElement);
  const open = byId("about-open", HTMLButtonElement);
  dress(open, "info", "About this page and its keys", "?");
  const show = (): void => {
    const { take, label } = current();
    const close = make("button", "icon");
    close.type = "button";
    dress(close, "close", "Close", "Esc");
    close.addEventListener("click", () => {
      dialog.close();
    });
    const heading = make("h2", "", title);
    heading.id = "about-title";
    const length: [string, string] = ["Length", `${take.duration.toFixed(2)} s, ${take.frames} frames at ${Number(take.fps.toFixed(3))} fps`];
    const rows = Object.entries(take.provenance).map(([key, value]) => row(key, value));
    dialog.replaceChildren(close, heading, make("h3", "", label), table([length, ...rows], "facts"), make("h3", "", "Signs"), table(SIGNS, "facts"), make("h3", "", "Keys"), table(KEYS, "keys-list"));
    dialog.showModal();
  };
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  open.addEventListener("click", show);
  return show;
}
