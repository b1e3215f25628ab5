#pragma once

#include <cstddef>
#include <filesystem>

namespace bluebatch::emulator::node {

// Ends what tasks of an earlier life of this emulator left running: processes of ours whose
// AZ_BATCH_NODE_ROOT_DIR lies below `nodes`, with their process groups. Returns how many there were.
std::size_t end_orphans(std::filesystem::path const& nodes);

}  // namespace bluebatch::emulator::node
