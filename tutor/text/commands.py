"""Which LaTeX commands there are beside the signs of `symbols`, and what each is given.

A command's arguments are told by one letter each, from left to right:

    m  math: `{...}`, or one sign             o  math in brackets, which may be left out
    M  math in braces, which may be left out  g  rows of math, as in a matrix
    t  words, in which formulas may stand     u  words in upright letters
    r  raw: a length, a colour, a name        b  raw in brackets, which may be left out
    l  a length without braces                s  a star, which may be left out
    n  a unit of siunitx                      N  the same in braces, which may be left out

Sources: the user's guides of amsmath, mathtools, physics and braket; KaTeX's and MathJax's lists.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.text import builders as make
from tutor.text.alphabets import ACCENTS, ALPHABETS
from tutor.text.builders import Build
from tutor.text.formula import FRAMES, Atom, Fence, Frac, Grid, Root, Row, Script
from tutor.text.siunitx import number, quantity, span
from tutor.text.symbols import SYMBOLS, names


@dataclass(frozen=True, slots=True)
class Command:
    """The arguments that a command takes, and what it makes of them; None leaves no trace."""

    arguments: str
    build: Build


def _each(arguments: str, build: Build, names: str) -> dict[str, Command]:
    return dict.fromkeys(names.split(), Command(arguments, build))


SILENT = names("""
    big bigl bigr bigm Big Bigl Bigr Bigm bigg biggl biggr biggm Bigg Biggl Biggr Biggm
    limits nolimits displaylimits displaystyle textstyle scriptstyle scriptscriptstyle
    nonumber notag relax tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge
    allowbreak nobreak noindent par mathstrut strut hfill hfil protect centering smallskip
    medskip bigskip break leavevmode qedhere linebreak nolinebreak pagebreak nopagebreak
    unboldmath hfilneg displaybreak - ( )
    """)
"""Commands that only tune how a formula is set: they are left out."""

SWITCHES: dict[str, str] = {
    "bf": "mathbf", "bfseries": "mathbf", "boldmath": "mathbf", "cal": "mathcal",
    "rm": "", "it": "", "sf": "", "tt": "", "sl": "", "sc": "", "em": "",
    "upshape": "", "itshape": "", "normalfont": "", "mit": "", "rmfamily": "", "sffamily": "",
    "ttfamily": "",
}  # fmt: skip
"""Commands that set the font of all that follows in their group; "" leaves letters as they are."""

INFIX: dict[str, tuple[str, str]] = {
    "over": ("", ""), "choose": ("(", ")"), "atop": ("", ""), "brace": ("{", "}"),
    "brack": ("[", "]"), "above": ("", ""),
}  # fmt: skip
"""Commands that part their group in two, with the delimiters around both."""

_ARROWS = {
    "xrightarrow": "→", "xleftarrow": "←", "xleftrightarrow": "↔", "xRightarrow": "⇒",
    "xLeftarrow": "⇐", "xLeftrightarrow": "⇔", "xmapsto": "↦", "xhookrightarrow": "↪",
    "xhookleftarrow": "↩", "xrightharpoonup": "⇀", "xrightharpoondown": "⇁",
    "xleftharpoonup": "↼", "xleftharpoondown": "↽", "xrightleftharpoons": "⇌",
    "xleftrightharpoons": "⇋", "xtwoheadrightarrow": "↠", "xtwoheadleftarrow": "↞",
    "xlongequal": "=", "xtofrom": "⇄", "xrightleftarrows": "⇄",
}  # fmt: skip

_DELIMITED = {
    "abs": ("|", "|"), "absolutevalue": ("|", "|"), "norm": ("‖", "‖"), "Norm": ("‖", "‖"),
    "ceil": ("⌈", "⌉"), "floor": ("⌊", "⌋"), "set": ("{", "}"), "Set": ("{", "}"),
    "paren": ("(", ")"), "parens": ("(", ")"), "pqty": ("(", ")"), "bqty": ("[", "]"),
    "Bqty": ("{", "}"), "vqty": ("|", "|"), "ev": ("⟨", "⟩"), "expval": ("⟨", "⟩"),
    "expectationvalue": ("⟨", "⟩"), "bra": ("⟨", "|"), "Bra": ("⟨", "|"), "ket": ("|", "⟩"),
    "Ket": ("|", "⟩"), "eval": ("", "|"), "evaluated": ("", "|"),
}  # fmt: skip

COMMANDS: dict[str, Command] = {
    **_each("mm", Frac, "frac tfrac dfrac cfrac nicefrac sfrac xfrac flatfrac"),
    **_each("rrrrmm", make.generalised, "genfrac"),
    **_each("mm", make.binomial, "binom tbinom dbinom"),
    **_each("om", lambda degree, body: Root(body, degree), "sqrt"),
    **{name: Command("m", make.accent(name)) for name in (*ACCENTS, *FRAMES)},
    **{name: Command("m", make.font(name)) for name in ALPHABETS},
    **{name: Command("om", make.arrow(sign)) for name, sign in _ARROWS.items()},
    **{name: Command("sm", make.fenced(*signs)) for name, signs in _DELIMITED.items()},
    # Words and names
    **_each("t", make.last, """
        text textrm textit textbf textnormal mbox textsf texttt emph textup textsl textsc textmd
        hbox intertext shortintertext fbox framebox lowercase uppercase textcircled
    """),
    **_each("u", make.upright, """
        mathrm mathsf mathtt mathit mathnormal mathup mathsfit symrm symup symsf symtt symit
        mathtext
    """),
    **_each("su", lambda star, body: make.upright(body, limits=star), "operatorname"),
    **_each("u", lambda body: make.upright(body, limits=True), "operatornamewithlimits"),
    **_each("t", lambda body: Script(Row(), None, body), "textsuperscript"),
    **_each("t", lambda body: Script(Row(), body), "textsubscript"),
    **_each("", lambda: Atom("mod", "bin"), "bmod"),
    **_each("m", make.modulo, "pmod"),
    **_each("m", lambda n: make.joined(make.BLANK, Atom("mod", "name"), n), "mod"),
    **_each("m", lambda n: make.joined(make.BLANK, Fence("(", n, ")")), "pod"),
    **_each("", lambda: Atom("TeX"), "TeX"),
    **_each("", lambda: Atom("LaTeX"), "LaTeX"),
    **_each("", lambda: Atom("𝔼"), "E"),
    # Over, under and beside
    **_each("mm", make.set_over, "overset stackbin"),
    **_each("bmm", lambda _, over, base: make.set_over(over, base), "stackrel"),
    **_each("mm", make.set_under, "underset"),
    **_each("mmm", lambda over, under, base: Script(base, under, over, True), "overunderset"),
    **_each("g", lambda rows: Grid(rows, "lines"), "substack Sb Sp"),
    **_each("mmm", lambda left, right, base: make.joined(left, base, right), "sideset"),
    **_each("mmm", lambda over, under, base: make.joined(Script(Row(), under, over), base),
            "prescript"),
    # Classes, colours, spaces, notes
    **_each("m", make.struck, "not centernot"),
    **_each("m", make.upright_limits, "mathop"),
    **_each("m", make.of_kind("rel"), "mathrel"),
    **_each("m", make.of_kind("bin"), "mathbin"),
    **_each("m", make.of_kind("punct"), "mathpunct"),
    **_each("m", make.of_kind("open"), "mathopen"),
    **_each("m", make.of_kind("close"), "mathclose"),
    **_each("m", make.last, """
        mathord mathinner mathclap mathllap mathrlap smash vcenter clap llap rlap ensuremath
        cramped tcbhighmath smashoperator
    """),
    **_each("m", make.nothing, "phantom hphantom vphantom"),
    **_each("r", make.nothing, "label vspace color definecolor index char"),
    **_each("l", make.nothing, "vskip"),
    **_each("rm", make.last, """
        textcolor mathcolor class cssId style href htmlClass htmlId htmlStyle htmlData raisebox
    """),
    **_each("rt", make.last, "colorbox"),
    **_each("rrt", make.last, "fcolorbox"),
    **_each("bm", make.last, "bbox"),
    **_each("r", lambda name: Fence("(", Atom(name), ")"), "ref eqref"),
    **_each("r", lambda name: Fence("[", Atom(name), "]"), "cite"),
    **_each("r", Atom, "url"),
    **_each("brr", make.nothing, "rule"),
    **_each("sr", lambda star, length: make.spaces(length), "hspace"),
    **_each("r", make.spaces, "mspace"),
    **_each("l", make.spaces, "hskip kern mkern mskip"),
    **_each("sr", make.tag, "tag"),
    # The physics and braket packages, and units
    **_each("somM", make.derivative("d"), "dv derivative odv"),
    **_each("somMM", make.derivative("∂"), "pdv pderivative partialderivative"),
    **_each("somM", make.derivative("δ"), "fdv functionalderivative"),
    **_each("oM", make.differential("d"), "dd differential"),
    **_each("oM", make.differential("δ"), "var variation"),
    **_each("sm", make.bold(""), "vb vectorbold"),
    **_each("sm", make.bold("vec"), "va vectorarrow"),
    **_each("sm", make.bold("hat"), "vu vectorunit"),
    **_each("", lambda: Atom("∇"), "grad gradient"),
    **_each("", lambda: make.joined(Atom("∇"), Atom("×", "bin")), "curl"),
    **_each("", lambda: make.joined(Atom("∇"), Atom("·", "bin")), "divergence"),
    **_each("", lambda: Script(Atom("∇"), None, Atom("2")), "laplacian"),
    **_each("smm", make.pair("[", "]"), "comm commutator"),
    **_each("smm", make.pair("{", "}"), "acomm anticommutator poissonbracket pb"),
    **_each("mm", make.pair("⟨", "⟩"), "inner"),
    **_each("smM", make.braket, "braket Braket innerproduct ip"),
    **_each("mm", make.bracketed("|0⟩⟨1|"), "ketbra dyad outerproduct op"),
    **_each("mmm", make.bracketed("⟨0|1|2⟩"), "mel matrixel matrixelement"),
    **_each("m", lambda body: make.joined(Atom("𝒪"), Fence("(", body, ")")), "order"),
    **_each("br", lambda _, written: number(written), "num"),
    **_each("brr", lambda _, *ends: span(*ends), "numrange"),
    **_each("brrn", lambda _, *ends: span(*ends), "SIrange qtyrange"),
    **_each("mN", quantity, "qty"),
    **_each("br", lambda _, number: Atom(f"{number}°"), "ang"),
    **_each("brn", lambda _, written, of: quantity(written, of), "SI"),
    **_each("bn", lambda _, of: Atom(of), "si unit"),
}  # fmt: skip
"""Command without its backslash -> its arguments and what it builds."""

MATRICES = {
    "matrix": ("", ""), "smallmatrix": ("", ""), "array": ("", ""), "subarray": ("", ""),
    "darray": ("", ""), "tabular": ("", ""), "pmatrix": ("(", ")"), "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"), "vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖"),
    "psmallmatrix": ("(", ")"), "bsmallmatrix": ("[", "]"), "Bsmallmatrix": ("{", "}"),
    "vsmallmatrix": ("|", "|"), "Vsmallmatrix": ("‖", "‖"),
}  # fmt: skip
CASES = {"cases": ("{", ""), "dcases": ("{", ""), "rcases": ("", "}"), "drcases": ("", "}")}
EQUATIONS = names("""
    aligned align split gathered gather equation alignedat alignat xalignat eqnarray multline
    multlined flalign displaymath math subequations lgathered rgathered IEEEeqnarray dmath
    spreadlines
    """)
PREAMBLES = {
    "array": "br", "darray": "br", "tabular": "br", "subarray": "r", "alignedat": "br",
    "alignat": "r", "xalignat": "r", "aligned": "b", "gathered": "b", "IEEEeqnarray": "br",
    "multlined": "b", "matrix": "b", "pmatrix": "b", "bmatrix": "b", "Bmatrix": "b",
    "vmatrix": "b", "Vmatrix": "b", "spreadlines": "r",
}  # fmt: skip
"""Environment -> the arguments behind its name, those of mathtools' starred matrices too."""

KNOWN = frozenset(
    {*SYMBOLS, *COMMANDS, *SILENT, *SWITCHES, *INFIX, "left", "right", "middle", "begin", "end",
     "newcommand", "renewcommand", "providecommand", "def", "let", "DeclareMathOperator",
     "DeclarePairedDelimiter", "hline",
     "cline", "cr", "newline", "tabularnewline"}
)  # fmt: skip
"""Every command that is read, for advice on one that is not."""
