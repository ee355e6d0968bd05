from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.fields.json import KeyTransform


class Migration(migrations.Migration):
    """Indexes for the first findings of a kind in every order, made without keeping anybody from writing meanwhile."""

    atomic = False

    dependencies = [
        ('core', '0011_finding_kept_counts'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='finding',
            index=models.Index(condition=models.Q(('state', 'resolved'), _negated=True), fields=['held_level', 'division'], name='finding_held'),
        ),
        AddIndexConcurrently(
            model_name='finding',
            index=models.Index(models.F('kind'), models.F('state'), models.OrderBy(models.F('due_on'), nulls_last=True), models.OrderBy(KeyTransform('gap', 'facts'), descending=True, nulls_last=True), models.F('opened_on'), models.F('id'), name='finding_by_due'),
        ),
        AddIndexConcurrently(
            model_name='finding',
            index=models.Index(models.F('kind'), models.F('state'), models.OrderBy(KeyTransform('gap', 'facts'), descending=True, nulls_last=True), models.OrderBy(models.F('due_on'), nulls_last=True), models.F('opened_on'), models.F('id'), name='finding_by_gap'),
        ),
        AddIndexConcurrently(
            model_name='finding',
            index=models.Index(models.F('kind'), models.F('state'), models.F('opened_on'), models.OrderBy(models.F('due_on'), nulls_last=True), models.F('id'), name='finding_by_oldest'),
        ),
        AddIndexConcurrently(
            model_name='finding',
            index=models.Index(condition=models.Q(('state', 'resolved'), _negated=True), fields=['due_on', 'id'], name='finding_due_first'),
        ),
        RemoveIndexConcurrently(
            model_name='finding',
            name='finding_due',
        ),
        RemoveIndexConcurrently(
            model_name='finding',
            name='finding_waiting',
        ),
    ]
