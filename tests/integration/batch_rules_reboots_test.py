"""Rules of nodes that are booted again or get a new image."""

import unittest

from emulator import gated
from shared_emulator import SharedEmulator


class Reboots(SharedEmulator):
    def act(self, pool, node, action, option):
        return self.batch.post(f"/pools/{pool}/nodes/{node}/{action}", option)

    # NODE-14
    def test_a_node_that_gets_a_new_image_takes_no_other_request(self):
        self.batch.add_pool("image", dedicated=1)
        node = self.only_node("image")
        self.batch.add_job("image", "image")
        self.batch.add_task("image", "t", f"/bin/sh -c '{gated(self.gate('image'))}'")
        self.batch.wait_for_task("image", "t", "running")
        self.act("image", node, "reimage", {"nodeReimageOption": "taskcompletion"}).expect(202)
        for action in ("reimage", "reboot", "deallocate"):
            with self.subTest(action):
                self.refusal(self.act("image", node, action, None), "NodeBeingReimaged", 409)
        self.gate("image").touch()
        self.batch.wait_for_task("image", "t")
        self.wait_for_node("image", node, "idle")
        self.act("image", node, "reboot", None).expect(202)

    # PREP-5
    def test_a_node_is_prepared_again_after_a_reboot_unless_its_job_says_otherwise(self):
        marks = self.emulator.folder / "prepared"
        self.batch.add_pool("again", dedicated=1)
        node = self.only_node("again")
        self.batch.add_job("again", "again", jobPreparationTask={"commandLine": f"/bin/sh -c 'echo prepared >> {marks}'"})
        self.assertIs(self.job("again")["jobPreparationTask"]["rerunOnNodeRebootAfterSuccess"], True)

        def run(task):
            self.batch.add_task("again", task, f"/bin/sh -c 'echo {task} >> {marks}'")
            self.batch.wait_for_task("again", task)

        run("a")
        run("b")
        self.act("again", node, "reboot", None).expect(202)
        run("c")
        run("d")
        self.assertEqual(marks.read_text().split(), ["prepared", "a", "b", "prepared", "c", "d"])


if __name__ == "__main__":
    unittest.main()
