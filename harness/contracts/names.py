"""Names of Python for what a contract names: classes, operations and properties."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable


def words(text: str) -> list[str]:
    """Return the words of a name in lower case: "createUser" and "create-user" have the same two."""
    parts = re.findall(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+", re.sub(r"[^\x00-\x7f]", "", text))
    return [one.lower() for one in parts]


def class_name(text: str) -> str:
    """Return the name of a class, such as "PaymentIntent" for "payment_intent"."""
    made = "".join(one[:1].upper() + one[1:] for one in re.split(r"[^A-Za-z0-9]+", text) if one)
    if made.isupper():
        # Not VAT: constants are written so.
        made = made.capitalize() if made[1:] else f"{made}Model"
    return made if made[:1].isalpha() else f"Model{made}"


def function_name(text: str) -> str:
    """Return the name of a method, such as "create_user" for "createUser"."""
    made = "_".join(words(text)) or "call"
    made = made if made[0].isalpha() else f"call_{made}"
    return f"{made}_" if keyword.iskeyword(made) else made


def constant_name(text: str) -> str:
    """Return the name of a constant, such as "PAYMENT_INTENT"."""
    made = "_".join(words(text)).upper() or "VALUE"
    return made if made[0].isalpha() else f"VALUE_{made}"


def singular(word: str) -> str:
    """Return the word for one of several, as far as English is regular."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def free(name: str, taken: Iterable[str]) -> str:
    """Return a name that is not taken: with a number behind it, if need be."""
    used = {*taken}
    number, made = 2, name
    while made in used:
        made, number = f"{name}{number}", number + 1
    return made


def field_name(text: str, taken: Iterable[str]) -> str:
    """Return the name of a model's field: the property's own as Python writes it, where pydantic allows it.

    Args:
        text: The property's name.
        taken: Names that mean something else in the class.
    """
    made = re.sub(r"\W", "_", text, flags=re.ASCII).strip("_") or "field"
    if re.search(r"[a-z0-9][A-Z]", made) or made.istitle():
        made = "_".join(words(made))
    made = made if not made[0].isdigit() else f"field_{made}"
    if keyword.iskeyword(made) or made in {*taken} or made.startswith("model_"):
        made = f"{made}_" if not made.startswith("model_") else f"the_{made}"
    return made
