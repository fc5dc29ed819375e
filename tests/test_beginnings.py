"""A beginning that is taken up is the one that was lived."""

import pickle
from datetime import timedelta

from tests.beginnings import keep, lived_once, look_of, rows_of, take_up
from tests.company import Company
from tests.goal_talks import emily_proposes, invited_sellers
from tests.stories import placed_people


def shows(company: Company) -> list[object]:
    """Everything that stands in Slack and in the database; what was asked on the way there is beside the point."""
    slack = company.slack
    stands = [slack.people, slack.apps, slack.channels, slack.views, slack.stacks, slack.homes, slack.toasts]
    rows = {
        table: sorted(of_table.splitlines() if isinstance(of_table, bytes) else of_table, key=repr)
        for table, of_table in rows_of(company.database).items()
    }  # in no order: PostgreSQL puts them where there is room
    return [rows, pickle.loads(pickle.dumps(stands))]  # noqa: S301 - our own


def test_a_company_that_went_on_is_again_as_it_was_and_goes_on_the_same_way(company: Company) -> None:
    invited_sellers.__wrapped__(company)
    kept, before, at = keep(company), shows(company), company.slack.clock.now()
    emily_proposes(company)
    ahead, words = shows(company), company.person("thomas").sees()
    assert ahead[0] != before[0]
    assert ahead[1] != before[1]

    company.winds(plus="1d")
    take_up(company, kept)
    assert shows(company) == before
    assert company.slack.clock.now() - at < timedelta(days=1)
    _, thomas = emily_proposes(company)
    assert thomas.sees() == words
    assert rows_of(company.database).keys() == ahead[0].keys()


def test_a_beginning_is_lived_once_and_only_where_nothing_has_happened(company: Company) -> None:
    lived, start = [], keep(company)

    @lived_once
    def beginning(company: Company) -> str:
        lived.append(placed_people(company))
        company.person("mei").types("/cairn cycle")
        return "begun"

    def begins_anew() -> None:
        take_up(company, start)
        company.untouched = look_of(company)

    assert beginning(company) == "begun"
    there = shows(company)
    begins_anew()
    assert shows(company) != there
    assert beginning(company) == "begun"
    assert shows(company) == there
    assert len(lived) == 1

    beginning(company)
    assert len(lived) == 2  # in the midst of a story nobody begins from nothing
    begins_anew()
    company.slack.settings.rate_limits = True
    beginning(company)
    assert len(lived) == 3  # Slack was changed behind the bot's back
