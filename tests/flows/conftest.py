"""What several conversations' stories begin with."""

import pytest

from tests.company import Company
from tests.goal_talks import invited_sellers
from tests.stories import placed_people


@pytest.fixture
def placed(company: Company) -> Company:
    """Everybody has their place; no cycle runs."""
    placed_people(company)
    return company


@pytest.fixture
def quarter(company: Company) -> str:
    """The id of a running quarter for sales."""
    return invited_sellers(company)
