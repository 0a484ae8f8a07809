// How sound and avatars come in: dropped, chosen, or said into the microphone.
import { byId } from "../dom";
import type { Actions } from "./actions";
import { Recorder } from "./record";
import { tell, toast } from "./toasts";

const AVATAR = /\.(glb|vrm|gltf)$/i;

export class Bring {
  private readonly actions: Actions;
  private recorder: Recorder | undefined;
  private ticking = 0;

  constructor(actions: Actions) {
    this.actions = actions;
    for (const id of ["sound-file", "avatar-file"]) {
      const input = byId(id, HTMLInputElement);
      input.addEventListener("change", () => {
        void this.files([...(input.files ?? [])]);
        input.value = "";
      });
    }
    byId("record").addEventListener("click", () => { this.toggle().catch(tell); });
    this.listenDrop();
  }

  private listenDrop(): void {
    const drop = byId("drop");
    addEventListener("dragover", (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      drop.hidden = false;
    });
    addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) drop.hidden = true;
    });
    addEventListener("drop", (event) => {
      event.preventDefault();
      drop.hidden = true;
      void this.files([...(event.dataTransfer?.files ?? [])]);
    });
  }

  async files(files: File[]): Promise<void> {
    for (const file of files) {
      if (AVATAR.test(file.name)) await this.actions.setAvatar(file, file.name);
      else await this.actions.addSound(file, file.name);
    }
  }

  private async toggle(): Promise<void> {
    const button = byId("record", HTMLButtonElement);
    if (this.recorder) {
      const recorder = this.recorder;
      this.recorder = undefined;
      clearInterval(this.ticking);
      this.show(button, "Record");
      const sound = await recorder.stop();
      const at = new Date();
      const two = (value: number): string => String(value).padStart(2, "0");
      await this.actions.addSound(sound, `recorded-${two(at.getHours())}-${two(at.getMinutes())}-${two(at.getSeconds())}.wav`);
      return;
    }
    this.recorder = await Recorder.start();
    toast("Recording. Press the button again to stop.");
    const tick = (): void => {
      this.show(button, `Stop (${Math.floor((performance.now() - (this.recorder?.began_ms ?? 0)) / 1000)} s)`);
    };
    tick();
    this.ticking = setInterval(tick, 1000);
  }

  private show(button: HTMLButtonElement, text: string): void {
    button.textContent = text;
    button.setAttribute("aria-pressed", String(this.recorder !== undefined));
  }
}
