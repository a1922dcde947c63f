"""Who was let in is kept, by the hash of a token; codes are for once and for five minutes."""

import json
from pathlib import Path

import pytest

from lumad.api.devices import LASTS_S, Device
from lumad.api.roles import Role
from lumad.daemon.people import MOST_GUESSES, MOST_OFFERS, PeopleFile
from lumad.errors import UnknownNameError


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "people.json"


@pytest.fixture
def people(path: Path, clock: Clock) -> PeopleFile:
    return PeopleFile(path, clock, clock)


def let_in(people: PeopleFile, name: str = "phone", role: Role | None = None) -> tuple[Device, str]:
    paired = people.pair(people.offer(role).code, name)
    assert paired is not None
    return paired


def test_the_first_device_is_admin_the_next_is_operator(people: PeopleFile):
    assert [let_in(people)[0].role for _ in range(2)] == [Role.ADMIN, Role.OPERATOR]
    assert let_in(people, role=Role.VIEWER)[0].role is Role.VIEWER


def test_a_code_lets_one_device_in_by_either_of_its_two_forms(people: PeopleFile):
    for offer in (people.offer(None), people.offer(None)):
        assert people.pair(offer.pin, "one") is not None
        assert people.pair(offer.pin, "two") is None
        assert people.pair(offer.code, "two") is None
    assert people.pair("", "nobody") is None


def test_a_code_ends_after_five_minutes(people: PeopleFile, clock: Clock):
    early, late = people.offer(None), people.offer(None)
    clock.now += 299.9
    assert people.pair(early.code, "phone") is not None
    clock.now += 0.2
    assert people.pair(late.code, "phone") is None


def test_few_codes_stand_at_a_time(people: PeopleFile):
    offers = [people.offer(None) for _ in range(MOST_OFFERS + 1)]
    assert [people.pair(offer.code, "phone") is not None for offer in offers] == [False] + [
        True
    ] * MOST_OFFERS


def test_a_token_is_long_kept_only_as_its_hash_and_for_this_user_alone(people: PeopleFile, path: Path):
    _, token = let_in(people)
    assert len(token) >= 32
    text = path.read_text()
    assert token not in text
    assert len(json.loads(text)["devices"][0]["sha256"]) == 64
    assert path.stat().st_mode & 0o777 == 0o600


def test_devices_outlive_a_restart_and_codes_do_not(people: PeopleFile, path: Path, clock: Clock):
    device, token = let_in(people, "Anna's 📱")
    offer = people.offer(None)
    clock.now += 60
    assert people.who(token) is not None
    people.close()
    again = PeopleFile(path, clock, clock)
    assert again.devices() == [Device(device.id, "Anna's 📱", Role.ADMIN, 1000.0, 1060.0)]
    assert again.pair(offer.code, "phone") is None


def test_a_device_is_renamed_gets_a_role_and_is_shown_out(people: PeopleFile, path: Path, clock: Clock):
    device, token = let_in(people)
    assert people.change(device.id, label="Ben").name == "Ben"
    assert people.change(device.id, role=Role.VIEWER) == people.who(token)
    people.revoke(device.id)
    assert people.who(token) is None
    assert PeopleFile(path, clock, clock).devices() == []
    for deed in (people.change, people.revoke):
        with pytest.raises(UnknownNameError, match="no device"):
            deed(device.id)


@pytest.mark.parametrize("token", ["", "x", "é\ud800", "x" * 100_000])
def test_a_token_that_is_none_opens_nothing(people: PeopleFile, token: str):
    let_in(people)
    assert people.who(token) is None
    assert people.pair(token, "phone") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "[" * 99_999,
        '{"format": 2, "devices": []}',
        '{"format": 1, "devices": [{"id": 1}]}',
        '{"format": 1, "devices": [{"id": "a", "name": "b", "role": "king", "sha256": "", "paired": 0}]}',
    ],
)
def test_a_broken_file_lets_nobody_in_and_is_kept(path: Path, text: str, caplog: pytest.LogCaptureFixture):
    path.parent.mkdir()
    path.write_text(text)
    people = PeopleFile(path)
    assert people.devices() == []
    assert path.with_name("people.broken.json").read_text() == text
    assert "must be paired again" in caplog.text
    let_in(people)


def test_where_nothing_can_be_written_devices_are_known_until_the_end(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "state").write_text("a file where the folder should be")
    people = PeopleFile(tmp_path / "state" / "people.json")
    _, token = let_in(people)
    assert people.who(token) is not None
    assert "cannot be written" in caplog.text


def test_a_token_that_nobody_uses_for_thirty_days_is_none(people: PeopleFile, path: Path, clock: Clock):
    _, idle = let_in(people)
    device, used = let_in(people)
    for _ in range(3):
        clock.now += LASTS_S / 2
        people.seen(device.id)  # its page stays open
    assert (people.who(idle), people.has_admin) == (None, False)
    again = PeopleFile(path, clock, clock)  # after a crash: nothing was closed
    assert again.who(used) is not None
    assert again.offer(None).role is Role.ADMIN


def test_a_clock_that_was_wrong_shows_nobody_out(people: PeopleFile, clock: Clock):
    _, token = let_in(people)
    clock.now -= 1000.0
    assert people.who(token) is not None


def test_devices_that_are_none_any_more_make_room(
    people: PeopleFile, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("lumad.daemon.people.MOST_DEVICES", 3)
    for _ in range(3):
        let_in(people)
    assert people.pair(people.offer(None).code, "phone") is None
    clock.now += LASTS_S + 1
    let_in(people)
    assert len(people.devices()) == 1


def test_guesses_from_many_addresses_wear_a_pin_out_but_not_its_long_code(people: PeopleFile):
    offer = people.offer(None)
    wrong = "000000" if offer.pin != "000000" else "000001"
    for _ in range(MOST_GUESSES):
        assert people.pair(wrong, "guess") is None
    assert people.pair(offer.pin, "phone") is None
    assert people.pair(offer.code, "phone") is not None
