"""Plays random sequences on two services side by side, and makes a sequence that they answer differently short."""

import dataclasses
import itertools
import time

import peer_manners as manners
import peer_writes as writes
from peer_differences import Moment, explanation
from peer_player import CODE, Player
from peer_steps import APPEND_BLOBS, BLOCK_BLOBS, PAGE_BLOBS, Dice, Step

FAMILIES = (
    (writes.put_block, writes.put_block, writes.put_block_list, writes.get_block_list),
    (writes.append_block, writes.append_block, writes.append_block, writes.create_append_blob, writes.seal),
    (writes.put_page, writes.put_page, writes.clear_page, writes.get_page_ranges, writes.resize_page_blob,
     writes.set_sequence_number),
    (manners.get_blob, manners.get_blob, manners.get_properties, manners.get_metadata),
    (manners.set_metadata, manners.set_properties, manners.set_tier),
    (manners.set_tags, manners.get_tags),
    (manners.snapshot, manners.get_blob, manners.delete_blob),
    (manners.copy_blob, manners.copy_blob, manners.abort_copy, manners.get_properties),
    (manners.lease_blob,),
    (manners.lease_container, manners.get_container),
    (manners.create_container, manners.delete_container, manners.get_container, manners.set_container_metadata,
     manners.set_container_acl, manners.list_containers),
    (manners.list_blobs,),
)
MAKERS = {BLOCK_BLOBS: writes.put_blob, APPEND_BLOBS: writes.create_append_blob, PAGE_BLOBS: writes.create_page_blob}
tags = itertools.count(1)


def sequence(seed, length):
    """The same steps for the same seed. Containers and some blobs are there first."""
    dice = Dice(seed)
    steps = [Step("Create Container", "PUT", name, "", {"restype": "container"}, {}, b"") for name in dice.containers]
    makers = [maker for kinds, maker in MAKERS.items() if set(kinds) & set(dice.blobs)]
    steps += [dice.pick(makers)(dice) for _ in range(len(dice.blobs) + 1)]
    weights = [dice.pick((0, 1, 1, 1, 3)) for _ in FAMILIES]
    families = dice.random.choices(FAMILIES + (makers,), [*weights, 0.7], k=length - len(steps))
    return steps + [dice.pick(family)(dice) for family in families]


@dataclasses.dataclass
class Fault:
    """The first step that was answered differently without a known reason."""
    number: int
    step: Step
    seen: dict  # what was looked at: our answer and the peer's

    def kind(self):
        return self.step.name, self.seen.get(CODE) or self.seen.get("status") or sorted(self.seen)[0]

    def __str__(self):
        lines = [f"  {seen}: ours {shown(pair[0])}, the peer's {shown(pair[1])}" for seen, pair in self.seen.items()]
        return "\n".join([f"{self.step}", *lines[:14]])


def shown(value):
    text = repr(value)
    return text if len(text) < 200 else text[:200] + "..."


class Pair:
    """Both services, with a connection to each."""

    def __init__(self, ours, theirs):
        self.ours, self.theirs = ours, theirs
        self.steps = 0
        self.explained = {}

    def run(self, steps):
        """The first fault, or None."""
        tag = f"p{next(tags)}"
        ours, theirs = Player(self.ours, tag), Player(self.theirs, tag)
        for number, step in enumerate(steps):
            self.steps += 1
            fault, parted = self.compare(Moment(step, ours.play(step), theirs.play(step), steps[:number]))
            if fault:
                return Fault(number, step, fault)
            if parted:
                return None
        return None

    def compare(self, moment):
        """What differs without a known reason, and whether the services hold different things from now on."""
        ours, theirs = moment.ours, moment.theirs
        accepted = [answer["status"] < 300 for answer in (ours, theirs)]
        parts = accepted[0] != accepted[1] and moment.step.method not in ("GET", "HEAD")
        unknown = {}
        for seen in sorted({*ours, *theirs}, key=lambda name: name != CODE):
            pair = ours.get(seen), theirs.get(seen)
            if pair[0] == pair[1]:
                continue
            known = explanation(moment, seen)
            if known is None:
                unknown[seen] = pair
                continue
            self.explained[known] = self.explained.get(known, 0) + 1
            parts = parts or known.parts
            if seen == CODE:
                return {}, parts  # the rest of the answers is as different
        return unknown, parts

    def shorten(self, steps, fault, seconds):
        """Leaves out steps as long as the same fault comes; the shortest sequence found and its fault."""
        deadline = time.monotonic() + seconds
        steps, size = steps[:fault.number + 1], max(1, fault.number // 2)
        while True:
            for start in range(len(steps) - 1 - size, -1, -size):
                fewer = steps[:start] + steps[start + size:]
                found = self.run(fewer)
                if found and found.kind() == fault.kind():
                    steps, fault = fewer[:found.number + 1], found
                if time.monotonic() > deadline:
                    return steps, fault
            if size == 1:
                return steps, fault
            size //= 2
