#!/bin/sh
# marked-terminal 7.3.1 with marked 18.2.1: text in a terminal says something else than the page. (1) Entities are
# decoded twice, also in code: "Write `&lt;` for `<`" is shown as "Write < for <", and so is the text "&amp;lt;".
# An article on HTML loses what it is about. In a listing (```) they stay, so the two forms of code
# disagree. By CommonMark (2.5) entities are not decoded in code, and the HTML of marked itself is right.
# (2) A numbered list always begins at 1: "7. seven" becomes "1. seven", though CommonMark (5.3) keeps the first
# number, and a list that goes on after a picture or a listing begins afresh; references to an item are wrong.
# (3) An item of a task list has its box twice. (Names like ":b:" within "a:b:c" become pictures; that can be
# switched off by `emoji` and is documented.)
# For a program that shows articles by it: no list with numbers, and no text with entities, can be trusted.
# Needs node and npm. Fails once the code or the number is right.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund marked@18.2.1 marked-terminal@7.3.1 >/dev/null
cat >show.mjs <<'JS'
import { Marked } from "marked";
import { markedTerminal } from "marked-terminal";

const plain = new Marked();
const terminal = new Marked(markedTerminal({ emoji: false }));
const texts = [
  "Write `&lt;` for `<`.",
  "It reads &amp;lt; on the page.",
  "```\n&lt; in a listing\n```",
  "7. seven\n8. eight",
  "- [x] packed\n- [ ] paid",
];
const shown = texts.map((text) => {
  const lines = terminal.parse(text).replace(/\x1b\[[0-9;]*m/g, "").trim();
  console.log(`${JSON.stringify(text)}\n   marked: ${JSON.stringify(plain.parse(text).trim())}\n   shown:  ${JSON.stringify(lines)}`);
  return lines;
});
if (shown[0].includes("&lt;") || shown[3].includes("7.")) {
  console.log("the code or the number is right: this finding is outdated");
  process.exit(1);
}
JS
node show.mjs
