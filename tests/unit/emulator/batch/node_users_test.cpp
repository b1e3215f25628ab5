#include "emulator/storage/batch/node_user_store.hpp"
#include "tests/unit/emulator/batch/node_fixture.hpp"

namespace bluebatch::emulator::batch {
namespace {

using domain::NodeState;
using http::Verb;

class NodeUsers : public NodeFixture {
protected:
    static inline std::string const kUsers = kNode + "/users";

    static Json a_user() { return {{"name", "ann"}, {"password", "secret word"}, {"isAdmin", true}}; }

    void add_user() { ASSERT_EQ(post(kUsers, a_user()).status, 201); }

    Answer put(std::string const& name, Json const& body) {
        return send(Verb::put, kUsers + "/" + name, body.dump());
    }

    std::optional<domain::NodeUser> find() {
        storage::Snapshot snapshot(database);
        return storage::find_node_user(snapshot.connection(), "pool", "node", "ann");
    }
};

TEST_F(NodeUsers, AreAddedWithTheirAddressAndNoTag) {
    add_pool();

    auto const answer = post(kUsers, a_user());

    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.text, "");
    EXPECT_EQ(answer.headers.get("Location"), "http://127.0.0.1:10003/pools/pool/nodes/node/users/ann");
    EXPECT_EQ(answer.headers.get("DataServiceId"), answer.headers.get("Location"));
    EXPECT_FALSE(answer.headers.has("ETag"));
}

// Batch: NODE-13
TEST_F(NodeUsers, ExpireAfterADayUnlessToldOtherwise) {
    add_pool();
    add_user();

    auto const user = find().value();
    EXPECT_EQ(user.expiry_time, clock.now() + std::chrono::days{1});
    EXPECT_TRUE(user.is_admin);
    EXPECT_TRUE(user.has_password);
}

// Batch: NODE-13
TEST_F(NodeUsers, AnUpdateReplacesAllThatCanBeUpdated) {
    add_pool();
    auto body = a_user();
    body["expiryTime"] = "2030-01-01T00:00:00Z";
    ASSERT_EQ(post(kUsers, body).status, 201);

    auto const answer = put("ANN", {{"sshPublicKey", "ssh-rsa AAAA"}});

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.headers.get("DataServiceId"), "http://127.0.0.1:10003/pools/pool/nodes/node/users/ANN");
    auto const user = find().value();
    EXPECT_FALSE(user.has_password);
    EXPECT_EQ(user.ssh_public_key, "ssh-rsa AAAA");
    EXPECT_EQ(user.expiry_time, clock.now() + std::chrono::days{1});
    EXPECT_TRUE(user.is_admin);
}

TEST_F(NodeUsers, AreDeleted) {
    add_pool();
    add_user();

    EXPECT_EQ(remove(kUsers + "/ann").status, 200);

    EXPECT_EQ(remove(kUsers + "/ann").code(), "NodeUserNotFound");
    EXPECT_EQ(remove(kUsers + "/ann").status, 404);
    EXPECT_EQ(put("ann", Json::object()).code(), "NodeUserNotFound");
}

TEST_F(NodeUsers, HaveANameOnce) {
    add_pool();
    add_user();

    auto const again = post(kUsers, a_user());
    EXPECT_EQ(again.status, 409);
    EXPECT_EQ(again.code(), "NodeUserExists");
}

TEST_F(NodeUsers, NeedAPoolAndANode) {
    EXPECT_EQ(post(kUsers, a_user()).code(), "PoolNotFound");
    add_pool();
    EXPECT_EQ(post("/pools/pool/nodes/other/users", a_user()).code(), "NodeNotFound");
}

TEST_F(NodeUsers, NeedSomethingToLogInWith) {
    add_pool();
    auto const neither = post(kUsers, {{"name", "ann"}});
    EXPECT_EQ(neither.code(), "MissingRequiredProperty");
    EXPECT_EQ(neither.value("PropertyName"), "password");
    EXPECT_EQ(post(kUsers, {{"password", "secret word"}}).value("PropertyName"), "name");
    EXPECT_EQ(post(kUsers, {{"name", "a/b"}, {"password", "p"}}).code(), "InvalidPropertyValue");
    EXPECT_EQ(
        post(kUsers, {{"name", std::string(65, 'a')}, {"password", "p"}}).code(), "InvalidPropertyValue"
    );
    EXPECT_EQ(post(kUsers, {{"name", "ann"}, {"sshPublicKey", "ssh-rsa AAAA"}}).status, 201);
}

TEST_F(NodeUsers, OfWindowsHavePasswordsAndNoKeys) {
    add_pool(a_windows_pool());
    auto body = a_user();
    body["sshPublicKey"] = "ssh-rsa AAAA";
    EXPECT_EQ(post(kUsers, body).value("PropertyName"), "sshPublicKey");
    EXPECT_EQ(post(kUsers, {{"name", "ann"}}).value("PropertyName"), "password");
    add_user();
    EXPECT_EQ(put("ann", Json::object()).value("PropertyName"), "password");
}

// Batch: NODE-14
TEST_F(NodeUsers, AreChangedOnlyOnNodesThatAreIdleOrRunning) {
    add_pool();
    add_user();
    struct Case {
        NodeState state;
        std::string_view code;
    };
    for (auto const& [state, code] : {
             Case{NodeState::creating, "NodeBeingCreated"},
             Case{NodeState::starting, "NodeBeingStarted"},
             Case{NodeState::waiting_for_start_task, "NodeBeingStarted"},
             Case{NodeState::rebooting, "NodeBeingRebooted"},
             Case{NodeState::unusable, "NodeStateUnusable"},
             Case{NodeState::offline, "OperationInvalidForCurrentState"},
         }) {
        move_node(state);
        EXPECT_EQ(post(kUsers, {{"name", "eve"}, {"password", "p"}}).code(), code);
        EXPECT_EQ(put("ann", {{"password", "p"}}).code(), code);
        EXPECT_EQ(remove(kUsers + "/ann").code(), code);
        EXPECT_EQ(remove(kUsers + "/ann").status, 409);
    }
    move_node(NodeState::running);
    EXPECT_EQ(put("ann", {{"password", "p"}}).status, 200);
}

TEST_F(NodeUsers, GoWithTheirNodeAndItsPool) {
    add_pool();
    add_user();
    {
        storage::Transaction transaction(database);
        storage::delete_pool(transaction, "pool");
        transaction.commit();
    }
    EXPECT_FALSE(find());
}

}  // namespace
}  // namespace bluebatch::emulator::batch
