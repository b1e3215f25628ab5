#pragma once

#include "shared/base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

// Just enough of certificates to tell which one a file holds. Private keys are not looked at.
namespace bluebatch::base {

struct Certificate {
    std::string der;
    std::string sha1;  // of those bytes, in small hexadecimal digits: the thumbprint
};

// One certificate, as DER or PEM (".cer").
Result<Certificate> parse_certificate(std::string_view bytes);

// All certificates of a PKCS #12 file (".pfx"). It must open with the password, and in reasonable time: files
// that ask for very many rounds of hashing are refused.
Result<std::vector<Certificate>> parse_pkcs12(std::string_view bytes, std::string const& password);

}  // namespace bluebatch::base
