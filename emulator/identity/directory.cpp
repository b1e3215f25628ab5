#include "emulator/identity/directory.hpp"

#include "shared/base/digest.hpp"
#include "shared/base/text.hpp"

#include <algorithm>
#include <array>

namespace bluebatch::emulator::identity {

namespace {

using azure::Role;

struct RoleName {
    std::string_view name;
    Role role;
};
constexpr std::array<RoleName, 3> kRoles{
    {{"owner", Role::owner}, {"contributor", Role::contributor}, {"reader", Role::reader}}};

std::optional<Role> find_role(std::string_view name) {
    auto const found = std::ranges::find(kRoles, name, &RoleName::name);
    if (found == kRoles.end()) return std::nullopt;
    return found->role;
}

bool add_role(std::string_view text, Access& access) {
    constexpr std::string_view kBatch = "batch-";
    constexpr std::string_view kBlob = "blob-";
    bool const is_of_batch = text.starts_with(kBatch);
    bool const is_of_blob = text.starts_with(kBlob);
    if (is_of_batch) text.remove_prefix(kBatch.size());
    if (is_of_blob) text.remove_prefix(kBlob.size());
    auto const role = find_role(text);
    if (!role) return false;
    if (!is_of_blob) access.batch = *role;
    if (!is_of_batch) access.blob = *role;
    if (!is_of_batch && !is_of_blob) access.resources = *role;
    return true;
}

std::optional<Access> parse_access(std::string_view roles) {
    Access access{Role::none, Role::none, Role::none};
    for (auto const role : base::split(roles, ','))
        if (!add_role(base::trim(role), access)) return std::nullopt;
    return access;
}

bool is_guid(std::string_view text) {
    constexpr std::string_view kForm = "00000000-0000-0000-0000-000000000000";
    if (text.size() != kForm.size()) return false;
    constexpr std::string_view kDigits = "0123456789abcdefABCDEF";
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const is_digit = kDigits.find(text[i]) != std::string_view::npos;
        if (kForm[i] == '-' ? text[i] != '-' : !is_digit) return false;
    }
    return true;
}

bool is_domain(std::string_view text) {
    auto const is_part = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '.';
    };
    return text.size() <= 255 && text.find('.') != std::string_view::npos &&
           std::ranges::all_of(text, is_part);
}

constexpr std::array<std::string_view, 3> kAnyTenant{"common", "organizations", "consumers"};

}  // namespace

std::optional<Client> parse_client(std::string_view text) {
    Client client;
    // A secret may hold both signs, so roles are behind the last one; a secret that ends so needs roles
    // behind it.
    if (auto const equals = text.rfind('='); equals != std::string_view::npos) {
        auto const access = parse_access(text.substr(equals + 1));
        if (!access) return std::nullopt;
        client.access = *access;
        text = text.substr(0, equals);
    }
    auto const colon = text.find(':');
    client.id = text.substr(0, colon);
    if (colon != std::string_view::npos) client.secret = text.substr(colon + 1);
    bool const has_no_secret = client.id == "managed-identity" || client.id == "user";
    if (has_no_secret && !client.secret.empty()) return std::nullopt;
    if (client.id == "managed-identity") client.id = kManagedIdentity;
    if (client.id == "user") client.id = kUser;
    if (!is_guid(client.id)) return std::nullopt;
    return client;
}

std::string object_id_of(std::string_view client_id) {
    auto const digest = base::sha256("principal of " + base::to_lower(client_id));
    auto text = base::to_hex(digest).substr(0, 32);
    text[12] = '4';
    text[16] = '8';
    for (std::size_t const position : {8U, 13U, 18U, 23U})
        text.insert(position, 1, '-');
    return text;
}

std::optional<Client> Directory::find(std::string_view client_id) const {
    if (clients_.empty()) return Client{std::string{client_id}, {}, {}};
    for (auto const& client : clients_)
        if (base::equal_ignoring_case(client.id, client_id)) return client;
    return std::nullopt;
}

Access Directory::access_of(std::string_view object_id) const {
    if (clients_.empty()) return {};
    for (auto const& client : clients_)
        if (object_id_of(client.id) == object_id) return client.access;
    return {Role::none, Role::none, Role::none};
}

std::optional<std::string> Directory::find_tenant(std::string_view name) {
    if (is_guid(name)) return base::to_lower(name);
    if (is_domain(name) || std::ranges::find(kAnyTenant, name) != kAnyTenant.end())
        return std::string{kTenant};
    return std::nullopt;
}

}  // namespace bluebatch::emulator::identity
