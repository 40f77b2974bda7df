#!/bin/sh
# node-html-markdown 2.0.0: valid tables without the optional end tags lose their rows. HTML lets a page leave out
# </td> and </tr> (13.1.2.4, optional tags); of "Kiel 8:00" and "Oslo 9:30" in two such rows it makes one row,
# "| Kiel | 8:00 Oslo | 9:30 |", so that a time stands in one cell with the next port. In a <dl> without </dt> and
# </dd> the words run together ("Ferrya boat"). With the end tags both are right. It parses by
# node-html-parser 6; version 9.0.7 of that reads them. Other texts change in any page: a word with an emphasized half
# ("un<i>do</i>") becomes `un_do_`, which CommonMark (6.2) shows with its underscores; "&lt;b&gt;" stands
# as <b>, which is markup there and no text; "&amp;lt;" becomes "&lt;", shown as "<"; <ol start="5"> begins with 1.
# For a program that converts pages: parse the page and serialize it again first, and use `*` for emphasis.
# Needs node and npm. Fails once the rows are two.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund node-html-markdown@2.0.0 node-html-parser@9.0.7 >/dev/null 2>&1
cat >show.mjs <<'JS'
import { NodeHtmlMarkdown } from "node-html-markdown";
import { parse } from "node-html-parser";

const pages = {
  "rows without end tags": "<table><tr><td>Kiel<td>8:00<tr><td>Oslo<td>9:30</table>",
  "rows with end tags": "<table><tr><td>Kiel</td><td>8:00</td></tr><tr><td>Oslo</td><td>9:30</td></tr></table>",
  "terms without end tags": "<dl><dt>Ferry<dd>a boat</dl>",
  "terms with end tags": "<dl><dt>Ferry</dt><dd>a boat</dd></dl>",
  "half of a word": "<p>un<i>do</i></p>",
  "signs of markup": "<p>Use &lt;b&gt; and &amp;lt;</p>",
  "first number": '<ol start="5"><li>five</li></ol>',
};
const markdown = {};
for (const [name, page] of Object.entries(pages)) {
  markdown[name] = NodeHtmlMarkdown.translate(page);
  console.log(`${name}: ${JSON.stringify(markdown[name])}`);
}
console.log("node-html-parser:", parse(pages["rows without end tags"]).querySelectorAll("tr").length, "rows");
if (!markdown["rows with end tags"].includes("\n| Oslo | 9:30 |")) throw new Error("no table");
if (!/8:00 +Oslo/.test(markdown["rows without end tags"])) {
  console.log("the rows are two: this finding is outdated");
  process.exit(1);
}
JS
node show.mjs
