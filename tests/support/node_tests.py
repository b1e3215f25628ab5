"""Tests in JavaScript by node's own runner, each as a method of a Python test case."""

import re
import subprocess


def run_file(file, environment):
    """All that node says of one file."""
    run = subprocess.run(
        ["node", "--test-reporter=tap", str(file)], env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
    return run.stdout.decode(errors="replace")


def method(file, name):
    def run(self):
        output = self.output_of(file)
        found = re.search(rf"^\s*(not ok|ok) \d+ - {re.escape(name)}\s*$", output, re.MULTILINE)
        if found is None or found[1] != "ok":
            self.fail(f"{file.name}: {name}\n{output}")

    return run


def add_methods(case, folder, pattern):
    """One for each test in the files; they ask `output_of(file)` of the case, which runs each file once."""
    for file in sorted(folder.glob(pattern)):
        for name in re.findall(r'^test\("([^"]+)"', file.read_text(), re.MULTILINE):
            words = re.sub(r"\W+", "_", name).strip("_").lower()
            setattr(case, f"test_{file.name.split('.')[0]}_{words}", method(file, name))
