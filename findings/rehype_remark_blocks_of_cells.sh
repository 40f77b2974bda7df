#!/bin/sh
# rehype-remark 10.0.1 with remark-gfm 4.0.1: a list or a listing in a cell breaks the table. GFM (4.10) keeps a row on
# one line; a cell that holds <ul> is written with line breaks in it, so that the row ends in the middle of the
# cell: the rest becomes a list after the table, and the cells behind it stand in that list. <pre> does the same. Two
# paragraphs of a cell become one word ("onetwo"). The text in <br> is parted by a blank, as it should be. What
# comes out, read again by the same packages, has another structure than what went in: one row
# and a list here. The caption of a table and formulas in MathML are dropped without a
# word. Tables of products and timetables have lists in their cells.
# For a program that turns pages into Markdown: flatten the blocks of cells before, with <br> between them.
# Needs node and npm. Fails once the row is whole.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund unified@11.0.5 rehype-parse@9.0.1 rehype-remark@10.0.1 remark-gfm@4.0.1 remark-stringify@11.0.0 remark-parse@11.0.0 >/dev/null 2>&1
cat >show.mjs <<'JS'
import rehypeParse from "rehype-parse";
import rehypeRemark from "rehype-remark";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkStringify from "remark-stringify";
import { unified } from "unified";

const writer = unified().use(rehypeParse, { fragment: true }).use(rehypeRemark).use(remarkGfm).use(remarkStringify);
const reader = unified().use(remarkParse).use(remarkGfm);
const table = (cell, before = "") =>
  `<table>${before}<tr><th>Port</th><th>Times</th><th>Fare</th></tr><tr><td>Kiel</td><td>${cell}</td><td>12</td></tr></table>`;
const pages = {
  list: table("<ul><li>8:00</li><li>9:30</li></ul>"),
  listing: table("<pre>8:00\n9:30</pre>"),
  paragraphs: table("<p>one</p><p>two</p>"),
  break: table("one<br>two"),
  caption: table("8:00", "<caption>Ferries of May</caption>"),
  formula: "<p>So <math><mi>x</mi><mo>=</mo><mn>1</mn></math> holds.</p>",
};
const blocks = {};
for (const [name, page] of Object.entries(pages)) {
  const markdown = String(await writer.process(page));
  blocks[name] = reader.parse(markdown).children.map((block) => block.type);
  console.log(`${name}: ${JSON.stringify(markdown)} - read again: ${blocks[name]}`);
}
if (blocks.break.join() !== "table") throw new Error("no table");
if (blocks.list.join() === "table") {
  console.log("the row is whole: this finding is outdated");
  process.exit(1);
}
JS
node show.mjs
