"""The door: HTTP, WebSocket, preview, and the page."""
