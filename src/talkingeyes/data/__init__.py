"""Data sets: a tree of videos, or a published set, becomes shards with a data card (docs/data.md).

``plan`` what will be made, ``make`` one item into one sample, ``store`` the folder, ``build`` all of it on an engine of
`talkingeyes.engines`; ``sample``, ``shards`` and ``dataset`` the container; ``traits``, ``clusters`` and ``split`` keep
people apart; ``card`` and ``plots`` say what is in a set; ``importers`` names
the published sets that are read and the module of each; ``mapped`` and ``columns`` read anybody's tables.
"""
