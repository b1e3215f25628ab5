#pragma once

#include "shared/base/clock.hpp"
#include "shared/base/random.hpp"
#include "shared/base/rsa_key.hpp"

#include <chrono>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace bluebatch::emulator::identity {

enum class SubjectKind : std::uint8_t { application, managed_identity, user };

// Whom a token speaks for.
struct Subject {
    SubjectKind kind = SubjectKind::application;
    std::string tenant_id;
    std::string client_id;  // the program
    std::string object_id;
};

struct IssuedToken {
    std::string text;
    base::TimePoint not_before;
    base::TimePoint expiry;
    std::chrono::seconds lifetime;
};

// What a sealed text of ours says: device codes and refresh tokens are such, so nothing of them is stored.
struct Promise {
    std::string purpose;  // "device_code", "refresh_token"
    std::string client_id;
    std::string tenant_id;
    std::string scope;
    std::chrono::seconds lifetime{0};
};

// What checks tokens: the public half.
struct SigningKey {
    base::RsaKey key;
    std::string id;
};

// Signs tokens. Thread-safe. Times are those of this machine, which clients compare them with.
class Issuer {
public:
    // The key lies in `folder`, readable by its owner only. It is made when it is wanted first, since that
    // takes a while; functions that want it throw std::system_error or std::runtime_error when it can't be
    // read or made.
    Issuer(std::filesystem::path folder, base::Clock& clock, base::Random& random)
        : folder_(std::move(folder)), clock_(clock), random_(random) {}

    IssuedToken access_token(Subject const& subject, std::string_view resource, std::string_view scope) const;
    std::string id_token(Subject const& subject, std::string_view nonce) const;
    std::string seal(Promise const& promise) const;
    // Nothing for what is not ours, of another purpose, or older than it may be.
    std::optional<Promise> open(std::string_view sealed, std::string_view purpose) const;

    SigningKey const& key() const;
    base::TimePoint now() const { return clock_.machine_now(); }

private:
    std::filesystem::path const folder_;
    base::Clock& clock_;
    base::Random& random_;
    mutable std::mutex mutex_;
    mutable std::optional<SigningKey> key_;  // once set, it stays
};

}  // namespace bluebatch::emulator::identity
