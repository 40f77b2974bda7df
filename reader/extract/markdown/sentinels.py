"""Private-use characters that stand for markup in a run; page text never holds them.

`inline.flat` drops them from the page's text, so that whether a sign of the text would mean
something can be judged in its place, once.
"""

import re
from typing import Final

EM, END_EM = "\ue000", "\ue001"
STRONG, END_STRONG = "\ue002", "\ue003"
DEL, END_DEL = "\ue004", "\ue005"
LINK, TARGET, END_LINK = "\ue006", "\ue007", "\ue008"
"""A link is LINK, its destination, TARGET, its text, END_LINK."""
VERBATIM, END_VERBATIM = "\ue00a", "\ue00b"
BREAK: Final = "\ue00c"


OPENING: Final = {EM: END_EM, STRONG: END_STRONG, DEL: END_DEL}
CLOSING: Final = {close: opening for opening, close in OPENING.items()}
DELIMITERS: Final = {EM: "*", END_EM: "*", STRONG: "**", END_STRONG: "**", DEL: "~~", END_DEL: "~~"}
TOKEN: Final = re.compile(
    f"{VERBATIM}[^{END_VERBATIM}]*{END_VERBATIM}|{LINK}[^{TARGET}]*{TARGET}|[\ue000-\ue008]"
)
