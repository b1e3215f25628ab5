#include "emulator/identity/issuer.hpp"

#include "emulator/identity/key_file.hpp"
#include "emulator/identity/wire/claims.hpp"
#include "shared/base/digest.hpp"
#include "shared/codec/json_web_token.hpp"

namespace bluebatch::emulator::identity {

namespace {

constexpr std::chrono::seconds kLifetime{3599};
constexpr std::chrono::seconds kLifetimeOfManagedIdentity{86'399};
// Before it was issued, for clocks that are a little behind.
constexpr std::chrono::minutes kLeeway{5};

}  // namespace

SigningKey const& Issuer::key() const {
    std::scoped_lock const lock(mutex_);
    if (!key_) {
        auto key = load_key(folder_ / "signing.pem");
        auto id = codec::to_base64url(base::sha256(key.modulus()).substr(0, 20));
        key_.emplace(SigningKey{std::move(key), std::move(id)});
    }
    return *key_;
}

IssuedToken Issuer::access_token(Subject const& subject, std::string_view resource, std::string_view scope)
    const {
    IssuedToken token;
    token.lifetime = subject.kind == SubjectKind::managed_identity ? kLifetimeOfManagedIdentity : kLifetime;
    token.not_before = now() - kLeeway;
    token.expiry = now() + token.lifetime;
    auto const claims = wire::access_claims(subject, resource, scope, token, random_);
    token.text = codec::sign_json_web_token(claims, key().id, key().key);
    return token;
}

std::string Issuer::id_token(Subject const& subject, std::string_view nonce) const {
    auto const claims = wire::id_claims(subject, nonce, {now(), now() + kLifetime}, random_);
    return codec::sign_json_web_token(claims, key().id, key().key);
}

std::string Issuer::seal(Promise const& promise) const {
    auto const claims = wire::promise_claims(promise, now() + promise.lifetime);
    return codec::sign_json_web_token(claims, key().id, key().key);
}

std::optional<Promise> Issuer::open(std::string_view sealed, std::string_view purpose) const {
    auto const token = codec::parse_json_web_token(sealed);
    if (!token || !token->expiry || *token->expiry <= now()) return std::nullopt;
    if (!key().key.has_signed(token->signed_text, token->signature)) return std::nullopt;
    auto promise = wire::read_promise(token->signed_text);
    if (!promise || promise->purpose != purpose) return std::nullopt;
    return promise;
}

}  // namespace bluebatch::emulator::identity
