"""The keys at the foot always fit: labels go before keys do."""

import pytest

from tui.actions import ACTIONS, key_name
from tui.widgets.key_bar import key_bar


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_every_key_is_shown_in_any_width(width):
    bar = key_bar(width)
    assert bar.cell_length <= width
    for action in ACTIONS:
        assert not action.in_bar or key_name(action.keys[0]) in bar.plain


def test_labels_go_from_the_end_where_there_is_no_room():
    assert "Help" in key_bar(60).plain
    assert "Back" not in key_bar(60).plain
    assert "Back" in key_bar(80).plain
