#include "emulator/app/spot_control.hpp"

#include "emulator/batch/service/node_actions.hpp"
#include "shared/azure/batch_error.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace bluebatch::emulator::app {
namespace {

using Json = nlohmann::json;

constexpr int kMostNodes = 100'000;

struct Wanted {
    std::string account;
    std::string pool;
    std::vector<std::string> nodes;
    int count = 0;
};

// False when there is no such member or it can't have that value.
bool take(Wanted& wanted, std::string_view name, Json const& value) {
    if (name == "account" || name == "pool") {
        if (value.is_string()) (name == "pool" ? wanted.pool : wanted.account) = value.get<std::string>();
        return value.is_string();
    }
    if (name == "count") {
        bool const fits = value.is_number_integer() && value >= 1 && value <= kMostNodes;
        if (fits) wanted.count = value.get<int>();
        return fits;
    }
    bool const is_list = name == "nodes" && value.is_array() &&
                         std::ranges::all_of(value, [](Json const& id) { return id.is_string(); });
    if (is_list) wanted.nodes = value.get<std::vector<std::string>>();
    return is_list;
}

std::optional<Wanted> read(std::string_view document) {
    auto const json = Json::parse(document, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    Wanted wanted;
    for (auto const& [name, value] : json.items()) {
        if (!take(wanted, name, value)) return std::nullopt;
    }
    bool const says_which = wanted.nodes.empty() != (wanted.count == 0);
    return wanted.pool.empty() || !says_which ? std::nullopt : std::optional{std::move(wanted)};
}

}  // namespace

ControlAnswer SpotControl::answer(http::Request const& request) {
    if (request.verb != http::Verb::post) return refuse(405, "use POST");
    auto const wanted = read(request.body.bytes);
    if (!wanted) {
        return refuse(
            400,
            R"(the body must be like {"pool": "p", "count": 1} or {"pool": "p", "nodes": ["tvmps_..._p"]})"
        );
    }
    auto const account = wanted->account.empty() ? accounts_->first() : accounts_->find(wanted->account);
    if (account == nullptr) return refuse(404, "there is no such Batch account");
    batch::service::Context const context{*account->database, account->changes, random_, clock_.now()};
    auto const nodes = batch::service::preempt_nodes(context, wanted->pool, wanted->nodes, wanted->count);
    if (!nodes) {
        auto const code = nodes.error().code;
        return refuse(azure::status_of(code), azure::message_of(code));
    }
    return {200, Json{{"nodes", *nodes}}.dump()};
}

}  // namespace bluebatch::emulator::app
