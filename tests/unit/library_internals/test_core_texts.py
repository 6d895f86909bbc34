"""If core words or numbers its texts otherwise, findings quote its log again instead of saying what to do."""

from __future__ import annotations

from harness.library_internals.core_texts import in_a_sentence


def test_a_known_text_is_said_in_plain_words() -> None:
    """With its code, by which Temporal's own pages can be found."""
    text = "\x1b[31m[TMPRL1103] Attempted to upload payloads with size that exceeded the error limit.\x1b[0m size=3"

    assert in_a_sentence(text).startswith("what the workflow sends in it")
    assert in_a_sentence(text).endswith("[TMPRL1103]")


def test_any_other_text_stays() -> None:
    """Without the colours of a terminal."""
    assert in_a_sentence("\x1b[2mKeyError\x1b[0m: [TMPRL9999] x") == "KeyError: [TMPRL9999] x"
