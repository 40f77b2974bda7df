"""Random keys change nothing that the user does not see; the bench presses 20,000."""

from tests.ui.memory_backend import sample
from tests.ui.random_keys import press_random_keys


async def test_random_keys_change_only_what_is_seen() -> None:
    """Each key alters only entries under the cursor, selected or named; undo restores all."""
    assert await press_random_keys(250, sample(300), seed=1) > 0
