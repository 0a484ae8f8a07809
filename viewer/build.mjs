// Builds src/ into the one-file template that talkingeyes.formats.html fills in.
// The same source gives the same bytes: CI rebuilds it and compares.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

const here = new URL("./", import.meta.url);
const target = new URL("../src/talkingeyes/assets/viewer.html", here);

async function bundle(entry) {
  const result = await build({
    entryPoints: [new URL(entry, here).pathname],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: ["chrome100", "firefox104", "safari15"],
    charset: "ascii",
    legalComments: "inline",
    absWorkingDir: here.pathname.replace(/\/$/, ""),
    logLevel: "warning",
  });
  return result.outputFiles[0].text.trim();
}

const hashOf = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

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

const fill = (text, slot, content) => {
  const parts = text.split(slot);
  if (parts.length !== 2) throw new Error(`the shell needs ${slot} once`);
  return parts.join(content);
};
let page = fill(shell, "<!--build:policy-->", policy);
page = fill(page, "<!--build:style-->", style);
page = fill(page, "<!--build:script-->", script);
for (const slot of ["<!--te:title-->", "<!--te:data-->"]) fill(page, slot, "");
await writeFile(target, page);
console.log(`viewer.html: ${(page.length / 1024).toFixed(0)} KiB`);
