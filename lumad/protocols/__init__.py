"""One file a wire format: bytes in, packets out; a bad packet is a `PacketError` and nothing else."""
