from django.db import migrations, models
from django.utils import timezone


class Migration(migrations.Migration):
    """When a name last changed: how pages know that they must read the names anew."""

    dependencies = [("determinations", "0004_facts_of_letters")]

    operations = [
        migrations.AddField(
            model_name=name,
            name="changed_at",
            field=models.DateTimeField(auto_now=True, default=timezone.now),
            preserve_default=False,
        )
        for name in ("specialty", "treatmentcategory", "guideline")
    ]
