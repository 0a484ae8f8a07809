"""`talkingeyes serve`: many live sessions over WebSocket, a page with a microphone, metrics (docs/live.md).

`app.build_app` makes the application, `run.serve` runs it here, `cluster` on the machines of a Ray cluster. Needs the
extra ``live``.
"""
