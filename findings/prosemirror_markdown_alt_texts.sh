#!/bin/sh
# prosemirror-markdown 1.13.9: the description of a picture is cut at its first sign that is not plain text.
# `![AT&amp;T tower](tower.png)` comes back as `![AT](tower.png)`, `![The *late* ferry](…)` as `![The ](…)`, and a
# description of two lines keeps the first one. By CommonMark (6.4) a description may contain any inline
# content, and the alt text is all of it as plain text ("AT&T tower", "The late ferry"), as markdown-it 15.0.3
# shows. The package, which uses markdown-it, takes the first of the parts that it finds and drops
# the others. Nothing has to be edited: text that is only opened and saved loses them. Besides, `\<b>` in a
# text loses its backslash and is an element afterwards, and "## C \#" its last sign.
# For a program whose notes are edited by such an editor: alt texts may come back shorter.
# Needs node and npm. Fails once a description comes back whole.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund prosemirror-markdown@1.13.9 markdown-it@15.0.3 >/dev/null
cat >save.mjs <<'JS'
import MarkdownIt from "markdown-it";
import { defaultMarkdownParser, defaultMarkdownSerializer } from "prosemirror-markdown";

const texts = [
  "![AT&amp;T tower](tower.png)",
  "![The *late* ferry](ferry.png)",
  "![The `git` logo](logo.png)",
  "![The ferry\nof Kiel](kiel.png)",
  "The \\<b> element",
  "## The language C \\#",
];
const markdown = new MarkdownIt("commonmark");
const whole = texts.map((text) => {
  const saved = defaultMarkdownSerializer.serialize(defaultMarkdownParser.parse(text));
  const [before, after] = [text, saved].map((source) => markdown.render(source).trim());
  console.log(`${JSON.stringify(text)} -> ${JSON.stringify(saved)}\n   before: ${before}\n   after:  ${after}`);
  return before === after;
});
if (whole.slice(0, 4).some(Boolean)) {
  console.log("a description comes back whole: this finding is outdated");
  process.exit(1);
}
JS
node save.mjs
