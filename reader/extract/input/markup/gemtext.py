"""Gemtext, the text of Gemini capsules. Source: Gemini hypertext format 0.24."""

from html import escape

from reader.extract.input.markup.html_writer import HtmlWriter, link


def to_html(text: str) -> tuple[str, dict[str, str]]:
    """Return a text as HTML; it has no fields."""
    writer = HtmlWriter()
    code: list[str] | None = None
    for line in text.split("\n"):
        if line.startswith("```"):
            if code is not None:
                writer.add_code(code)
            code = [] if code is None else None
        elif code is not None:
            code.append(line)
        elif line.startswith("=>"):
            url, _, label = line[2:].strip().replace("\t", " ").partition(" ")
            writer.add("p", link(url, escape(label.strip(), quote=False)))
        elif line.startswith("#") and line.lstrip("#")[:1].isspace():
            # Without a space it may as well be a hashtag.
            level = len(line) - len(line.lstrip("#"))
            writer.add_heading(level, escape(line[level:].strip(), quote=False))
        elif line.startswith("* "):
            writer.add_item(0, "ul", escape(line[2:].strip(), quote=False))
        elif line.startswith(">"):
            writer.add("blockquote", f"<p>{escape(line[1:].strip(), quote=False)}</p>")
        else:
            writer.add("p", escape(line.strip(), quote=False))
    if code:
        writer.add_code(code)
    return writer.html, {}
