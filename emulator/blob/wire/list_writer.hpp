#pragma once

#include "shared/base/time.hpp"
#include "shared/codec/xml.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
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
    void time(std::string_view name, base::TimePoint at);
    // For a list of so many.
    void reserve(std::size_t items);
    // For what is in every version, names of users' own included.
    codec::XmlWriter& any() { return xml_; }
    std::string finish() && { return std::move(xml_).finish(); }

private:
    codec::XmlWriter xml_;
    ListOf kind_;
    std::string_view version_;
    bool is_newest_;
    // The latest that was written: what was made in the same second says the same.
    std::optional<std::chrono::sys_seconds> second_;
    std::string second_text_;
};

}  // namespace bluebatch::emulator::blob::wire
