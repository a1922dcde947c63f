"""Whether the cable is in, of the interfaces that are meant."""

import pytest
from namespaces import isolated, run, until

from lumad.output.links import Cable, Link, chosen, links

ETH0 = Link("eth0", 2, up=True, shared=True, changes=1)
LAN0 = Link("lan0", 2, up=True, shared=True, changes=1)
WIFI = Link("wlan0", 3, up=False, shared=True, changes=1)
LO = Link("lo", 1, up=True, shared=False, changes=0)


def test_the_only_one_that_leads_out_is_meant_by_no_name():
    assert chosen({None}, [LO, ETH0, WIFI]) == [ETH0]
    assert chosen({None}, [LO, ETH0, Link("eth1", 4, up=True, shared=True, changes=1)]) is None


@pytest.mark.parametrize(("former", "meant"), [({}, None), ({"eth0": 2}, [LAN0]), ({"eth0": 7}, None)])
def test_an_interface_that_was_renamed_is_still_meant(
    former: dict[str | None, int], meant: list[Link] | None
):
    assert chosen({"eth0"}, [LO, LAN0], former) == meant


def test_another_interface_that_gets_the_name_is_meant():
    assert chosen({"lan0"}, [LAN0], {"lan0": 7}) == [LAN0]


def plug() -> None:
    run("ip", "link", "add", "va", "type", "veth", "peer", "name", "vb")
    for end in ("va", "vb"):
        run("ip", "link", "set", end, "up")
    until(lambda: [link.up for link in links() if link.name == "va"] == [True])


def through_it_all() -> list[float | None]:
    cable, told = Cable(), []
    for now, change in enumerate((None, plug, None, lambda: run("ip", "link", "delete", "va"), plug)):
        if change:
            change()
        cable.look({"va"}, float(now))
        told.append(cable.up_s(now))
    return told


def test_a_cable_that_comes_back_has_been_in_since_then_even_if_its_interface_was_gone():
    assert isolated(through_it_all) == [None, 0.0, 1.0, None, 0.0]
