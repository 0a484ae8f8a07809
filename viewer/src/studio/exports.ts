// Export: a preset for each program, what it will lose before, and the files after.
import { byId, make } from "../dom";
import type { Actions } from "./actions";
import type { Store } from "./store";
import { Takes } from "./takes";
import { tell } from "./toasts";
import type { Job, Preset } from "./types";
import { button, keyed, refill, section } from "./ui";

export class Exports {
  private readonly store: Store;
  private readonly actions: Actions;
  private preset: Preset | undefined;
  private readonly losses = new Map<string, string[]>();
  private many: string[] = [];
  private onlyRange = false;
  private readonly jobs: string[] = [];

  constructor(store: Store, actions: Actions) {
    this.store = store;
    this.actions = actions;
    this.preset = store.schema.exports[0];
  }

  /** Takes of several recordings, from the list. */
  offer(takes: string[]): void {
    this.many = takes;
    this.render();
  }

  private get takes(): string[] {
    const there = this.many.filter((id) => id in this.store.project.takes);
    return there.length > 0 ? there : this.store.take === undefined ? [] : [this.store.take];
  }

  render(): void {
    const holder = byId("pane-export");
    const takes = this.takes;
    if (takes.length === 0) {
      refill(holder, make("p", "empty", "Choose a take: from here it goes to Unreal, Unity, Blender and the others."));
      return;
    }
    refill(holder, section("For", this.presets()), this.lossList(), section("What", ...this.what(takes)), this.go(takes), this.results());
  }

  private presets(): HTMLElement {
    const list = make("div", "presets");
    list.setAttribute("role", "radiogroup");
    list.setAttribute("aria-label", "Program");
    for (const preset of this.store.schema.exports) {
      const card = make("label", "preset");
      const input = keyed(make("input"), `preset ${preset.name}`);
      Object.assign(input, { type: "radio", name: "preset", value: preset.name, checked: preset.name === this.preset?.name });
      input.addEventListener("change", () => {
        this.preset = preset;
        this.render();
      });
      card.append(input, make("span", "preset-name", preset.label), make("span", "preset-files", preset.files ?? ""));
      if (preset.help) card.title = preset.help;
      list.append(card);
    }
    return list;
  }

  private lossList(): HTMLElement {
    const { preset } = this;
    const part = section("What will be lost");
    part.setAttribute("aria-live", "polite");
    if (!preset) return part;
    const known = this.losses.get(preset.name);
    if (!known) {
      this.losses.set(preset.name, []);
      this.actions.losses(preset).then((lines) => {
        this.losses.set(preset.name, lines.length > 0 ? lines : ["Nothing."]);
        this.render();
      }, (error: unknown) => {
        this.losses.delete(preset.name);
        tell(error);
      });
    }
    const list = make("ul", "losses");
    for (const line of known ?? []) list.append(make("li", "", line));
    part.append(list);
    return part;
  }

  private what(takes: string[]): HTMLElement[] {
    const nodes: HTMLElement[] = [];
    const index = this.store.takes.findIndex(([id]) => id === takes[0]);
    const entry = this.store.project.takes[takes[0] ?? ""];
    const name = takes.length > 1 ? `${takes.length} takes of the selected recordings` : entry && index >= 0 ? Takes.nameOf(entry, index) : "the take";
    const row = make("p", "row", name);
    if (this.many.length > 0) row.append(button("This take only", "", () => { this.offer([]); }, "quiet"));
    nodes.push(row);
    const { range } = this.store;
    if (range && takes.length === 1) {
      const line = make("label", "check");
      const check = keyed(make("input"), "only range");
      check.type = "checkbox";
      check.checked = this.onlyRange;
      check.addEventListener("change", () => {
        this.onlyRange = check.checked;
      });
      line.append(check, make("span", "", `Only ${range[0].toFixed(2)} to ${range[1].toFixed(2)} s`));
      nodes.push(line);
    }
    return nodes;
  }

  private go(takes: string[]): HTMLElement {
    return keyed(button("Export", "Write the files", () => { void this.run(takes); }, "primary wide"), "export");
  }

  async run(takes = this.takes): Promise<void> {
    if (!this.preset) return;
    const range = this.onlyRange && takes.length === 1 ? this.store.range : undefined;
    const job = await this.actions.exportTakes(takes, this.preset.name, range);
    if (job === undefined) return;
    this.jobs.unshift(job);
    this.render();
    document.querySelector("#pane-export .files")?.scrollIntoView({ block: "center" });
  }

  private results(): HTMLElement | undefined {
    const done = this.jobs.map((id) => this.store.jobs.get(id)).filter((job) => job !== undefined);
    if (done.length === 0) return undefined;
    return section("Exported", ...done.map((job) => this.result(job)));
  }

  private result(job: Job): HTMLElement {
    const list = make("ul", "files");
    if (job.state === "running" || job.state === "waiting") list.append(make("li", "", "Writing…"));
    if (job.error) list.append(make("li", "trouble", job.error));
    for (const file of job.files ?? []) {
      const item = make("li");
      item.append(
        keyed(button(file.name, `Download ${file.name}`, () => { this.actions.download(job.id, file.name).catch(tell); }, "file-link"), `file ${job.id} ${file.name}`),
        make("span", "unit", sizeText(file.bytes)),
      );
      list.append(item);
    }
    for (const line of job.losses ?? []) list.append(make("li", "note", line));
    return list;
  }
}

function sizeText(bytes: number): string {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
