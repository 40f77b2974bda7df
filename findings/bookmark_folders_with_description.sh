#!/bin/sh
# node-bookmarks-parser 2.0.0: a folder that has a description loses all of its bookmarks. In the
# Netscape format the description of a folder stands as <DD> between its <H3> and its <DL>. Firefox wrote
# one for its own toolbar folder for years. The folder comes out without children and without an error;
# bookmarks outside are there. The same file without that one line gives all of them.
# bookmarks-parser 1.5.0 reads the folder with its bookmarks.
# For a program that imports bookmarks: compare the number of bookmarks with that of "<A " in the file.
# Needs node and npm. Fails once the bookmarks of the folder are there.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund node-bookmarks-parser@2.0.0 bookmarks-parser@1.5.0 >/dev/null
cat >folders.mjs <<'JS'
import module from "node-bookmarks-parser";
import parseWithOther from "bookmarks-parser";

const parse = typeof module === "function" ? module : (module.default ?? module.parse);
const file = (description) => `<!DOCTYPE NETSCAPE-Bookmark-file-1>
<META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
<TITLE>Bookmarks</TITLE>
<H1>Bookmarks</H1>
<DL><p>
    <DT><H3 ADD_DATE="1714521600">Ferries</H3>
${description}    <DL><p>
        <DT><A HREF="https://example.org/kiel" ADD_DATE="1714521600">Kiel</A>
        <DD>A note
        <DT><A HREF="https://example.org/oslo" ADD_DATE="1714521600">Oslo</A>
    </DL><p>
    <DT><A HREF="https://example.org/fog" ADD_DATE="1714521600">Fog</A>
</DL><p>
`;
const titles = (nodes) => nodes.flatMap((node) => (node.type === "bookmark" ? [node.title] : titles(node.children ?? [])));
const found = {};
for (const [name, description] of [["without description", ""], ["with description", "    <DD>Where they leave\n"]]) {
  found[name] = titles(parse(file(description)));
  console.log(`${name}: node-bookmarks-parser ${JSON.stringify(found[name])}`);
  parseWithOther(file(description), (error, result) => {
    console.log(`${name}: bookmarks-parser ${error ?? JSON.stringify(titles(result.bookmarks))}`);
  });
}
if (found["with description"].includes("Kiel")) {
  console.log("the bookmarks of the folder are there: this finding is outdated");
  process.exit(1);
}
JS
node folders.mjs
