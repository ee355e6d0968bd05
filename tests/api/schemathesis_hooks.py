"""What a client does with Idempotency-Key: a new one for every call. Loaded by schemathesis itself, without Django.

Otherwise all calls of an operation would share one key, and only the first of them would reach the action.
"""

import uuid

import schemathesis

HEADER = "Idempotency-Key"


@schemathesis.hook
def before_call(context, case, kwargs):
    # What is wrong on purpose stays as it is: a header changed in it would bring back the one that was left out.
    if case.meta is not None and case.meta.generation.mode.is_positive and HEADER in (case.headers or {}):
        case.headers[HEADER] = str(uuid.uuid4())
