#!/usr/bin/env python3
"""What scripts ask of ffprobe, answered by the machine's own and by ours: the same bytes on standard output.

Usage: test_ffprobe.py --ours FFMPEG --media FOLDER [--real ffprobe] [--show]
"""
import argparse
import os
import pathlib
import subprocess
import sys

QUESTIONS = [
    ["-show_format"],
    ["-show_streams"],
    ["-show_format", "-show_streams", "-of", "json"],
    ["-print_format", "json", "-show_streams", "-show_format", "-hide_banner"],
    ["-show_entries", "format=duration", "-of", "default=noprint_wrappers=1:nokey=1"],
    ["-show_entries", "format=duration", "-of", "default=nw=1"],
    ["-show_entries", "format=duration,size,bit_rate", "-of", "csv=p=0"],
    ["-show_entries", "stream=codec_name,codec_type", "-of", "csv"],
    ["-show_entries", "stream=index,codec_name,width,height", "-of", "json"],
    ["-show_entries", "stream=codec_name:format=duration", "-of", "json=compact=1"],
    ["-select_streams", "a:0", "-show_entries", "stream=codec_name,sample_rate,channels", "-of", "default=nw=1:nk=1"],
    ["-select_streams", "v", "-show_entries", "stream=width,height", "-of", "csv=s=x:p=0"],
    ["-show_entries", "format_tags=title,artist", "-of", "json"],
    ["-show_entries", "format_tags", "-of", "default=nw=1"],
    ["-show_entries", "stream_tags=language:stream=index", "-of", "compact"],
    ["-show_entries", "stream_disposition=default:stream=index", "-of", "csv=p=0"],
    ["-show_streams", "-of", "compact=p=0"],
    ["-show_format", "-of", "csv"],
]

# How much it says of a file that is not there, and of a level that there is not.
LEVELS = {"level+error": b"No such file", "repeat+fatal": b"", "quiet": b"", "nonsense": b'Invalid loglevel "nonsense"'}


def ask(program, question, file, environment):
    done = run(program, "error", question, file, environment)
    return done.returncode, done.stdout


def run(program, level, question, file, environment):
    return subprocess.run([program, "-v", level, *question, str(file)], stdin=subprocess.DEVNULL, env=environment,
                          capture_output=True, timeout=60, check=False)


def level_is_heard(program, level, expected, media, environment):
    done = run(program, level, ["-show_format"], media / "nowhere.mp4", environment)
    return done.returncode == 1 and (expected in done.stderr if expected else done.stderr == b"")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", required=True)
    parser.add_argument("--media", required=True)
    parser.add_argument("--real", default="/usr/bin/ffprobe")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    ours = pathlib.Path(options.ours).absolute().with_name("ffprobe")
    media = pathlib.Path(options.media)
    files = sorted(f for f in media.iterdir() if f.is_file() and not f.name.startswith("."))
    files += sorted(f for f in (media / "broken").iterdir() if not f.name.startswith(".")) + [media / "nowhere.mp4"]
    environment = {**os.environ, "BLUEBATCH_FFMPEG_FALLBACK": "0"}
    passed = failed = 0
    for file in files:
        for question in QUESTIONS:
            theirs = ask(options.real, question, file, environment)
            answer = ask(ours, question, file, environment)
            if theirs == answer:
                passed += 1
                continue
            failed += 1
            print(f"FAILED ffprobe {' '.join(question)} {file.name}: exit codes {theirs[0]} and {answer[0]}")
            if options.show:
                left = theirs[1].decode(errors="replace").splitlines()
                right = answer[1].decode(errors="replace").splitlines()
                for line in [f"  -{l}" for l in left if l not in right] + [f"  +{r}" for r in right if r not in left]:
                    print(line)
    for level, expected in LEVELS.items():
        heard = [level_is_heard(program, level, expected, media, environment) for program in (options.real, ours)]
        passed += all(heard)
        if not all(heard):
            failed += 1
            print(f"FAILED ffprobe -v {level}: the machine's {heard[0]}, ours {heard[1]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
