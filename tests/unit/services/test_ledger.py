"""What stands in the outside world, whatever comes in whatever order."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from harness.events import EffectApplied, EffectRefused, EffectRepeated, EffectUndone, Event, Tombstoned
from harness.services.ledger import Ledger, LedgerEntry
from tests.unit.builders import evidence

KEYS = st.sampled_from(["a", "b", "c"])
OPERATIONS = st.sampled_from(["charge", "reserve"])
EVENT_OF = {
    LedgerEntry.APPLIED: EffectApplied,
    LedgerEntry.REPEATED: EffectRepeated,
    LedgerEntry.REFUSED: EffectRefused,
    LedgerEntry.UNDONE: EffectUndone,
    LedgerEntry.TOMBSTONED: Tombstoned,
}


class LedgerMachine(RuleBasedStateMachine):
    """A ledger beside a model of it that is too simple to be wrong: the list of all that was asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.ledger = Ledger("bank", self.events.append)
        self.committed: dict[tuple[str, str], int] = {}
        self.undone: set[tuple[str, str]] = set()

    @rule(operation=OPERATIONS, key=KEYS, value=st.integers())
    def apply(self, operation: str, key: str, value: int) -> None:
        """A key once undone refuses for ever; one that stands answers what it answered first."""
        effect = operation, key
        entry, answer = self.ledger.apply(operation=operation, key=key, call="c", value=value)

        if effect in self.undone:
            assert (entry, answer) == (LedgerEntry.REFUSED, None)
        elif effect in self.committed:
            assert (entry, answer) == (LedgerEntry.REPEATED, self.committed[effect])
        else:
            assert (entry, answer) == (LedgerEntry.APPLIED, value)
            self.committed[effect] = value
        assert type(self.events[-1]) is EVENT_OF[entry]

    @rule(undoes=OPERATIONS, key=KEYS)
    def undo(self, undoes: str, key: str) -> None:
        """What stands is taken back once; anything else leaves a tombstone."""
        effect = undoes, key
        entry = self.ledger.undo(operation=f"undo_{undoes}", undoes=undoes, key=key, call="c")

        stood = effect in self.committed and effect not in self.undone
        assert entry is (LedgerEntry.UNDONE if stood else LedgerEntry.TOMBSTONED)
        assert type(self.events[-1]) is EVENT_OF[entry]
        self.undone.add(effect)

    @invariant()
    def the_journal_tells_what_stands(self) -> None:
        """Evidence that knows only the journal finds standing exactly what stands, each effect once."""
        standing = [(one.operation, one.key) for one in evidence(self.events).standing]

        assert len(set(standing)) == len(standing)
        assert set(standing) == set(self.committed) - self.undone


LedgerMachine.TestCase.settings = settings(max_examples=30, stateful_step_count=20)
TestLedger = LedgerMachine.TestCase


def test_keys_belong_to_the_operation_that_committed_under_them() -> None:
    """Releasing what was reserved does not give back what was charged under the same key."""
    ledger = Ledger("bank", lambda _: None)
    ledger.apply(operation="charge", key="k", call="c1", value="paid")
    released = ledger.undo(operation="release", undoes="reserve", key="k", call="c2")
    again = ledger.apply(operation="charge", key="k", call="c3", value="paid again")

    assert released is LedgerEntry.TOMBSTONED
    assert again == (LedgerEntry.REPEATED, "paid")


def test_a_cleared_ledger_has_forgotten_its_tombstones_too() -> None:
    """After a reset, a key is as good as new."""
    ledger = Ledger("bank", lambda _: None)
    ledger.undo(operation="refund", undoes="charge", key="k", call="c1")
    ledger.clear()

    assert ledger.apply(operation="charge", key="k", call="c2", value=1) == (LedgerEntry.APPLIED, 1)
