"""Statistics of the library: numbers, months as bars, tags over time."""

from itertools import dropwhile

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from reader.search.discovery.statistics import Statistics
from reader.ui.dialogs.dialog import TextDialog, content_width
from reader.ui.plain_content import plain_content

_LABEL_CELLS = 20
"""Cells of the column of labels; the longest has 15."""
_BAR_CELLS = 24
"""Cells of the longest bar."""
_FACTS_CELLS = 36
"""Cells of a line that the longest bar leaves to the month and its numbers."""
_LEVELS = " ▁▂▃▄▅▆▇█"


class StatisticsDialog(TextDialog[None]):
    """The counts of `services.statistics`, by month and in lists."""

    heading = "Statistics"
    key_hints = (("j k", "scroll"), ("esc", "back"))
    width = 76

    def __init__(self, found: Statistics):
        super().__init__()
        self._found = found
        self.add_class("-wide-dialog")

    def body(self) -> list[Widget]:
        parts = [self._numbers(), self._months(), self._tags(), self._sites()]
        return [
            VerticalScroll(Static(Content("\n\n").join([part for part in parts if part.plain])))
        ]

    def _numbers(self) -> Content:
        found = self._found
        rows = (
            ("saved", f"{found.saved:,}"),
            ("finished", f"{found.finished:,}, {found.finished_this_week:,} this week"),
            ("archived unread", f"{found.archived_unread:,}"),
            ("words read", f"{found.words_read:,}, {found.words_this_week:,} this week"),
            ("highlights", f"{found.highlights:,}"),
            ("days in a row", f"{found.streak:,} (best {found.longest_streak:,})"),
            ("days to finish", "" if found.days_to_finish is None else f"{found.days_to_finish:,}"),
        )
        return Content("\n").join(
            [
                Content.styled(f"{name:<{_LABEL_CELLS}}", "$text-muted") + plain_content(value)
                for name, value in rows
                if value
            ]
        )

    def _months(self) -> Content:
        # The library may be younger than the months.
        months = list(dropwhile(lambda each: not each.saved + each.finished, self._found.months))
        if not months:
            return Content("")
        cells = max(4, min(_BAR_CELLS, content_width(self) - _FACTS_CELLS))
        most = max(max(each.finished, each.saved) for each in months) or 1
        lines = [Content.styled("Saved and finished, by month", "$accent bold")]
        for each in months:
            facts = [
                f"{count:,} {name}"
                for count, name in ((each.saved, "saved"), (each.finished, "finished"))
                if count
            ]
            done = round(each.finished / most * cells)
            rest = max(round(each.saved / most * cells) - done, 0)
            lines.append(
                Content.styled(f"{each.month}  ", "$text-muted")
                + Content.styled("█" * done, "$accent")
                + Content.styled("░" * rest, "$text-muted")
                + Content.styled(f" {', '.join(facts)}" if facts else "–", "$text-muted")
            )
        return Content("\n").join(lines)

    def _tags(self) -> Content:
        tags = self._found.tags
        if not tags:
            return Content("")
        lines = [Content.styled("Tags, month by month", "$accent bold")]
        for each in tags:
            most = max(each.saved) or 1
            steps = "".join(_LEVELS[-(-8 * count // most)] for count in each.saved)
            lines.append(
                Content.styled(f"{steps}  ", "$accent") + _counted(f"#{each.tag}", sum(each.saved))
            )
        return Content("\n").join(lines)

    def _sites(self) -> Content:
        if not self._found.sites:
            return Content("")
        lines = [Content.styled("Read most from", "$accent bold")]
        lines += [_counted(site, count) for site, count in self._found.sites]
        return Content("\n").join(lines)


def _counted(name: str, count: int) -> Content:
    return plain_content(name) + Content.styled(f"  {count:,}", "$text-muted")
