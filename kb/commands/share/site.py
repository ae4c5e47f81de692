"""`kb site`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from kb.output.keeper.site import print_site
from kb.session import Session
from kb.site.request import SiteRequest
from kb.system.threads import start_no_threads


@click.command(
    epilog="""\b
Examples:
  kb site site/                                         pages to open in a browser, or to put on a web server
  kb site site/ --address https://example.org/lessons/  with a site map, and the address of each page in it
  kb site site/ --hidden                                search engines are asked to leave it alone
""",
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--address", metavar="URL", default="", help="Where it will be published.")
@click.option("--name", default="", help="Of the library, on each page.  [default: the name of its folder]")
@click.option("--hidden", is_flag=True, help="Ask search engines not to index it.")
@click.pass_obj
def site(session: Session, folder: Path, address: str, name: str, hidden: bool) -> None:
    """Write the library as pages for any web server, with a search that needs none.

    A second run writes only what has changed. It removes only pages that an earlier run wrote, and refuses a folder
    that has other things in it. All lessons are published, also drafts; people who have opted out are not named.
    """
    start_no_threads()
    base = session.knowledge_base()
    request = SiteRequest(folder, address, hidden, name)
    print_site(base.publish(request, datetime.now(UTC)), folder, session.notify)
