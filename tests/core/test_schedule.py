"""Which menu is in force when."""

from __future__ import annotations

from pathlib import PurePath

from hypothesis import given
from hypothesis import strategies as st

from menuops.core.schedule import (
    Hole,
    Takeover,
    Window,
    always,
    holes,
    in_force,
    never_in_force,
    next_switch,
    overlaps,
)

A, B, C = (PurePath(f"{name}.yaml") for name in "abc")
edges = st.none() | st.integers(0, 6)
windows = st.lists(
    st.builds(Window, st.sampled_from([A, B, C]), edges, edges).filter(lambda w: not w.is_empty),
    max_size=5,
).map(tuple)
MOMENTS = [each / 2 for each in range(-2, 16)]


def test_one_menu_is_in_force_always_and_never_switches() -> None:
    only = always(A)
    assert in_force(only, 0) == only[0]
    assert next_switch(only, 0) is None
    assert [*holes(only), *overlaps(only), *never_in_force(only)] == []


def test_the_first_in_force_counts_from_its_start_and_before_its_end() -> None:
    holiday, everyday = Window(A, 10, 20), Window(B)
    both = (holiday, everyday)
    assert [in_force(both, at) for at in (9.9, 10, 19.9, 20)] == [
        everyday,
        holiday,
        holiday,
        everyday,
    ]
    assert next_switch(both, 0) == Takeover(10, holiday)
    assert next_switch(both, 10) == Takeover(20, everyday)
    assert next_switch(both, 20) is None


def test_the_moment_of_a_switch_is_no_next_one() -> None:
    both = (Window(A, 10, 20), Window(B, 10))
    assert next_switch(both, 10) == Takeover(20, both[1])
    assert next_switch((Window(A, None, 10), Window(B, 10)), 10) is None


def test_a_switch_to_the_same_file_is_none() -> None:
    assert next_switch((Window(A, 10, 20), Window(A)), 0) is None


def test_a_switch_may_be_to_no_menu() -> None:
    assert next_switch((Window(A, 10, 20),), 15) == Takeover(20, None)
    assert next_switch((Window(A, 10, 20),), 5) == Takeover(10, Window(A, 10, 20))


@given(windows)
def test_a_hole_is_where_nothing_is_in_force(listed: tuple[Window, ...]) -> None:
    found = [Window(A, *hole) for hole in holes(listed)]
    for moment in MOMENTS:
        assert (in_force(listed, moment) is None) is (in_force(found, moment) is not None)
    assert holes(()) is not None
    assert list(holes(())) == [Hole(None, None)]


@given(windows)
def test_a_window_is_never_in_force_if_no_moment_is_its_own(listed: tuple[Window, ...]) -> None:
    ever = {id(in_force(listed, moment)) for moment in MOMENTS}
    assert [id(each) for each in never_in_force(listed)] == [
        id(each) for each in listed if id(each) not in ever
    ]


@given(windows, st.sampled_from(MOMENTS))
def test_until_the_next_switch_the_same_file_is_in_force(
    listed: tuple[Window, ...], now: float
) -> None:
    def file_at(moment: float) -> PurePath | None:
        window = in_force(listed, moment)
        return None if window is None else window.menu

    switch = next_switch(listed, now)
    end = 99.0 if switch is None else switch.at_s
    assert {file_at(at) for at in MOMENTS if now <= at < end} <= {file_at(now)}
    if switch is not None:
        assert file_at(switch.at_s) != file_at(now)
        assert in_force(listed, switch.at_s) == switch.to


@given(windows)
def test_two_windows_overlap_if_each_has_a_time_that_the_other_has_not(
    listed: tuple[Window, ...],
) -> None:
    def times(window: Window) -> set[float]:
        return {moment for moment in MOMENTS if window.holds(moment)}

    expected = [
        (earlier, later)
        for index, later in enumerate(listed)
        for earlier in listed[:index]
        if times(earlier) & times(later)
        and times(earlier) - times(later)
        and times(later) - times(earlier)
    ]
    assert list(overlaps(listed)) == expected
