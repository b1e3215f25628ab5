#pragma once

#include "shared/codec/xml.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace bluebatch::emulator::blob::wire {

enum class ListOf : std::uint8_t { containers, blobs };

// Writes the XML of a list without the elements that its version of the service did not have yet.
class ListWriter {
public:
    ListWriter(ListOf kind, std::string_view version);

    bool has(std::string_view element) const;
    // Each is left out where the version does not have it.
    void element(std::string_view name, std::string_view text);
    void element_or_empty(std::string_view name, std::string_view text);
    // For what is in every version, names of users' own included.
    codec::XmlWriter& any() { return xml_; }
    std::string finish() && { return std::move(xml_).finish(); }

private:
    codec::XmlWriter xml_;
    ListOf kind_;
    std::string_view version_;
    bool is_newest_;
};

}  // namespace bluebatch::emulator::blob::wire
