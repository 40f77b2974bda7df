"""Reasons of failed links are grouped by their kind."""

import pytest

from reader.model.failure_reason import (
    general_reason,
    group_reasons,
    is_private_address,
    short_reason,
)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("one.example: host not found", "host not found"),
        ("localhost.test:8080: host not found", "host not found"),
        ("'a b': not a name of a host", "not a name of a host"),
        ("the page was not found (404)", "the page was not found (404)"),
        ("its certificate is not to be trusted: expired", "its certificate is not to be trusted"),
        ("no article was found: 3 words", "no article was found"),
        ("x.example is not on the public internet (10.0.0.1)", "is not on the public internet"),
        ("::1 is not on the public internet (::1)", "::1 is not on the public internet"),
        ("sent on to a private address: http://x.example/", "sent on to a private address"),
        ("", ""),
    ],
)
def test_hosts_and_details_are_left_out(reason: str, kind: str) -> None:
    """What is left is a part of the reason, so that `reason:` finds it."""
    assert general_reason(reason) == kind
    assert kind in reason


def test_counts_of_a_kind_are_added() -> None:
    found = group_reasons(
        [("a.b: host not found", 2), ("the page is empty", 3), ("c.d: host not found", 4)]
    )
    assert found == [("host not found", 6), ("the page is empty", 3)]


@pytest.mark.parametrize(
    ("kind", "short"),
    [
        ("is not on the public internet", "private address"),
        ("sent on to a private address", "private redirect"),
        ("the page was not found (404)", "not found (404)"),
        ("the server failed (503)", "server error (503)"),
        ("the server sent no page (418)", "server error (418)"),
        ("host not found", "host not found"),
    ],
)
def test_a_narrow_line_has_the_whole_kind(kind: str, short: str) -> None:
    """The sidebar leaves 20 cells."""
    assert short_reason(kind) == short
    assert len(short) <= 20


@pytest.mark.parametrize(
    ("reason", "is_private"),
    [
        ("localhost is not on the public internet (127.0.0.1)", True),
        ("::1 is not on the public internet (::1)", True),
        ("the page was not found (404)", False),
        ("", False),
    ],
)
def test_private_addresses_are_told_from_other_failures(reason: str, is_private: bool) -> None:
    assert is_private_address(reason) is is_private
