#!/usr/bin/env python3
"""Fails when a file includes what its module may not see. The tables are docs/architecture.md in code."""

import re
import sys

import sources

SHARED = ["shared/"]

# Module: prefixes of the headers that it may include besides its own.
MAY_SEE = {
    "shared/base": [],
    "shared/codec": ["shared/base/"],
    "shared/http": ["shared/base/"],
    "shared/azure": SHARED,
    "emulator/domain": ["shared/base/"],
    "emulator/autoscale": ["shared/base/"],
    "emulator/storage": ["shared/base/", "shared/codec/odata", "emulator/domain/"],
    "emulator/scheduler": ["shared/base/", "emulator/domain/", "emulator/storage/", "emulator/autoscale/"],
    "emulator/simulation": ["shared/base/", "emulator/domain/"],
    "emulator/ffmpeg": ["shared/base/"],
    "emulator/media": ["shared/base/", "emulator/ffmpeg/media_abi"],
    "emulator/media/program": ["shared/base/", "emulator/ffmpeg/"],
    "emulator/node": ["shared/base/", "shared/http/", "shared/codec/xml", "shared/azure/blob_names", "emulator/domain/", "emulator/ffmpeg/"],
    "emulator/blob": SHARED + ["emulator/domain/", "emulator/storage/"],
    "emulator/batch": SHARED + ["emulator/domain/", "emulator/storage/", "emulator/autoscale/"],
    "emulator/identity": SHARED,
    "emulator/resources": SHARED + ["emulator/domain/", "emulator/storage/"],
    "emulator/app": ["shared/", "emulator/"],
    "client/api": SHARED,
    "client/cli": SHARED + ["client/api/"],
}

# Inside the services data flows one way: routes, then use cases and wire forms. (Folder, what it must not include.)
ONE_WAY = [
    (f"emulator/{service}/{folder}/", f"emulator/{service}/{forbidden}/")
    for service, pairs in {
        "blob": (("wire", "routes"), ("cases", "routes"), ("cases", "wire"), ("rules", "routes"), ("rules", "cases"), ("rules", "wire")),
        "batch": (("wire", "routes"), ("wire", "service"), ("service", "routes"), ("rules", "routes"), ("rules", "service")),
        "resources": (("wire", "routes"), ("wire", "service"), ("service", "routes")),
    }.items()
    for folder, forbidden in pairs
]

# A header that is costly or foreign: the only files that may include it.
CONFINED = {
    r"boost/(asio|beast)[/.]": r"shared/http/.*|emulator/app/[^/]+\.cpp",
    r"curl/": r"shared/http/[^/]+\.[ch]pp",
    r"openssl/": r"shared/base/[^/]+\.cpp|shared/http/[^/]+\.cpp|shared/azure/[^/]+\.cpp",
    r"CLI/": r"client/cli/parse[^/]*\.cpp|emulator/app/options[^/]*\.cpp",
    r"archive(_entry)?\.h": r"emulator/node/unpack\.cpp",
    r"spdlog/": r"shared/base/log\.cpp",
    r"sqlite3\.h": r"emulator/storage/sqlite\.cpp",
    r"lib(av|sw)[a-z]+/": r"emulator/media/.*",
    r"pugixml": r"shared/codec/.*|.*wire.*",
    r"nlohmann/(?!json_fwd)": r"shared/codec/.*|.*wire.*|client/.*|emulator/storage/batch/record\.cpp|emulator/app/(storage_settings|endpoints|[a-z_]*control|control_answer|journal)\.cpp",
}

INCLUDE = re.compile(r'\s*#\s*include\s+["<]([^">]+)[">]')


def module_of(path):
    return max((module for module in MAY_SEE if path.startswith(module + "/")), key=len, default=None)


def fault_of(path, header):
    """Why the file may not include the header, or None."""
    home = module_of(path)
    seen = module_of(header)
    if seen and seen != home and not any(header.startswith(prefix) for prefix in MAY_SEE[home]):
        return f"{home} may not include {header}"
    for folder, forbidden in ONE_WAY:
        if path.startswith(folder) and header.startswith(forbidden):
            return f"{folder} may not include {header}: data flows the other way"
    for pattern, allowed in CONFINED.items():
        if re.match(pattern, header) and not re.fullmatch(allowed, path):
            return f"{header} may only be included by {allowed}"
    return None


def faults(root):
    found = []
    for file in sources.cpp_sources(root):
        path = file.relative_to(root).as_posix()
        if module_of(path) is None:
            found.append(f"{path}: lies outside every known module")
            continue
        for number, line in enumerate(file.read_text().splitlines(), 1):
            include = INCLUDE.match(line)
            why = include and fault_of(path, include[1])
            if why:
                found.append(f"{path}:{number}: {why}")
    return found


def idle_rules(root):
    """Rules about folders that are not there would hold whatever is written."""
    folders = sorted({folder for pair in ONE_WAY for folder in pair})
    return [f"{folder}: is in a rule, but not there" for folder in folders if not (root / folder).is_dir()]


if __name__ == "__main__":
    root = sources.root_from(sys.argv)
    sys.exit(sources.report(faults(root) + idle_rules(root)))
