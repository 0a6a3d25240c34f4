"""`menuops completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from menuops.cli.output import print_result
from menuops.core.outcome import Outcome

SHELLS = ("bash", "zsh", "fish")


@click.command(name="completion")
@click.argument("shell", type=click.Choice(SHELLS), metavar="SHELL")
@click.pass_context
def command(context: click.Context, shell: str) -> Outcome:
    """Print the script that lets bash, zsh or fish complete commands, options and accounts.

    \b
    eval "$(menuops completion bash)"        in ~/.bashrc
    eval "$(menuops completion zsh)"         in ~/.zshrc, after compinit
    menuops completion fish > ~/.config/fish/completions/menuops.fish
    """
    completion = get_completion_class(shell)
    assert completion is not None  # one of click's own three
    # The script asks with this variable, which click looks for under the program's name.
    of_shell = completion(context.find_root().command, {}, "menuops", "_MENUOPS_COMPLETE")
    print_result(of_shell.source())
    return Outcome.DONE
