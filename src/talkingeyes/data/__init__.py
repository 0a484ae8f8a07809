"""Data sets: a tree of videos, or a published set, becomes shards with a data card (built by DATA, issue 4).

Rooms: ``shards`` (the container), ``build`` (videos -> shards, local or Ray), ``split`` (speakers kept apart), ``card``
(what is in a set), and the importers ``tked``, ``livelink`` and ``fixations``.
"""
