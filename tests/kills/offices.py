"""Scenes with an admin: one agrees to an edited plan, or reads what a trial run would have said."""

from collections import Counter
from datetime import timedelta

from sqlalchemy import func, select

from bot.domain.plan import Role
from bot.jobs.shadow import MARK
from bot.ports import Out
from bot.store import Tx, outbox, people, revisions, summaries
from bot.store.outbox import Lane, Letter
from bot.store.tables import outbox as outbox_table
from tests.kills.invariants import wording
from tests.kills.scene import HA, LAN, MINH, MONDAY, Scene

SON = 1005
OF_THE_TRIAL = "Nhắc việc của ngày chạy thử"


class AdminsScene(Scene):
    """A scene with an admin, who is asked about every edit; commands take its time for the machine's."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.server.post("crowd", first=SON, number=1)

    @property
    def environment(self) -> dict[str, str]:
        asks = {"BOT_CATALOGUE__APPLY": "ask", "KILLS_NOW": self.clock.isoformat()}
        return super().environment | asks

    def _people(self, tx: Tx) -> None:
        super()._people(tx)
        people.join(tx, channel="telegram", user_id=str(SON), name="Sơn", unit="vpubnd", role=Role.ADMIN, now=MONDAY)

    def causes(self) -> list[str]:
        """Return how each catalogue came to be applied, the newest first."""
        return [each.cause for each in self.look(revisions.history)]

    def moved_dues_heard(self) -> list[tuple[str, int]]:
        """Return who was told of moved dues, each with how often that stood on the wire."""
        asked = select(outbox_table).where(outbox_table.c.key.like("moved:%")).order_by(outbox_table.c.chat_id)
        rows = self.look(lambda tx: tx.execute(asked).all())
        wire = Counter((each.chat_id, each.text) for each in self.server.delivered())
        return [(row.chat_id, wire[row.chat_id, wording(row)]) for row in rows]


class AgreeingScene(AdminsScene):
    """Its admin agrees to what is proposed."""

    def _act(self) -> None:
        super()._act()
        self._press("agree", SON, "Áp dụng")

    def _is_over(self) -> bool:
        return "agree" in self.did and self.causes()[0] == "chat" and super()._is_over()


class AutoScene(AdminsScene):
    """What is edited is applied without a word."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"BOT_CATALOGUE__APPLY": "auto"}

    def _is_over(self) -> bool:
        return len(self.causes()) > 1 and super()._is_over()


class TrialScene(AdminsScene):
    """The plan is only tried out until Friday; who has work reports without having been asked."""

    until = "2022-09-30"

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"BOT_CATALOGUE__SHADOW_UNTIL": self.until}

    def _act(self) -> None:
        self.did["accept"] = 0  # she is not asked either
        if self.look(_kept_back):
            self._says("report", LAN, "Lan", "R1 xong")
            if "report" in self.did and self.look(lambda tx: _kept_back(tx, to=HA)):
                self._says("text", MINH, "Minh", "R2 xong")

    def _says(self, act: str, who: int, name: str, text: str) -> None:
        if act not in self.did:
            self._done(act, "say", user=who, name=name, text=text)


class LastTrialScene(AdminsScene):
    """Its trial run was to end yesterday; one of its messages still waits."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"BOT_CATALOGUE__SHADOW_UNTIL": "2022-09-25"}

    def _people(self, tx: Tx) -> None:
        super()._people(tx)
        summaries.remember(tx, MARK, "on 2022-09-25")
        lan = people.by_chat(tx, channel="telegram", user_id=str(LAN))
        assert lan is not None
        letter = Letter(
            key="remind:2022-09-25:1",
            channel="telegram",
            chat_id=str(LAN),
            person_id=lan.id,
            out=Out(text=OF_THE_TRIAL),
            lane=Lane.REMINDER,
        )
        outbox.put(tx, [letter], now=MONDAY - timedelta(hours=1))


def _kept_back(tx: Tx, *, to: int = LAN) -> bool:
    """Return whether anything that was for somebody stayed."""
    here = (outbox_table.c.state == "shadowed", outbox_table.c.chat_id == str(to))
    return tx.execute(select(func.count()).select_from(outbox_table).where(*here)).scalar_one() > 0
