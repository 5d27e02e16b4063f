"""The commands on the installation: `doctor` and `config show`."""

import typer

from .help_page import show_help_without_command
from .options import AsJson, BaseUrl, Model

config_app = typer.Typer(
    name="config",
    help="Settings.",
    invoke_without_command=True,
    callback=show_help_without_command,
)


def doctor(*, model: Model = None, base_url: BaseUrl = None) -> None:
    """Check what sonde needs, line by line; nothing is sent over the network."""
    from .checkup import run_checks

    raise typer.Exit(run_checks(model, base_url=base_url))


@config_app.command("show")
def show_config(*, model: Model = None, base_url: BaseUrl = None, json_: AsJson = False) -> None:
    """Show the settings in force and where each comes from; keys are not shown."""
    from .settings_table import show_settings

    show_settings(model, base_url=base_url, as_json=json_)
