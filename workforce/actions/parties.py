"""Names of contract parties (用工主体) and the kind that they give away (domain §1.A6)."""

from workforce.enums import PartyKind

# Words in a party's name, the surest first: a centre of a street is a centre.
WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (PartyKind.OFFICE, ("事务所",)),
    (PartyKind.CENTRE, ("党群服务中心", "党群中心")),
    (PartyKind.STREET, ("街道", "镇", "乡")),
)


def suggested_kind(party: str) -> str:
    """The kind of contract party that a name suggests; empty for no name, `other` where nothing in it tells."""
    if not party:
        return ""
    return next((kind for kind, words in WORDS if any(word in party for word in words)), PartyKind.OTHER)


def kind_sql(party: str) -> str:
    """The same as SQL over the column expression `party`."""
    cases = " ".join(f"WHEN {party} ~ '{'|'.join(words)}' THEN '{kind}'" for kind, words in WORDS)
    return f"CASE WHEN {party} = '' THEN '' {cases} ELSE '{PartyKind.OTHER}' END"
