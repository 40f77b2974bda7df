// Reads lines of JSON {"html", "url"} and answers each with a line of JSON {"html": extracted}.
// node peers.mjs readability|defuddle FOLDER, where FOLDER is where npm installed
// @mozilla/readability, defuddle, jsdom and linkedom. Each runs on the DOM that its own documentation
// names first: under jsdom Defuddle takes six times as long for the same text.
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [name, folder] = process.argv.slice(2);
const require = createRequire(resolve(folder, "package.json"));

const { JSDOM, VirtualConsole } = require("jsdom");
const silent = new VirtualConsole();

async function underJsdom(extract, html, url) {
  const dom = new JSDOM(html, { url, virtualConsole: silent });
  const found = await extract(dom.window.document);
  dom.window.close();
  return found;
}

async function readability() {
  const { Readability } = require("@mozilla/readability");
  const extract = (document) => new Readability(document).parse()?.content ?? "";
  return (html, url) => underJsdom(extract, html, url);
}

async function defuddle() {
  const { parseHTML } = require("linkedom");
  // This part of the package is for `import` alone, so it is found by its file.
  const main = require.resolve("defuddle");
  const { Defuddle } = await import(pathToFileURL(resolve(dirname(main), "node.js")));
  return async (html, url) => {
    // Without `useAsync: false` it asks servers for pages without text.
    const extract = async (document) =>
      (await Defuddle(document, url, { useAsync: false })).content ?? "";
    const { document } = parseHTML(html);
    // linkedom leaves the body of a page empty whose optional tags are left out.
    const isParsed = document.body?.textContent.trim();
    return isParsed ? extract(document) : underJsdom(extract, html, url);
  };
}

// Only answers go to standard output.
console.log = console.error;

const extract = await (name === "readability" ? readability() : defuddle());
for await (const line of createInterface({ input: process.stdin })) {
  const { html, url } = JSON.parse(line);
  let found = "";
  try {
    found = await extract(html, url);
  } catch {
    found = "";
  }
  process.stdout.write(JSON.stringify({ html: found }) + "\n");
}
