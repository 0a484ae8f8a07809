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
];

const SIGNS: [string, string][] = [
  ["Yaw", "+ to the character's left, which is right on the screen"],
  ["Pitch", "+ up"],
  ["Roll", "+ lifts the character's left side"],
  ["Gaze", "where the eyes look in space: head and eyes together"],
];

const WORDS: Record<string, string> = {
  generator: "Generator",
  model: "Model",
  model_sha256: "Model SHA-256",
  role: "Role",
  seed: "Seed",
  source: "Recording",
  source_name: "Recording",
  source_sha256: "Recording SHA-256",
};

function readable(key: string): string {
  const known = WORDS[key] ?? WORDS[key.replace(".", "_")];
  if (known) return known;
  const text = key.replace(/[._]/g, " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
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
    const rows = Object.entries(take.provenance).map(([key, value]): [string, string] => [readable(key), value]);
    dialog.replaceChildren(close, heading, make("h3", "", label), table([length, ...rows], "facts"), make("h3", "", "Signs"), table(SIGNS, "facts"), make("h3", "", "Keys"), table(KEYS, "keys-list"));
    dialog.showModal();
  };
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  open.addEventListener("click", show);
  return show;
}
