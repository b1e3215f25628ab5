#include "emulator/app/application_control.hpp"

#include "emulator/storage/batch/application_store.hpp"
#include "shared/base/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <fstream>

namespace bluebatch::emulator::app {
namespace {

using Answer = ControlAnswer;
using ControlledAccount = ApplicationControl::Account;
using OrderedJson = nlohmann::ordered_json;
using storage::PackageChange;

constexpr std::size_t kLongestName = 64;
constexpr std::size_t kLongestDisplayName = 1024;
constexpr int kMost = static_cast<int>(domain::kMostApplications);

std::string dump(OrderedJson const& json) {
    return json.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
}

bool is_name(std::string_view text, std::string_view more) {
    auto const is_letter = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               more.find(c) != std::string_view::npos;
    };
    return !text.empty() && text.size() <= kLongestName && std::ranges::all_of(text, is_letter);
}

// ACCOUNT, ID, "versions", VERSION; as far as the path goes.
std::vector<std::string> parts_of(http::RequestHead const& head) {
    std::vector<std::string> parts;
    for (auto const part :
         base::split(std::string_view(head.path).substr(ApplicationControl::kPath.size()), '/'))
        parts.push_back(http::percent_decode(part));
    return parts;
}

bool names_package(std::vector<std::string> const& parts) {
    return parts.size() == 4 && base::equal_ignoring_case(parts[2], "versions");
}

OrderedJson to_json(domain::ApplicationPackage const& package) {
    return {
        {"version", package.version},
        {"size", package.size},
        {"lastModified", base::to_iso8601(package.last_modified)}};
}

OrderedJson text_or_null(std::string const& text) {
    return text.empty() ? OrderedJson(nullptr) : OrderedJson(text);
}

OrderedJson to_json(domain::Application const& application) {
    OrderedJson json{
        {"id", application.id},
        {"displayName", text_or_null(application.display_name)},
        {"defaultVersion", text_or_null(application.default_version)},
        {"allowUpdates", application.allow_updates},
        {"packages", OrderedJson::array()}};
    for (auto const& package : application.packages)
        json["packages"].push_back(to_json(package));
    return json;
}

Answer to_answer(PackageChange change) {
    switch (change) {
        case PackageChange::done:
            return {200, "{}"};
        case PackageChange::not_found:
            return refuse(404, "there is no such application or version");
        case PackageChange::updates_not_allowed:
            return refuse(409, "allowUpdates of the application is false");
        case PackageChange::too_many:
            return refuse(
                409,
                fmt::format(
                    "an account may have {} applications with {} packages each",
                    domain::kMostApplications,
                    domain::kMostPackages
                )
            );
        case PackageChange::still_has_packages:
            break;
    }
    return refuse(409, "the application still has packages");
}

// An archive begins with a file or, when it is empty, with its end.
bool is_zip(std::filesystem::path const& file) {
    std::array<char, 4> begin{};
    std::ifstream(file, std::ios::binary).read(begin.data(), begin.size());
    std::string_view const text(begin.data(), begin.size());
    return text == "PK\x03\x04" || text == "PK\x05\x06";
}

Answer put_package(
    ControlledAccount const& account,
    std::vector<std::string> const& parts,
    http::Request const& request,
    base::Clock& clock
) {
    if (!is_name(parts[1], "-_"))
        return refuse(400, "an id has 1 to 64 letters, digits, hyphens and underscores");
    if (!is_name(parts[3], "-_."))
        return refuse(400, "a version has 1 to 64 letters, digits, hyphens, underscores and dots");
    if (!request.body.file || !is_zip(request.body.file->path()))
        return refuse(400, "the body is not a zip file");
    auto const change = account.packages.put(parts[1], parts[3], request.body.file->path(), clock.now());
    if (change != PackageChange::done) return to_answer(change);
    storage::Snapshot snapshot(account.database);
    auto const package = storage::find_package(snapshot.connection(), parts[1], parts[3]);
    return {201, package ? dump(to_json(*package)) : "{}"};
}

Answer answer_package(
    ControlledAccount const& account,
    std::vector<std::string> const& parts,
    http::Request const& request,
    base::Clock& clock
) {
    if (request.verb == http::Verb::put) return put_package(account, parts, request, clock);
    if (request.verb == http::Verb::remove) return to_answer(account.packages.remove(parts[1], parts[3]));
    if (request.verb != http::Verb::get) return refuse(405, "use GET, PUT or DELETE");
    storage::Snapshot snapshot(account.database);
    auto const package = storage::find_package(snapshot.connection(), parts[1], parts[3]);
    if (!package || parts[3].empty()) return to_answer(PackageChange::not_found);
    return {200, dump(to_json(*package))};
}

bool has_version(domain::Application const& application, std::string_view version) {
    return std::ranges::any_of(application.packages, [&](domain::ApplicationPackage const& package) {
        return base::equal_ignoring_case(package.version, version);
    });
}

// Why the member can't be set, or nothing.
std::optional<std::string> apply(
    domain::Application& application, std::string const& name, OrderedJson const& value
) {
    auto const text = value.is_string() ? value.get<std::string>() : std::string();
    bool const is_text = value.is_string() || value.is_null();
    if (name == "displayName" && is_text && text.size() <= kLongestDisplayName) {
        application.display_name = text;
    } else if (name == "defaultVersion" && is_text && (text.empty() || has_version(application, text))) {
        application.default_version = text;
    } else if (name == "allowUpdates" && value.is_boolean()) {
        application.allow_updates = value.get<bool>();
    } else {
        return fmt::format("'{}' is no member of an application, or can't have this value", name);
    }
    return std::nullopt;
}

Answer change_application(
    ControlledAccount const& account, std::string const& id, std::string_view document
) {
    auto const wanted = OrderedJson::parse(document, nullptr, false);
    if (!wanted.is_object()) return refuse(400, "the body must be a JSON object");
    storage::Transaction transaction(account.database);
    auto application = storage::find_application(transaction.connection(), id);
    if (!application) return to_answer(PackageChange::not_found);
    for (auto const& [name, value] : wanted.items()) {
        if (auto const fault = apply(*application, name, value)) return refuse(400, *fault);
    }
    storage::put_application(transaction, *application);
    transaction.commit();
    return {200, dump(to_json(*application))};
}

Answer answer_application(
    ControlledAccount const& account, std::string const& id, http::Request const& request
) {
    if (request.verb == http::Verb::patch) return change_application(account, id, request.body.bytes);
    if (request.verb == http::Verb::remove) return to_answer(account.packages.remove_application(id));
    if (request.verb != http::Verb::get) return refuse(405, "use GET, PATCH or DELETE");
    storage::Snapshot snapshot(account.database);
    auto const application = storage::find_application(snapshot.connection(), id);
    if (!application) return to_answer(PackageChange::not_found);
    return {200, dump(to_json(*application))};
}

Answer list(ControlledAccount const& account, http::Verb verb) {
    if (verb != http::Verb::get) return refuse(405, "use GET");
    storage::Snapshot snapshot(account.database);
    auto applications = OrderedJson::array();
    for (auto const& application : storage::list_applications(snapshot.connection(), "", kMost))
        applications.push_back(to_json(application));
    return {200, dump(OrderedJson{{"applications", std::move(applications)}})};
}

}  // namespace

std::optional<http::BodyPlan> ApplicationControl::plan(http::RequestHead const& head) const {
    if (head.verb != http::Verb::put || !head.path.starts_with(kPath)) return std::nullopt;
    if (!names_package(parts_of(head))) return std::nullopt;
    return http::BodyPlan{.limit = kLargestPackage, .memory_limit = 0, .spool_folder = spool_folder_};
}

Answer ApplicationControl::answer(http::Request const& request) {
    auto const parts = parts_of(request);
    auto const account = accounts_->find(parts.front());
    if (account == nullptr) return refuse(404, "there is no such Batch account");
    if (names_package(parts)) return answer_package(*account, parts, request, clock_);
    if (parts.size() == 2) return answer_application(*account, parts[1], request);
    if (parts.size() == 1) return list(*account, request.verb);
    return refuse(404, "the path is ACCOUNT/ID/versions/VERSION");
}

}  // namespace bluebatch::emulator::app
