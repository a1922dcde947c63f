"""The wall: brings pictures in, draws the scene, publishes every frame to the ring."""
