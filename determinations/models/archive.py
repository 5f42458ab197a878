"""Which archive this is."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Archive(models.Model):
    """The one row that says which archive this database is; a search index belongs to one archive."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    uuid = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_archive")]

    def __str__(self) -> str:
        return str(self.uuid)

    @classmethod
    def identity(cls) -> str:
        """The archive's own identifier, made when first asked for."""
        return str(cls.objects.get_or_create(id=1)[0].uuid)
