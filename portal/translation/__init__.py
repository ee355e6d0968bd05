"""Translations without system gettext: finding the texts, keeping the English catalogue, compiling it.

The texts in the code are Chinese, so Chinese needs no catalogue; English has one in `locale/en`.
"""
