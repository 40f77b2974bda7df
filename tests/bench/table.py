"""Figures beside each other for every size, with the limit that was set and whether it was met."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: its name, the value that is shown, and the limit at the largest size, if any.

    `least` says that the value must be at least the limit, not at most.
    """

    name: str
    value: float
    limit: float | None = None
    least: bool = False

    @property
    def asked(self) -> str:
        """The limit in words; empty where none was set."""
        return "" if self.limit is None else f"{'≥' if self.least else '≤'} {self.limit:g}"

    @property
    def is_met(self) -> bool:
        """Whether the value keeps the limit; true where none was set."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.least else self.value <= self.limit


def listed(figures: Iterable[Figure]) -> bool:
    """Print figures as they come, one below the other; whether every limit was met."""
    met = True
    for figure in figures:
        verdict = "" if figure.limit is None else "met" if figure.is_met else "MISSED"
        value = f"{figure.value:>12.{_digits(figure.value)}f}"
        print(f"{figure.name:<58}{value}  {figure.asked:<8}{verdict}", flush=True)
        met &= figure.is_met
    return met


def printed(columns: Mapping[int, Sequence[Figure]]) -> bool:
    """Print the table; whether every limit was met at the largest size."""
    sizes = sorted(columns)
    print(f"{'entries':<58}" + "".join(f"{size:>12,}" for size in sizes) + "  asked")
    for row in zip(*(columns[size] for size in sizes), strict=True):
        last = row[-1]
        verdict = "" if last.limit is None else "met" if last.is_met else "MISSED"
        values = "".join(f"{figure.value:>12.{_digits(figure.value)}f}" for figure in row)
        print(f"{last.name:<58}{values}  {last.asked:<8}{verdict}")
    return all(figure.is_met for figure in columns[sizes[-1]])


def _digits(value: float) -> int:
    return 0 if value >= 100 else 1 if value >= 20 else 2
