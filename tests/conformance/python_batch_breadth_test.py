"""Users, logins and logs of nodes, certificates and applications with the official Python SDK."""

import base64
import datetime
import io
import json
import pathlib
import re
import unittest
import urllib.request
import zipfile

from emulator import BATCH_ACCOUNT, BATCH_KEY, ROOT, Emulator, wait_until
from wire import Batch, Blob

try:
    import azure.batch
    import azure.batch.models as models
    from azure.batch.batch_auth import SharedKeyCredentials
except ImportError as missing:
    raise unittest.SkipTest(f"azure-batch 13 is not installed (apt-get install python3-azure): {missing}")

if not hasattr(azure.batch, "BatchServiceClient"):
    raise unittest.SkipTest("this is not azure-batch 13, but a later one with another face")

POOL = "pool"
SAMPLES = pathlib.Path(ROOT / "tests" / "support" / "certificates.hpp").read_text()


def sample(name):
    """The text of a constant of certificates.hpp."""
    literal = re.search(rf"{name} =((?:\s*\"[^\"]*\")+);", SAMPLES)[1]
    return "".join(re.findall(r"\"([^\"]*)\"", literal))


class Breadth(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.emulator = Emulator()
        cls.addClassCleanup(cls.emulator.stop)
        cls.wire = Batch(cls.emulator.batch)
        cls.client = azure.batch.BatchServiceClient(
            SharedKeyCredentials(BATCH_ACCOUNT, BATCH_KEY), batch_url=cls.emulator.batch)
        cls.wire.add_pool(POOL, dedicated=1)
        cls.node = next(iter(cls.client.compute_node.list(POOL))).id

    def expect_code(self, code, call, *arguments, **more):
        with self.assertRaises(models.BatchErrorException) as caught:
            call(*arguments, **more)
        self.assertEqual(caught.exception.error.code, code)
        return caught.exception.error

    def control(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.emulator.batch}/_bluebatch/applications/{BATCH_ACCOUNT}/{path}", data=body, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read())


class NodeAccess(Breadth):
    def test_users_come_and_go(self):
        nodes = self.client.compute_node
        user = models.ComputeNodeUser(name="ann", password="secret word", is_admin=True)
        nodes.add_user(POOL, self.node, user)
        self.expect_code("NodeUserExists", nodes.add_user, POOL, self.node, user)
        expiry = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)
        nodes.update_user(POOL, self.node, "ann", models.NodeUpdateUserParameter(
            ssh_public_key="ssh-rsa AAAA", expiry_time=expiry))
        nodes.delete_user(POOL, self.node, "ann")
        self.expect_code("NodeUserNotFound", nodes.delete_user, POOL, self.node, "ann")

    def test_remote_login_settings(self):
        settings = self.client.compute_node.get_remote_login_settings(POOL, self.node)
        self.assertEqual(settings.remote_login_ip_address, "127.0.0.1")
        self.assertEqual(settings.remote_login_port, 50000)

    def test_a_linux_node_has_no_remote_desktop(self):
        self.expect_code("OperationNotValidOnNode", self.client.compute_node.get_remote_desktop, POOL, self.node)

    def test_extensions_are_those_of_the_pool(self):
        self.assertEqual(list(self.client.compute_node_extension.list(POOL, self.node)), [])
        self.expect_code("ResourceNotFound", self.client.compute_node_extension.get, POOL, self.node, "watch")

    def test_the_log_of_a_node_becomes_a_blob(self):
        self.client.job.add(models.JobAddParameter(id="logged", pool_info=models.PoolInformation(pool_id=POOL)))
        self.client.task.add("logged", models.TaskAddParameter(id="seven", command_line="/bin/sh -c 'exit 7'"))
        self.wire.wait_for_task("logged", "seven")
        blob = Blob(self.emulator.blob)
        blob.create_container("logs")
        started = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)

        result = self.client.compute_node.upload_batch_service_logs(
            POOL, self.node, models.UploadBatchServiceLogsConfiguration(
                container_url=blob.url("logs", blob.container_sas("logs")), start_time=started))

        self.assertEqual(result.number_of_files_uploaded, 1)
        self.assertTrue(result.virtual_directory_name.startswith(f"{POOL}/{self.node}/"))
        [name] = wait_until(lambda: blob.names("logs"), 30, "the log is uploaded")
        self.assertEqual(name, f"{result.virtual_directory_name}/node-agent.log")
        log = blob.get(f"logs/{name}").expect(200).body.decode()
        self.assertIn("node booted", log)
        self.assertIn("task logged/seven ended with exit code 7", log)


class Certificates(Breadth):
    # REST-1
    def test_the_life_of_a_certificate(self):
        certificates = self.client.certificate
        thumbprint = sample("kThumbprint")
        data = sample("kPfx")
        certificates.add(models.CertificateAddParameter(
            thumbprint=thumbprint, thumbprint_algorithm="sha1", data=data,
            certificate_format=models.CertificateFormat.pfx, password="secret"))
        found = certificates.get("sha1", thumbprint)
        self.assertEqual(found.state, models.CertificateState.active)
        self.assertEqual(base64.b64decode(found.public_data), base64.b64decode(sample("kCer")))
        self.assertEqual([one.thumbprint for one in certificates.list()], [thumbprint])

        reference = models.CertificateReference(thumbprint=thumbprint, thumbprint_algorithm="sha1")
        self.client.pool.patch(POOL, models.PoolPatchParameter(certificate_references=[reference]))
        certificates.delete("sha1", thumbprint)
        self.expect_code("CertificateBeingDeleted", certificates.cancel_deletion, "sha1", thumbprint)
        failed = models.CertificateState.delete_failed
        wait_until(lambda: certificates.get("sha1", thumbprint).state == failed, 30, "the deletion fails")
        certificates.cancel_deletion("sha1", thumbprint)
        self.assertEqual(certificates.get("sha1", thumbprint).state, models.CertificateState.active)

        self.client.pool.patch(POOL, models.PoolPatchParameter(certificate_references=[]))
        certificates.delete("sha1", thumbprint)
        wait_until(lambda: not list(certificates.list()), 30, "the certificate is gone")
        self.expect_code("CertificateNotFound", certificates.get, "sha1", thumbprint)
        error = self.expect_code(
            "InvalidCertificateReferences", self.client.pool.patch, POOL,
            models.PoolPatchParameter(certificate_references=[reference]))
        self.assertIn(thumbprint, error.values[0].key)


class Applications(Breadth):
    def test_packages_are_listed_and_can_be_referred_to(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as content:
            content.writestr("tool.sh", "echo hello")
        for version in ("1.0", "2.0"):
            self.control("PUT", f"tool/versions/{version}", archive.getvalue())
        reference = models.ApplicationPackageReference(application_id="tool")
        change = models.PoolPatchParameter(application_package_references=[reference])
        error = self.expect_code("InvalidApplicationPackageReferences", self.client.pool.patch, POOL, change)
        self.assertEqual(error.values[0].key, "tool")

        self.control("PATCH", "tool", b'{"defaultVersion": "2.0", "displayName": "A tool"}')

        [found] = self.client.application.list()
        self.assertEqual((found.id, found.display_name, found.versions), ("tool", "A tool", ["1.0", "2.0"]))
        self.assertEqual(self.client.application.get("tool").versions, ["1.0", "2.0"])
        self.expect_code("ApplicationNotFound", self.client.application.get, "other")
        self.client.pool.patch(POOL, change)
        kept = self.client.pool.get(POOL).application_package_references
        self.assertEqual([one.application_id for one in kept], ["tool"])


class Usage(Breadth):
    def test_nodes_are_counted_in_core_hours(self):
        usage = wait_until(lambda: list(self.client.pool.list_usage_metrics()), 30, "some time has passed")
        self.assertEqual({(one.pool_id, one.vm_size) for one in usage}, {(POOL, "standard_a1_v2")})
        self.assertGreater(usage[-1].total_core_hours, 0)

        pools = self.client.pool.get_all_lifetime_statistics()
        self.assertGreater(pools.usage_stats.dedicated_core_time, datetime.timedelta())
        options = models.PoolGetOptions(expand="stats")
        of_pool = self.client.pool.get(POOL, pool_get_options=options).stats.usage_stats
        self.assertGreater(of_pool.dedicated_core_time, datetime.timedelta())

    def test_tasks_are_counted(self):
        self.wire.add_job("counted", POOL)
        self.wire.add_task("counted", "good", "/bin/true")
        self.wire.add_task("counted", "bad", "/bin/false")
        for task in ("good", "bad"):
            self.wire.wait_for_task("counted", task)

        job = self.client.job.get("counted", job_get_options=models.JobGetOptions(expand="stats")).stats
        self.assertEqual((job.num_succeeded_tasks, job.num_failed_tasks), (1, 1))
        self.assertGreater(job.wall_clock_time, datetime.timedelta())
        everything = self.client.job.get_all_lifetime_statistics()
        self.assertGreaterEqual(everything.num_succeeded_tasks, 1)
        task = self.client.task.get("counted", "bad", task_get_options=models.TaskGetOptions(expand="stats"))
        self.assertGreater(task.stats.wall_clock_time, datetime.timedelta())


if __name__ == "__main__":
    unittest.main()
