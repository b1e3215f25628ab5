"""Random Blob requests, asked of us and of Azurite: where the reference leaves no choice, both answer alike.

PEER_SEED is the first seed, PEER_SEQUENCES says how many sequences follow, PEER_LENGTH how many steps each has.
What is known to differ stands with its reason in tests/support/peer_differences.py.
"""

import os
import tempfile
import unittest

from azurite import Azurite
from emulator import BLOB_ACCOUNT, Emulator
from peer_player import VERSION, wire_to
from peer_sequences import Pair, sequence
from wire import Blob

SEED = int(os.environ.get("PEER_SEED", "1"))
SEQUENCES = int(os.environ.get("PEER_SEQUENCES", "150"))
LENGTH = int(os.environ.get("PEER_LENGTH", "50"))
SHORTENING_SECONDS = 30
MOST_FAULTS = 5


class Liar(Blob):
    """Answers as the service does, but for the status of new snapshots."""

    def send(self, method, target, headers, body):
        answer = super().send(method, target, headers, body)
        if answer.status == 201 and "comp=snapshot" in target:
            answer.status = 200
        return answer


class PeerProperty(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="peer-")
        cls.addClassCleanup(cls.folder.cleanup)
        azurite = cls.enterClassContext(Azurite(cls.folder.name, in_memory=True))
        cls.emulator = cls.enterClassContext(Emulator())
        cls.pair = Pair(wire_to(cls.emulator.blob), wire_to(f"http://127.0.0.1:{azurite.port}/{BLOB_ACCOUNT}"))

    def test_both_services_answer_random_sequences_alike(self):
        faults = []
        for seed in range(SEED, SEED + SEQUENCES):
            steps = sequence(seed, LENGTH)
            fault = self.pair.run(steps)
            if fault:
                faults.append(self.told(seed, steps, fault))
            if len(faults) == MOST_FAULTS:
                break
        if faults:
            self.fail("\n\n".join(faults))

    def test_a_difference_is_found_and_its_sequence_made_short(self):
        lying = Pair(Liar(self.emulator.blob, version=VERSION), self.pair.theirs)
        for seed in range(1, 30):
            steps = sequence(seed, 50)
            fault = lying.run(steps)
            if fault:
                break
        fewer, fault = lying.shorten(steps, fault, SHORTENING_SECONDS)
        self.assertEqual((fault.step.name, fault.seen["status"]), ("Snapshot Blob", (200, 201)))
        self.assertLess(len(fewer), 5)

    def told(self, seed, steps, fault):
        fewer, fault = self.pair.shorten(steps, fault, SHORTENING_SECONDS)
        before = "\n".join(f"  {number + 1}. {step}" for number, step in enumerate(fewer[:-1]))
        return (f"With PEER_SEED={seed} PEER_SEQUENCES=1 PEER_LENGTH={LENGTH}, made shorter, after\n{before}\n"
                f"the two differ in\n{fault}")
