from django.db import migrations, models

_RARE = [
    ("case", "case_scanned", {"letter_format": "scanned"}),
    ("disputeditem", "item_without_outcome", {"outcome": ""}),
    ("disputeditem", "item_unclear", {"finding": "unclear"}),
    ("disputeditem", "item_partly_necessary", {"finding": "partly necessary"}),
    ("lettersource", "source_superseded", {"status": "superseded"}),
]


class Migration(migrations.Migration):
    """Few rows have what these indexes hold, and curators look for just those."""

    dependencies = [("determinations", "0010_name_changes")]

    operations = [
        migrations.AddIndex(table, models.Index(condition=models.Q(**condition), fields=["id"], name=name))
        for table, name, condition in _RARE
    ]
