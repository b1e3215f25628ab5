#pragma once

#include "shared/azure/storage_sas.hpp"

#include <string>
#include <string_view>
#include <utility>

// What the texts that the kinds of signatures are made from have in common. For storage_sas.cpp and
// user_delegation_sas.cpp only.
namespace bluebatch::azure::sas_text {

// The versions at which a text changed.
inline constexpr std::string_view kWithResponseHeaders = "2013-08-15";
inline constexpr std::string_view kWithServicePrefix = "2015-02-21";
inline constexpr std::string_view kWithAddressAndProtocol = "2015-04-05";
inline constexpr std::string_view kWithResource = "2018-11-09";
inline constexpr std::string_view kWithAgents = "2020-02-10";
inline constexpr std::string_view kWithEncryptionScope = "2020-12-06";
inline constexpr std::string_view kWithDelegatedUser = "2025-07-05";
inline constexpr std::string_view kWithRequestParts = "2026-04-06";

class Lines {
public:
    void add(std::string_view line) {
        if (!first_) text_ += '\n';
        first_ = false;
        text_ += line;
    }
    std::string take() && { return std::move(text_); }

private:
    std::string text_;
    bool first_ = true;
};

std::string canonical_name(SharedAccessSignature const& sas, SasSubject const& subject);
void add_response_headers(Lines& lines, SharedAccessSignature const& sas);
std::string to_query(SharedAccessSignature const& sas);
std::string sas_time(std::optional<base::TimePoint> time);

}  // namespace bluebatch::azure::sas_text
