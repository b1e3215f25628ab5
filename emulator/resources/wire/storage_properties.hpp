#pragma once

#include "emulator/resources/wire/answers.hpp"

// What a body may set of a storage account's properties.
namespace bluebatch::emulator::resources::wire {

// Those of `given` that can be written, words in their spelling; null takes one back. What can only be read
// is left out, as is what this version of the service does not know. A value of the wrong type, and a word
// that none of the property's is, are refused by name.
Result<Json> take_storage_properties(Json const& given);

}  // namespace bluebatch::emulator::resources::wire
