"""The bookmarklet is one address that stays intact as a bookmark."""

from urllib.parse import unquote

from reader.services.bookmarklet import bookmarklet


def test_the_bookmarklet_is_one_address() -> None:
    """No white space or quotation mark that a bookmark or an HTML attribute would break."""
    address = bookmarklet()
    assert address.startswith("javascript:")
    assert not set(address) & set(' \n\t"<>\\^`')
    code = unquote(address)
    assert "saved from" in code
    # Nothing is assigned as HTML, and nothing is requested: strict policies forbid both.
    assert "innerHTML =" not in code
    assert "fetch(" not in code
