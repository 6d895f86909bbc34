"""Writes the imports of a fake: of what its code uses, and of nothing else."""

from __future__ import annotations

import re

_IMPORTS = (
    ("", "import datetime as dt", r"\bdt\."),
    ("ipaddress", "IPv4Address", r"\bIPv4Address\b"),
    ("ipaddress", "IPv6Address", r"\bIPv6Address\b"),
    ("typing", "Annotated", r"\bAnnotated\["),
    ("typing", "Any", r"\bAny\b"),
    ("typing", "Literal", r"\bLiteral\["),
    ("uuid", "UUID", r"\bUUID\b"),
    ("pydantic", "AwareDatetime", r"\bAwareDatetime\b"),
    ("pydantic", "ConfigDict", r"\bConfigDict\("),
    ("pydantic", "Field", r"\bField\("),
    ("harness", "Call", r"\bCall\b"),
    ("harness", "Reply", r"\bReply\b"),
    ("harness", "operation", r"@operation\("),
    ("harness.services.contract_model", "UNIQUE", r"\bUNIQUE\b"),
    ("harness.services.contract_model", "ContractModel", r"\(ContractModel\)"),
    ("harness.services.contract_model", "ContractRoot", r"\(ContractRoot\["),
    ("harness.services.contract_model", "Email", r"\bEmail\b"),
    ("harness.services.contract_model", "Maybe", r"\bMaybe\["),
    ("harness.services.contract_model", "Uri", r"\bUri\b"),
    ("harness.services.contract_service", "ContractService", r"\(ContractService\)"),
    ("harness.services.contract_service", "fields", r"\bfields\("),
    ("harness.services.contract_service", "key_of", r"\bkey_of\("),
    ("harness.services.contract_terms", "Terms", r"\bTerms\("),
)


def imports_of(code: str) -> str:
    """Return the import statements that some code needs.

    Args:
        code: The source of a fake, without them.
    """
    # Not of what is only in a text.
    bare = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', code)
    found: dict[str, list[str]] = {}
    for module, name, expression in _IMPORTS:
        if re.search(expression, bare):
            found.setdefault(module, []).append(name)
    groups: tuple[list[str], list[str], list[str], list[str]] = ([], [], [], [])
    for module, names in found.items():
        place = 0 if module in {"", "ipaddress", "typing", "uuid"} else 1 if module == "pydantic" else 2
        groups[place].append(names[0] if not module else f"from {module} import {', '.join(names)}")
    return "\n\n".join(["from __future__ import annotations", *("\n".join(one) for one in groups if one)])
