from django.db import models


class IdempotencyRecord(models.Model):
    """The answer once given to a POST with an Idempotency-Key: a retry within 24 hours gets it again, and runs nothing.

    Written in the transaction of the act itself, so a process that dies leaves either both or neither.
    """

    token = models.ForeignKey("core.ApiToken", models.CASCADE, db_index=False)
    key = models.CharField(max_length=255, db_collation="C")
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, address and body")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_created")]

    def __str__(self) -> str:
        return f"{self.token_id} {self.key} {self.status}"
