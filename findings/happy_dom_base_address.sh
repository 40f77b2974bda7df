#!/bin/sh
# happy-dom 21.0.4: `href` and `src` of links and pictures ignore the page's <base>. With
# <base href="https://example.org/archive/"> on https://example.org/news/1, the link "2" leads to
# .../news/2 in place of .../archive/2. Its own `baseURI` is right, for the document and for the link, so
# the two contradict each other (HTML Living Standard, 4.2.3: <base> is the base of all URLs of the page).
# jsdom 29.1.1 agrees with the browsers. Readability.js 0.6.0 makes its addresses of `baseURI`, so the
# article has the right ones while a program that collects `link.href` from the same page has wrong
# ones, and fetches other pages and pictures.
# For a program that takes links from happy-dom: `new URL(getAttribute("href"), document.baseURI)`.
# Needs node and npm. Fails once `href` uses the base.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund happy-dom@21.0.4 jsdom@29.1.1 @mozilla/readability@0.6.0 >/dev/null
cat >page.mjs <<'JS'
import { Window } from "happy-dom";
import { JSDOM } from "jsdom";
import { Readability } from "@mozilla/readability";

const url = "https://example.org/news/1";
const sentence = "<p>The ferry came in late that morning, and nobody minded it, since the fog had been thick.</p>";
const html =
  '<!DOCTYPE html><html><head><base href="https://example.org/archive/"><title>Ferry</title></head><body><article>' +
  `<h1>Ferry</h1>${sentence.repeat(6)}<p>See <a href="2">the other ferry</a>. <img src="fog.png" alt="fog"></p></article></body></html>`;
const window = new Window({ url });
window.document.write(html);
const documents = { jsdom: new JSDOM(html, { url }).window.document, "happy-dom": window.document };
const links = {};
for (const [name, document] of Object.entries(documents)) {
  const link = document.querySelector("a");
  links[name] = link.href;
  console.log(`${name}: href ${link.href}, src ${document.querySelector("img").src}, baseURI ${link.baseURI}`);
  const article = new Readability(document).parse().content;
  console.log(`    in Readability's article: ${article.match(/href="([^"]*)"/)[1]}`);
}
await window.happyDOM.close();
if (links["happy-dom"] === links.jsdom) {
  console.log("href uses the base: this finding is outdated");
  process.exit(1);
}
JS
node page.mjs
