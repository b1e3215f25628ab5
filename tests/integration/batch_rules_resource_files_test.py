"""Rules of resource files: what can be named, and what a task then finds."""

import unittest

from emulator import Emulator
from foreign_store import ForeignStore
from wire import Batch, Blob

LIST = "restype=container&comp=list"


class ResourceFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.end)
        cls.batch = Batch(cls.emulator.batch)
        cls.blob = Blob(cls.emulator.blob)
        cls.blob.create_container("inputs")
        for name in ("a", "b", "deep/c"):
            cls.blob.put(f"inputs/{name}", f"content of {name}".encode()).expect(201)
        cls.container = cls.blob.url("inputs", cls.blob.container_sas("inputs"))
        cls.batch.add_pool("p", dedicated=1, startTask={
            "commandLine": "/bin/cat started", "waitForSuccess": True, "resourceFiles": [cls.file("a", "started")]})
        cls.batch.add_job("j", "p")

    @classmethod
    def file(cls, blob, path, **members):
        return {"httpUrl": cls.blob.url(f"inputs/{blob}", cls.blob.container_sas("inputs")), "filePath": path, **members}

    def refused(self, *files):
        """The property that is named when these cannot be resource files."""
        body = {"id": "refused", "commandLine": "/bin/true", "resourceFiles": list(files)}
        error = self.batch.post("/jobs/j/tasks", body).expect(400).json
        self.assertIn(error["code"], ("InvalidPropertyValue", "MissingRequiredProperty"))
        return {value["key"]: value["value"] for value in error["values"]}["PropertyName"]

    # RES-1
    def test_a_resource_file_has_one_source(self):
        sources = {"httpUrl": self.blob.url("inputs/a"), "storageContainerUrl": self.blob.url("inputs"), "autoStorageContainerName": "inputs"}
        self.assertEqual(self.refused({"filePath": "a"}), "resourceFiles[0]")
        for left_out in sources:
            two = {name: value for name, value in sources.items() if name != left_out}
            self.assertEqual(self.refused({"filePath": "a", **two}), "resourceFiles[0]")
        self.assertEqual(self.refused({"httpUrl": self.blob.url("inputs/a")}), "resourceFiles[0].filePath")

    # RES-4
    def test_only_containers_have_a_prefix(self):
        self.assertEqual(self.refused(self.file("a", "a", blobPrefix="x")), "resourceFiles[0].blobPrefix")

    # RES-5
    def test_files_stay_in_the_working_directory(self):
        for path in ("../a", "x/../../a", "/tmp/a", "..\\a"):
            self.assertEqual(self.refused(self.file("a", "fine"), self.file("a", path)), "resourceFiles[1].filePath")

    # RES-3
    def test_a_container_may_hold_names_that_xml_cannot_carry(self):
        self.blob.create_container("odd")
        for name in ("plain", "d/%01control", "50%25"):
            self.blob.put(f"odd/{name}", b"x").expect(201)
        url = self.blob.url("odd", self.blob.container_sas("odd"))
        self.batch.add_task("j", "odd", "/bin/sh -c 'find . -type f | wc -l'", resourceFiles=[{"storageContainerUrl": url}])
        execution = self.batch.wait_for_task("j", "odd")["executionInfo"]
        self.assertEqual(execution.get("exitCode"), 0, execution)
        self.assertEqual(self.batch.file("j", "odd", "stdout.txt").strip(), b"3")

    # RES-9
    def test_files_lie_where_the_command_begins(self):
        self.batch.add_task("j", "t", "/bin/sh -c 'find . -type f'", resourceFiles=[self.file("a", "x/y/a")])
        self.batch.wait_for_task("j", "t")
        self.assertEqual(self.batch.file("j", "t", "stdout.txt"), b"./x/y/a\n")
        self.assertEqual(self.batch.file("j", "t", "wd/x/y/a"), b"content of a")
        (node,) = self.batch.get("/pools/p/nodes").json["value"]
        path = f"/pools/p/nodes/{node['id']}/files/startup%2Fwd%2Fstarted"
        self.assertEqual(self.batch.get(path).expect(200).body, b"content of a")

    # RES-10
    def test_the_last_file_of_a_name_stays(self):
        files = [self.file("a", "same"), self.file("b", "same"), {"storageContainerUrl": self.container, "blobPrefix": "deep/"}]
        self.batch.add_task("j", "same", "/bin/cat same deep/c", resourceFiles=files)
        self.batch.wait_for_task("j", "same")
        self.assertEqual(self.batch.file("j", "same", "stdout.txt"), b"content of bcontent of deep/c")

    def failure_of(self, task, *files):
        """Why a task did not come to its command. It is not tried again."""
        self.batch.add_task("j", task, "/bin/true", resourceFiles=list(files), constraints={"maxTaskRetryCount": 3})
        execution = self.batch.wait_for_task("j", task)["executionInfo"]
        self.assertNotIn("exitCode", execution)
        self.assertEqual((execution["result"], execution["retryCount"]), ("failure", 0))
        failure = execution["failureInfo"]
        details = {detail["name"]: detail["value"] for detail in failure["details"]}
        return failure["category"], failure["code"], details

    # TASK-34, TASK-36
    def test_a_file_and_a_folder_cannot_have_one_name(self):
        category, code, details = self.failure_of("folder-first", self.file("a", "x/y"), self.file("b", "x"))
        self.assertEqual((category, code, details["FilePath"]), ("ServerError", "ResourceFileCreateFailed", "x"))
        category, code, details = self.failure_of("file-first", self.file("a", "x"), self.file("b", "x/y"))
        self.assertEqual((category, code, details["FilePath"]), ("ServerError", "ResourceDirectoryCreateFailed", "x/y"))
        self.assertEqual(details["BlobSource"], self.blob.url("inputs/b"))

    # TASK-34, TASK-36
    def test_a_container_whose_list_does_not_come_has_files_for_nobody(self):
        store = ForeignStore()
        self.addCleanup(store.stop)
        store.refusals[f"/slow?{LIST}"] = [504] * 100
        store.refusals[f"/odd?{LIST}"] = [400]
        store.bodies[f"/garbled?{LIST}"] = b"no list"
        codes = {"slow": "ResourceContainerListTimedOut", "odd": "ResourceContainerListMiscError", "garbled": "ResourceContainerListMiscError"}
        for container, code in codes.items():
            with self.subTest(container):
                category, found, details = self.failure_of(f"list-{container}", {"storageContainerUrl": store.url(f"/{container}")})
                self.assertEqual((category, found), ("ServerError", code))
                self.assertEqual(details["BlobSource"], store.url(f"/{container}"))
        self.assertGreater(store.asked.count(f"/slow?{LIST}"), 1)  # what may pass is tried again

    # RES-11
    def test_too_many_files_are_too_large(self):
        files = [{"httpUrl": "http://127.0.0.1:1/" + "x" * 1000, "filePath": f"{number}"} for number in range(40)]
        task = {"id": "many", "commandLine": "/bin/true", "resourceFiles": files}
        self.assertEqual(self.batch.post("/jobs/j/tasks", task).expect(413).json["code"], "RequestEntityTooLarge")
        (result,) = self.batch.post("/jobs/j/addtaskcollection", {"value": [task]}).expect(200).json["value"]
        self.assertEqual((result["status"], result["error"]["code"]), ("ClientError", "RequestEntityTooLarge"))
        job = {"id": "many", "poolInfo": {"poolId": "p"}, "jobPreparationTask": {"commandLine": "/bin/true", "resourceFiles": files}}
        self.assertEqual(self.batch.post("/jobs", job).expect(413).json["code"], "RequestEntityTooLarge")


if __name__ == "__main__":
    unittest.main()
