"""Every page about a case leads to raising an immediate concern, and to the other routes."""

from flask import Flask

from audit_app.accounts.rules import Role
from tests.fixtures import Prepared
from tests.pages import PageClient
from tests.whole_app.test_access import routes, signed_in
from tests.whole_app.world import build_world

ITSELF = {"cases.raise_concern", "cases.pass_on"}
"""The pages that the two links lead to."""


def test_every_page_about_a_case_leads_to_raising_a_concern(app: Flask, client: PageClient, prepared: Prepared) -> None:
    world = prepared("the whole world", build_world)
    seen, missing = 0, []
    about_a_case = [one for one in routes(app, "GET") if one.rule.rule.find("/cases/<reference>") >= 0]
    for role in Role:
        person = signed_in(client, world.people[role])
        for route in about_a_case:
            if not route.is_for(role) or route.rule.endpoint in ITSELF:
                continue
            page = person.ask("GET", route.address(world, world.slug))
            if page.status == 200 and page.is_html:
                seen += 1
                link = f"/p/{world.slug}/cases/{route.value(world, 'reference')}/concern"
                if (
                    page.links.get("Raise an immediate concern") != link
                    or f'href="{link}/something-else"' not in page.html
                ):
                    missing.append(f"{route} as {role}")
    assert seen > 20
    assert not missing, "\n" + "\n".join(missing)
