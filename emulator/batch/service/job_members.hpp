#pragma once

#include "emulator/batch/wire/json.hpp"
#include "emulator/domain/job.hpp"

// What bodies say of a job, taken into the job. Bodies are in the newest shape and have passed their rules.
namespace bluebatch::emulator::batch::service {

template <class Value>
void take(wire::Json const& body, std::string_view name, Value& value) {
    if (auto const* const member = wire::find(body, name)) value = member->get<Value>();
}

wire::Json const* find_auto_pool(wire::Json const& body);

// Members that have a place of their own in a job, as far as the body has them.
void take_members(domain::Job& job, wire::Json const& body);
// Constraints are replaced as a whole: what they do not say is the default.
void take_constraints(domain::Job& job, wire::Json const& constraints);
// The others, which stay as the user gave them.
void take_document(domain::Job& job, wire::Json const& body);

}  // namespace bluebatch::emulator::batch::service
