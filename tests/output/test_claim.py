"""An address that two machines share is on one of them at a time."""

from ipaddress import IPv4Address

from lumad.output.claim import Claim
from lumad.protocols import arp

VIP = IPv4Address("10.0.0.50")
MACS = bytes(6), b"\x02\0\0\0\0\x07"


class Cable:
    """Two claims, and a clock in steps of 10 ms; what one says the other hears in the next step."""

    def __init__(self) -> None:
        self.claims = [Claim(mac) for mac in MACS]
        self.now = 0.0
        self.said: list[list[arp.Arp]] = [[], []]
        self.deaf = False

    def run(self, seconds: float, *wanted: bool, urgent: int | None = None, linked: bool = True) -> list[str]:
        """Steps both; what each did beside asking and telling, as `0 add`."""
        found = []
        end = self.now + seconds
        while self.now < end:
            heard, self.said = self.said, [[], []]
            for at, claim in enumerate(self.claims):
                for packet in [] if self.deaf else heard[1 - at]:
                    claim.hear(packet)
                    if packet.is_probe and claim.held:
                        self.said[at].append(arp.Arp(arp.REPLY, MACS[at], VIP, IPv4Address(0)))
                for deed in claim.decide(self.now, wanted=wanted[at], urgent=urgent == at, linked=linked):
                    if deed in {"probe", "announce"}:
                        say = arp.probe if deed == "probe" else arp.announcement
                        self.said[at].append(say(MACS[at], VIP))
                    else:
                        found.append(f"{at} {deed}")
            urgent = None
            self.now += 0.01
        return found


def test_who_has_the_light_asks_first_and_then_has_the_address():
    cable = Cable()
    assert cable.run(0.11, True, False) == []
    assert cable.run(0.1, True, False) == ["0 add"]


def test_who_returns_leaves_it_to_who_has_it():
    cable = Cable()
    cable.run(1.0, True, False)
    assert cable.run(10.0, True, True) == []


def test_who_has_just_taken_the_light_takes_it_at_once_and_the_old_holder_lets_go():
    cable = Cable()
    cable.run(2.0, True, False)
    assert cable.run(0.05, True, True, urgent=1) == ["1 add", "0 drop"]
    assert cable.run(10.0, True, True) == []


def test_an_old_holder_that_heard_nothing_is_told_again():
    cable = Cable()
    cable.run(2.0, True, False)
    cable.deaf = True
    cable.run(0.1, True, True, urgent=1)
    cable.deaf = False
    assert cable.run(1.0, True, True) == ["0 drop"]


def test_it_goes_back_with_the_light():
    cable = Cable()
    cable.run(2.0, False, True)
    assert cable.run(1.0, True, False) == ["1 drop", "0 add"]


def test_without_its_cable_a_machine_lets_go():
    cable = Cable()
    cable.run(2.0, True, False)
    assert cable.run(1.0, True, False, linked=False) == ["0 drop"]


def test_two_that_ask_at_once_do_not_both_get_it():
    cable = Cable()
    assert len(cable.run(5.0, True, True)) == 1
