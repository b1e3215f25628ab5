"""The files that the architecture checks look at."""

import pathlib

MODULE_FOLDERS = ("shared", "emulator", "client")
OURS = MODULE_FOLDERS + ("tests", "scripts", "fixtures", ".ci")
NOT_OURS = {"node_modules", "__pycache__", "media"}  # fixtures/media holds generated files


def cpp_sources(root, folders=MODULE_FOLDERS):
    """Paths of the C++ files below the folders, in order."""
    found = []
    for folder in folders:
        for file in (root / folder).rglob("*"):
            if file.suffix in (".cpp", ".hpp", ".inc") and file.is_file():
                found.append(file)
    return sorted(found)


def all_sources(root):
    """Everything that people write: C++, scripts with or without a suffix, CMake."""
    found = []
    for folder in OURS:
        for file in (root / folder).rglob("*"):
            inner = file.relative_to(root).parts
            generated = NOT_OURS & set(inner) and inner[:2] not in (("emulator", "media"), ("tests", "media"))
            if not generated and file.is_file() and is_source(file):
                found.append(file)
    return sorted(found)


def is_source(file):
    if file.suffix in (".cpp", ".hpp", ".inc", ".py", ".mjs", ".js", ".sh", ".cmake"):
        return True
    if file.name == "CMakeLists.txt":
        return True
    if file.suffix:
        return False
    with file.open("rb") as opened:
        return opened.read(2) == b"#!"


def report(faults):
    """Prints the faults; the exit status of a check."""
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def root_from(arguments):
    return pathlib.Path(arguments[1] if len(arguments) > 1 else ".").resolve()
