"""Many workspaces in one process: which there are, whose a request is, and one Cairn of its own for each.

Nothing below this room knows of more than one workspace.
"""
