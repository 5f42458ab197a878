"""The curators' place: everything that was read, the queue of open questions, the names, and what was decided.

What was read from letters is shown and not edited here; corrections are laid over it. Lists over big tables never
count all their rows and never offer all of a big table in a dropdown.
"""

from django.contrib import admin

from . import curation, letters, names, naming, people, privacy, queue, rules

__all__ = ["curation", "letters", "names", "naming", "people", "privacy", "queue", "rules"]

admin.site.site_header = "IMR Archive: curation"
admin.site.site_title = "IMR Archive"
admin.site.index_title = "What the archive holds"
