// Builds src/ into the package's assets: the one-file template that talkingeyes.formats.html fills in, and the files that
// `talkingeyes serve` hands out. The same source gives the same bytes: CI rebuilds them and compares.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const here = new URL("./", import.meta.url);
const assets = new URL("../src/talkingeyes/assets/", here);

async function bundle(entry, format = "iife") {
  const result = await build({
    entryPoints: [new URL(entry, here).pathname],
    bundle: true,
    minify: true,
    write: false,
    format,
    target: ["chrome100", "firefox104", "safari15"],
    charset: "ascii",
    legalComments: "inline",
    absWorkingDir: here.pathname.replace(/\/$/, ""),
    logLevel: "warning",
  });
  return result.outputFiles[0].text.trim();
}

const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

const fill = (text, slot, content) => {
  const parts = text.split(slot);
  if (parts.length !== 2) throw new Error(`the shell needs ${slot} once`);
  return parts.join(content);
};

async function save(name, text) {
  await writeFile(new URL(name, assets), text);
  console.log(`${name}: ${(text.length / 1024).toFixed(0)} KiB`);
}

/** The page of one file. */
async function buildPage() {
  const [shell, script, style] = await Promise.all([
    readFile(new URL("src/page.html", here), "utf8"),
    bundle("src/main.ts"),
    bundle("src/page.css"),
  ]);
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error("the bundle would end its own element");
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "img-src data: blob:",
    "media-src blob:",
    "connect-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  let page = fill(shell, "<!--build:policy-->", policy);
  page = fill(page, "<!--build:style-->", style);
  page = fill(page, "<!--build:script-->", script);
  for (const slot of ["<!--te:title-->", "<!--te:data-->"]) fill(page, slot, "");
  await save("viewer.html", page);
}

/** What `talkingeyes serve` hands out: the page in parts, and the client for other pages. */
async function buildLive() {
  await mkdir(new URL("live/", assets), { recursive: true });
  const shell = await readFile(new URL("src/page.html", here), "utf8");
  const licence = /<!--\nMade by TalkingEyes[^]*?-->/.exec(shell)[0];
  const page = await readFile(new URL("src/demo/page.html", here), "utf8");
  await save("live/index.html", fill(page, "<head>", `${licence}\n<head>`));
  await save("live/icon.svg", await readFile(new URL("src/demo/icon.svg", here), "utf8"));
  await save("live/live.css", await bundle("src/demo/live.css"));
  await save("live/live.js", await bundle("src/demo/main.ts"));
  await save("live/docs.css", await bundle("src/demo/docs.css"));
  await save("live/worklet.js", await bundle("src/live/worklet.ts"));
  await save("live/talkingeyes-live.js", await bundle("src/live/index.ts", "esm"));
}

/** What `talkingeyes studio` hands out. */
async function buildStudio() {
  await mkdir(new URL("studio/", assets), { recursive: true });
  const shell = await readFile(new URL("src/page.html", here), "utf8");
  const licence = /<!--\nMade by TalkingEyes[^]*?-->/.exec(shell)[0];
  const page = await readFile(new URL("src/studio/page.html", here), "utf8");
  await save("studio/index.html", fill(page, "<head>", `${licence}\n<head>`));
  await save("studio/icon.svg", await readFile(new URL("src/demo/icon.svg", here), "utf8"));
  await save("studio/studio.css", await bundle("src/studio/studio.css"));
  await save("studio/studio.js", await bundle("src/studio/main.ts"));
}

await buildPage();
await buildLive();
await buildStudio();
