#pragma once

#include "emulator/batch/wire/json.hpp"
#include "shared/codec/odata.hpp"

#include <span>
#include <string_view>

namespace bluebatch::emulator::batch {

// An image that a pool may name. All of them are this machine in the end; Windows ones are listed as
// unverified, because their tasks run as far as the emulator understands their command lines.
struct SupportedImage {
    std::string_view publisher;
    std::string_view offer;
    std::string_view sku;
    std::string_view node_agent_sku_id;
    std::string_view os_type;
    std::string_view verification_type;
};

std::span<SupportedImage const> supported_images();
wire::Json to_json(SupportedImage const& image);

// Whether the filter compares only what images have, and in a way that is allowed. Batch: REST-25
bool can_filter_images(codec::odata::Filter const& filter);
// The filter must be one that can be used.
bool matches(SupportedImage const& image, codec::odata::Filter const& filter);

}  // namespace bluebatch::emulator::batch
