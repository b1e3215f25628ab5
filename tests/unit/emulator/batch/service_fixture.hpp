#pragma once

#include "emulator/batch/service.hpp"
#include "emulator/batch/wire/json.hpp"
#include "emulator/storage/batch/batch_store.hpp"
#include "shared/azure/batch_shared_key.hpp"
#include "shared/base/digest.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace bluebatch::emulator::batch {

using wire::Json;

struct Answer {
    int status = 0;
    std::string reason;
    http::Headers headers;
    http::Framing framing = http::Framing::content_length;
    std::string text;
    std::vector<http::FileSlice> slices;
    std::optional<std::uint64_t> content_length;

    Json json() const { return text.empty() ? Json() : Json::parse(text); }
    std::string code() const { return std::string(wire::text_of(json(), "code")); }
    // The detail of a failure, or "".
    std::string value(std::string_view key) const {
        auto const body = json();
        if (!body.contains("values")) return {};
        for (auto const& entry : body["values"]) {
            if (wire::text_of(entry, "key") == key) return std::string(wire::text_of(entry, "value"));
        }
        return {};
    }
};

// The whole service on a database of its own, with requests signed as an SDK does; no sockets.
// "reader" and so on are tokens of principals that have that role.
class FakeBearerTokens final : public azure::TokenValidator {
public:
    base::Result<azure::Principal, azure::TokenRefusal> validate(
        std::string_view token, std::string_view account, base::TimePoint
    ) const override {
        if (account != "devacct") return azure::TokenRefusal{"not for this account"};
        if (token == "none") return azure::Principal{"oid", "tid", azure::Role::none};
        if (token == "reader") return azure::Principal{"oid", "tid", azure::Role::reader};
        if (token == "contributor") return azure::Principal{"oid", "tid", azure::Role::contributor};
        return azure::TokenRefusal{"not a token"};
    }
    azure::Role role_of(std::string_view) const override { return azure::Role::none; }
};

class ServiceFixture : public ::testing::Test {
protected:
    explicit ServiceFixture(domain::Quotas quotas = {})
        : database(folder.path() / "batch.db", storage::batch_schema(), storage::Durability::process),
          account_table(std::make_shared<BatchAccounts>(std::vector<BatchAccount>{
              {"devacct",
               {kKey},
               &database,
               [this](domain::Change change) { changes.push_back(change); },
               [this](domain::LogUpload log) {
                   if (takes_logs) logs.push_back(std::move(log));
                   return takes_logs;
               },
               quotas,
               std::make_shared<autoscale::PoolSamples const>(),
               tokens}})),
          service(account_table, bearer_tokens, folder.path(), clock, random, nullptr) {}

    static inline std::string const kKey = "c29tZSBrZXkgb2YgYW4gYWNjb3VudCBpbiB0ZXN0cw==";
    static constexpr std::string_view kVersion = "api-version=2022-10-01.16.0";

    static http::Request a_request(
        http::Verb verb, std::string const& target, std::string body, http::Headers headers
    ) {
        http::Request request;
        request.verb = verb;
        request.method = http::to_string(verb);
        EXPECT_TRUE(http::parse_target(target, request)) << target;
        request.headers = std::move(headers);
        request.headers.set("Host", "127.0.0.1:10003");
        request.headers.set("ocp-date", "Mon, 04 Mar 2024 10:00:00 GMT");
        if (!body.empty()) {
            request.headers.set("Content-Type", "application/json; odata=minimalmetadata");
            request.headers.set("Content-Length", std::to_string(body.size()));
            request.content_length = body.size();
        }
        request.body.size = body.size();
        request.body.bytes = std::move(body);
        return request;
    }

    // Adds the api-version of most tests unless the target names one.
    Answer send(http::Verb verb, std::string target, std::string body = {}, http::Headers headers = {}) {
        if (target.find("api-version") == std::string::npos) {
            target += target.find('?') == std::string::npos ? '?' : '&';
            target += kVersion;
        }
        auto request = a_request(verb, target, std::move(body), std::move(headers));
        if (request.headers.has("Authorization")) return deliver(std::move(request));
        return signed_answer(std::move(request));
    }

    Answer signed_answer(http::Request request) {
        azure::sign_batch_request(
            request.verb,
            request.path,
            request.query,
            request.headers,
            request.content_length,
            {"devacct", kKey}
        );
        return deliver(std::move(request));
    }

    Answer deliver(http::Request request) {
        auto plan = service.admit(request);
        if (auto* const refusal = std::get_if<http::Response>(&plan)) return to_answer(std::move(*refusal));
        auto const limit = std::get<http::BodyPlan>(plan).limit;
        if (request.body.size > limit) return to_answer(service.too_large(request, limit));
        return to_answer(service.answer(std::move(request)));
    }

    static Answer to_answer(http::Response response) {
        return {
            response.status,
            std::move(response.reason),
            std::move(response.headers),
            response.framing,
            std::move(response.text),
            std::move(response.slices),
            response.content_length};
    }

    Answer get(std::string target, http::Headers headers = {}) {
        return send(http::Verb::get, std::move(target), {}, std::move(headers));
    }
    Answer post(std::string target, Json const& body) {
        return send(http::Verb::post, std::move(target), body.dump());
    }
    Answer post(std::string target) { return send(http::Verb::post, std::move(target)); }
    Answer remove(std::string target) { return send(http::Verb::remove, std::move(target)); }

    static Json a_pool(std::string id) {
        return {
            {"id", std::move(id)},
            {"vmSize", "STANDARD_A1_v2"},
            {"virtualMachineConfiguration",
             {{"imageReference",
               {{"publisher", "canonical"}, {"offer", "ubuntuserver"}, {"sku", "18.04-lts"}}},
              {"nodeAgentSKUId", "batch.node.ubuntu 18.04"}}},
            {"targetDedicatedNodes", 2}};
    }

    static Json a_job(std::string id) { return {{"id", std::move(id)}, {"poolInfo", {{"poolId", "pool"}}}}; }
    static Json a_task(std::string id) { return {{"id", std::move(id)}, {"commandLine", "/bin/true"}}; }

    void add_job(std::string id = "job") { ASSERT_EQ(post("/jobs", a_job(std::move(id))).status, 201); }
    void add_task(std::string id) { ASSERT_EQ(post("/jobs/job/tasks", a_task(std::move(id))).status, 201); }

    template <class Change>
    void change_pool(Change change) {
        storage::Transaction transaction(database);
        auto pool = storage::find_pool(transaction.connection(), "pool").value();
        change(pool);
        storage::update_pool(transaction, pool);
        transaction.commit();
    }

    template <class Change>
    void change_job(Change change) {
        storage::Transaction transaction(database);
        auto job = storage::find_job(transaction.connection(), "job").value();
        change(job);
        storage::update_job(transaction, job);
        transaction.commit();
    }

    template <class Change>
    void change_task(std::string_view id, Change change) {
        storage::Transaction transaction(database);
        auto task = storage::find_task(transaction.connection(), "job", id).value();
        change(task);
        storage::update_task(transaction, task);
        transaction.commit();
    }

    tests::TemporaryDirectory folder;
    tests::ManualClock clock;
    base::SeededRandom random{1};
    std::vector<domain::Change> changes;
    std::vector<domain::LogUpload> logs;
    bool takes_logs = true;
    std::shared_ptr<domain::TaskTokens> tokens = std::make_shared<domain::TaskTokens>();
    std::shared_ptr<azure::TokenValidator const> bearer_tokens = std::make_shared<FakeBearerTokens const>();
    storage::Database database;
    std::shared_ptr<BatchAccounts> account_table;
    BatchService service;
};

}  // namespace bluebatch::emulator::batch
