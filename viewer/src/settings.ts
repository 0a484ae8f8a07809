// What the address asks for: page.html#t=1.2&take=2&ui=0&theme=dark&azimuth=90&elevation=10&closeness=1.5&quality=full

export interface Settings {
  time: number;
  /** Index from 0; the address counts from 1. */
  take: number;
  bare: boolean;
  theme: "light" | "dark" | undefined;
  azimuth_deg: number;
  elevation_deg: number;
  closeness: number;
  quality: "full" | "light" | undefined;
}

export function readSettings(hash: string): Settings {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const number = (key: string, fallback: number, low: number, high: number): number => {
    const value = Number.parseFloat(given.get(key) ?? "");
    return Number.isFinite(value) ? Math.max(low, Math.min(high, value)) : fallback;
  };
  const choice = <T extends string>(key: string, choices: readonly T[]): T | undefined =>
    choices.find((value) => value === given.get(key));
  return {
    time: number("t", 0, 0, Infinity),
    take: number("take", 1, 1, Infinity) - 1,
    bare: given.get("ui") === "0",
    theme: choice("theme", ["light", "dark"]),
    azimuth_deg: number("azimuth", 0, -180, 180),
    elevation_deg: number("elevation", 0, -80, 80),
    closeness: number("closeness", 1, 0.5, 6),
    quality: choice("quality", ["full", "light"]),
  };
}
