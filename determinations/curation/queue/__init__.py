"""The review queue: everything doubtful in one place, and what curators decide on it.

``kinds``: what can wait in it. ``lists``: what waits, a page or one at a time. ``quoting``: the words in question.
``deciding``: what can be done with a question, and undoing it; ``many``: the same for all that a filter finds, with a
preview. ``measure``: how the queue grows and shrinks.
"""
