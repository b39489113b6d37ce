"""invite, people, revoke: who may join, who has, and taking it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.app.clock import RealClock
from bot.app.invitations import telegram_link
from bot.cli.common import fail, home_of, home_option, opened, sentences, show_json
from bot.domain.calendar import local_day
from bot.domain.heirs import holder, owing
from bot.domain.plan import Plan, Role
from bot.reports.tables import rows_csv
from bot.settings import Settings
from bot.store import Store, Tx, invites, people

ROLES = [str(role) for role in Role]
FIELDS = ("code", "link", "unit", "role", "expires")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a code is to give: a role in a unit, or a further chat to somebody who has one."""

    unit: str
    role: Role
    name: str
    for_person: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A fresh code, shown once and then only known by its hash."""

    code: str
    link: str | None
    unit: str
    role: Role
    expires: datetime

    def shown(self) -> dict[str, Any]:
        """Return it as programs read it."""
        return {
            "code": self.code,
            "link": self.link,
            "unit": self.unit,
            "role": str(self.role),
            "expires": self.expires.isoformat(),
        }


@click.command("invite")
@click.option("--unit", help="Mã đơn vị trong config/units.yaml.")
@click.option("--all-units", is_flag=True, help="Mỗi đơn vị được giao việc một mã.")
@click.option("--person", type=int, help="Mã số trong lệnh people: mã liên kết thêm một kênh cho người đó.")
@click.option("--role", type=click.Choice(ROLES), help="Vai trò (bắt buộc, trừ khi dùng --person).")
@click.option("--name", default="", help="Họ tên; để trống: lấy tên hiển thị của người nhập mã.")
@click.option("--days", type=click.IntRange(1, 60), help="Mã có hiệu lực bao nhiêu ngày (mặc định: theo cài đặt).")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="In CSV.")
@click.option("--qr", type=click.Path(dir_okay=False, path_type=Path), help="Ghi tờ mã QR để in (PDF).")
@home_option
@click.pass_context
@sentences
def invite_command(
    ctx: click.Context,
    own_home: Path | None,
    unit: str | None,
    all_units: bool,
    person: int | None,
    role: str | None,
    name: str,
    days: int | None,
    as_json: bool,
    as_csv: bool,
    qr: Path | None,
) -> None:
    """Tạo mã liên kết dùng một lần: cho vai trò trong đơn vị, hoặc cho thêm một kênh của người đã liên kết."""
    if (person is not None) == bool(unit or all_units or role or name):
        raise click.UsageError("Chọn một trong hai: --person SỐ; hoặc --role với --unit MÃ hay --all-units.")
    with opened(home_of(ctx, own_home)) as (settings, store, catalogue):
        if person is not None:
            wanted = [_further_chat(store, person)]
        elif role is None:
            raise click.UsageError("Thiếu --role.")
        else:
            units = _units(catalogue.plan, unit, role=Role(role), all_units=all_units)
            wanted = [Wanted(unit=each, role=Role(role), name=name) for each in units]
        if qr is not None:
            qr.touch()  # before any code is made: one that nobody is shown would stay good
        made = _make(store, settings, wanted, days=days or settings.invites_days)
        if qr is not None:
            _write_sheet(qr, made, catalogue.plan)
    if as_csv:
        rows = [[each.shown()[field] for field in FIELDS] for each in made]
        click.echo(rows_csv(FIELDS, rows), nl=False)
    elif all_units:
        shown = [each.shown() for each in made]
        show_json(shown) if as_json else _print(shown)
    else:
        show_json(made[0].shown())


@click.command("people")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
@home_option
@click.pass_context
@sentences
def people_command(ctx: click.Context, own_home: Path | None, as_json: bool) -> None:
    """Liệt kê người đã liên kết: đơn vị, vai trò, kênh, còn nhận được tin hay không."""
    with opened(home_of(ctx, own_home)) as (_, store, _catalogue):
        found = store.read(people.listed)
    rows = [
        {
            "id": each.person_id,
            "name": each.name,
            "unit": each.unit,
            "role": str(each.role),
            "channels": list(each.channels),
            "reachable": each.reachable,
            "since": each.since.isoformat(),
        }
        for each in found
    ]
    show_json(rows) if as_json else _print(rows)


@click.command("revoke")
@click.argument("person_id", type=int)
@home_option
@click.pass_context
@sentences
def revoke_command(ctx: click.Context, own_home: Path | None, person_id: int) -> None:
    """Thu hồi mọi quyền của một người (mã số trong lệnh people); báo cáo đã gửi vẫn giữ."""
    with opened(home_of(ctx, own_home)) as (_, store, _catalogue):
        had_rights = store.write(lambda tx: people.revoke(tx, person_id=person_id, now=RealClock().now()))
    if not had_rights:
        fail(f"Không có người nào mang số {person_id} đang có quyền.")
    click.echo(f"Đã thu hồi quyền của người số {person_id}.")


def _units(plan: Plan, unit: str | None, *, role: Role, all_units: bool) -> list[str]:
    today = local_day(RealClock().now())
    if all_units == (unit is not None):
        raise click.UsageError("Chọn một trong hai: --unit MÃ hoặc --all-units.")
    if unit is None:
        those = owing(plan, today)
        return [each for each in plan.units if each in those]
    if role is Role.OFFICE and unit not in (plan.office, holder(plan, plan.office, today)):
        fail(f"Cơ quan theo dõi của kế hoạch là «{plan.office}» (khóa office); vai trò office chỉ dành cho đơn vị đó.")
    if unit not in plan.units:
        fail(f"Không có đơn vị «{unit}» trong config/units.yaml.")
    return [unit]


def _further_chat(store: Store, person_id: int) -> Wanted:
    """Return what a code for a further chat of somebody says: what they are is not changed by it."""
    found = store.read(lambda tx: people.by_id(tx, person_id))
    if found is None or not found.memberships:
        fail(f"Không có người nào mang số {person_id} đang có quyền. Xem mã số bằng lệnh people.")
    held = found.memberships[0]
    return Wanted(unit=held.unit, role=held.role, name=found.name, for_person=person_id)


def _make(store: Store, settings: Settings, wanted: Iterable[Wanted], *, days: int) -> list[Invitation]:
    link = telegram_link(settings)
    now = RealClock().now()

    def write(tx: Tx) -> list[Invitation]:
        made = []
        for each in wanted:
            code = invites.new_code()
            expires = invites.create(
                tx,
                code=code,
                unit=each.unit,
                role=each.role,
                name=each.name,
                for_person=each.for_person,
                now=now,
                days=days,
            )
            made.append(Invitation(code=code, link=link(code), unit=each.unit, role=each.role, expires=expires))
        return made

    return store.write(write)


def _write_sheet(path: Path, made: Iterable[Invitation], plan: Plan) -> None:
    from bot.reports.qr_sheet import QrCard, qr_sheet  # noqa: PLC0415  (heavy)

    cards = [
        QrCard(
            unit=plan.unit_name(each.unit),
            role=str(each.role),
            code=each.code,
            link=each.link,
            expires=local_day(each.expires),
        )
        for each in made
    ]
    path.write_bytes(qr_sheet(cards))


def _print(rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values() if value is not None))
