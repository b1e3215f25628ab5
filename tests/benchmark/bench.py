"""What the benches share: timing, a table with peers beside us, and JSON."""

import json
import statistics
import subprocess
import time


class Report:
    """Rows of figures. A goal is a function of our value and the peer's; None means that it is only reported."""

    def __init__(self):
        self.rows = []

    def add(self, name, ours, unit, peer=None, peer_name="", goal=None, goal_text=""):
        met = None if goal is None else bool(goal(ours, peer))
        self.rows.append({
            "name": name, "ours": ours, "unit": unit, "peer": peer, "peer_name": peer_name, "goal": goal_text, "met": met,
        })
        print(".", end="", flush=True)

    def print_table(self):
        print("\n")
        table = [("figure", "bluebatch", "peer", "the peer", "goal", "")]
        for row in self.rows:
            peer = "" if row["peer"] is None else f"{row['peer']:,.2f} {row['unit']}"
            word = {True: "met", False: "MISSED", None: ""}[row["met"]]
            table.append((row["name"], f"{row['ours']:,.2f} {row['unit']}", peer, row["peer_name"], row["goal"], word))
        widths = [max(len(line[column]) for line in table) for column in range(6)]
        for line in table:
            print("  ".join(
                cell.rjust(width) if column in (1, 2) else cell.ljust(width)
                for column, (cell, width) in enumerate(zip(line, widths))).rstrip())

    def finish(self, json_file):
        self.print_table()
        if json_file:
            with open(json_file, "w", encoding="utf-8") as file:
                json.dump(self.rows, file, indent=2)
            print(f"\nas JSON: {json_file}")
        return 1 if any(row["met"] is False for row in self.rows) else 0


def seconds_of(action):
    began = time.monotonic()
    action()
    return time.monotonic() - began


def in_turn(repeats, *actions):
    """The median seconds of each action; they take turns, so that a slow moment of the machine hits all alike."""
    taken = [[] for _ in actions]
    for _ in range(repeats):
        for index, action in enumerate(actions):
            taken[index].append(seconds_of(action))
    return [statistics.median(times) for times in taken]


def run(*command, **more):
    """Runs quietly; fails loudly."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, **more)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))} ended with {done.returncode}:\n"
                         f"{done.stdout.decode(errors='replace')[-3000:]}{done.stderr.decode(errors='replace')[-3000:]}")
    return done
