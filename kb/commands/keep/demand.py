"""`kb demand`."""

from __future__ import annotations

import click

from kb.options.common import json_option
from kb.output.form import Form
from kb.output.keeper.demand import print_forgotten, print_state
from kb.session import Session

_CHOICES = {"on": True, "off": False, "default": None}


@click.command(
    epilog="""\b
Examples:
  kb demand               whether your questions are noted, where, and how many
  kb demand --on          note them, in every knowledge base that you use
  kb demand --off         note none, whatever a kb.toml says
  kb demand --forget      remove all that was noted of this knowledge base
""",
)
@click.option("--on", "choice", flag_value="on", help="Note your questions, whatever kb.toml says.")
@click.option("--off", "choice", flag_value="off", help="Note no question, whatever kb.toml says.")
@click.option("--default", "choice", flag_value="default", help="Leave it to the kb.toml of each knowledge base.")
@click.option("--forget", is_flag=True, help="Remove all that is noted of this knowledge base.")
@json_option
@click.pass_obj
def demand(session: Session, choice: str | None, forget: bool, form: Form) -> None:
    """Show whether your questions are noted, switch it on or off, or forget them.

    What `search`, `brief` and `similar` were asked is noted on this machine only, in a file that only you can read:
    the question (of a page only its informative words), what was found, and which lesson was opened. `kb gaps` finds
    in it what the library lacks. Nothing leaves the machine unless you run `kb gaps --share`.

    It is off, unless `record = true` stands under [demand] in kb.toml; your own choice here counts more.
    """
    found = session.knowledge_base().demand
    if choice:
        found.choose(record=_CHOICES[choice])
    if forget:
        print_forgotten(found.forget(), session.notify)
    print_state(found.state(), form)
