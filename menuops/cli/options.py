"""The options that all commands share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from menuops.core.commands import Commands, typed
from menuops.core.errors import Usage
from menuops.core.moments import MOMENT_FORM, parse_moment, utc
from menuops.files.menu.variables import BUILT_IN, is_variable_name
from menuops.run.settings import DEFAULT_PARALLEL, PlanOptions, Settings

if TYPE_CHECKING:
    from menuops.core.plan import Plan

F = TypeVar("F", bound=Callable[..., Any])
_LONGEST_S: Final = 3653 * 86400
_UNITS_S: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


@dataclass(frozen=True, slots=True)
class View:
    """How the result is wanted."""

    format: str
    colour: str

    @property
    def json(self) -> bool:
        """Whether stdout is to hold one JSON document."""
        return self.format == "json"


def common(*formats: str, selecting: bool = True) -> Callable[[F], F]:
    """Add the common options; the command gets `settings` and `view` for them.

    `formats` are those besides text and json. A command about a document has no `selecting`: the
    accounts are those of the document.
    """

    def decorate(function: F) -> F:
        @functools.wraps(function)
        def call(**values: Any) -> Any:
            settings, view = _settings(values), View(values.pop("format"), values.pop("color"))
            return function(settings=settings, view=view, **values)

        options = [*_PLACE, *(_SELECTION if selecting else ()), *_view(formats)]
        for option in reversed(options):
            call = option(call)
        return call  # type: ignore[return-value]

    return decorate


def _guard_names(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """List the guards for a shell; their names are known to a plan alone."""
    from menuops.core.guard_names import GUARDS

    return [guard for guard in GUARDS if guard.startswith(incomplete)]


def _account_names(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """Complete the names of accounts, from the project file that the words before name."""
    from menuops.core.errors import MenuopsError
    from menuops.files.project.project import find_project, load_project

    directory = context.params.get("directory") or Path()
    config = context.params.get("config")
    path = find_project(directory) if config is None else directory / config
    try:
        accounts = load_project(path, path.name).accounts if path is not None else ()
    except MenuopsError:
        return []  # a shell has no place for an error; the command itself will say it
    return [each.name for each in accounts if each.name.startswith(incomplete)]


_PLACE: Final = [
    click.option(
        "-C",
        "directory",
        type=click.Path(path_type=Path, exists=True, file_okay=False),
        default=Path(),
        help="Work in this directory.",
        metavar="DIR",
    ),
    click.option(
        "--config",
        type=click.Path(path_type=Path),
        help="The project file, in place of menuops.yaml.",
        metavar="FILE",
    ),
    click.option(
        "--api-url",
        help="Base URL in place of WeChat's; also MENUOPS_API_URL.",
        metavar="URL",
    ),
]
"""Where the project is, and who plays WeChat."""

_SELECTION: Final = [
    click.option(
        "-a",
        "--account",
        "accounts",
        multiple=True,
        shell_complete=_account_names,
        help="Only this account; wildcards work; repeatable. A protected one by its name.",
        metavar="NAME",
    ),
    click.option(
        "--menu",
        type=click.Path(path_type=Path),
        help="Menu file of the account that MENUOPS_APPID and MENUOPS_SECRET give.",
        metavar="FILE",
    ),
    click.option(
        "--var",
        "variables",
        multiple=True,
        help="Value for ${K}; repeatable.",
        metavar="K=V",
    ),
    click.option(
        "--parallel",
        type=click.IntRange(1, 256),
        default=DEFAULT_PARALLEL,
        show_default=True,
        help="Accounts read at a time.",
        metavar="N",
    ),
]
"""Which accounts, with which values."""


def _view(formats: tuple[str, ...]) -> list[Callable[[Any], Any]]:
    return [
        click.option("-v", "--verbose", count=True, help="Say more on stderr; twice: all."),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            help="Colour; auto: on a terminal without NO_COLOR.",
        ),
        click.option(
            "--format",
            type=click.Choice(["text", "json", *formats]),
            default="text",
            show_default=True,
            help="Form of the result on stdout.",
        ),
    ]


def _settings(values: dict[str, Any]) -> Settings:
    _log_to_stderr(values.pop("verbose"))
    directory: Path = values.pop("directory")
    config: Path | None = values.pop("config")
    menu: Path | None = values.pop("menu", None)
    return Settings(
        directory=directory,
        config=config and directory / config,
        accounts=values.pop("accounts", ()),
        api_url=values.pop("api_url"),
        variables=dict(map(_variable, values.pop("variables", ()))),
        parallel=values.pop("parallel", DEFAULT_PARALLEL),
        menu=menu and directory / menu,
        at_s=values.pop("at", None),
    )


def typed_again(settings: Settings, options: PlanOptions) -> str:
    """Write the options that made a plan, as somebody would type them again."""
    words = [*_project_again(settings), *_path_again("--menu", settings.menu, settings.directory)]
    for name in settings.accounts:
        words += ["-a", name]
    for name, value in settings.variables.items():
        words += ["--var", f"{name}={value}"]
    if settings.at_s is not None:
        words += ["--at", utc(settings.at_s)]
    for lift in options.lifts:
        words += ["--allow", lift]
    if options.delete_first:
        words += ["--delete-first"]
    return typed(words)


def commands_of(settings: Settings, again: str = "") -> Commands:
    """Write the commands that messages tell; `again` is the one that was typed, with its words."""
    words = _project_again(settings)
    if settings.menu is not None:
        words += _path_again("--menu", settings.menu, settings.directory)
    return Commands(tuple(words), again or "menuops apply")


def commands_of_saved(settings: Settings, saved: Plan, path: Path) -> Commands:
    """Write those about a saved plan; typed again, it is made once more, with what was lifted."""
    commands = replace(commands_of(settings), out=str(path)).about(saved)
    names = [each.ref.name for each in saved.accounts]
    return replace(commands, again=commands.plan(names, saved.lifts))


def apply_saved(settings: Settings, plan: Path) -> str:
    """Write the command that applies a saved plan; `plan` is its path as it was given."""
    return f"menuops apply{typed([*_project_again(settings), str(plan)])}"


def _project_again(settings: Settings) -> list[str]:
    words = [] if settings.directory == Path() else ["-C", str(settings.directory)]
    words += _path_again("--config", settings.config, settings.directory)
    if settings.api_url is not None:
        words += ["--api-url", settings.api_url]
    return words


def _path_again(flag: str, path: Path | None, directory: Path) -> list[str]:
    if path is None:
        return []
    inside = path.is_relative_to(directory)
    return [flag, str(path.relative_to(directory) if inside else path)]


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise Usage(f"--var {text!r} isn't K=V", fix="write --var name=value")
    if name in BUILT_IN:
        raise Usage(f"--var {name}: `${{{name}}}` is built in, and the same in every file")
    if not is_variable_name(name):
        raise Usage(
            f"--var {name!r} is no name of a variable",
            fix="a name has letters, digits, `_`, `.` and `-`, and begins with a letter or `_`",
        )
    return name, value


def _log_to_stderr(verbosity: int) -> None:
    if verbosity:  # else Python prints warnings, and nothing below them
        import logging

        level = logging.INFO if verbosity == 1 else logging.DEBUG
        logging.basicConfig(level=level, format="%(name)s: %(message)s", force=True)


def planning(function: F) -> F:
    """Add the options of every command that makes a plan; the command gets `options` for them."""

    @functools.wraps(function)
    def call(**values: Any) -> Any:
        options = PlanOptions(
            lifts=values.pop("allow"),
            delete_first=values.pop("delete_first"),
            expires_in_s=values.pop("expires_in"),
        )
        return function(options=options, **values)

    for option in (
        click.option(
            "--expires-in",
            type=Duration(),
            default="7d",
            show_default=True,
            help="How long the plan may be applied: 30m, 12h, 7d.",
            metavar="TIME",
        ),
        click.option(
            "--delete-first",
            is_flag=True,
            help="Delete old conditional menus before adding new ones.",
        ),
        click.option(
            "--allow",
            multiple=True,
            shell_complete=_guard_names,
            help="Lift a guard, for one thing or all; repeatable.",
            metavar="GUARD[:NAME]",
        ),
    ):
        call = option(call)
    return call  # type: ignore[return-value]


class Moment(click.ParamType[int]):
    """A date, a time and its offset, in seconds since 1970."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the moment."""
        moment_s = parse_moment(str(value))
        if moment_s is None:
            self.fail(f"{value!r} isn't {MOMENT_FORM}", param, ctx)
        return moment_s


def at_moment(function: F) -> F:
    """Add the option for the moment whose menus count; it ends up in `settings`."""
    return click.option(
        "--at",
        type=Moment(),
        help="Take the menus that are in force then; 2026-11-11T00:00+08:00. [default: now]",
        metavar="TIME",
    )(function)


class Duration(click.ParamType[float]):
    """A time like 90s, 30m, 12h, 7d, 2w, in seconds."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read the number and its unit."""
        if isinstance(value, int | float):
            return value
        number, unit = value[:-1], value[-1:]
        if unit not in _UNITS_S or not number.isdecimal() or not 0 < int(number) < 10**6:
            self.fail(f"{value!r} isn't a time like 30m, 12h or 7d", param, ctx)
        seconds = int(number) * _UNITS_S[unit]
        if seconds > _LONGEST_S:
            self.fail(f"{value!r} is longer than 10 years", param, ctx)
        return float(seconds)
