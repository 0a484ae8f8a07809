// Every action of the page by its keys; tooltips and the help come from the same list.
import { byId, make } from "../dom";

export interface Command {
  group: "Play" | "Look around" | "Direct" | "Takes" | "Page";
  keys: string[];
  label: string;
  run: (event: KeyboardEvent) => void;
}

const SHOWN: Record<string, string> = { " ": "Space", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", Delete: "Del", "ctrl+z": "Ctrl Z", "ctrl+shift+z": "Ctrl Shift Z", "ctrl+y": "Ctrl Y", "alt+ArrowLeft": "Alt ←", "alt+ArrowRight": "Alt →", "shift+ArrowLeft": "Shift ←", "shift+ArrowRight": "Shift →" };

const shown = (key: string): string => SHOWN[key] ?? (key.length === 1 ? key.toUpperCase() : key);

function nameOf(event: KeyboardEvent): string {
  const control = event.ctrlKey || event.metaKey ? "ctrl+" : "";
  const alt = event.altKey ? "alt+" : "";
  const shift = event.shiftKey && (control || event.key.length > 1) ? "shift+" : "";
  return control + alt + shift + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

const chooses = (key: string): boolean => key === " " || key === "Enter" || key.startsWith("Arrow");

function takenByInput(input: HTMLInputElement, event: KeyboardEvent): boolean {
  const { key } = event;
  if (input.type === "checkbox" || input.type === "radio") return chooses(key);
  if (input.type === "range") return key.startsWith("Arrow") || key === "Home" || key === "End";
  if (input.type === "file") return key === " " || key === "Enter";
  return !(event.ctrlKey && key.toLowerCase() === "z" && input.value === input.defaultValue);
}

/** Fields keep the keys that write or choose in them. */
function taken(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (document.querySelector("dialog[open]") || target instanceof HTMLSelectElement) return true;
  if (target instanceof HTMLInputElement) return takenByInput(target, event);
  if (!(target instanceof HTMLButtonElement)) return false;
  return key === " " || key === "Enter" || (target.role === "tab" && key.startsWith("Arrow"));
}

export class Commands {
  private readonly list: Command[];
  private readonly table = new Map<string, Command>();

  constructor(list: Command[]) {
    this.list = list;
    for (const command of list) for (const key of command.keys) this.table.set(key, command);
    document.addEventListener("keydown", (event) => {
      const command = this.table.get(nameOf(event));
      if (!command || taken(event)) return;
      event.preventDefault();
      command.run(event);
    });
  }

  /** "Loop (L)" */
  hint(label: string): string {
    const command = this.list.find((one) => one.label === label);
    return command ? `${label} (${shown(command.keys[0] ?? "")})` : label;
  }

  showHelp(): void {
    const dialog = byId("help", HTMLDialogElement);
    const close = make("button", "quiet close", "Close");
    close.type = "button";
    close.addEventListener("click", () => {
      dialog.close();
    });
    const heading = make("h2", "", "Keys and gestures");
    heading.id = "help-title";
    const columns = make("div", "columns");
    for (const group of ["Direct", "Play", "Look around", "Takes", "Page"] as const) {
      const part = make("section");
      part.append(make("h3", "", group));
      const rows = part.appendChild(make("dl"));
      for (const command of this.list.filter((one) => one.group === group)) {
        const term = make("dt");
        for (const key of command.keys.slice(0, 2)) term.append(make("kbd", "", shown(key)), " ");
        rows.append(term, make("dd", "", command.label));
      }
      columns.append(part);
    }
    columns.append(gestures());
    dialog.replaceChildren(close, heading, columns);
    dialog.showModal();
  }
}

function gestures(): HTMLElement {
  const part = make("section");
  part.append(make("h3", "", "With the mouse or a finger"));
  const rows = part.appendChild(make("dl", "wide"));
  const list: [string, string][] = [
    ["Click the picture", "Look there: now, for the selected glance, or for the painted range"],
    ["Drag the picture", "Turn the camera"],
    ["Drag a block", "Another time; its end says how long it lasts; with Alt it does not snap"],
    ["Double-click a lane", "Add a glance, blink, nod or smile"],
    ["Drag an empty lane", "Paint a range to re-roll or to direct"],
    ["Wheel", "Zoom; with Shift, move along"],
  ];
  for (const [name, meaning] of list) rows.append(make("dt", "", name), make("dd", "", meaning));
  return part;
}
