// Edits that do not apply to the take as it is now: they stay, are named, and show nothing until what they change is back.
import { make } from "../dom";
import { toast } from "./toasts";
import type { Edit, Events } from "./types";
import { button, keyed, section } from "./ui";

const TITLES: Record<string, string> = {
  "shift.add": "Glance", "shift.move": "Moved glance", "shift.retarget": "Turned glance", "shift.delete": "Removed glance",
  stay: "Length of a look", look: "Look", "blink.add": "Blink", "blink.move": "Moved blink", "blink.delete": "Removed blink",
  "blink.scale": "Depth of a blink", reroll: "Re-roll", offset: "Offset",
};

/** What an edit is, and when: "Turned glance at 3.21 s". */
export function titleOf(edit: Edit): string {
  const born = typeof edit.event === "string" ? /@(-?[\d.]+)/.exec(edit.event)?.[1] : undefined;
  const at = [born, edit.near_s, edit.at_s, edit.from_s].find((value) => value !== undefined);
  return `${TITLES[edit.do] ?? edit.do}${at === undefined ? "" : ` at ${Math.max(0, Number(at)).toFixed(2)} s`}`;
}

/** The list of them, or nothing. */
export function leftOutSection(events: Events | undefined, edits: readonly Edit[], onRemove: (index: number) => void): HTMLElement | undefined {
  const rows = (events?.left_out ?? []).flatMap(({ edit: index, why }) => {
    const edit = edits[index];
    if (!edit) return [];
    const row = make("li");
    const remove = keyed(button("×", "Remove this edit for good", () => { onRemove(index); }, "mini"), `remove edit ${index}`);
    remove.setAttribute("aria-label", `Remove: ${titleOf(edit)}`);
    row.append(make("span", "what", titleOf(edit)), remove, make("span", "why", why));
    return [row];
  });
  if (rows.length === 0) return undefined;
  const list = make("ul", "left-out");
  list.append(...rows);
  return section("Edits that do not apply now", list, make("p", "said", "They apply again when what they change is back."));
}

/** Says once which edits have stopped to apply. */
export function tellLeftOut(before: Events | undefined, now: Events | undefined, edits: readonly Edit[]): void {
  const known = new Set((before?.left_out ?? []).map(({ edit }) => edit));
  const fresh = (now?.left_out ?? []).filter(({ edit }) => !known.has(edit)).flatMap(({ edit }) => edits[edit] ?? []);
  const [first] = fresh;
  if (!first) return;
  const others = fresh.length > 1 ? ` and ${fresh.length - 1} more` : "";
  toast(`${titleOf(first)}${others}: does not apply now, and applies again when what it changes is back.`);
}
