"""The words of all conversations as a menu: what their buttons say, and the groups in which they stand."""

from collections.abc import Mapping, Sequence

from bot.domain.refusal import N_

LABELS: Mapping[str, str] = {
    "setup": N_("Preparation"),
    "goals": N_("Goals"),
    "checkin": N_("Check-in"),
    "team": N_("My team"),
    "talk": N_("One-on-one"),
    "result": N_("My result"),
    "review": N_("Write reviews"),
    "report": N_("Report a value"),
    "adjust": N_("Add or deduct points"),
    "pause": N_("Pause"),
    "calendar": N_("Calendar"),
    "results": N_("Results"),
    "calibrate": N_("Calibration"),
    "fairness": N_("Fairness"),
    "reviews": N_("Reviews"),
    "peers": N_("Feedback"),
    "actuals": N_("Actual values"),
    "people": N_("People"),
    "figures": N_("Figures"),
    "import": N_("Import a file"),
    "sources": N_("Sources"),
    "cycle": N_("Open a cycle"),
    "templates": N_("Templates"),
    "objectives": N_("Objectives"),
    "plan": N_("Improvement plan"),
    "support": N_("Ask for help"),
    "kudos": N_("Say thanks"),
    "feedback": N_("Give feedback"),
    "evidence": N_("My evidence"),
    "ask": N_("Ask a question"),
    "suggest": N_("Make a suggestion"),
    "suggestions": N_("Suggestions"),
    "rules": N_("Outcome rules"),
    "course": N_("The course"),
    "privacy": N_("Privacy"),
    "help": N_("Help"),
}
"""Commands as buttons."""
GROUPS: Mapping[str, Sequence[str]] = {
    N_("My work"): ("goals", "checkin", "team", "review", "result", "plan", "report", "pause", "calendar"),
    N_("With each other"): ("talk", "support", "kudos", "feedback", "evidence", "ask", "suggest", "suggestions"),
    N_("This cycle"): ("results", "calibrate", "fairness", "reviews", "peers", "actuals", "adjust"),
    N_("People and values"): ("people", "import", "sources", "figures"),
    N_("Before a cycle"): ("setup", "cycle", "templates"),
    N_("Good to know"): ("objectives", "rules", "course", "privacy", "help"),
}
"""All words, as they stand behind “More…” in Home and in `/cairn help`."""
