"""bluebatch container and blob against a running emulator, as people and scripts run them."""

import base64
import hashlib
import os
import signal
import time
import unittest
import urllib.error
import urllib.request

from client_commands import INTERRUPTED, USAGE, Commands


def md5(data):
    return base64.b64encode(hashlib.md5(data).digest()).decode()


class Blobs(Commands):
    def container(self, name):
        self.client("container", "create", name)
        return name

    def write(self, name, data):
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        return file

    def read(self, path):
        return self.blob.get(path).expect(200).body

    def test_containers(self):
        self.container("one")
        self.client("container", "create", "two", "--public", "blob")
        rows = {row[0]: row[1:] for row in self.rows("container", "list")}
        self.assertEqual((rows["one"][0], rows["two"][0]), ("available", "blob"))
        self.assertEqual([item["name"] for item in self.client_json("container", "list", "--prefix", "on")], ["one"])
        self.assertEqual(self.client_json("container", "show", "two")["publicAccess"], "blob")
        again = self.client("container", "create", "one", status=USAGE)
        self.assertIn("ContainerAlreadyExists (409)", again.stderr)
        self.assertEqual(self.client_json("container", "delete", "one", "two"), {"deleted": ["one", "two"], "failed": []})
        missing = self.client("blob", "list", "one", status=USAGE)
        self.assertIn("'bluebatch container create NAME' makes one", missing.stderr)

    def test_a_folder_there_and_back(self):
        c = self.container("folder")
        large = os.urandom(20 << 20)  # in blocks
        files = {"in/a.txt": b"a", "in/sub/Ü & b.html": b"<p>", "in/empty": b"", "in/large.bin": large}
        for name, data in files.items():
            self.write(name, data)
        self.assertIn("4 files (20.0 MiB) uploaded to folder/x.", self.client("blob", "upload", str(self.folder / "in"), "folder/x").stdout)
        self.assertEqual(self.read("folder/x/a.txt"), b"a")
        shown = self.client_json("blob", "show", "folder/x/sub/Ü & b.html")
        self.assertEqual((shown["contentType"], shown["size"]), ("text/html", 3))
        self.assertEqual(self.client_json("blob", "show", "folder/x/large.bin")["contentMd5"], md5(large))

        self.client("blob", "download", "folder/x", str(self.folder / "out"))
        for name, data in files.items():
            self.assertEqual((self.folder / name.replace("in/", "out/", 1)).read_bytes(), data, name)
        self.assertEqual(sorted(item["name"] for item in self.client_json("blob", "list", c, "--folders")), ["x/"])

    def test_one_file_and_its_names(self):
        self.container("single")
        file = self.write("a.txt", b"data")
        self.client("blob", "upload", str(file), "single")
        self.client("blob", "upload", str(file), "single/sub/")
        self.client("blob", "upload", str(file), "single/other.txt")
        self.assertEqual(self.blob.names("single"), ["a.txt", "other.txt", "sub/a.txt"])
        self.client("blob", "download", "single/sub/a.txt", str(self.folder / "renamed"))
        self.assertEqual((self.folder / "renamed").read_bytes(), b"data")
        nothing = self.client("blob", "download", "single/none", str(self.folder), status=USAGE)
        self.assertIn("'bluebatch blob list single' shows those there are", nothing.stderr)
        self.assertIn("Can't read", self.client("blob", "upload", str(self.folder / "none"), "single", status=USAGE).stderr)

    def test_a_name_that_leads_out_of_the_folder_is_not_followed(self):
        self.container("hostile")
        self.blob.put("hostile/x/..%2F..%2Fescaped", b"bad").expect(201)
        out = self.folder / "deep" / "out"
        run = self.client("blob", "download", "hostile/x", str(out), status=USAGE)
        self.assertIn("no file can have that name", run.stderr)
        self.assertEqual(list(self.folder.rglob("*escaped*")), [])

    def test_control_characters_of_names_do_not_reach_a_terminal(self):
        self.container("escapes")
        self.blob.put("escapes/a%1B%5B31mred", b"").expect(201)
        shown = self.client("blob", "list", "escapes").stdout
        self.assertIn(r"a\x1b[31mred", shown)
        self.assertNotIn("\x1b", shown)
        self.assertEqual([item["name"] for item in self.client_json("blob", "list", "escapes")], ["a\x1b[31mred"])
        self.client("blob", "download", "escapes", str(self.folder))
        self.assertEqual([file.name for file in self.folder.iterdir()], ["a\x1b[31mred"])
        missing = self.client("blob", "show", "escapes/b\x1b[31m", status=USAGE).stderr
        self.assertIn(r"escapes/b\x1b[31m", missing)
        self.assertNotIn("\x1b", missing)

    def test_sync_transfers_what_differs_and_says_so(self):
        self.container("synced")
        for name, data in (("d/same", b"same"), ("d/changed", b"1"), ("d/new", b"n")):
            self.write(name, data)
        self.blob.put("synced/p/same", b"same").expect(201)
        self.blob.put("synced/p/changed", b"2").expect(201)
        self.blob.put("synced/p/extra", b"e").expect(201)
        folder = str(self.folder / "d")

        dry = self.client("blob", "sync", folder, "synced/p", "--delete", "--dry-run").stdout
        self.assertEqual(dry.splitlines(), [
            "upload changed (content differs)", "delete extra (not in the source)", "upload new (new)",
            "Would be: 2 transferred, 1 deleted, 1 left as they are."])
        self.assertEqual(self.read("synced/p/changed"), b"2")

        self.client("blob", "sync", folder, "synced/p")
        self.assertEqual(self.blob.names("synced"), ["p/changed", "p/extra", "p/new", "p/same"])
        self.assertEqual(self.read("synced/p/changed"), b"1")
        changes = self.client_json("blob", "sync", folder, "synced/p", "--delete")
        self.assertEqual([(change["action"], change["name"]) for change in changes["changes"]], [("delete", "extra")])
        self.assertEqual(self.blob.names("synced"), ["p/changed", "p/new", "p/same"])

    def test_sync_down(self):
        self.container("down")
        self.blob.put("down/a", b"a").expect(201)
        self.blob.put("down/s/b", b"b").expect(201)
        self.write("d/old", b"old")
        folder = str(self.folder / "d")
        self.client("blob", "sync", folder, "down", "--down", "--delete")
        found = {file.relative_to(self.folder / "d").as_posix() for file in (self.folder / "d").rglob("*") if file.is_file()}
        self.assertEqual(found, {"a", "s/b"})
        self.assertEqual(self.client_json("blob", "sync", folder, "down", "--down"), {"dryRun": False, "changes": [], "unchanged": 2})

    def test_deletions_of_a_sync_ask_at_a_terminal(self):
        self.container("asksync")
        self.blob.put("asksync/extra", b"e").expect(201)
        (self.folder / "d").mkdir()
        shown, status = self.on_terminal("blob", "sync", str(self.folder / "d"), "asksync", "--delete", typed=b"n\n")
        self.assertIn("Delete 1 files of asksync of account devstoreaccount1? [y/N]", shown)
        self.assertEqual((status, self.blob.names("asksync")), (0, ["extra"]))

    def test_copies(self):
        self.container("source")
        self.container("target")
        for name in ("x/a", "x/b%20c", "y"):
            self.blob.put(f"source/{name}", name.encode()).expect(201)
        self.client("blob", "cp", "source/y", "target/z")
        self.client("blob", "cp", "source/y", "target/sub/")
        self.client("blob", "cp", "--recursive", "source/x", "target/x2")
        self.assertEqual(self.blob.names("target"), ["sub/y", "x2/a", "x2/b c", "z"])
        self.assertEqual(self.read("target/x2/b%20c"), b"x/b%20c")
        url = self.client("blob", "sas", "source/y").stdout.strip()
        self.client("blob", "cp", url, "target/by-url/")
        self.assertEqual(self.read("target/by-url/y"), b"y")
        self.assertIn("--recursive", self.client("blob", "cp", "source", "target", status=USAGE).stderr)
        for source, target in (("source/x/", "target"), ("/y", "target"), (url.replace("/y?", "/?"), "target/")):
            self.assertIn("does not name a blob", self.client("blob", "cp", source, target, status=USAGE).stderr)
        self.assertNotIn("sig=", self.client("blob", "cp", url.replace("/y?", "/?"), "target/", status=USAGE).stderr)

    def test_a_signature_lets_in_for_what_it_says(self):
        self.container("signed")
        self.blob.put("signed/a", b"data").expect(201)
        made = self.client_json("blob", "sas", "signed/a", "--permissions", "wr", "--expiry", "2h")
        self.assertEqual(made["permissions"], "rw")
        with urllib.request.urlopen(made["url"]) as answer:
            self.assertEqual(answer.read(), b"data")
        listing = self.client("blob", "sas", "signed", "-p", "l").stdout.strip()
        with urllib.request.urlopen(listing + "&restype=container&comp=list") as answer:
            self.assertIn(b"<Name>a</Name>", answer.read())
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(made["url"].replace("sp=rw", "sp=rwd"))
        self.assertEqual(refused.exception.code, 403)
        refused.exception.close()
        self.assertIn("give letters of", self.client("blob", "sas", "signed/a", "-p", "rz", status=USAGE).stderr)
        self.assertIn("--expiry soon", self.client("blob", "sas", "signed/a", "-e", "soon", status=USAGE).stderr)

    def test_a_signature_does_not_sign(self):
        self.container("fixed")
        connection = f"BlobEndpoint={self.emulator.blob};SharedAccessSignature={self.blob.account_sas()}"
        run = self.client("blob", "sas", "fixed/a", "--connection-string", connection, status=USAGE)
        self.assertIn("A signature can't sign another", run.stderr)
        self.assertEqual(self.client("blob", "list", "fixed", "--connection-string", connection).returncode, 0)

    def test_the_tail_of_a_blob_that_grows(self):
        self.container("logs")
        append = {"x-ms-blob-type": "AppendBlob"}
        self.blob.call("PUT", "logs/app.log", headers=append).expect(201)

        def log(text):
            self.blob.call("PUT", "logs/app.log", text, query={"comp": "appendblock"}).expect(201)

        log(b"".join(b"%d\n" % i for i in range(20)))
        self.assertEqual(self.client("blob", "tail", "logs/app.log", "-n", "2").stdout, "18\n19\n")
        following = self.start("blob", "tail", "logs/app.log", "-n", "1", "-f")
        self.assertEqual(following.stdout.readline(), b"19\n")
        log(b"more\n")
        self.assertEqual(following.stdout.readline(), b"more\n")
        following.send_signal(signal.SIGINT)
        following.communicate(timeout=20)
        self.assertEqual(following.returncode, INTERRUPTED)

    def test_a_blob_that_is_followed_and_replaced(self):
        self.container("replaced")
        self.blob.put("replaced/a", b"old\n").expect(201)
        following = self.start("blob", "tail", "replaced/a", "-f")
        self.assertEqual(following.stdout.readline(), b"old\n")
        time.sleep(1.1)  # times of creation are told in seconds
        self.blob.put("replaced/a", b"new, and longer\n").expect(201)
        self.assertEqual(following.stdout.readline(), b"new, and longer\n")

    def test_following_ends_with_its_reader(self):
        self.container("piped")
        self.blob.put("piped/a", b"line\n").expect(201)
        following = self.start("blob", "tail", "piped/a", "-f")
        following.stdout.readline()
        following.stdout.close()
        self.assertEqual(following.wait(20), USAGE)

    def test_a_pipe_is_written_to(self):
        self.container("pipes")
        self.blob.put("pipes/a", b"data").expect(201)
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        self.client("blob", "download", "pipes/a", str(pipe))
        self.assertEqual((os.read(reader, 100), pipe.is_fifo()), (b"data", True))

    def test_blobs_are_deleted_with_their_snapshots(self):
        self.container("gone")
        self.blob.put("gone/a", b"a").expect(201)
        self.blob.call("PUT", "gone/a", query={"comp": "snapshot"}).expect(201)
        self.client("blob", "delete", "gone/a")
        self.assertEqual(self.blob.names("gone"), [])
        self.assertIn("'bluebatch blob list", self.client("blob", "delete", "gone/a", status=USAGE).stderr)
        self.assertIn("give CONTAINER/BLOB", self.client("blob", "delete", "gone", status=USAGE).stderr)


if __name__ == "__main__":
    unittest.main()
