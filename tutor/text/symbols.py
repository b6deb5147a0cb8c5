"""Tables of the math renderer: what each LaTeX command is in Unicode, and how it is spaced.

To teach it a sign, add one `command:sign` to the table that says how it is spaced; nothing else
needs to know. Sources: the AMS "User's Guide for amsmath", the "Short Math Guide for LaTeX",
the stix and mathtools manuals, KaTeX's and MathJax's lists of what they support.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["ord", "name", "big", "bin", "rel", "open", "close", "punct", "space"]


def _table(pairs: str) -> dict[str, str]:
    """`"le:≤ ge:≥"` as a dictionary."""
    return dict(pair.split(":", 1) for pair in pairs.split())


def names(words: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words.split())


_GREEK = _table("""
    alpha:α beta:β gamma:γ delta:δ epsilon:ε varepsilon:ε zeta:ζ eta:η theta:θ vartheta:ϑ iota:ι
    kappa:κ varkappa:ϰ lambda:λ mu:μ nu:ν xi:ξ omicron:ο pi:π varpi:ϖ rho:ρ varrho:ϱ sigma:σ
    varsigma:ς tau:τ upsilon:υ phi:φ varphi:φ chi:χ psi:ψ omega:ω digamma:ϝ
    Gamma:Γ Delta:Δ Theta:Θ Lambda:Λ Xi:Ξ Pi:Π Sigma:Σ Upsilon:Υ Phi:Φ Psi:Ψ Omega:Ω
    Alpha:Α Beta:Β Epsilon:Ε Zeta:Ζ Eta:Η Iota:Ι Kappa:Κ Mu:Μ Nu:Ν Omicron:Ο Rho:Ρ Tau:Τ Chi:Χ
    varGamma:Γ varDelta:Δ varTheta:Θ varLambda:Λ varXi:Ξ varPi:Π varSigma:Σ varUpsilon:Υ varPhi:Φ
    varPsi:Ψ varOmega:Ω thetasym:ϑ
""")

_ORDINARY = _table(r"""
    infty:∞ infin:∞ partial:∂ nabla:∇ ell:ℓ hbar:ℏ hslash:ℏ imath:ı jmath:ȷ Re:ℜ Im:ℑ real:ℜ
    image:ℑ wp:℘ weierp:℘ aleph:ℵ alef:ℵ beth:ℶ gimel:ℷ daleth:ℸ eth:ð mho:℧ Finv:Ⅎ Game:⅁
    complement:∁ forall:∀ exists:∃ exist:∃ nexists:∄ emptyset:∅ empty:∅ varnothing:∅ neg:¬ lnot:¬
    top:⊤ bot:⊥ prime:′ backprime:‵ angle:∠ measuredangle:∡ sphericalangle:∢ surd:√
    triangle:△ vartriangle:△ triangledown:▽ blacktriangle:▲ blacktriangledown:▼
    square:□ Box:□ blacksquare:■ Diamond:◇ lozenge:◊ blacklozenge:⧫ bigstar:★ diamondsuit:♢
    clubsuit:♣ heartsuit:♡ spadesuit:♠ clubs:♣ diamonds:♢ hearts:♡ spades:♠ checkmark:✓ maltese:✠
    dag:† ddag:‡ degree:° S:§ P:¶ pounds:£ yen:¥ euro:€ copyright:© circledR:® circledS:Ⓢ
    textregistered:® texttrademark:™ textdegree:° textdollar:$ textpercent:% textendash:–
    textemdash:— textellipsis:… textbullet:• textasciitilde:~ textasciicircum:^ textbackslash:∖
    textunderscore:_ textquoteleft:‘ textquoteright:’ textquotedblleft:“ textquotedblright:”
    natural:♮ flat:♭ sharp:♯ ss:ß ae:æ oe:œ AE:Æ OE:Œ o:ø O:Ø aa:å AA:Å l:ł L:Ł
    ldots:… dots:… dotsc:… dotso:… mathellipsis:… cdots:⋯ dotsb:⋯ dotsm:⋯ dotsi:⋯ vdots:⋮ ddots:⋱
    iddots:⋰ adots:⋰ vert:| Vert:‖ |:‖ backslash:∖ #:# %:% &:& $:$ _:_ lq:‘ rq:’
    R:ℝ Reals:ℝ reals:ℝ N:ℕ natnums:ℕ Z:ℤ Q:ℚ C:ℂ cnums:ℂ Complex:ℂ
    diagup:╱ diagdown:╲ QED:□ QEDsymbol:□ qed:□ hdots:… percent:%
    permil:‰ textperthousand:‰ micro:µ ohm:Ω celsius:℃ angstrom:Å
""")

_BINARY = _table("""
    cdot:· centerdot:· cdotp:· sdot:· times:× div:÷ pm:± plusmn:± mp:∓ ast:∗ star:⋆ circ:∘
    bullet:• bull:• odot:⊙ oplus:⊕ ominus:⊖ otimes:⊗ oslash:⊘ circledast:⊛ circledcirc:⊚
    circleddash:⊝ boxplus:⊞ boxminus:⊟ boxtimes:⊠ boxdot:⊡ cup:∪ cap:∩ Cup:⋓ Cap:⋒ doublecup:⋓
    doublecap:⋒ sqcup:⊔ sqcap:⊓ uplus:⊎ setminus:∖ smallsetminus:∖ land:∧ wedge:∧ lor:∨ vee:∨
    barwedge:⊼ doublebarwedge:⩞ veebar:⊻ curlyvee:⋎ curlywedge:⋏ ltimes:⋉ rtimes:⋊ bowtie:⋈
    leftthreetimes:⋋ rightthreetimes:⋌ amalg:⨿ dagger:† ddagger:‡ wr:≀ bigcirc:◯ diamond:⋄
    intercal:⊺ dotplus:∔ divideontimes:⋇ lhd:⊲ rhd:⊳ unlhd:⊴ unrhd:⊵ bigtriangleup:△
    bigtriangledown:▽ triangleleft:◁ triangleright:▷ Join:⋈ crossproduct:× cross:× convolution:∗
    And:∧ xor:⊻ oast:⊛
""")

_RELATIONS = _table("""
    le:≤ leq:≤ leqslant:≤ leqq:≦ ge:≥ geq:≥ geqslant:≥ geqq:≧ lt:< gt:> ne:≠ neq:≠ ll:≪ gg:≫
    lll:⋘ llless:⋘ ggg:⋙ gggtr:⋙ lesssim:≲ gtrsim:≳ lessapprox:⪅ gtrapprox:⪆ lessgtr:≶ gtrless:≷
    lesseqgtr:⋚ gtreqless:⋛ lesseqqgtr:⪋ gtreqqless:⪌ eqslantless:⪕ eqslantgtr:⪖ lessdot:⋖
    gtrdot:⋗ nless:≮ ngtr:≯ nleq:≰ ngeq:≱ nleqslant:≰ ngeqslant:≱ nleqq:≰ ngeqq:≱ lneq:⪇ gneq:⪈
    lneqq:≨ gneqq:≩ lnsim:⋦ gnsim:⋧ lnapprox:⪉ gnapprox:⪊ lvertneqq:≨ gvertneqq:≩
    approx:≈ approxeq:≊ thickapprox:≈ sim:∼ thicksim:∼ backsim:∽ simeq:≃ backsimeq:⋍ cong:≅
    ncong:≇ nsim:≁ equiv:≡ doteq:≐ doteqdot:≑ Doteq:≑ risingdotseq:≓ fallingdotseq:≒ eqcirc:≖
    circeq:≗ triangleq:≜ bumpeq:≏ Bumpeq:≎ asymp:≍ propto:∝ varpropto:∝ eqsim:≂ between:≬
    coloneqq:≔ coloneq:≔ vcentcolon:∶ eqqcolon:≕ Coloneqq:⩴ defeq:≝ eqdef:≝ questeq:≟
    in:∈ isin:∈ notin:∉ ni:∋ owns:∋ notni:∌ subset:⊂ sub:⊂ subseteq:⊆ sube:⊆ subseteqq:⫅
    subsetneq:⊊ subsetneqq:⫋ varsubsetneq:⊊ nsubseteq:⊈ supset:⊃ supseteq:⊇ supe:⊇ supseteqq:⫆
    supsetneq:⊋ supsetneqq:⫌ nsupseteq:⊉ Subset:⋐ Supset:⋑ sqsubset:⊏ sqsubseteq:⊑ sqsupset:⊐
    sqsupseteq:⊒ perp:⊥ parallel:∥ nparallel:∦ shortparallel:∥ mid:| nmid:∤ shortmid:∣ divides:∣
    prec:≺ succ:≻ preceq:≼ succeq:≽ preccurlyeq:≼ succcurlyeq:≽ curlyeqprec:⋞ curlyeqsucc:⋟
    precsim:≾ succsim:≿ precapprox:⪷ succapprox:⪸ nprec:⊀ nsucc:⊁ npreceq:⋠ nsucceq:⋡ precneqq:⪵
    succneqq:⪶ vdash:⊢ dashv:⊣ vDash:⊨ Vdash:⊩ Vvdash:⊪ nvdash:⊬ nvDash:⊭ models:⊨ therefore:∴
    because:∵ smile:⌣ frown:⌢ trianglelefteq:⊴ trianglerighteq:⊵ vartriangleleft:⊲
    vartriangleright:⊳ pitchfork:⋔ multimap:⊸ Perp:⫫ indep:⫫ bigCI:⫫
    to:→ rightarrow:→ rarr:→ longrightarrow:⟶ leftarrow:← larr:← gets:← longleftarrow:⟵
    leftrightarrow:↔ lrarr:↔ longleftrightarrow:⟷ uparrow:↑ downarrow:↓ updownarrow:↕ Uparrow:⇑
    Downarrow:⇓ Updownarrow:⇕ mapsto:↦ longmapsto:⟼ Rightarrow:⇒ rArr:⇒ implies:⇒ Implies:⇒
    Longrightarrow:⟹ Leftarrow:⇐ lArr:⇐ impliedby:⇐ Longleftarrow:⟸ Leftrightarrow:⇔ hArr:⇔
    iff:⇔ Longleftrightarrow:⟺ nearrow:↗ searrow:↘ swarrow:↙ nwarrow:↖ hookrightarrow:↪
    hookleftarrow:↩ rightharpoonup:⇀ rightharpoondown:⇁ leftharpoonup:↼ leftharpoondown:↽
    upharpoonleft:↿ upharpoonright:↾ downharpoonleft:⇃ downharpoonright:⇂ restriction:↾
    rightleftharpoons:⇌ leftrightharpoons:⇋ rightleftarrows:⇄ leftrightarrows:⇆ leftleftarrows:⇇
    rightrightarrows:⇉ upuparrows:⇈ downdownarrows:⇊ leadsto:⇝ rightsquigarrow:⇝
    leftrightsquigarrow:↭ twoheadrightarrow:↠ twoheadleftarrow:↞ rightarrowtail:↣ leftarrowtail:↢
    nrightarrow:↛ nleftarrow:↚ nRightarrow:⇏ nLeftarrow:⇍ nleftrightarrow:↮ nLeftrightarrow:⇎
    looparrowright:↬ looparrowleft:↫ curvearrowright:↷ curvearrowleft:↶ circlearrowright:↻
    circlearrowleft:↺ dashrightarrow:⇢ dashleftarrow:⇠ Rrightarrow:⇛ Lleftarrow:⇚ Lsh:↰ Rsh:↱
""")

_BIG = _table("""
    sum:∑ prod:∏ coprod:∐ bigcup:⋃ bigcap:⋂ bigsqcup:⨆ biguplus:⨄ bigoplus:⨁ bigotimes:⨂
    bigodot:⨀ bigvee:⋁ bigwedge:⋀
""")

INTEGRALS = _table("""
    int:∫ iint:∬ iiint:∭ iiiint:⨌ oint:∮ oiint:∯ oiiint:∰ intop:∫ smallint:∫ idotsint:∫⋯∫
""")
"""Big operators whose limits stand beside them, not above and below."""

_OPENING = _table("""
    (:( [:[ {:{ lbrace:{ lbrack:[ lparen:( lfloor:⌊ lceil:⌈ langle:⟨ lang:⟨ lvert:| lVert:‖
    llbracket:⟦ lBrack:⟦ lBrace:⦃ lgroup:⟮ lmoustache:⎰ ulcorner:⌜ llcorner:⌞ llangle:⟪ lAngle:⟪
""")
_CLOSING = _table("""
    ):) ]:] }:} rbrace:} rbrack:] rparen:) rfloor:⌋ rceil:⌉ rangle:⟩ rang:⟩ rvert:| rVert:‖
    rrbracket:⟧ rBrack:⟧ rBrace:⦄ rgroup:⟯ rmoustache:⎱ urcorner:⌝ lrcorner:⌟ rrangle:⟫ rAngle:⟫
""")
del _OPENING["("], _OPENING["["], _CLOSING[")"], _CLOSING["]"]  # `\(` and `\[` hold a formula

_NAMES = (
    "exp log ln lg sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth sech csch "
    "arg deg dim hom ker asin acos atan arctg tg ctg cosec erf sgn sign tr Tr trace rank diag Var "
    "Cov softmax sigmoid ReLU span null Null proj conv KL ELBO MSE Corr Res atanh asinh acosh "
    "logit"
)
_LIMITS = (
    "lim liminf limsup max min sup inf det gcd lcm Pr argmax argmin injlim projlim plim varlimsup "
    "varliminf esssup essinf"
)

LIMITS = names(_LIMITS)
"""Names that take their subscript underneath in a display."""

_NAMED = {
    **{name: name for name in (*names(_NAMES), *LIMITS)},
    **{"liminf": "lim inf", "limsup": "lim sup", "varlimsup": "lim sup", "varliminf": "lim inf"},
    **{"injlim": "inj lim", "projlim": "proj lim"},
    **{"esssup": "ess sup", "essinf": "ess inf"},
}

_SPACES = {
    **dict.fromkeys(
        (*",:>; \n\t", "enspace", "enskip", "thinspace", "medspace", "thickspace", "space",
         "nobreakspace"), 1
    ),
    **dict.fromkeys(("!", "/", "negthinspace", "negmedspace", "negthickspace"), 0),
    **{"quad": 2, "qquad": 4},
}  # fmt: skip

SYMBOLS: dict[str, tuple[str, Kind]] = {
    **{name: (text, "ord") for name, text in (_GREEK | _ORDINARY).items()},
    **{name: (text, "bin") for name, text in _BINARY.items()},
    **{name: (text, "rel") for name, text in _RELATIONS.items()},
    **{name: (text, "big") for name, text in (_BIG | INTEGRALS).items()},
    **{name: (text, "open") for name, text in _OPENING.items()},
    **{name: (text, "close") for name, text in _CLOSING.items()},
    **{name: (text, "name") for name, text in _NAMED.items()},
    **{name: (" " * width, "space") for name, width in _SPACES.items()},
    "colon": (":", "punct"),
}
"""Command without its backslash -> (text, how it is spaced)."""

CHARACTERS: dict[str, tuple[str, Kind]] = {
    "-": ("−", "bin"),
    "−": ("−", "bin"),  # of a drawn number, which has the sign of the text around it
    "+": ("+", "bin"),
    "*": ("*", "bin"),
    **{char: (char, "bin") for char in "×·÷±∓⊙⊗⊕∘∪∩∧∨"},
    **{char: (char, "rel") for char in ("=", "<", ">", ":=", "==", "!=", *"≤≥≠≈∼≡∈∉⊂⊆∝→←↔⇒⇔↦")},
    **{char: (char, "big") for char in "∑∏∫"},
    **{char: (char, "punct") for char in ",;:"},
    **{char: (char, "open") for char in "([⟨⌊⌈"},
    **{char: (char, "close") for char in ")]⟩⌋⌉"},
    "~": (" ", "space"),
}
"""A character typed as it is, where it is more than an ordinary one."""
