#!/bin/sh
# mhtml2html 3.0.0 (npm): a saved page whose part says `Content-Type: text/html; charset=utf-8` is not found. `convert`
# ends with "Index not found" for it, and reads the same file if the line says only "text/html". A
# type may have parameters (RFC 2045, 5.1), and `charset` is the usual one of texts. Chrome leaves it out; Internet
# Explorer, whose saved pages are the older half of such collections, wrote it. mhtml-to-html 2.1.0 (npm) and
# unmhtml 0.4.0 (PyPI) read both files.
# For a program that reads such pages: take the type before the first ";" of the line.
# Needs node and npm. Fails once the page with the charset is read.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund mhtml2html@3.0.0 mhtml-to-html@2.1.0 jsdom@26.1.0 >/dev/null 2>&1
cat >show.mjs <<'JS'
import { JSDOM } from "jsdom";
import { convert } from "mhtml-to-html";
import mhtml2html from "mhtml2html";

const build = (type) =>
  [
    "From: <Saved by a browser>",
    "Subject: Ferry",
    "MIME-Version: 1.0",
    'Content-Type: multipart/related; type="text/html"; boundary="part"',
    "",
    "--part",
    `Content-Type: ${type}`,
    "Content-Transfer-Encoding: quoted-printable",
    "Content-Location: https://example.org/",
    "",
    "<html><body><p>Die F=C3=A4hre kam.</p></body></html>",
    "--part--",
    "",
  ].join("\r\n");
const read = {};
for (const type of ["text/html", "text/html; charset=utf-8"]) {
  try {
    const page = mhtml2html.convert(build(type), { parseDOM: (html) => new JSDOM(html) });
    read[type] = page.window.document.body.textContent;
  } catch (error) {
    read[type] = String(error);
  }
  const other = await convert(new TextEncoder().encode(build(type)), { DOMParser: new JSDOM("").window.DOMParser });
  console.log(`${type}: ${read[type]} - mhtml-to-html: ${String(other.data ?? other).includes("Die Fähre kam.")}`);
}
if (!read["text/html"].includes("kam.")) throw new Error("nothing is read");
if (read["text/html; charset=utf-8"].includes("kam.")) {
  console.log("the page is read: this finding is outdated");
  process.exit(1);
}
JS
node show.mjs
