"""The floor every domain app stands on: territory, accounts, policy, audit, findings, sheets. Knows no domain app."""
