// Reads lines of JSON {"html", "url"} and answers each with a line of JSON {"html": extracted}.
// node peers.mjs readability|defuddle FOLDER, where FOLDER is where npm installed
// @mozilla/readability, defuddle and jsdom.
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [name, folder] = process.argv.slice(2);
const require = createRequire(resolve(folder, "package.json"));
const { JSDOM, VirtualConsole } = require("jsdom");
const silent = new VirtualConsole();

async function extractor() {
  if (name === "readability") {
    const { Readability } = require("@mozilla/readability");
    return (document) => new Readability(document).parse()?.content ?? "";
  }
  // This part of the package is for `import` alone, so it is found by its file.
  const main = require.resolve("defuddle");
  const { Defuddle } = await import(pathToFileURL(resolve(dirname(main), "node.js")));
  return async (document, url) => (await Defuddle(document, url)).content ?? "";
}

const extract = await extractor();
for await (const line of createInterface({ input: process.stdin })) {
  const { html, url } = JSON.parse(line);
  let found = "";
  try {
    const dom = new JSDOM(html, { url, virtualConsole: silent });
    found = await extract(dom.window.document, url);
    dom.window.close();
  } catch {
    found = "";
  }
  process.stdout.write(JSON.stringify({ html: found }) + "\n");
}
