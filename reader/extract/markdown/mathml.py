"""Convert MathML to TeX for pages without TeX."""

import re
from typing import Final

from lxml.html import HtmlElement

_SYMBOLS: Final = {
    "α": "\\alpha", "β": "\\beta", "γ": "\\gamma", "δ": "\\delta", "ε": "\\epsilon", "ϵ": "\\epsilon",
    "ζ": "\\zeta", "η": "\\eta", "θ": "\\theta", "ι": "\\iota", "κ": "\\kappa", "λ": "\\lambda",
    "μ": "\\mu", "ν": "\\nu", "ξ": "\\xi", "π": "\\pi", "ρ": "\\rho", "σ": "\\sigma", "τ": "\\tau",
    "υ": "\\upsilon", "φ": "\\varphi", "ϕ": "\\phi", "χ": "\\chi", "ψ": "\\psi", "ω": "\\omega",
    "Γ": "\\Gamma", "Δ": "\\Delta", "Θ": "\\Theta", "Λ": "\\Lambda", "Ξ": "\\Xi", "Π": "\\Pi",
    "Σ": "\\Sigma", "Φ": "\\Phi", "Ψ": "\\Psi", "Ω": "\\Omega", "∞": "\\infty", "∂": "\\partial",
    "∇": "\\nabla", "±": "\\pm", "∓": "\\mp", "×": "\\times", "÷": "\\div", "⋅": "\\cdot", "·": "\\cdot",
    "∗": "*", "−": "-", "≤": "\\leq", "≥": "\\geq", "≠": "\\neq", "≈": "\\approx", "≡": "\\equiv",
    "∼": "\\sim", "∝": "\\propto", "∈": "\\in", "∉": "\\notin", "⊂": "\\subset", "⊆": "\\subseteq",
    "∪": "\\cup", "∩": "\\cap", "∅": "\\emptyset", "∀": "\\forall", "∃": "\\exists", "¬": "\\neg",
    "∧": "\\land", "∨": "\\lor", "→": "\\to", "←": "\\leftarrow", "⇒": "\\Rightarrow", "⇔": "\\Leftrightarrow",
    "↦": "\\mapsto", "∑": "\\sum", "∏": "\\prod", "∫": "\\int", "∮": "\\oint", "√": "\\surd",
    "⋯": "\\cdots", "…": "\\ldots", "⋮": "\\vdots", "⋱": "\\ddots", "⟨": "\\langle", "⟩": "\\rangle",
    "‖": "\\|", "∥": "\\parallel", "⊥": "\\perp", "⊗": "\\otimes", "⊕": "\\oplus", "⋆": "\\star",
    "∘": "\\circ", "†": "\\dagger", "ℏ": "\\hbar", "ℓ": "\\ell", "ℝ": "\\mathbb{R}", "ℕ": "\\mathbb{N}",
    "ℤ": "\\mathbb{Z}", "ℂ": "\\mathbb{C}", "ℚ": "\\mathbb{Q}", "′": "'", "{": "\\{", "}": "\\}",
    "%": "\\%", "#": "\\#", "&": "\\&", "_": "\\_", "$": "\\$",
    "\u2061": "", "\u2062": "", "\u2063": "", "\u2064": "", "\u00a0": " ",
}  # fmt: skip
_FUNCTIONS: Final = frozenset((
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh",
    "tanh", "log", "ln", "lg", "exp", "lim", "max", "min", "sup", "inf", "det", "dim", "ker",
    "deg", "gcd", "arg", "Pr", "limsup", "liminf",
))  # fmt: skip
_ACCENTS: Final = {
    "^": "hat", "ˆ": "hat", "¯": "bar", "‾": "overline", "―": "overline", "_": "underline", "→": "vec", "⃗": "vec",
    "~": "tilde", "˜": "tilde", "˙": "dot", "¨": "ddot", "⏞": "overbrace", "⏟": "underbrace",
}  # fmt: skip
_MATRICES: Final = {
    "()": "pmatrix",
    "[]": "bmatrix",
    "{}": "Bmatrix",
    "||": "vmatrix",
    "∣∣": "vmatrix",
    "‖‖": "Vmatrix",
    "∥∥": "Vmatrix",
}
_ENCLOSURES: Final = {
    "box": "boxed", "roundedbox": "boxed", "circle": "boxed", "radical": "sqrt", "top": "overline",
    "bottom": "underline", "updiagonalstrike": "cancel", "downdiagonalstrike": "bcancel",
    "horizontalstrike": "cancel",
}  # fmt: skip
_LARGE_OPERATORS: Final = frozenset(
    ("\\sum", "\\prod", "\\int", "\\oint", "\\lim", "\\max", "\\min")
)


def to_tex(element: HtmlElement) -> str:
    """Return the element's formula as TeX; unknown elements give their content."""
    text = re.sub(r"\s+", " ", _tex(element)).strip()
    return re.sub(r" (?=[_^])|(?<=[{(]) | (?=[})])", "", text)


def _tag(element: HtmlElement) -> str:
    return str(element.tag).rpartition(":")[2].rpartition("}")[2].lower()


def _children(element: HtmlElement) -> list[HtmlElement]:
    return [child for child in element if isinstance(child.tag, str)]


def _tex(element: HtmlElement) -> str:
    tag = _tag(element)
    inner = _children(element)
    if tag == "ms":
        quotes = element.get("lquote", '"'), element.get("rquote", '"')
        return f"\\text{{{quotes[0]}{''.join(element.itertext())}{quotes[1]}}}"
    if tag in ("mi", "mn", "mo"):
        return _token_tex("".join(element.itertext()).strip(), tag)
    if tag == "mtext":
        return _text_tex("".join(element.itertext()))
    if tag in ("annotation", "annotation-xml", "mphantom", "script"):
        return ""
    if tag == "mspace":
        return " "
    if tag == "semantics" and inner:
        return _tex(inner[0])
    if tag in ("mfrac", "msup", "msub", "mroot", "mover", "munder") and len(inner) == 2:
        return _pair_tex(tag, inner[0], inner[1])
    if tag in ("msubsup", "munderover") and len(inner) == 3:
        base, under, over = map(_tex, inner)
        return f"{_base(base)}_{_group(under)}^{_group(over)}"
    if tag == "msqrt":
        return f"\\sqrt{{{_join(inner)}}}"
    if tag == "mfenced":
        opening, close = (
            _SYMBOLS.get(fence, fence)
            for fence in (element.get("open", "("), element.get("close", ")"))
        )
        between = (element.get("separators") or ",").strip()[:1]
        return f"{opening}{between.join(_tex(child) for child in inner)}{close}"
    if tag == "mmultiscripts" and inner:
        return _multiscripts(inner)
    if tag == "menclose":
        command = _ENCLOSURES.get((element.get("notation") or "").split(" ")[0])
        return f"\\{command}{{{_join(inner)}}}" if command else _join(inner)
    if tag == "maction" and inner:
        selection = element.get("selection") or "1"
        chosen = int(selection) - 1 if selection.isdecimal() else 0
        return _tex(inner[min(max(chosen, 0), len(inner) - 1)])
    if tag == "mtable":
        return _table_tex(element, inner)
    if tag in ("mrow", "math", "mstyle", "mpadded") and len(inner) > 2:
        return _row_tex(inner)
    return _join(inner) if inner else _token_tex("".join(element.itertext()).strip(), "mi")


def _join(elements: list[HtmlElement]) -> str:
    return " ".join(filter(None, map(_tex, elements)))


def _token_tex(text: str, tag: str) -> str:
    if text in _FUNCTIONS:
        return f"\\{text}"
    if tag == "mi" and len(text) > 1 and text.isalpha() and text.isascii():
        return f"\\mathrm{{{text}}}"
    return "".join(_SYMBOLS.get(sign, sign) for sign in text)


def _text_tex(text: str) -> str:
    words = text.replace("\u00a0", " ")
    return words if not words.strip(" ()[],.;:=+-0123456789") else f"\\text{{{words}}}"


def _group(tex: str) -> str:
    return tex if len(tex) == 1 else f"{{{tex}}}"


def _base(tex: str) -> str:
    return (
        tex
        if len(tex) == 1 or tex in _LARGE_OPERATORS or re.fullmatch(r"\\[A-Za-z]+|[)\]]", tex)
        else f"{{{tex}}}"
    )


def _pair_tex(tag: str, first: HtmlElement, second: HtmlElement) -> str:
    one, two = _tex(first), _tex(second)
    if tag == "mfrac" and _is_stacked(first.getparent()):
        return f"{{{one} \\atop {two}}}"
    if tag == "mfrac":
        return f"\\frac{{{one}}}{{{two}}}"
    if tag == "mroot":
        return f"\\sqrt[{two}]{{{one}}}"
    if tag in ("mover", "munder"):
        accent = _ACCENTS.get("".join(second.itertext()).strip())
        if accent:
            return f"\\{accent}{{{one}}}"
        return f"{_base(one)}{'^' if tag == 'mover' else '_'}{_group(two)}"
    return f"{_base(one)}{'^' if tag == 'msup' else '_'}{_group(two)}"


def _is_stacked(fraction: HtmlElement | None) -> bool:
    """Return whether a fraction has no line between its parts."""
    thickness = "" if fraction is None else (fraction.get("linethickness") or "")
    return re.match(r"0(?![.\d]*[1-9])", thickness.strip()) is not None


def _row_tex(elements: list[HtmlElement]) -> str:
    """Join formulas side by side; fenced stacks and grids become binomials and matrices."""
    parts: list[str] = []
    at = 0
    while at < len(elements):
        fenced = _fenced_tex(elements[at : at + 3])
        parts.append(fenced or _tex(elements[at]))
        at += 3 if fenced else 1
    return " ".join(filter(None, parts))


def _multiscripts(inner: list[HtmlElement]) -> str:
    """Return a base with the scripts after and before it."""
    before, after = "", _base(_tex(inner[0]))
    target_is_before = False
    position = 1
    while position < len(inner):
        if _tag(inner[position]) == "mprescripts":
            target_is_before = True
            position += 1
            continue
        scripts = ""
        for sign, script in zip("_^", inner[position : position + 2], strict=False):
            tex = _tex(script) if _tag(script) not in ("none", "mprescripts") else ""
            scripts += f"{sign}{_group(tex)}" if tex else ""
        if target_is_before:
            before += scripts
        else:
            after += scripts
        position += 2
    return f"{{}}{before}{after}" if before else after


def _fenced_tex(three: list[HtmlElement]) -> str:
    """Return a binomial or matrix with its fences, else ""."""
    if len(three) < 3:
        return ""
    fences = "".join("".join(side.itertext()).strip() for side in (three[0], three[2]))
    inner = three[1]
    while _tag(inner) in ("mrow", "mstyle", "mpadded") and len(_children(inner)) == 1:
        inner = _children(inner)[0]
    if _tag(inner) == "mfrac" and fences == "()" and _is_stacked(inner):
        over, under = (_tex(part) for part in _children(inner)[:2])
        return f"\\binom{{{over}}}{{{under}}}"
    if _tag(inner) == "mtable" and fences in _MATRICES:
        kind = _MATRICES[fences]
        return f"\\begin{{{kind}}}{_cells_tex(_children(inner))}\\end{{{kind}}}"
    return ""


def _table_tex(element: HtmlElement, rows: list[HtmlElement]) -> str:
    """Return aligned lines, or a grid without fences."""
    cells = _cells_tex(rows)
    if len(rows) == 1:
        return cells.replace(" & ", " ")
    aligned = "right" in (element.get("columnalign") or "right")
    kind = "aligned" if aligned and cells.count(" & ") <= 2 * len(rows) else "matrix"
    return f"\\begin{{{kind}}}{cells}\\end{{{kind}}}"


def _cells_tex(rows: list[HtmlElement]) -> str:
    lines = []
    for row in rows:
        cells = [_tex(cell) for cell in _children(row)]
        if _tag(row) == "mlabeledtr" and len(cells) > 1:
            label = cells.pop(0)
            cells[-1] = f"{cells[-1]} {label}"
        lines.append(" & ".join(cells))
    return " \\\\ ".join(lines)
