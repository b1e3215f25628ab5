#pragma once

#include "emulator/resources/service.hpp"
#include "emulator/resources/subscription.hpp"
#include "shared/base/digest.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <atomic>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace bluebatch::emulator::resources {

using Json = nlohmann::json;

// The time of the emulator, which a test may set apart from that of the machine.
class TwoClocks final : public base::Clock {
public:
    base::TimePoint now() const override { return machine_.now() + base::Ticks{ahead_.load()}; }
    base::TimePoint machine_now() const override { return machine_.now(); }
    void advance(base::Ticks by) { machine_.advance(by); }
    void run_ahead(base::Ticks by) { ahead_ += by.count(); }

private:
    tests::ManualClock machine_;
    std::atomic<std::int64_t> ahead_ = 0;
};

// Accounts in memory.
class SomeAccounts final : public domain::Accounts {
public:
    explicit SomeAccounts(base::Clock& clock) : clock_(clock) {}

    // Called when accounts are asked for, before one goes, and once it has gone.
    std::function<void()> on_list = [] {};
    std::function<void()> on_removing = [] {};
    std::function<void()> on_removed = [] {};

    void configure(domain::AccountKind kind, std::string const& name) {
        std::scoped_lock const lock(mutex_);
        accounts_[{kind, name}] = {name, domain::AccountOrigin::configured, clock_.now(), {key()}, {}};
    }

    std::vector<domain::Account> list(domain::AccountKind kind) const override {
        on_list();
        std::scoped_lock const lock(mutex_);
        std::vector<domain::Account> found;
        for (auto const& [id, account] : accounts_)
            if (id.first == kind) found.push_back(account);
        return found;
    }
    std::optional<domain::Account> find(domain::AccountKind kind, std::string_view name) const override {
        std::scoped_lock const lock(mutex_);
        auto const found = accounts_.find({kind, std::string{name}});
        if (found == accounts_.end()) return std::nullopt;
        return found->second;
    }
    std::optional<domain::Account> create(domain::AccountKind kind, std::string_view name) override {
        if (find(kind, name)) return std::nullopt;
        std::scoped_lock const lock(mutex_);
        domain::Account const account{
            std::string{name}, domain::AccountOrigin::created, clock_.now(), {key(), key()}, {}};
        accounts_[{kind, account.name}] = account;
        return account;
    }
    std::optional<domain::Account> renew_key(
        domain::AccountKind kind, std::string_view name, domain::AccountKeySlot slot
    ) override {
        auto const found = accounts_.find({kind, std::string{name}});
        if (found == accounts_.end() || found->second.origin == domain::AccountOrigin::configured)
            return std::nullopt;
        found->second.keys.at(static_cast<std::size_t>(slot)) = key();
        return found->second;
    }
    bool link_auto_storage(std::string_view batch_account, std::string storage_account) override {
        auto const found = accounts_.find({domain::AccountKind::batch, std::string{batch_account}});
        if (found == accounts_.end()) return false;
        found->second.auto_storage = std::move(storage_account);
        return true;
    }
    bool remove(domain::AccountKind kind, std::string_view name) override {
        on_removing();
        std::unique_lock lock(mutex_);
        auto const found = accounts_.find({kind, std::string{name}});
        if (found == accounts_.end() || found->second.origin == domain::AccountOrigin::configured)
            return false;
        accounts_.erase(found);
        lock.unlock();
        on_removed();
        return true;
    }

private:
    domain::AccountKey key() { return {base::to_base64("key " + std::to_string(++keys_)), clock_.now()}; }

    base::Clock& clock_;
    mutable std::mutex mutex_;
    int keys_ = 0;
    std::map<std::pair<domain::AccountKind, std::string>, domain::Account> accounts_;
};

// The text of a token is the role that it gives.
class RoleTokens final : public azure::TokenValidator {
public:
    mutable std::atomic<int> checked = 0;

    base::Result<azure::Principal, azure::TokenRefusal> validate(
        std::string_view token, std::string_view, base::TimePoint
    ) const override {
        ++checked;
        if (token == "owner") return azure::Principal{"object", "tenant", azure::Role::owner};
        if (token == "contributor") return azure::Principal{"object", "tenant", azure::Role::contributor};
        if (token == "reader") return azure::Principal{"object", "tenant", azure::Role::reader};
        if (token == "nobody") return azure::Principal{"object", "tenant", azure::Role::none};
        return azure::TokenRefusal{"no"};
    }
    azure::Role role_of(std::string_view) const override { return azure::Role::none; }
};

// A service that answers what a test says.
class Answering final : public http::Service {
public:
    std::function<http::Response(http::Request const&)> respond = [](http::Request const&) {
        http::Response response;
        response.status = 404;
        return response;
    };

    std::variant<http::Response, http::BodyPlan> admit(http::RequestHead const&) override {
        constexpr std::uint64_t kLimit = 1 << 20;
        return http::BodyPlan{.limit = kLimit, .memory_limit = kLimit};
    }
    http::Response answer(http::Request request) override { return respond(request); }
    http::Response too_large(http::RequestHead const&, std::uint64_t) override { return {}; }
};

class ResourcesTest : public testing::Test {
protected:
    ResourcesTest() {
        accounts_.configure(domain::AccountKind::batch, "devbatch");
        accounts_.configure(domain::AccountKind::storage, "devstore");
        open();
    }

    // As after a restart.
    void open() {
        service_.reset();
        service_ = std::make_unique<ResourceService>(Surroundings{
            .accounts = accounts_,
            .find_packages = [this](std::string_view name) { return find_packages(name); },
            .blob = blob_,
            .batch = batch_,
            .tokens = tokens_,
            .location = folder_.path(),
            .durability = storage::Durability::process,
            .quotas = {.pools = 7},
            .clock = clock_,
            .random = random_});
    }

    virtual std::optional<PackageStore> find_packages(std::string_view) { return std::nullopt; }

    http::Response send(
        http::Verb verb, std::string const& target, std::string body = {}, http::Headers headers = {}
    ) {
        http::Request request;
        request.verb = verb;
        request.scheme = http::Scheme::https;
        request.headers = std::move(headers);
        request.headers.set("Host", "management.azure.com");
        if (!request.headers.has("Authorization"))
            request.headers.set("Authorization", "Bearer " + std::string{role_});
        EXPECT_TRUE(http::parse_target(target, request)) << target;
        auto const plan = service_->admit(request);
        if (auto const* const refused = std::get_if<http::Response>(&plan)) return *refused;
        request.body.bytes = std::move(body);
        return service_->answer(std::move(request));
    }

    // `path` goes on behind the subscription.
    http::Response ask(http::Verb verb, std::string const& path, Json const& body = {}) {
        auto const* const joint = path.find('?') == std::string::npos ? "?" : "&";
        return send(
            verb,
            "/subscriptions/" + std::string{kSubscription} + path + joint + "api-version=2022-10-01",
            body.is_null() ? std::string{} : body.dump()
        );
    }
    Json json(http::Verb verb, std::string const& path, int status = 200, Json const& body = {}) {
        auto const response = ask(verb, path, body);
        EXPECT_EQ(response.status, status) << path << ": " << response.text;
        return response.text.empty() ? Json{} : Json::parse(response.text);
    }
    Json get(std::string const& path, int status = 200) { return json(http::Verb::get, path, status); }
    Json put(std::string const& path, Json const& body, int status = 200) {
        return json(http::Verb::put, path, status, body);
    }
    Json post(std::string const& path, Json const& body = {}, int status = 200) {
        return json(http::Verb::post, path, status, body);
    }
    static std::string code_of(Json const& answer) { return answer["error"]["code"]; }

    // What the operation of a 202 came to.
    Json finish(http::Response const& begun) {
        EXPECT_EQ(begun.status, 202) << begun.text;
        EXPECT_EQ(begun.text, "");
        EXPECT_EQ(begun.headers.get("Retry-After"), "1");
        constexpr std::string_view kHost = "https://management.azure.com";
        auto const location = begun.headers.get("Location");
        EXPECT_TRUE(location.starts_with(kHost)) << location;
        auto const end = send(http::Verb::get, std::string{location.substr(kHost.size())});
        EXPECT_EQ(end.status, 200) << end.text;
        return end.text.empty() ? Json{} : Json::parse(end.text);
    }

    // What a change is answered that is asked for while the removal of `path` is under way, and all that
    // is to be removed is gone already.
    Json ask_meanwhile(std::string const& removed, std::string const& path, Json const& body) {
        std::promise<void> begun, asked;
        std::atomic<bool> is_asked = false;
        accounts_.on_removed = [&] {
            begun.set_value();
            asked.get_future().wait();
        };
        auto const removal = std::async(std::launch::async, [&] { ask(http::Verb::remove, removed); });
        begun.get_future().wait();
        accounts_.on_list = [&] {
            if (!is_asked.exchange(true)) asked.set_value();
        };
        auto response = ask(http::Verb::put, path, body);
        removal.wait();
        accounts_.on_list = accounts_.on_removed = [] {};
        return {{"status", response.status}, {"code", code_of(Json::parse(response.text))}};
    }

    // The end of the program, after an account has gone and before anything else has been written.
    void crash_while_removing(std::string const& path) {
        accounts_.on_removed = [] { throw std::runtime_error("killed"); };
        EXPECT_EQ(ask(http::Verb::remove, path).status, 500);
        accounts_.on_removed = [] {};
        open();
    }

    Json make_group(std::string const& name) {
        return put("/resourcegroups/" + name, {{"location", "eastus"}}, 201);
    }
    static std::string storage_path(std::string const& group, std::string const& name) {
        return "/resourceGroups/" + group + "/providers/Microsoft.Storage/storageAccounts/" + name;
    }
    static std::string batch_path(std::string const& group, std::string const& name) {
        return "/resourceGroups/" + group + "/providers/Microsoft.Batch/batchAccounts/" + name;
    }
    Json make_storage(std::string const& group, std::string const& name) {
        return finish(
            ask(http::Verb::put,
                storage_path(group, name),
                {{"location", "eastus"}, {"kind", "StorageV2"}, {"sku", {{"name", "Standard_LRS"}}}})
        );
    }
    Json make_batch(std::string const& group, std::string const& name, Json const& properties = {}) {
        Json body{{"location", "East US"}};
        if (!properties.is_null()) body["properties"] = properties;
        return finish(ask(http::Verb::put, batch_path(group, name), body));
    }

    tests::TemporaryDirectory folder_;
    TwoClocks clock_;
    base::SeededRandom random_{1};
    SomeAccounts accounts_{clock_};
    Answering blob_, batch_;
    std::shared_ptr<RoleTokens const> tokens_ = std::make_shared<RoleTokens const>();
    std::string_view role_ = "contributor";
    std::unique_ptr<ResourceService> service_;
};

}  // namespace bluebatch::emulator::resources
