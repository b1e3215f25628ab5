#pragma once

#include "shared/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bluebatch::emulator::domain {

enum class AccountKind : std::uint8_t { batch, storage };

// Who an account comes from.
enum class AccountOrigin : std::uint8_t {
    configured,  // named at the start; its keys stay, and it can't be deleted
    created,     // by a resource manager
    guest,       // made when a guest first named it; any key of a guest opens it
};

struct AccountKey {
    std::string base64;
    base::TimePoint made;
};

// An account of one of the two services, as those see it who manage accounts.
struct Account {
    std::string name;
    AccountOrigin origin = AccountOrigin::created;
    base::TimePoint made;
    std::vector<AccountKey>
        keys;  // the primary and the secondary; of a configured one perhaps only the first
    // Of a Batch account: the storage account that its nodes find autoStorageContainerName in; empty: none.
    std::string auto_storage;
};

enum class AccountKeySlot : std::uint8_t { primary, secondary };

// 3 to 24 lower-case letters and digits.
bool is_account_name(std::string_view text);

// The accounts that there are. What is done here holds for the next request to the service, and survives the
// end of the program once the call has returned. Names are in lower case. Thread-safe.
class Accounts {
public:
    virtual ~Accounts() = default;

    virtual std::vector<Account> list(AccountKind kind) const = 0;  // by name
    virtual std::optional<Account> find(AccountKind kind, std::string_view name) const = 0;
    // With two new keys; nothing when the name is taken.
    virtual std::optional<Account> create(AccountKind kind, std::string_view name) = 0;
    // Nothing when there is no such account, or when it is a configured one.
    virtual std::optional<Account> renew_key(
        AccountKind kind, std::string_view name, AccountKeySlot slot
    ) = 0;
    // False when there is no such Batch account.
    virtual bool link_auto_storage(std::string_view batch_account, std::string storage_account) = 0;
    // With everything in it: containers, or pools, jobs and packages, whose tasks are stopped. False when
    // there is no such account, or when it is a configured one.
    virtual bool remove(AccountKind kind, std::string_view name) = 0;
};

}  // namespace bluebatch::emulator::domain
