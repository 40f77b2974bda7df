#!/bin/sh
# readtime 3.0.0: reading times of Chinese, Japanese and Korean are far too short. Under "Algorithm" its README
# cites that posts in these languages are counted by characters, 500 of them a minute; the package counts
# words between blanks and punctuation for every language. A Chinese article of 960 characters takes
# 28 seconds in place of 115, a Japanese one of 1,080 takes 19 in place of 130; the longer the
# clauses, the less. Both are "1 min". English is right.
# For a program that shows reading times: count the characters of these languages itself.
# Fails once Chinese or Japanese takes at least a half of what the README says.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check readtime==3.0.0
"$folder/venv/bin/python" - <<'PY'
import sys

import readtime

TEXTS = {
    "Chinese": "轮船早上很晚才到，但因为雾很大，没有人感到惊讶。" * 40,
    "Japanese": "船は朝遅く着いたが、霧が濃かったので誰も驚かなかった。" * 40,
    "Korean": "배는 아침 늦게 도착했지만 안개가 짙어서 아무도 놀라지 않았다. " * 30,
}
ratios = {}
for language, text in TEXTS.items():
    result = readtime.of_text(text)
    characters = len(text.replace(" ", ""))
    expected = characters / 500 * 60
    ratios[language] = result.seconds / expected
    print(f"{language}: {characters} characters, {result.seconds} s ({result.text}), by the README {expected:.0f} s")
english = readtime.of_text("The ferry came late. " * 265)
print("English, 1,060 words:", english.seconds, "s, by the README 240 s")
if max(ratios["Chinese"], ratios["Japanese"]) > 0.5:
    sys.exit("the time is near the README's: this finding is outdated")
PY
