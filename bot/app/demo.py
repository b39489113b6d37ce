"""The demo: plan 5610 from Monday 26 September 2022, with six people already linked to the page and a week behind them."""

import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.app import neighbours
from bot.app.clock import SimulatedClock
from bot.app.home import Home
from bot.app.house import House
from bot.catalogue import CALENDAR_FILE, PLAN_FILE, UNITS_FILE
from bot.channels.local import CHANNEL
from bot.domain.calendar import LOCAL
from bot.domain.plan import Plan, Role
from bot.settings import Settings
from bot.store import Store, Tx, people

EARLIER = datetime(
    2022, 9, 19, 7, 30, tzinfo=LOCAL
)  # the week before is played at the start, for there to be a history
START = datetime(2022, 9, 26, 7, 55, tzinfo=LOCAL)  # a Monday, five minutes before the first reminders
GATHER_MINUTES = 1  # the office hears soon, and yet with the note or the file that follows a report
STRIDE = timedelta(hours=2)  # how often the other units look at their work in the week before
SPEED = 10.0  # so that they come within half a minute
FOLDER = "data/demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One of the people whose phones the page shows."""

    chat_id: str
    name: str
    unit: str
    role: Role


PLAYERS = (
    Player(chat_id="dau-moi-snv", name="Nguyễn Thị Lan", unit="snv", role=Role.FOCAL),
    Player(chat_id="dau-moi-tam-ky", name="Trần Văn Minh", unit="tamky", role=Role.FOCAL),
    Player(chat_id="lanh-dao-tam-ky", name="Lê Quang Hải", unit="tamky", role=Role.HEAD),
    Player(chat_id="co-quan-theo-doi", name="Phạm Thu Hà", unit="snv", role=Role.OFFICE),
    Player(chat_id="lanh-dao-tinh", name="Võ Đình Phúc", unit="vpubnd", role=Role.MANAGER),
    Player(chat_id="quan-tri", name="Huỳnh Ngọc Sơn", unit="snv", role=Role.ADMIN),
)
PLAYED = frozenset(player.unit for player in PLAYERS if player.role is Role.FOCAL)


def fresh_home(home: Home) -> Home:
    """Return a home within a home, emptied: every demo starts on the same morning and plays on copies of the files.

    What is applied on its page is written back to its files, never to those of the home it began with.
    """
    home.expect()
    demo = Home(home.root / FOLDER, data_folder="")
    demo.make()
    with demo.locked():  # not while another demo is played there
        for entry in demo.data.iterdir():
            if entry.name == "run.pid":
                continue
            if entry.is_dir():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        for name in (PLAN_FILE, UNITS_FILE, CALENDAR_FILE):
            if (home.root / name).exists():
                (demo.root / name).parent.mkdir(exist_ok=True)
                shutil.copyfile(home.root / name, demo.root / name)
    return demo


def seat(store: Store, plan: Plan) -> tuple[str, ...]:
    """Link the demo's people to their chats; return the chats in the order the page shows them."""

    def join(tx: Tx) -> None:
        neighbours.settle_in(tx, plan, but=PLAYED, now=EARLIER)
        for player in PLAYERS:
            people.join(
                tx,
                channel=CHANNEL,
                user_id=player.chat_id,
                name=player.name,
                unit=player.unit,
                role=player.role,
                now=EARLIER,
            )

    store.write(join)
    return tuple(player.chat_id for player in PLAYERS)


async def play_last_week(house: House, clock: SimulatedClock) -> None:
    """Bring the demo to its Monday: reminders, the other units' answers and a summary, as they would have come."""
    while clock.now() < START:
        following = await house.next_moment() or START
        clock.set_forward(min(following, clock.now() + STRIDE, START))
        await house.tick()
        while await house.deliverer.send_waiting():
            await house.deliverer.land()


def live(store: Store, plan: Plan, now: datetime) -> None:
    """Let the units that nobody plays answer for themselves."""
    store.write(lambda tx: neighbours.live(tx, plan, but=PLAYED, now=now))


def settings(found: Settings) -> Settings:
    """Return the settings a demo runs with: no network, its own database, the office told within a minute."""
    return replace(
        found, telegram_token="", telegram_webhook_url="", database_url="", office_gather_minutes=GATHER_MINUTES
    )
