"""The roles that are shipped, as groups; what each may do is settled after every migrate (access/rights.py)."""

from django.db import migrations

from determinations.access.rights import make_roles


def make(apps, schema_editor):
    make_roles(apps.get_model("auth", "Group"))


class Migration(migrations.Migration):
    dependencies = [
        ("determinations", "0008_queue"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
