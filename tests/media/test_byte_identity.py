#!/usr/bin/env python3
"""Runs the machine's ffmpeg and ours on the same command lines and compares what they leave behind, to the byte.

Usage: test_byte_identity.py --ours PROGRAM [--ffmpeg ffmpeg] --media FOLDER [--only TEXT] [--show]
"""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import cases

REPETITIONS = 5


class Result:
    def __init__(self, code, files, stderr):
        self.code, self.files, self.stderr = code, files, stderr


def run(program, arguments, prepare=None):
    """In a folder of its own, without input. The files that are there afterwards, by name."""
    with tempfile.TemporaryDirectory() as folder:
        if prepare:
            prepare(pathlib.Path(folder))
        # Ours may not fall back to the real program: it would prove nothing.
        environment = {**os.environ, "BLUEBATCH_FFMPEG_FALLBACK": "0"}
        done = subprocess.run([program, *arguments], cwd=folder, stdin=subprocess.DEVNULL, env=environment,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300, check=False)
        files = {f.name: f.read_bytes() for f in sorted(pathlib.Path(folder).iterdir()) if f.is_file()}
        files["standard output"] = done.stdout
        return Result(done.returncode, files, done.stderr.decode(errors="replace"))


def differences(theirs, ours):
    if theirs.code != ours.code:
        yield f"exit code {ours.code}, ffmpeg's is {theirs.code}"
    for name in sorted(theirs.files.keys() | ours.files.keys()):
        left, right = theirs.files.get(name), ours.files.get(name)
        if left is None or right is None:
            yield f"{name} only written by {'ffmpeg' if right is None else 'us'}"
        elif left != right:
            at = next((i for i, (a, b) in enumerate(zip(left, right)) if a != b), min(len(left), len(right)))
            yield f"{name} differs at byte {at} ({len(left)} bytes by ffmpeg, {len(right)} by us)"


class Suite:
    def __init__(self, options):
        self.options = options
        self.media = pathlib.Path(options.media).resolve()

    def compare(self, arguments, prepare=None):
        """What differs for good, what differs now and then, and what we wrote.

        Decoders that conceal errors on several threads and encoders that watch the clock do not always agree with
        themselves. So whatever differs is run again, by both, and stands only when no run of ours is like any of
        ffmpeg's.
        """
        theirs = [run(self.options.ffmpeg, arguments, prepare)]
        ours = [run(self.options.ours, arguments, prepare)]
        first = list(differences(theirs[0], ours[0]))
        found = first
        while found and len(ours) < REPETITIONS:
            theirs.append(run(self.options.ffmpeg, arguments, prepare))
            ours.append(run(self.options.ours, arguments, prepare))
            found = min((list(differences(t, o)) for t in theirs for o in ours), key=len)
        if found and any(list(differences(theirs[0], t)) for t in theirs[1:]):
            # ffmpeg does not even agree with itself.
            found = [d for d in found if d.startswith("exit code")]
        return found, ([] if found else first), ours[-1]

    def conversions(self):
        fixtures = sorted(f for f in self.media.iterdir() if f.is_file() and not f.name.startswith("."))
        fixtures += sorted(f for f in (self.media / "broken").iterdir() if not f.name.startswith("."))
        fixtures += sorted((self.media / "demo").glob("*.mp4"))
        for fixture in fixtures:
            for name, before, after, output in cases.FOR_EVERY_FIXTURE:
                yield f"{name}: {fixture.name}", [*before, "-i", str(fixture), *after, output]
        for name, source, before, after, output in cases.CASES:
            yield name, [*before, "-i", str(self.media / source), *after, output]

    def all_cases(self):
        for name, arguments in self.conversions():
            yield name, arguments, None

        def prepare(folder):
            (folder / "exists.mp3").write_bytes(b"precious")
            shutil.copy(self.media / "short-stereo-44100.mp4", folder / "in.mp4")

        for name, arguments in cases.FAILURES:
            yield f"failure: {name}", [a.replace("{media}", str(self.media)) for a in arguments], prepare

    def run(self):
        passed = failed = 0
        chosen = [c for c in self.all_cases() if self.options.only in c[0]]
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            results = pool.map(lambda c: self.compare(c[1], c[2]), chosen)
            for (name, arguments, _), (found, wavering, ours) in zip(chosen, results):
                if wavering:
                    print(f"wavers {name}: {'; '.join(wavering)}")
                if not found:
                    passed += 1
                    continue
                failed += 1
                print(f"FAILED {name}: {'; '.join(found)}\n    ffmpeg {' '.join(arguments)}")
                if self.options.show:
                    print(ours.stderr)
        print(f"{passed} passed, {failed} failed")
        return 1 if failed or not passed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", required=True, help="our front end, under a name that ends in ffmpeg")
    parser.add_argument("--ffmpeg", default="/usr/bin/ffmpeg", help="the real program")
    parser.add_argument("--media", required=True, help="the folder that fixtures/generate filled")
    parser.add_argument("--only", default="", help="only cases whose name holds this text")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", action="store_true", help="print what we wrote to standard error")
    options = parser.parse_args()
    options.ours = os.path.abspath(options.ours)
    if shutil.which(options.ffmpeg) is None:
        sys.exit(f"{options.ffmpeg} is missing: apt-get install ffmpeg")
    return Suite(options).run()


if __name__ == "__main__":
    sys.exit(main())
