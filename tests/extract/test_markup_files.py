"""Files in Org, AsciiDoc, reStructuredText, MediaWiki and gemtext come out as Markdown."""

import pytest

from reader.extract import extract

ORG = """\
#+TITLE: Rope and water
#+AUTHOR: Mirel Aune
#+DATE: <2025-03-04 Tue>
#+FILETAGS: :sea:rope:

The rope is *old* and /wet/, says [[https://quay.example/x][the keeper]]. It is =cut=
and not +sold+.

* TODO [#A] First heading :tag:
:PROPERTIES:
:ID: 1
:END:
- one
- two with
  a continuation
  - [X] done
  - [ ] open

** Deeper
#+BEGIN_SRC python -n
def f(x):
    return x * 2
#+END_SRC
#+begin_quote
A word is enough.
#+end_quote
| name | size |
|------+------|
| rope | 3 |

A note.[fn:1] And \\(a^2\\).

[fn:1] The note text.
# a comment
"""
ASCIIDOC = """\
= Rope and water
Mirel Aune <mirel@quay.example>
v1.0, 2025-03-04
:toc:
:keywords: sea, rope

The rope is *old* and _wet_, says https://quay.example/x[the keeper, who winds it]. It is `cut`.

== First heading

* one
** nested
* [x] done

[source,python]
----
def f(x):
    return x * 2
----

NOTE: Keep it dry.

[quote, A keeper, The log]
____
A word is enough.
____

|===
|Name |Size

|rope |3
|===

=== Deeper

Text with footnote:[A note.] and stem:[a^2].
// a comment
"""
RST = """\
==============
Rope and water
==============

:Author: Mirel Aune
:Date: 2025-03-04

The rope is **old** and *wet*, says `the keeper <https://quay.example/x>`_. It is ``cut``.
See keeper_ too.

.. _keeper: https://quay.example/k

First heading
=============

* one
* two with
  a continuation

  - nested

.. code-block:: python

   def f(x):
       return x * 2

An example::

    literal text

.. note::

   Keep it dry.

Deeper
------

======  =====
Name    Size
======  =====
rope    3
======  =====

A note [1]_ and :math:`a^2` and :func:`cut`.

.. [1] The note text.
"""
MEDIAWIKI = """\
{{Infobox|a=b|c={{d}}}}
'''Rope''' is ''wet'', says [https://quay.example/x the keeper]. It is <code>cut</code>.<ref name=a>The note.</ref> See [[Water|the water]] and [[rope]]s.

== First heading ==
* one
** nested
# first

<syntaxhighlight lang="python">
def f(x):
    return x * 2
</syntaxhighlight>

{| class="wikitable"
! Name !! Size
|-
| rope || style="x" | 3
|}

[[File:Rope.jpg|thumb|200px|A rope of [[hemp]]]]
Again<ref name=a /> with <math>a^2</math> and <nowiki>''raw''</nowiki>.
[[Category:Ropes]]
"""
GEMTEXT = """\
# Rope and water
The rope is old and wet, says the keeper of the harbour.
## First heading
* one
=> https://quay.example/x the keeper
> A word is enough.
```
def f(x):
    return x * 2
```
"""
CODE = "```python\ndef f(x):\n    return x * 2\n```"
TABLE = "| --- | --- |\n| rope | 3 |"
LINK = "[the keeper](https://quay.example/x)"
CASES: dict[str, tuple[str, tuple[str, ...]]] = {
    "rope.org": (
        ORG,
        (
            f"The rope is **old** and *wet*, says {LINK}. It is `cut` and not ~~sold~~.",
            "## First heading\n\n- one\n- two with a continuation\n  - [x] done\n  - [ ] open",
            f"### Deeper\n\n{CODE}\n\n> A word is enough.\n\n| name | size |\n{TABLE}",
            "A note.[^1] And $a^2$.\n\n[^1]: The note text.",
        ),
    ),
    "rope.adoc": (
        ASCIIDOC,
        (
            "The rope is **old** and *wet*, says [the keeper, who winds it](https://quay.example/x).",
            "## First heading\n\n- one\n  - nested\n- [x] done",
            f"{CODE}\n\n> [!note]\n> Keep it dry.\n\n> A word is enough.\n>\n> A keeper, The log",
            f"| Name | Size |\n{TABLE}\n\n### Deeper",
            "Text with (A note.) and $a^2$.",
        ),
    ),
    "rope.rst": (
        RST,
        (
            f"The rope is **old** and *wet*, says {LINK}. It is `cut`. See [keeper](https://quay.example/k) too.",
            f"## First heading\n\n- one\n- two with a continuation\n  - nested\n\n{CODE}",
            "An example:\n\n```\nliteral text\n```\n\n> [!note]\n> Keep it dry.",
            f"### Deeper\n\n| Name | Size |\n{TABLE}",
            "A note [^1] and $a^2$ and `cut`.\n\n[^1]: The note text.",
        ),
    ),
    "Rope_and_water.mediawiki": (
        MEDIAWIKI,
        (
            f"**Rope** is *wet*, says {LINK}. It is `cut`.[^1] See the water and ropes.",
            f"## First heading\n\n- one\n  - nested\n\n1. first\n\n{CODE}",
            f"| Name | Size |\n{TABLE}\n\n*A rope of hemp*",
            "Again[^1] with $a^2$ and ''raw''.\n\n[^1]: The note.",
        ),
    ),
    "rope.gmi": (
        GEMTEXT,
        (
            "The rope is old and wet, says the keeper of the harbour.",
            f"## First heading\n\n- one\n\n{LINK}\n\n> A word is enough.",
            "```\ndef f(x):\n    return x * 2\n```",
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_markup_file_comes_out_as_markdown(name: str) -> None:
    """Headings, lists, code, tables, notes and links; the title from its field or the name."""
    text, expected = CASES[name]
    article = extract(text.encode(), None, f"/texts/{name}")
    assert article.title == "Rope and water"
    for part in expected:
        assert part in article.markdown
    assert "a comment" not in article.markdown
    if name in ("rope.org", "rope.adoc"):
        assert (article.byline, article.published) == ("Mirel Aune", "2025-03-04")
        assert article.tags == ("sea", "rope")
    if name == "rope.rst":
        assert (article.byline, article.published) == ("Mirel Aune", "2025-03-04")
    if name.endswith("mediawiki"):
        assert article.tags == ("Ropes",)


@pytest.mark.parametrize("suffix", ["org", "adoc", "rst", "mediawiki", "gmi"])
def test_a_hostile_markup_file_is_read_in_bounded_time(suffix: str) -> None:
    """Signs that open something are repeated, and never closed."""
    signs = "* [[ ** {{ __ `` `a <b ||| '''' == .. |x| [fn: #+begin_x <ref> {| = - \\( "
    for text in (
        signs * 300,
        "\n".join(signs * 10 for _ in range(100)),
        "> " * 20_000,
        "{{" * 20_000,
    ):
        article = extract(
            f"The keeper has written this line.\n\n{text}".encode(), None, f"a.{suffix}"
        )
        assert article.markdown
