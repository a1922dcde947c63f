"""Outputs of the show to routes of the engine."""

from lumad.model.show import Show
from lumad.output.route import Route


def routes_of(show: Show, interface: str | None = None) -> list[Route]:
    """The show's outputs as the engine's routes; universes that nothing is patched in are not sent."""
    patched = {fixture.universe for fixture in show.fixtures.values()}
    routes = []
    for output in show.outputs:
        universes = output.universe_list()
        kept = [at for at, universe in enumerate(universes) if universe in patched]
        if not kept:
            continue
        routes.append(
            Route(
                protocol=output.protocol,
                universes=tuple(universes[at] for at in kept),
                port_addresses=tuple(
                    output.port_addresses()[at] for at in kept if output.protocol == "artnet"
                ),
                to=output.receivers,
                interface=output.interface or interface,
                priority=output.priority,
                ttl=output.ttl,
                rate=output.rate_hz,
                delay_ms=output.delay_ms,
                spread_ms=output.spread_ms,
                sync=int(output.sync),
                per_address_priority=output.per_address_priority,
                preview=output.preview,
                suppress=output.suppress,
                ipv6=output.to == "multicast6",
                discover=output.to == "discover",
                broadcast=output.to == "broadcast",
            )
        )
    return routes
