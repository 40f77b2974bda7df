"""LaTeX formulas as one line of Unicode; the source where Unicode has no character."""

import re
from typing import Final

from reader.model.text import clean

_SYMBOL_TABLE: Final = """
alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι
kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ upsilon υ phi φ varphi φ chi χ psi ψ
omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
times × cdot · div ÷ pm ± mp ∓ ast ∗ star ⋆ circ ∘ bullet • le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠
approx ≈ equiv ≡ sim ∼ simeq ≃ cong ≅ propto ∝ ll ≪ gg ≫ in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃
subseteq ⊆ supseteq ⊇ cup ∪ cap ∩ setminus ∖ emptyset ∅ varnothing ∅ forall ∀ exists ∃
nexists ∄ neg ¬ lnot ¬ land ∧ wedge ∧ lor ∨ vee ∨ to → rightarrow → leftarrow ←
leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ iff ⇔ Leftrightarrow ⇔ implies ⇒ mapsto ↦
longrightarrow ⟶ uparrow ↑ downarrow ↓ infty ∞ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ iint ∬
oint ∮ ldots … dots … cdots ⋯ vdots ⋮ ddots ⋱ prime ′ hbar ℏ ell ℓ Re ℜ Im ℑ aleph ℵ angle ∠
perp ⊥ parallel ∥ mid ∣ langle ⟨ rangle ⟩ lfloor ⌊ rfloor ⌋ lceil ⌈ rceil ⌉ oplus ⊕ otimes ⊗
dagger † vdash ⊢ models ⊨ top ⊤ bot ⊥ triangle △ square □ degree ° therefore ∴ because ∵
lbrace { rbrace } vert | lvert | rvert | Vert ‖ lVert ‖ rVert ‖ colon :
"""
_SYMBOL_WORDS: Final = _SYMBOL_TABLE.split()
_SYMBOLS: Final = dict(zip(_SYMBOL_WORDS[::2], _SYMBOL_WORDS[1::2], strict=True))
_BLACKBOARD: Final = str.maketrans("CHNPQRZEFD", "ℂℍℕℙℚℝℤ𝔼𝔽𝔻")
_SUPERSCRIPTS: Final = str.maketrans("0123456789+-=()niT′*", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵀ′*")
_SUBSCRIPTS: Final = str.maketrans(
    "0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
)
_HAS_SUPERSCRIPT: Final = frozenset("0123456789+-=()niT′*")
_HAS_SUBSCRIPT: Final = frozenset("0123456789+-=()aehijklmnoprstuvx")
_ACCENTS: Final = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304",
    "tilde": "\u0303", "widetilde": "\u0303", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
}  # fmt: skip

_TOKEN: Final = re.compile(r"\\([A-Za-z]+)\*?|\\(.)|([{}^_])|(\s+)|(.)", re.DOTALL)
MAX_SOURCE: Final = 2000
"""Characters of a formula: ⏱ 2,000 take 2 ms; longer ones are shown as they are written."""
MAX_DEPTH: Final = 12
"""Levels of groups and arguments: a level takes four calls, and Python allows 1,000."""


def to_unicode(source: str) -> str:
    """Convert the formula to one line: `\\alpha_1^2` to `α₁²`, `\\frac{a}{b}` to `a/b`.

    Parts without a Unicode form keep their source (`x^{k/2}` becomes `x^(k/2)`). Formulas that are
    too long or nested too deeply are returned as they are.
    """
    source = " ".join(clean(source).split())
    if len(source) > MAX_SOURCE:
        return source
    text = _LatexParser([found.groups() for found in _TOKEN.finditer(source)]).parse()
    return " ".join(text.split()) or source


class _LatexParser:
    """A recursive descent over LaTeX tokens: (command, escaped, brace or script, space, other)."""

    def __init__(self, tokens: list[tuple[str | None, ...]]):
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def parse(self) -> str:
        parts: list[str] = []
        while self._at < len(self._tokens):
            parts.append(self._sequence())
            self._at += 1  # a closing brace without its opening one
        return "".join(parts)

    def _sequence(self) -> str:
        """Parse everything up to a closing brace or the end."""
        parts: list[str] = []
        while self._at < len(self._tokens) and self._tokens[self._at][2] != "}":
            parts.append(self._next())
        return "".join(parts)

    def _next(self) -> str:
        command, escaped, mark, space, other = self._tokens[self._at]
        self._at += 1
        if command:
            return self._command(command)
        if escaped:
            return {",": " ", ";": " ", ":": " ", "!": "", " ": " ", "\\": "; ", "|": "‖"}.get(
                escaped, escaped
            )
        if mark == "{":
            return self._group()
        if mark == "^":
            return _script(self._argument(), _HAS_SUPERSCRIPT, _SUPERSCRIPTS, "^")
        if mark == "_":
            return _script(self._argument(), _HAS_SUBSCRIPT, _SUBSCRIPTS, "_")
        if space:
            return " "
        return {"'": "′", "&": " ", "~": " ", "-": "−"}.get(other or "", other or "")

    def _group(self) -> str:
        if self._depth >= MAX_DEPTH:
            return "{"
        self._depth += 1
        inner = self._sequence()
        self._at += 1
        self._depth -= 1
        return inner

    def _argument(self) -> str:
        while self._at < len(self._tokens) and self._tokens[self._at][3]:
            self._at += 1
        if self._at >= len(self._tokens):
            return ""
        if self._depth >= MAX_DEPTH:
            self._at += 1
            return next(filter(None, self._tokens[self._at - 1]), "")
        self._depth += 1
        argument = self._next()
        self._depth -= 1
        return argument

    def _command(self, name: str) -> str:
        if name in _SYMBOLS:
            return _SYMBOLS[name]
        if name in ("frac", "dfrac", "tfrac"):
            above, below = self._argument(), self._argument()
            return f"{_parenthesize(above)}/{_parenthesize(below)}"
        if name == "sqrt":
            return f"√{_parenthesize(self._argument())}"
        if name in ("mathbb", "Bbb"):
            return self._argument().translate(_BLACKBOARD)
        if name in _ACCENTS:
            inner = self._argument()
            return inner + _ACCENTS[name] if len(inner) == 1 else inner
        if name in ("begin", "end"):
            self._argument()
            return " "
        if name in (
            "left",
            "right",
            "big",
            "Big",
            "bigl",
            "bigr",
            "displaystyle",
            "limits",
            "nolimits",
        ):
            return ""
        if name in ("quad", "qquad"):
            return "  "
        following = self._tokens[self._at][2] if self._at < len(self._tokens) else None
        if following == "{":
            return self._argument()  # \\text{…}, \\mathbf{…}, \\operatorname{…}
        return f" {name} " if name.islower() else name


def _parenthesize(text: str) -> str:
    """Put more than one character in parentheses."""
    text = text.strip()
    return text if len(text) < 2 or text.isalnum() else f"({text})"


def _script(text: str, able: frozenset[str], table: dict[int, int], mark: str) -> str:
    text = text.strip().replace("−", "-")
    if text and able.issuperset(text):
        return text.translate(table)
    return f"{mark}{_parenthesize(text)}"
