"""A reply as it is searched, and what is found in it."""

from dataclasses import dataclass
from datetime import date

from bot.domain.reply_lexicon import Intent
from bot.domain.reply_words import Word, plain_words

EDGES = " .,;:!()-–—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reply says. Only a `sure` one may be recorded without asking back.

    `task` is the code of the catalogue, "" where none was named. `choice` is the number typed (1-5); without a task it
    means something only to the one who knows the open question. `days` is a length ("gia hạn 5 ngày"), to be counted
    from the due day; `until` then counts it from today. `note` holds the reason, or all of a reply that is not sure.
    """

    intent: Intent = Intent.UNKNOWN
    sure: bool = False
    percent: float | None = None
    done: int | None = None
    total: int | None = None
    until: date | None = None
    days: int | None = None
    note: str = ""
    task: str = ""
    choice: int | None = None


class Body:
    """A reply without its code: folded and in plain words for matching, and as written for the note."""

    def __init__(self, words: list[Word]) -> None:
        self.words = plain_words(words)
        # What ends a sentence ends no word: "xong đã." and "xong đã" are read alike.
        self.folded = " ".join(folded for _, folded in self.words).rstrip(" .!,;")
        self.written = self.between(0, len(self.folded))

    def between(self, begins: int, stops: int) -> str:
        """Return, as written, the words that lie wholly in this stretch of the folded text."""
        kept, place = [], 0
        for written, folded in self.words:
            if begins <= place and (place + len(folded) <= stops or stops == len(self.folded)):
                kept.append(written)
            place += len(folded) + 1
        return " ".join(kept).strip(EDGES)

    @property
    def marked(self) -> set[str]:
        """The words with their marks, in lower case."""
        return {written.casefold().strip(EDGES) for written, _ in self.words}

    @property
    def ends_asking(self) -> bool:
        """Whether the last word is "à", "á" or "hả", which folding would make an "ạ"."""
        last = self.words[-1][0].casefold().strip(EDGES) if self.words else ""
        return len(self.words) > 1 and last in {"à", "á", "hả", "hở", "hử", "ư"}
