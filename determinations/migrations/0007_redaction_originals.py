from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('determinations', '0006_curation'),
    ]

    operations = [
        migrations.AddField(
            model_name='redaction',
            name='originals',
            field=models.JSONField(default=list, editable=False, help_text='What curators wrote with these words in it, to be put back: model, id, field, value.'),
        ),
    ]
