"""Steps that write the contents of block, append and page blobs."""

from peer_steps import APPEND_BLOBS, BLOCK_BLOBS, PAGE, PAGE_BLOBS, Step, block_id


def put_blob(dice):
    container, blob, body = dice.container(), dice.blob(BLOCK_BLOBS), dice.content()
    headers = {
        "x-ms-blob-type": "BlockBlob", **dice.metadata(), **dice.properties(), **dice.checksum(body),
        **dice.guard(container, blob, 0.3),
    }
    if dice.chance(0.2):
        headers["Content-Type"] = "text/html"
    if dice.chance(0.15):
        headers["x-ms-access-tier"] = dice.pick(("Hot", "Cool", "Cold"))
    return Step("Put Blob", "PUT", container, blob, {}, headers, body)


def put_block(dice):
    container, blob, body = dice.container(), dice.blob(BLOCK_BLOBS), dice.content(shortest=1)
    name = block_id(dice.random.randint(0, 4))
    if dice.chance(0.06):
        name = dice.pick(("c2hvcnQ=", "not base64!", ""))
    headers = {**dice.checksum(body), **dice.lease(0.4)}
    return Step("Put Block", "PUT", container, blob, {"comp": "block", "blockid": name}, headers, body)


def put_block_list(dice):
    container, blob = dice.container(), dice.blob(BLOCK_BLOBS)
    lines = "".join(
        f"<{kind}>{block_id(dice.random.randint(0, 4))}</{kind}>"
        for kind in dice.random.choices(("Latest", "Committed", "Uncommitted"), (6, 1, 1), k=dice.pick((0, 1, 1, 2, 3))))
    body = f'<?xml version="1.0" encoding="utf-8"?><BlockList>{lines}</BlockList>'.encode()
    if dice.chance(0.03):
        body = dice.pick((b"", b"<BlockList>", b"<Other/>"))
    headers = {**dice.metadata(), **dice.properties(), **dice.checksum(body), **dice.guard(container, blob)}
    return Step("Put Block List", "PUT", container, blob, {"comp": "blocklist"}, headers, body)


def get_block_list(dice):
    container, blob = dice.container(), dice.blob(BLOCK_BLOBS)
    query = {"comp": "blocklist", **dice.some(blocklisttype=lambda: dice.pick(("all", "committed", "uncommitted", "ALL")))}
    query.update(dice.snapshot(container, blob, 0.1))
    return Step("Get Block List", "GET", container, blob, query, dice.lease(0.5))


def create_append_blob(dice):
    container, blob = dice.container(), dice.blob(APPEND_BLOBS)
    headers = {"x-ms-blob-type": "AppendBlob", **dice.metadata(), **dice.properties(), **dice.guard(container, blob, 0.3)}
    return Step("Put Blob", "PUT", container, blob, {}, headers, b"x" if dice.chance(0.03) else b"")


def append_block(dice):
    container, blob, body = dice.container(), dice.blob(APPEND_BLOBS), dice.content()
    headers = {**dice.checksum(body), **dice.guard(container, blob)}
    if dice.chance(0.15):
        headers["x-ms-blob-condition-appendpos"] = str(dice.pick((0, 1, 10, 20, 100)))
    if dice.chance(0.15):
        headers["x-ms-blob-condition-maxsize"] = str(dice.pick((0, 9, 10, 100, 500)))
    return Step("Append Block", "PUT", container, blob, {"comp": "appendblock"}, headers, body)


def seal(dice):
    container, blob = dice.container(), dice.blob(APPEND_BLOBS)
    headers = dice.guard(container, blob)
    if dice.chance(0.2):
        headers["x-ms-blob-condition-appendpos"] = str(dice.pick((0, 10, 20)))
    return Step("Append Blob Seal", "PUT", container, blob, {"comp": "seal"}, headers, b"")


def create_page_blob(dice):
    container, blob = dice.container(), dice.blob(PAGE_BLOBS)
    size = PAGE * dice.random.randint(0, 8) + (1 if dice.chance(0.04) else 0)
    headers = {
        "x-ms-blob-type": "PageBlob", "x-ms-blob-content-length": str(size), **dice.metadata(), **dice.properties(),
        **dice.guard(container, blob, 0.3),
    }
    if dice.chance(0.3):
        headers["x-ms-blob-sequence-number"] = str(dice.random.randint(0, 5))
    return Step("Put Blob", "PUT", container, blob, {}, headers, b"")


def sequence_condition(dice):
    if not dice.chance(0.2):
        return {}
    return {f"x-ms-if-sequence-number-{dice.pick(('le', 'lt', 'eq'))}": str(dice.random.randint(0, 6))}


def put_page(dice):
    container, blob = dice.container(), dice.blob(PAGE_BLOBS)
    body = dice.content(4 * PAGE, PAGE)
    first = PAGE * dice.random.randint(0, 5)
    last = first + len(body) - 1 + (dice.pick((-1, 1, PAGE)) if dice.chance(0.05) else 0)
    headers = {
        dice.pick(("x-ms-range", "Range")): f"bytes={first}-{last}", "x-ms-page-write": "update", **dice.checksum(body),
        **sequence_condition(dice), **dice.guard(container, blob),
    }
    return Step("Put Page", "PUT", container, blob, {"comp": "page"}, headers, body)


def clear_page(dice):
    container, blob = dice.container(), dice.blob(PAGE_BLOBS)
    headers = {
        "x-ms-range": dice.range(6 * PAGE, PAGE), "x-ms-page-write": "clear", **sequence_condition(dice),
        **dice.guard(container, blob),
    }
    return Step("Clear Page", "PUT", container, blob, {"comp": "page"}, headers, b"")


def get_page_ranges(dice):
    container, blob = dice.container(), dice.blob(PAGE_BLOBS)
    headers = {**dice.guard(container, blob, 0.5)}
    if dice.chance(0.4):
        headers[dice.pick(("x-ms-range", "Range"))] = dice.range(6 * PAGE, PAGE)
    query = {"comp": "pagelist", **dice.snapshot(container, blob)}
    return Step("Get Page Ranges", "GET", container, blob, query, headers)


def resize_page_blob(dice):
    container, blob = dice.container(), dice.blob(PAGE_BLOBS)
    size = PAGE * dice.random.randint(0, 8) + (7 if dice.chance(0.05) else 0)
    headers = {"x-ms-blob-content-length": str(size), **dice.guard(container, blob)}
    return Step("Set Blob Properties", "PUT", container, blob, {"comp": "properties"}, headers, b"")


def set_sequence_number(dice):
    container, blob = dice.container(), dice.blob(PAGE_BLOBS)
    action = dice.pick(("update", "max", "increment"))
    headers = {"x-ms-sequence-number-action": action, **dice.guard(container, blob)}
    if (action != "increment") != dice.chance(0.05):
        headers["x-ms-blob-sequence-number"] = str(dice.random.randint(0, 6))
    return Step("Set Blob Properties", "PUT", container, blob, {"comp": "properties"}, headers, b"")
