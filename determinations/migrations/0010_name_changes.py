from django.db import migrations, models


class Migration(migrations.Migration):
    """A name can be given other parents, or another family."""

    dependencies = [("determinations", "0009_roles")]

    operations = [
        migrations.AlterField(
            model_name="namechange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("assign", "Assign"),
                    ("create", "Create"),
                    ("join", "Join"),
                    ("split", "Split"),
                    ("rename", "Rename"),
                    ("place", "Place"),
                ],
                max_length=10,
            ),
        ),
    ]
