"""What the company wants and how it is given out, for the stories about it."""

from datetime import timedelta

from tests.company import Company, Persona

TITLE = "Annual sales +20 %"


def everybody_hears(company: Company) -> None:
    """The working hours of the next day come, first in China, then in Europe and America."""
    day = company.slack.clock.now().date() + timedelta(days=1)
    for hour in ("10:00:00+08:00", "15:00:00+00:00"):
        company.winds(to=f"{day}T{hour}")


def company_objective(company: Company, **other: str) -> Persona:
    """林美 sets what the company wants this year; 周建国 answers for it."""
    mei = company.person("mei")
    mei.types("/cairn objectives")
    mei.clicks("设定公司目标")
    said = {
        "title": TITLE,
        "kind": "result",
        "unit": "CNY",
        "baseline": "150,000,000",
        "target": "+20%",
        "year": "2027",
    }
    mei.submits(**{**said, "owner": company.person("jianguo").id, **other})
    return mei


def gives(persona: Persona, to: Persona, amount: str, cut: str = "person", part: str = "") -> None:
    """Give out a part of the objective that is open."""
    persona.clicks("分解一部分" if persona.member.locale.startswith("zh") else "Give out a part")
    persona.submits(owner=to.id, cut=cut, part=part, amount=amount)


def split_to_thomas(company: Company, amount: str = "62400000") -> Persona:
    """The company's objective went to sales, and from there to Thomas Keller for his region, with seasons."""
    company_objective(company)
    guo, qiang, thomas = (company.person(name) for name in ("jianguo", "qiang", "thomas"))
    guo.types("/cairn objectives")
    guo.clicks("打开")
    gives(guo, qiang, "100%", cut="department")
    qiang.types("/cairn objectives")
    qiang.clicks("打开")
    gives(qiang, thomas, amount, cut="region", part="Europe and Americas")
    thomas.types("/cairn objectives")
    thomas.clicks("Open")
    thomas.clicks("Month by month")
    thomas.submits(shares="10 7 8 8 8 9 8 8 9 9 8 8")
    return thomas
