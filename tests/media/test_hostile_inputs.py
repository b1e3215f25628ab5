#!/usr/bin/env python3
"""Damaged and made-up files, by the hundred: each may fail, with a reason, but none may crash us or hang.

Usage: test_hostile_inputs.py --ours FFMPEG --media FOLDER [--seed N] [--count N]
"""
import argparse
import concurrent.futures
import os
import pathlib
import random
import subprocess
import sys
import tempfile

SANITIZER = 99
SOURCES = ["short-mono-22050.mp4", "clip.mkv", "clip.webm", "clip.ts", "sound.ogg", "sound.flac", "sound.wav", "sound.mp3",
           "with-cover.m4a", "captions.mkv", "sound.avi", "two-sounds.mp4"]
COMMANDS = [["-map", "0:a?", "out.mp3"], ["-c", "copy", "out.mkv"], ["-preset", "ultrafast", "-t", "1", "out.mp4"],
            ["-vn", "out.wav"]]
# Playlists must not open files that the command line did not name.
PLAYLISTS = {
    "absolute.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n",
    "file-scheme.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "concat-scheme.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nconcat:/etc/passwd|/etc/hosts\n#EXT-X-ENDLIST\n",
    "playlist.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "list.ffconcat": "ffconcat version 1.0\nfile '/etc/passwd'\n",
    "session.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
}


def damage(data, rng):
    """The bytes with some of them changed, moved or missing."""
    data = bytearray(data)
    kind = rng.randrange(5)
    if kind == 0:
        for _ in range(rng.randrange(1, 40)):
            data[rng.randrange(len(data))] = rng.randrange(256)
    elif kind == 1:
        del data[rng.randrange(len(data)):]
    elif kind == 2:
        at = rng.randrange(len(data))
        del data[at:at + rng.randrange(1, 4000)]
    elif kind == 3:
        at = rng.randrange(len(data))
        data[at:at] = rng.randbytes(rng.randrange(1, 200))
    else:
        # Lengths and counts of containers: large numbers near the beginning or the end.
        for _ in range(rng.randrange(1, 8)):
            near = rng.randrange(min(len(data) - 4, 4000))
            at = near if rng.random() < 0.5 else len(data) - 4 - near
            data[at:at + 4] = rng.choice([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x00", b"\x80\x00\x00\x00"])
    return bytes(data)


def check(ours, folder, source, command):
    name = pathlib.Path(source).name
    arguments = [ours, "-hide_banner", "-nostdin", "-y", "-i", source, *command]
    options = {name: f"{os.environ.get(name, '')}:exitcode={SANITIZER}" for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS")}
    environment = {**os.environ, **options, "BLUEBATCH_FFMPEG_FALLBACK": "0"}
    try:
        done = subprocess.run(arguments, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                              env=environment, check=False)
    except subprocess.TimeoutExpired:
        return f"{name} {command}: no end within a minute"
    # By a signal: negative. Newer ones tell the error by the exit code; that of a sanitizer would be 99.
    if done.returncode < 0 or done.returncode == SANITIZER:
        return f"{name} {command}: exit code {done.returncode}: {done.stderr[-500:].decode(errors='replace')}"
    if done.returncode and not done.stderr.strip():
        return f"{name} {command}: failed without a reason"
    if b"root:" in done.stderr or b"root:" in done.stdout:
        return f"{name} {command}: shows a file of the machine"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--media", required=True)
    parser.add_argument("--seed", type=int, default=20200321)
    parser.add_argument("--count", type=int, default=120)
    options = parser.parse_args()
    options.ours = os.path.abspath(options.ours)
    media = pathlib.Path(options.media).resolve()
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as top:
        jobs = []
        for number in range(options.count):
            source = SOURCES[number % len(SOURCES)]
            folder = pathlib.Path(top) / str(number)
            folder.mkdir()
            file = folder / f"damaged{pathlib.Path(source).suffix}"
            file.write_bytes(damage((media / source).read_bytes(), rng))
            jobs.append((folder, str(file), COMMANDS[rng.randrange(len(COMMANDS))]))
        for name, text in PLAYLISTS.items():
            folder = pathlib.Path(top) / name.replace(".", "-")
            folder.mkdir()
            (folder / name).write_text(text)
            jobs.append((folder, str(folder / name), ["-c", "copy", "-f", "data", "-map", "0", "out.bin"]))
            jobs.append((folder, str(folder / name), ["out.mp3"]))
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            faults = [f for f in pool.map(lambda job: check(options.ours, *job), jobs) if f]
        leaked = [str(f) for f in pathlib.Path(top).rglob("out.*") if f.is_file() and b"root:" in f.read_bytes()]
    for fault in faults + [f"{f}: holds a file of the machine" for f in leaked]:
        print("FAILED", fault)
    failed = len(faults) + len(leaked)
    print(f"{len(jobs) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
