#!/bin/sh
# markdownlint 0.42.1, all rules as they are by default: `applyFixes` (the `--fix` of its command lines)
# changes what ordinary sentences say. "It is 5 * 3 * 2." becomes emphasis and loses both signs (MD037);
# "as shown (Meyer 2019)[3]" and "f(x)[0]" become links to "3" and "0" (MD011); "#5 of 6" at the start of a
# line becomes a heading of the first level (MD018). By CommonMark none of these sentences has an
# emphasis, a link or a heading, and markdown-it 14.1.0 shows them as they are before the fix. One
# expects a formatter to change the source and not the page. (Other false alarms of MD037 and MD011 were
# reported in issues 286 and 398 and fixed.)
# For a program that tidies articles: no `--fix` without these three rules switched off.
# Needs node and npm. Fails once the product keeps its signs or the year is no link.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund markdownlint@0.42.1 markdown-it@14.1.0 >/dev/null
cat >fixes.mjs <<'JS'
import { applyFixes } from "markdownlint";
import { lint } from "markdownlint/sync";
import MarkdownIt from "markdown-it";

const texts = {
  product: "# Ferry\n\nIt is 5 * 3 * 2.\n",
  citation: "# Ferry\n\nIt sinks, as shown (Meyer 2019)[3].\n",
  index: "# Ferry\n\nTake f(x)[0] first.\n",
  number: "# Ferry\n\nThis is pier\n#5 of 6.\n",
};
const render = (text) => new MarkdownIt("commonmark").render(text).replace("<h1>Ferry</h1>\n", "").trim();
const changed = {};
for (const [name, text] of Object.entries(texts)) {
  const results = lint({ strings: { text } }).text.filter((result) => result.fixInfo);
  const fixed = applyFixes(text, results);
  changed[name] = render(fixed) !== render(text);
  console.log(`${name}: ${results.map((result) => result.ruleNames[0]).join(", ")}`);
  console.log(`   before: ${render(text)}\n   after:  ${render(fixed)}`);
}
if (!changed.product || !changed.citation) {
  console.log("the sentences stay as they are: this finding is outdated");
  process.exit(1);
}
JS
node fixes.mjs
