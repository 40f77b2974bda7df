"""Names of journal files, for code that starts too early to import patterns."""

_TYPES = (".log", ".snap")
_COPY_MARKS = (".conflict", ".path")


def may_be_journal(file: str) -> bool:
    """Return whether a file of the journal folder may be a journal: True for every one that is.

    Synchronisers put the mark of a conflict copy before the type of the file or behind it.
    """
    if file[8:9] != "-" or not file[9:10].isdecimal():
        return False
    if file.endswith(_TYPES):
        return True
    is_copy = file.rstrip("0123456789").endswith(_COPY_MARKS)
    return is_copy and any(f"{each}." in file for each in _TYPES)
