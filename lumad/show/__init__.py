"""The store of the show: files, pure edits, revisions, undo, saving."""
