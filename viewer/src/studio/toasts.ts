// One line at the bottom of the page for what went wrong, or what was done; bars for what runs.
import { byId, make } from "../dom";
import { ApiError } from "./api";
import type { Job } from "./types";

const STAYS_MS = 7000;
const MOST = 3;

export function toast(text: string, kind: "error" | "done" = "done"): void {
  const holder = byId("toasts");
  const line = make("div", `toast ${kind}`);
  line.append(make("span", "", text));
  const close = make("button", "toast-close", "×");
  close.type = "button";
  close.setAttribute("aria-label", "Close this message");
  close.addEventListener("click", () => {
    line.remove();
  });
  line.append(close);
  holder.append(line);
  while (holder.children.length > MOST) holder.firstElementChild?.remove();
  setTimeout(() => {
    line.remove();
  }, STAYS_MS);
}

export function tell(error: unknown): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  if (!(error instanceof ApiError)) console.error(error);
  toast(error instanceof Error ? error.message : String(error), "error");
}

/** Bars for everything that the server works on. */
export function showJobs(jobs: Iterable<Job>, cancel: (id: string) => void): void {
  const holder = byId("jobs");
  const running = [...jobs].filter((job) => job.state === "running" || job.state === "waiting");
  const known = new Map([...holder.children].map((row) => [(row as HTMLElement).dataset.key, row as HTMLElement]));
  for (const [key, row] of known) if (!running.some((job) => job.id === key)) row.remove();
  for (const job of running) {
    const row = known.get(job.id) ?? holder.appendChild(jobRow(job, cancel));
    const bar = row.querySelector("progress");
    const share = job.of === 1 ? `${Math.round(100 * job.done)} %` : job.of > 0 ? `${Math.floor(job.done)} of ${job.of}` : "waiting";
    const text = row.querySelector("span");
    if (text) text.textContent = `${job.what} · ${job.state === "waiting" ? "waiting" : share}`;
    if (!bar) continue;
    bar.max = Math.max(1, job.of);
    bar.value = job.done;
    bar.setAttribute("aria-label", job.what);
  }
  holder.hidden = running.length === 0;
}

function jobRow(job: Job, cancel: (id: string) => void): HTMLElement {
  const row = make("div", "job");
  row.dataset.key = job.id;
  const stop = make("button", "quiet", "Cancel");
  stop.type = "button";
  stop.setAttribute("aria-label", `Cancel: ${job.what}`);
  stop.addEventListener("click", () => {
    cancel(job.id);
  });
  row.append(make("span"), make("progress"), stop);
  return row;
}
