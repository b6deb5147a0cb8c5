"""One form for the spellings of a word: British and American, singular and plural.

Both the answer and what is accepted go through the same rules, so a form need not be a word.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_ISE = re.compile(r"(.{3,})is((?:e|es|ed|er|ers|ing|ings|able|ation|ations|ational)?)")
# Words in -ise and -ising that are spelled so everywhere, by what stands before it: likewise,
# supervise, precise, exercise, noise, raise, promise, surprise.
_KEPT = re.compile(
    r".*(?:[aeouw]|adv|sup|superv|dev|rev|improv|telev|prec|conc|exerc|circumc|inc|pr|prom|prem"
    r"|deno|desp|expert|advert|chast|franch|merchand|parad|treat|dem|anal|paral)"
)
_YSE = re.compile(r"((?:anal|paral|catal|dial|electrol|hydrol)y)s(e|es|is|ed|er|ers|ing)")
_OUR = re.compile(
    r"(arm|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|neighb|od|parl"
    r"|ranc|rig|rum|sav|splend|succ|tum|val|vap|vig)our"  # codespell:ignore
)
_RE = re.compile(r"(.*(?:cent|met|lit|fib|theat|calib|lust|meag|sab|somb|spect|och))re(s|d?)")
_RING = re.compile(r"((?:re)?cent|met)ring")
_LL = re.compile(
    r"(.*[aeiouy][^aeiouy]+[aeiou]|(?:re)?(?:fue|dia|due))ll(ed|er|ers|ing|ings|able|ation)"
)
# Verbs in -ll themselves: refilled, controlling, unrolled.
_LL_KEPT = re.compile(
    r"(?:re|un|over|under|out|in|up|down|fore|back|mis)?"  # codespell:ignore
    r"(?:ba|ca|cha|dri|enro|fa|fi|insta|ki|po|pu|ro|sca|scro|se|spe|sta|ti"
    r"|contro|te)"  # codespell:ignore
)
_OGUE = re.compile(r"(anal|catal|dial|epil|homol|monol|prol)ogue(s?)")
_AE = re.compile(
    r"(an|arch|c|encyclop|f|gyn|h|leuk|p|pal)(?:ae)(m|mia|mo|ology|sar|dia|ces|cology|diatric|o)"
)
# What at least one of the rules needs.
_BRITISH = re.compile("is|ll|ys|our|re|ring|ogue|ae")
_AMERICAN: Final = {
    "grey": "gray", "greyscale": "grayscale", "aluminium": "aluminum", "programme": "program",
    "sceptic": "skeptic", "sceptical": "skeptical", "judgement": "judgment",
    "acknowledgement": "acknowledgment", "ageing": "aging", "artefact": "artifact",
    "mould": "mold", "plough": "plow", "sulphur": "sulfur", "towards": "toward",
    "forwards": "forward", "backwards": "backward", "afterwards": "afterward",
    "upwards": "upward", "downwards": "downward", "whilst": "while", "amongst": "among",
    "learnt": "learned", "spelt": "spelled", "burnt": "burned", "dreamt": "dreamed",
    "spoilt": "spoiled", "leant": "leaned", "maths": "math", "neurone": "neuron",
    "disc": "disk", "focussed": "focused", "focussing": "focusing", "biassed": "biased",
    "benefitted": "benefited", "defence": "defense", "licence": "license",
    "offence": "offense", "pretence": "pretense", "practise": "practice",
    "practised": "practiced", "practising": "practicing", "fulfil": "fulfill",
    "enrol": "enroll", "skilful": "skillful", "instalment": "installment", "distil": "distill",
    "wilful": "willful", "instil": "instill", "connexion": "connection",  # codespell:ignore
    "inflexion": "inflection", "tyre": "tire", "cheque": "check", "manoeuvre": "maneuver",
    "oestrogen": "estrogen", "foetus": "fetus", "aeroplane": "airplane",
    "cosy": "cozy", "storey": "story", "lamda": "lambda",  # codespell:ignore
}  # fmt: skip
_PLURALS: Final = {
    "vertices": "vertex", "indices": "index", "matrices": "matrix", "axes": "axis",
    "criteria": "criterion", "phenomena": "phenomenon", "maxima": "maximum", "minima": "minimum",
    "optima": "optimum", "extrema": "extremum", "formulae": "formula", "corpora": "corpus",
    "halves": "half", "leaves": "leaf", "lemmata": "lemma", "schemata": "schema",
    "stimuli": "stimulus", "nuclei": "nucleus", "foci": "focus", "radii": "radius",
    "loci": "locus", "moduli": "modulus", "people": "person", "children": "child",
    "simplices": "simplex", "appendices": "appendix", "bases": "basis", "spectra": "spectrum",
    "quizzes": "quiz", "momenta": "momentum", "errata": "erratum", "quanta": "quantum",
    "mice": "mouse",
    # Abbreviations in -U, which look like words in -us.
    **{f"{short}s": short for short in (
        "relu", "elu", "selu", "celu", "gelu", "silu", "prelu", "glu", "swiglu", "geglu", "gru",
        "cpu", "gpu", "tpu", "npu", "iou", "lru",
    )},
}  # fmt: skip
# Words in -s that are no plurals.
_SINGULAR = frozenset(
    {"alias", "always", "atlas", "bias", "canvas", "chaos", "cosmos", "gas", "keras", "lens",
     "news", "pandas", "pancreas", "perhaps", "series", "whereas"}
)  # fmt: skip


@lru_cache(maxsize=4096)
def american(word: str) -> str:
    """The American spelling of `word` by rule, or the word itself."""
    if word in _AMERICAN or not _BRITISH.search(word):
        return _AMERICAN.get(word, word)
    if (found := _ISE.fullmatch(word)) and found[2] and not _KEPT.fullmatch(found[1]):
        word = f"{found[1]}iz{found[2]}"
    if (found := _LL.fullmatch(word)) and not _LL_KEPT.fullmatch(found[1]):
        word = f"{found[1]}l{found[2]}"
    word = _YSE.sub(r"\1z\2", word)
    word = _OUR.sub(r"\1or", word)
    word = _RING.sub(r"\1ering", word)
    if found := _RE.fullmatch(word):
        ending = {"d": "red", "s": "ers"}.get(found[2], "er")
        word = found[1] + ("ered" if ending == "red" else ending)
    word = _AE.sub(r"\1e\2", word)
    return _OGUE.sub(r"\1og\2", word)


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """A form that the singular and the plural of `word` share."""
    if word in _PLURALS:
        word = _PLURALS[word]
    elif len(word) > 3 and word.endswith("s") and word not in _SINGULAR:
        if word.endswith("ies"):
            word = f"{word[:-3]}y"
        elif re.search(r"(?:[sxz]|ch|sh)es$", word):
            word = word[:-2]
        elif not word.endswith(("ss", "us", "is")):
            word = word[:-1]
    # "cases" and "case", "analyses" and "analysis" meet without their ends.
    return re.sub(r"(?<=..[sxz])e$|(?<=.[cs]h)e$|(?<=.[sxz])is$", "", word)
