#pragma once

#include "shared/base/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace bluebatch::base {

// A key that signs with RSASSA-PKCS1-v1_5 and SHA-256, which tokens call RS256. Immutable, so any thread may
// use it.
class RsaKey {
public:
    // Of 2048 bits. Throws std::runtime_error when the machine can't make one.
    static RsaKey generate();
    static Result<RsaKey> from_pem(std::string_view pem);

    std::string to_pem() const;  // PKCS #8, not encrypted
    std::string sign(std::string_view text) const;
    bool has_signed(std::string_view text, std::string_view signature) const;
    // Big-endian bytes of the public numbers.
    std::string modulus() const;
    std::string exponent() const;

private:
    struct Free {
        void operator()(void* key) const;
    };
    explicit RsaKey(void* key) : key_(key) {}
    std::unique_ptr<void, Free> key_;
};

}  // namespace bluebatch::base
