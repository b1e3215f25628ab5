"""The sample films, made once, and what a test wants to know about a sound file."""

import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
DEMO = ROOT / "fixtures" / "media" / "demo"


def demo_files():
    """Five real MP4 files, made on first use."""
    if len(list(DEMO.glob("*.mp4"))) < 5:
        subprocess.run([str(ROOT / "fixtures" / "generate"), "--demo"], check=True, stdout=subprocess.DEVNULL)
    return sorted(DEMO.glob("*.mp4"))


def looks_like_mp3(data):
    """An ID3 tag or an MPEG frame at the start, and enough of it to hear."""
    return len(data) > 4096 and (data[:3] == b"ID3" or (data[0] == 0xFF and data[1] & 0xE0 == 0xE0))


def mp3_of_real_ffmpeg(source, target):
    """What the ffmpeg command of this machine makes of the same film."""
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", str(source), str(target)], check=True)
    return pathlib.Path(target).read_bytes()
