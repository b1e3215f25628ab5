"""Steps that read blobs, and those that change what surrounds their contents; steps on containers and lists."""

from peer_steps import APPEND_BLOBS, BLOCK_BLOBS, LEASES, PAGE_BLOBS, Source, Step


def get_blob(dice):
    container, blob = dice.container(), dice.blob()
    headers = dice.guard(container, blob, 0.7)
    if dice.chance(0.5):
        headers[dice.pick(("x-ms-range", "Range"))] = dice.range()
        if dice.chance(0.2):
            headers["x-ms-range-get-content-md5"] = "true"
    return Step("Get Blob", "GET", container, blob, dice.snapshot(container, blob), headers)


def get_properties(dice):
    container, blob = dice.container(), dice.blob()
    return Step("Get Blob Properties", "HEAD", container, blob, dice.snapshot(container, blob),
                dice.guard(container, blob, 0.7))


def get_metadata(dice):
    container, blob = dice.container(), dice.blob()
    query = {"comp": "metadata", **dice.snapshot(container, blob)}
    return Step("Get Blob Metadata", dice.pick(("HEAD", "HEAD", "HEAD", "GET")), container, blob, query,
                dice.guard(container, blob, 0.7))


def set_metadata(dice):
    container, blob = dice.container(), dice.blob()
    return Step("Set Blob Metadata", "PUT", container, blob, {"comp": "metadata"},
                {**dice.metadata(), **dice.guard(container, blob)}, b"")


def set_properties(dice):
    container, blob = dice.container(), dice.blob()
    return Step("Set Blob Properties", "PUT", container, blob, {"comp": "properties"},
                {**dice.properties(), **dice.guard(container, blob)}, b"")


def set_tier(dice):
    container, blob = dice.container(), dice.blob(BLOCK_BLOBS)
    return Step("Set Blob Tier", "PUT", container, blob, {"comp": "tier"},
                {"x-ms-access-tier": dice.pick(("Hot", "Cool", "Cold", "Tepid")), **dice.lease(0.5)}, b"")


def set_tags(dice):
    container, blob = dice.container(), dice.blob()
    tags = "".join(
        f"<Tag><Key>{key}</Key><Value>{dice.pick(('1', 'two words', ''))}</Value></Tag>"
        for key in dice.random.sample(("colour", "size", "a b"), dice.random.randint(0, 3)))
    return Step("Set Blob Tags", "PUT", container, blob, {"comp": "tags"}, dice.lease(0.7),
                f"<Tags><TagSet>{tags}</TagSet></Tags>".encode())


def get_tags(dice):
    container, blob = dice.container(), dice.blob()
    return Step("Get Blob Tags", "GET", container, blob, {"comp": "tags", **dice.snapshot(container, blob)}, dice.lease(0.5))


def snapshot(dice):
    container, blob = dice.container(), dice.blob()
    return Step("Snapshot Blob", "PUT", container, blob, {"comp": "snapshot"},
                {**dice.metadata(), **dice.guard(container, blob, 0.7)}, b"")


def delete_blob(dice):
    container, blob = dice.container(), dice.blob()
    headers = dice.guard(container, blob)
    query = dice.snapshot(container, blob)
    if dice.chance(0.1 if query else 0.6):
        headers["x-ms-delete-snapshots"] = dice.pick(("include", "only"))
    return Step("Delete Blob", "DELETE", container, blob, query, headers)


def copy_blob(dice):
    kinds = dice.pick((BLOCK_BLOBS, BLOCK_BLOBS, APPEND_BLOBS, PAGE_BLOBS))
    container, blob, source, origin = dice.container(), dice.blob(kinds), dice.container(), dice.blob(kinds)
    kept = dice.snapshot(source, origin)
    headers = {"x-ms-copy-source": Source(source, origin, kept.get("snapshot")), **dice.metadata(),
               **dice.guard(container, blob)}
    for name, value in dice.condition(source, origin).items():
        headers[f"x-ms-source-{name.lower()}"] = value
    return Step("Copy Blob", "PUT", container, blob, {}, headers, b"")


def abort_copy(dice):
    return Step("Abort Copy Blob", "PUT", dice.container(), dice.blob(),
                {"comp": "copy", "copyid": "33333333-3333-4333-8333-333333333333"},
                {"x-ms-copy-action": "abort", **dice.lease()}, b"")


def lease_headers(dice):
    action = dice.pick(("acquire", "acquire", "acquire", "renew", "change", "release", "break"))
    headers = {"x-ms-lease-action": action}
    if action == "acquire":
        headers["x-ms-lease-duration"] = dice.pick(("60", "60", "-1", "-1", "14"))
        headers["x-ms-proposed-lease-id"] = dice.pick(LEASES)
    elif action == "break":
        headers.update(dice.some(**{"x-ms-lease-break-period": lambda: dice.pick(("0", "0", "60", "61"))}))
    else:
        headers["x-ms-lease-id"] = dice.pick(LEASES)
    if action == "change":
        headers["x-ms-proposed-lease-id"] = dice.pick(LEASES)
    return headers


def lease_blob(dice):
    container, blob = dice.container(), dice.blob()
    return Step("Lease Blob", "PUT", container, blob, {"comp": "lease"},
                {**lease_headers(dice), **dice.condition(container, blob)}, b"")


def lease_container(dice):
    container = dice.container()
    return Step("Lease Container", "PUT", container, "", {"restype": "container", "comp": "lease"},
                {**lease_headers(dice), **dice.condition(container, "", True)}, b"")


def create_container(dice):
    headers = dice.metadata()
    if dice.chance(0.2):
        headers["x-ms-blob-public-access"] = dice.pick(("blob", "container"))
    return Step("Create Container", "PUT", dice.container(), "", {"restype": "container"}, headers, b"")


def delete_container(dice):
    container = dice.container()
    return Step("Delete Container", "DELETE", container, "", {"restype": "container"},
                {**dice.lease(), **dice.condition(container, "", True)})


def get_container(dice):
    query = {"restype": "container", **dice.some(comp=lambda: dice.pick(("metadata", "acl")))}
    return Step("Get Container", dice.pick(("GET", "HEAD")), dice.container(), "", query, dice.lease(0.7))


def set_container_metadata(dice):
    container = dice.container()
    condition = {name: value for name, value in dice.condition(container, "", True).items() if name == "If-Modified-Since"}
    return Step("Set Container Metadata", "PUT", container, "", {"restype": "container", "comp": "metadata"},
                {**dice.metadata(), **dice.lease(), **condition}, b"")


def set_container_acl(dice):
    container = dice.container()
    policies = "".join(
        f"<SignedIdentifier><Id>{name}</Id><AccessPolicy><Start>2020-01-01T00:00:00.0000000Z</Start>"
        f"<Expiry>2090-01-01T00:00:00.0000000Z</Expiry><Permission>{dice.pick(('r', 'rw', 'rwdl'))}</Permission>"
        "</AccessPolicy></SignedIdentifier>" for name in dice.random.sample(("p1", "p2", "p3"), dice.random.randint(0, 3)))
    headers = {**dice.lease(), **dice.condition(container, "", True)}
    headers.update(dice.some(**{"x-ms-blob-public-access": lambda: dice.pick(("blob", "container"))}))
    return Step("Set Container ACL", "PUT", container, "", {"restype": "container", "comp": "acl"}, headers,
                f"<SignedIdentifiers>{policies}</SignedIdentifiers>".encode())


def list_containers(dice):
    query = {"comp": "list", **dice.some(maxresults="1", include="metadata")}
    return Step("List Containers", "GET", "", "", query, {}, None, True)


def list_blobs(dice):
    query = {"restype": "container", "comp": "list", **dice.some(
        prefix=lambda: dice.pick(("dir/", "d", "block", "nothing")), delimiter=lambda: dice.pick(("/", "/", "b")))}
    included = [word for word in ("metadata", "snapshots", "uncommittedblobs", "copy", "tags") if dice.chance(0.3)]
    if included:
        query["include"] = ",".join(included)
    if dice.chance(0.4):
        query["maxresults"] = dice.pick(("1", "2", "3", "0", "10000"))
    return Step("List Blobs", "GET", dice.container(), "", query, {}, None, True)
