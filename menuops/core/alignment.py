"""Which items of one list keep their order in another: the best pairs that don't cross.

Items are numbers of a place; what makes two of them worth a pair is the caller's business. A
pair may draw on stocks that several lists share, such as the spare copies of one button.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

Cell: TypeAlias = tuple[int, int]
"""Numbers of an item of the first list and of one of the second."""


@dataclass(frozen=True, slots=True)
class Aligned:
    """Pairs that don't cross, in order, with the sum of what they are worth."""

    worth: int = 0
    cells: tuple[Cell, ...] = ()


class Draws:
    """Amounts drawn of some stocks, packed into one number, so that a sum is an addition.

    Each stock is a digit of five bits: 31 of each at most.
    """

    _BITS: Final = 5

    @classmethod
    def one_of(cls, stock: int) -> int:
        """Draw one of a stock, by its number from 0."""
        return 1 << cls._BITS * stock

    @classmethod
    def of(cls, drawn: int, stock: int) -> int:
        """Tell how much was drawn of a stock."""
        return drawn >> cls._BITS * stock & (1 << cls._BITS) - 1

    @classmethod
    def excess(cls, drawn: int, over: int) -> int:
        """Tell by how much one draw is more than another, over all stocks of which it is more."""
        digit = (1 << cls._BITS) - 1
        excess = 0
        while drawn:
            more = (drawn & digit) - (over & digit)
            if more > 0:
                excess += more
            drawn, over = drawn >> cls._BITS, over >> cls._BITS
        return excess


def align(rows: int, columns: int, worth: Mapping[Cell, int]) -> Aligned:
    """Choose, of the cells that are worth something, those that are worth most together.

    Takes time by rows times columns. Of equals, the last row that does without.
    """
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows):
        above, line = best[row], best[row + 1]
        for column in range(columns):
            most = max(above[column + 1], line[column])
            gain = worth.get((row, column))
            if gain is not None and above[column] + gain > most:
                most = above[column] + gain
            line[column + 1] = most
    cells: list[Cell] = []
    row, column = rows, columns
    while row and column:
        here = best[row][column]
        if here == best[row - 1][column]:
            row -= 1
        elif here == best[row][column - 1]:
            column -= 1
        else:
            row, column = row - 1, column - 1
            cells.append((row, column))
    return Aligned(best[rows][columns], tuple(reversed(cells)))


def worths_of_rests(rows: int, columns: int, worth: Mapping[Cell, int]) -> list[list[int]]:
    """Tell for each row and column what the cells from there on are worth at most together."""
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    for row in reversed(range(rows)):
        for column in reversed(range(columns)):
            most = max(best[row + 1][column], best[row][column + 1])
            gain = worth.get((row, column))
            best[row][column] = (
                most if gain is None else max(most, best[row + 1][column + 1] + gain)
            )
    return best


def align_by_draw(
    rows: Sequence[int],
    columns: Sequence[int],
    worth: Mapping[Cell, int],
    drawn: Mapping[Cell, int],
    start: Mapping[int, Aligned],
    prune: Callable[[dict[int, Aligned], int, int], dict[int, Aligned]],
) -> dict[int, Aligned]:
    """Go on from choices by their draws, and give the best for each draw.

    Their cells are of the numbers in `rows` and `columns`, which tell one list from the next;
    `worth` and `drawn` go by place. `prune` leaves out of the choices at a row and a column
    those that can't be of use. Takes time by the number of draws that are left.
    """
    line = [prune(dict(start), 0, 0)] * (len(columns) + 1)
    for row, number in enumerate(rows):
        above, line = line, line[:1]
        for column, other in enumerate(columns):
            choices = dict(above[column + 1])
            _take_in(choices, line[column])
            gain = worth.get((row, column))
            if gain is not None:
                draw = drawn.get((row, column), 0)
                _take_in(
                    choices,
                    {
                        used + draw: Aligned(so_far.worth + gain, (*so_far.cells, (number, other)))
                        for used, so_far in above[column].items()
                    },
                )
            line.append(prune(choices, row + 1, column + 1))
    return line[-1]


def best_draws(choices: dict[int, Aligned], cost: int) -> dict[int, Aligned]:
    """Leave out the choices that no other draws can make the best.

    Drawing one more of anything costs `cost` at most, and nothing at least.
    """
    if len(choices) < 2:
        return choices
    kept: dict[int, Aligned] = {}
    by_worth = sorted(choices.items(), key=lambda item: (-item[1].worth, item[0]))
    for drawn, aligned in by_worth:
        if not any(
            Draws.excess(other, drawn) * cost <= better.worth - aligned.worth
            for other, better in kept.items()
        ):
            kept[drawn] = aligned
    return kept


def _take_in(choices: dict[int, Aligned], others: Mapping[int, Aligned]) -> None:
    for used, aligned in others.items():
        if used not in choices or choices[used].worth < aligned.worth:
            choices[used] = aligned


def longest_run(numbers: Sequence[int]) -> tuple[int, ...]:
    """Choose the most of `numbers` (all different) that are ascending as they stand."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        length = bisect_left(tails, number)
        before[number] = tails[length - 1] if length else None
        tails[length : length + 1] = [number]
    run: list[int] = []
    last = tails[-1] if tails else None
    while last is not None:
        run.append(last)
        last = before[last]
    return tuple(reversed(run))
