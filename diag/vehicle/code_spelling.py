"""Read a fault code as a person typed or copied it, Cyrillic look-alike letters included."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diag.errors import UsageError
from diag.i18n import message

_CODE = re.compile(r"(?P<base>[PCBU][0-3][0-9A-F]{3})(?:-?(?P<failure_type>[0-9A-F]{2}))?")
#: What would be one, but for its second character.
_WRONG_SECOND = re.compile(r"[PCBU][4-9A-F][0-9A-F]{3}(-?[0-9A-F]{2})?$")

#: Cyrillic capitals that look like the Latin letters of a fault code.
_LOOK_ALIKES = str.maketrans("АВСЕР", "ABCEP")
#: A letter O, Latin or Cyrillic, where only a digit can stand.
_LETTER_O = str.maketrans("OО", "00")


@dataclass(frozen=True, slots=True)
class SpelledCode:
    """A fault code as SAE J2012 writes it; `corrected` says that letters had to be replaced."""

    code: str
    corrected: bool

    @property
    def base(self) -> str:
        """The code without its failure type."""
        return self.code.partition("-")[0]


def read_code(text: str) -> SpelledCode:
    """Read `P0562`, `b1a15-11`, or the same in Cyrillic look-alikes.

    Raises:
        UsageError: the text is not a fault code; the sentence shows what one looks like.
    """
    typed = text.strip().upper()
    spelled = typed.translate(_LOOK_ALIKES).translate(_LETTER_O)
    found = _CODE.fullmatch(spelled)
    if _WRONG_SECOND.match(spelled):
        raise UsageError(
            message(
                "“{text}” is not a fault code: its second character is {second}.",
                text=text,
                second=spelled[1],
            ),
            message("The second character of a fault code is 0-3, as in P0562."),
        )
    if found is None:
        raise UsageError(
            message("“{text}” is not a fault code.", text=text),
            message(
                "A fault code is a letter P, C, B or U, a digit 0-3 and three more digits or letters A-F, "
                "as in P0562; some end in a dash and two more, as in B1A15-11."
            ),
        )
    failure_type = found["failure_type"]
    code = found["base"] if failure_type is None else f"{found['base']}-{failure_type}"
    return SpelledCode(code, spelled != typed)
