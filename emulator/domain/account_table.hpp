#pragma once

#include "shared/base/text.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bluebatch::emulator::domain {

// The accounts of one service, at hand for every request; each has a `name`, and is never changed but
// replaced. Whoever has found one may use it as long as he holds it. Names compare without case. Thread-safe.
template <typename Account>
class AccountTable {
public:
    using Entry = std::shared_ptr<Account const>;

    AccountTable() = default;
    explicit AccountTable(std::vector<Account> accounts) {
        for (auto& account : accounts)
            put(std::make_shared<Account const>(std::move(account)));
    }

    // Takes the place of the one with that name.
    void put(Entry entry) {
        auto key = base::to_lower(entry->name);
        std::unique_lock const lock(mutex_);
        if (first_ == nullptr || base::equal_ignoring_case(first_->name, key)) first_ = entry;
        entries_[std::move(key)] = std::move(entry);
    }

    void remove(std::string_view name) {
        std::unique_lock const lock(mutex_);
        auto const found = entries_.find(base::to_lower(name));
        if (found == entries_.end()) return;
        if (first_ == found->second) first_ = nullptr;
        entries_.erase(found);
    }

    // Null when there is none.
    Entry find(std::string_view name) const {
        std::shared_lock const lock(mutex_);
        auto const found = entries_.find(base::to_lower(name));
        return found == entries_.end() ? nullptr : found->second;
    }

    // The one that is meant where none is named; null when there is none.
    Entry first() const {
        std::shared_lock const lock(mutex_);
        return first_;
    }

    std::vector<Entry> all() const {
        std::shared_lock const lock(mutex_);
        std::vector<Entry> entries;
        for (auto const& [name, entry] : entries_)
            entries.push_back(entry);
        return entries;
    }

    // How an account is made for a guest, who may use any: `make` puts the account here, unless the name is
    // none. Else it tells why it won't, for a person; it throws when it can't.
    void on_guest(std::function<std::string(std::string const& name)> make) { make_ = std::move(make); }

    struct Found {
        Entry account;  // null: there is none
        std::string refusal = {};
    };
    Found find_or_make(std::string_view name) {
        auto found = find(name);
        if (found != nullptr || !make_) return {std::move(found)};
        auto refusal = make_(base::to_lower(name));
        return {find(name), std::move(refusal)};
    }

private:
    mutable std::shared_mutex mutex_;
    std::map<std::string, Entry, std::less<>> entries_;  // by the name in lower case
    Entry first_;
    std::function<std::string(std::string const&)> make_;
};

}  // namespace bluebatch::emulator::domain
