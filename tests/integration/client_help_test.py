"""What the client tells of its commands: help, completion of shells, manual pages."""

import re
import shutil
import subprocess
import unittest

from client_commands import USAGE, run_client
from emulator import ROOT


def text_of(*arguments):
    run = run_client(*arguments)
    if run.returncode != 0:
        raise AssertionError(f"{arguments}: {run.returncode}\n{run.stderr}")
    return run.stdout


def commands_in(overview):
    """The names below "Commands:"."""
    return re.findall(r"^  ([a-z]+) {2,}\S", overview.split("Commands:\n")[1].split("\n\n")[0], re.MULTILINE)


def groups():
    return [name for name in commands_in(text_of("--help")) if name not in ("transcode", "run", "doctor", "completion", "manual")]


def all_commands():
    return [(group, verb) for group in groups() for verb in commands_in(text_of(group, "--help"))]


class Help(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.commands = all_commands()

    def test_the_commands_that_are_promised_are_there(self):
        promised = {
            "pool": "list show create delete resize wait", "job": "list show create delete wait watch",
            "task": "list show create delete wait logs", "node": "list show delete", "file": "list show delete",
            "blob": "list show delete upload download sync cp sas tail", "container": "list show create delete",
            "account": "show",
        }
        for group, verbs in promised.items():
            for verb in verbs.split():
                self.assertIn((group, verb), self.commands)

    def test_every_command_teaches_with_an_example_of_itself(self):
        for group, verb in self.commands:
            shown = text_of(group, verb, "--help")
            self.assertIn(f"bluebatch {group} {verb}", shown.split("Examples:")[1])
            self.assertIn("--target", shown)
            self.assertEqual(text_of("help", group, verb), shown)

    def test_every_command_stands_in_the_manual(self):
        overview = text_of("manual")
        for group, verb in self.commands:
            self.assertIn(f".B {group} {verb}\n", overview)
            self.assertIn(f".SS bluebatch {group} {verb}\n", text_of("manual", f"bluebatch-{group}"))
        self.assertIn("\\-\\-input", text_of("manual", "bluebatch-transcode"))
        self.assertIn("\\-\\-write", text_of("manual", "bluebatch-doctor"))
        self.assertEqual(run_client("manual", "none").returncode, USAGE)

    def test_every_page_is_installed(self):
        listed = re.search(r"foreach\(group ([a-z ]+)\)", (ROOT / "scripts" / "cmake" / "install.cmake").read_text())
        self.assertEqual(listed[1].split(), groups())

    def test_every_command_stands_in_the_document(self):
        document = (ROOT / "docs" / "commands.md").read_text()
        for group, verb in self.commands:
            self.assertIn(f"`{group} {verb}", document)

    @unittest.skipUnless(shutil.which("man"), "man is not installed")
    def test_man_has_nothing_to_complain_about(self):
        for page in ("bluebatch", "bluebatch-transcode", "bluebatch-run", "bluebatch-doctor", *(f"bluebatch-{group}" for group in groups())):
            formatted = subprocess.run(["man", "--warnings", "-l", "-"], input=text_of("manual", page), text=True,
                                       capture_output=True, check=True, env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
            self.assertEqual(formatted.stderr, "", page)
            self.assertIn("EXIT STATUS", formatted.stdout)


class Completion(unittest.TestCase):
    def complete(self, *words):
        """What bash offers for the last word."""
        script = text_of("completion", "bash") + f"""
COMP_WORDS=({' '.join(f"'{word}'" for word in words)}); COMP_CWORD={len(words) - 1}
compopt() {{ :; }}
_bluebatch; printf '%s\\n' "${{COMPREPLY[@]}}"
"""
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, cwd=ROOT).stdout.split()

    def test_bash_completes_commands_options_choices_and_files(self):
        self.assertEqual(self.complete("bluebatch", "poo"), ["pool"])
        self.assertEqual(sorted(self.complete("bluebatch", "pool", "")),
                         sorted(verb for group, verb in all_commands() if group == "pool"))
        self.assertEqual(self.complete("bluebatch", "task", "logs", "j", "t", "--fol"), ["--follow"])
        self.assertEqual(self.complete("bluebatch", "pool", "wait", "p", "--for", "s"), ["steady"])
        self.assertEqual(self.complete("bluebatch", "blob", "list", "c", "--target", "a"), ["azure"])
        self.assertEqual(self.complete("bluebatch", "blob", "upload", "READ"), ["README.md"])
        self.assertEqual(self.complete("bluebatch", "pool", "show", "READ"), [])

    def test_every_command_stands_in_each_script(self):
        fish, zsh = text_of("completion", "fish"), text_of("completion", "zsh")
        for group, verb in all_commands():
            self.assertIn(f"'__bluebatch_words 2 {group}' -a {verb} ", fish)
            self.assertIn(f'"{group} {verb}") words=', zsh)

    def test_the_shells_themselves_accept_their_scripts(self):
        checked = 0
        for shell in ("bash", "zsh", "fish"):
            if shutil.which(shell):
                subprocess.run([shell, "-n"], input=text_of("completion", shell), text=True, check=True)
                checked += 1
        self.assertGreater(checked, 0)

    def test_a_shell_must_be_named(self):
        for arguments in ((), ("csh",), ("bash", "zsh")):
            self.assertEqual(run_client("completion", *arguments).returncode, USAGE)


if __name__ == "__main__":
    unittest.main()
