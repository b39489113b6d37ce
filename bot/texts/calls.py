"""What to say on the telephone to somebody whom no channel reaches."""

from datetime import datetime

from bot.texts import due, in_period, say, sentence, shortened
from bot.texts.tasks import View, left

TITLE_LENGTH = 160
TOLD_LENGTH = 300


def say_task(language: str, view: View, *, now: datetime) -> str:
    """Return what is asked about a task."""
    return say(
        language,
        "call.task",
        unit=view.whose(language),
        task=view.task.id,
        period=in_period(view.period, language),
        title=shortened(view.task.title, TITLE_LENGTH),
        due=due(view.due_at),
        left=left(language, view.due_at, now),
    )


def say_decision(language: str, heading: str, text: str) -> str:
    """Return what the person would have read of a decision."""
    told = text.partition("\n\n")[0]  # what follows is the letter's reference
    return say(language, "call.decision", heading=heading, told=sentence(told, TOLD_LENGTH))
