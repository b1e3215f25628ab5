"""What Batch takes and refuses in ids, names, sizes and networks."""

import unittest

from shared_emulator import SharedEmulator
from wire import pool_body

AN_IMAGE = {"publisher": "canonical", "offer": "0001-com-ubuntu-server-focal", "sku": "20_04-lts"}


class Validation(SharedEmulator):
    def add_pool(self, pool="refused", **members):
        return self.batch.post("/pools", pool_body(pool, **members))

    def refuses(self, name, **members):
        """A pool with these members is refused for the named one, with a reason."""
        values = self.refusal(self.add_pool(**members))
        self.assertEqual(values["PropertyName"], name)
        self.assertTrue(values["Reason"])
        self.assertEqual(self.batch.get("/pools/refused").status, 404)

    # REST-15
    def test_a_refusal_names_the_property_its_value_and_the_reason(self):
        values = self.refusal(self.add_pool(targetDedicatedNodes=-1))
        self.assertEqual((values["PropertyName"], values["PropertyValue"]), ("targetDedicatedNodes", "-1"))
        self.assertIn("between 0 and", values["Reason"])
        header = self.batch.send("GET", "/pools?api-version=2024-07-01.20.0", {}, None)
        self.assertEqual(self.refusal(header, "MissingRequiredHeader"), {"HeaderName": "Authorization"})

    # REST-31
    def test_ids_have_up_to_64_letters_and_keep_their_case(self):
        self.batch.add_job("owner", "p")
        in_pool = {"poolInfo": {"poolId": "p"}}
        for first, path, members in (
            ("P", "/pools", pool_body("")),
            ("J", "/jobs", in_pool),
            ("S", "/jobschedules", {"schedule": {"doNotRunUntil": "2999-01-01T00:00:00Z"}, "jobSpecification": in_pool}),
            ("T", "/jobs/owner/tasks", {"commandLine": "/bin/true"}),
        ):
            with self.subTest(path=path):
                longest = first + "a0-_" + "x" * 59
                self.batch.post(path, {**members, "id": longest}).expect(201)
                self.assertEqual(self.batch.get(f"{path}/{longest.lower()}").expect(200).json["id"], longest)
                self.batch.post(path, {**members, "id": longest.upper()}).expect(409)
                for wrong in ("x" * 65, "", "a b", "a.b", "a/b", "ä", "x:y"):
                    refused = self.refusal(self.batch.post(path, {**members, "id": wrong}))
                    self.assertEqual(refused["PropertyName"], "id")

    # REST-31
    def test_names_have_up_to_1024_characters(self):
        self.add_pool("named", displayName="ä" * 1024).expect(201)
        self.assertEqual(self.pool("named")["displayName"], "ä" * 1024)
        self.refuses("displayName", displayName="ä" * 1025)

    # REST-35, POOL-34
    def test_metadata_are_kept_as_they_are_and_replaced_as_a_whole(self):
        metadata = [{"name": "a", "value": "1"}, {"name": "a", "value": ""}, {"name": "β", "value": "{}"}]
        self.add_pool("meta", metadata=metadata).expect(201)
        self.assertEqual(self.pool("meta")["metadata"], metadata)
        self.batch.post("/jobs", {"id": "meta", "poolInfo": {"poolId": "meta"}, "metadata": metadata}).expect(201)
        self.assertEqual(self.job("meta")["metadata"], metadata)
        self.batch.call("PATCH", "/pools/meta", {"metadata": metadata[:1]}).expect(200)
        self.assertEqual(self.pool("meta")["metadata"], metadata[:1])
        self.batch.call("PATCH", "/pools/meta", {"metadata": []}).expect(200)
        self.assertNotIn("metadata", self.pool("meta"))

    # POOL-7
    def test_a_resize_takes_five_minutes_at_least(self):
        self.refuses("resizeTimeout", resizeTimeout="PT4M59S")
        self.add_pool("sizes", resizeTimeout="PT5M").expect(201)
        self.assertEqual(self.wait_for_pool("sizes")["resizeTimeout"], "PT5M")
        self.refusal(self.batch.post("/pools/sizes/resize", {"targetDedicatedNodes": 0, "resizeTimeout": "PT4M"}))
        self.batch.post("/pools/sizes/resize", {"targetDedicatedNodes": 0, "resizeTimeout": "PT7M"}).expect(202)
        self.assertEqual(self.wait_for_pool("sizes")["resizeTimeout"], "PT7M")
        self.batch.post("/pools/sizes/resize", {"targetDedicatedNodes": 0}).expect(202)
        self.assertEqual(self.wait_for_pool("sizes")["resizeTimeout"], "PT15M")

    # POOL-9
    def test_a_pool_has_a_size_and_one_machine(self):
        old = "2022-10-01.16.0"
        body = pool_body("machines")
        cloud = {"osFamily": "6"}
        for member in ("vmSize", "virtualMachineConfiguration"):
            answer = self.batch.post("/pools", {name: value for name, value in body.items() if name != member})
            self.assertEqual(self.refusal(answer, "MissingRequiredProperty")["PropertyName"], member)
        self.refusal(self.batch.post("/pools", {**body, "cloudServiceConfiguration": cloud}, version=old))
        del body["virtualMachineConfiguration"]
        self.batch.post("/pools", {**body, "cloudServiceConfiguration": cloud}, version="2024-07-01.20.0").expect(400)
        self.batch.post("/pools", {**body, "cloudServiceConfiguration": cloud}, version=old).expect(201)
        self.refuses("virtualMachineConfiguration.nodeAgentSKUId", virtualMachineConfiguration={
            "imageReference": AN_IMAGE, "nodeAgentSKUId": "batch.node.ubuntu 22.04"})
        answer = self.add_pool(virtualMachineConfiguration={"imageReference": AN_IMAGE})
        self.refusal(answer, "MissingRequiredProperty")

    # POOL-31
    def test_networks_have_their_limits(self):
        def network(*pools):
            return {"endpointConfiguration": {"inboundNATPools": list(pools)}}

        def nat(name="nat", backend=80, first=1, last=40, rules=()):
            return {"name": name, "protocol": "tcp", "backendPort": backend, "frontendPortRangeStart": first,
                    "frontendPortRangeEnd": last, "networkSecurityGroupRules": list(rules)}

        def rule(priority):
            return {"priority": priority, "access": "allow", "sourceAddressPrefix": "*"}
        five = [nat(f"nat{i}", first=1 + 100 * i, last=100 + 100 * i) for i in range(5)]
        self.add_pool("network", networkConfiguration=network(*five)).expect(201)
        self.assertEqual(len(self.pool("network")["networkConfiguration"]["endpointConfiguration"]["inboundNATPools"]), 5)
        self.add_pool("edges", networkConfiguration=network(
            nat("n" * 77, 65535, 49960, 49999, [rule(150 + i) for i in range(24)] + [rule(4096)]),
            nat("high", 1, 55001, 65534))).expect(201)
        wrong = [
            network(*five, nat("sixth", first=600, last=700)), network(nat("n" * 78)), network(nat(first=1, last=39)),
            network(nat(first=0, last=60)), network(nat(first=65500, last=65535)), network(nat(first=49990, last=50100)),
            network(nat("a"), nat("b", first=40, last=90)), network(nat(rules=[rule(149)])), network(nat(rules=[rule(4097)])),
            network(nat(rules=[rule(150 + i) for i in range(26)])),
            *(network(nat(backend=port)) for port in (0, 22, 3389, 29876, 29877, 65536)),
        ]
        for number, configuration in enumerate(wrong):
            with self.subTest(number=number):
                name = self.refusal(self.add_pool(networkConfiguration=configuration))["PropertyName"]
                self.assertTrue(name.startswith("networkConfiguration.endpointConfiguration.inboundNATPools"), name)

    # POOL-32
    def test_accounts_of_users_have_their_rules(self):
        linux = {"uid": 1000, "gid": 1000}
        self.add_pool("users", userAccounts=[
            {"name": "ann", "password": "a secret"},
            {"name": "bob", "password": "b secret", "elevationLevel": "Admin", "linuxUserConfiguration": linux}]).expect(201)
        text = self.batch.get("/pools/users").body
        ann, bob = self.pool("users")["userAccounts"]
        self.assertEqual((ann["elevationLevel"], bob["elevationLevel"]), ("nonadmin", "admin"))
        self.assertEqual(bob["linuxUserConfiguration"], linux)
        self.assertNotIn(b"secret", text)
        for configuration in ({"uid": 1000}, {"gid": 1000}):
            self.refuses("userAccounts[0].linuxUserConfiguration", userAccounts=[
                {"name": "ann", "password": "x", "linuxUserConfiguration": configuration}])
        self.batch.add_job("users", "users")
        self.batch.add_task("users", "t", "/bin/true", userIdentity={"username": "ann"})
        self.assertEqual(self.batch.task("users", "t")["userIdentity"], {"username": "ann"})

    # START-7
    def test_a_start_task_is_not_too_long(self):
        self.add_pool("long", startTask={"commandLine": "/bin/true " + "x" * 32_000}).expect(201)
        self.refuses("startTask", startTask={"commandLine": "/bin/true " + "x" * 32_768})
        self.refuses("startTask", startTask={"commandLine": "/bin/true", "environmentSettings": [
            {"name": f"NAME{i}", "value": "x" * 1000} for i in range(40)]})

    # SLOT-1
    def test_slots_follow_the_cores_of_the_size(self):
        self.add_pool("slots", vmSize="standard_d4s_v3", taskSlotsPerNode=16).expect(201)
        self.wait_for_pool("slots")
        for slots in (0, -1, 17):
            self.refuses("taskSlotsPerNode", vmSize="standard_d4s_v3", taskSlotsPerNode=slots)
        self.refuses("taskSlotsPerNode", vmSize="standard_hb120rs_v2", taskSlotsPerNode=257)
        patch = {"taskSlotsPerNode": 8}
        self.batch.call("PATCH", "/pools/slots", patch, version="2024-02-01.19.0").expect(400)
        self.assertEqual(self.pool("slots")["taskSlotsPerNode"], 16)
        self.batch.call("PATCH", "/pools/slots", patch, version="2024-07-01.20.0").expect(200)
        self.assertEqual(self.pool("slots")["taskSlotsPerNode"], 8)


if __name__ == "__main__":
    unittest.main()
