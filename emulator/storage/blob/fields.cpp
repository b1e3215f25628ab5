#include "emulator/storage/blob/fields.hpp"

#include "shared/base/text.hpp"

namespace bluebatch::emulator::storage::blob {
namespace {

// Neither a header nor an XML document can carry these, so no value does.
constexpr char kFieldEnd = '\x1F';
constexpr char kRecordEnd = '\x1E';
constexpr char kAbsent = '\x1D';

void append_field(std::string& column, std::optional<std::string> const& field) {
    if (field) {
        column += *field;
    } else {
        column += kAbsent;
    }
    column += kFieldEnd;
}

std::optional<std::string> read_field(std::string_view field) {
    if (field.size() == 1 && field.front() == kAbsent) return std::nullopt;
    return std::string{field};
}

}  // namespace

std::string to_column(Metadata const& metadata) {
    std::string column;
    for (auto const& [name, value] : metadata) {
        column.append(name).append(":").append(value);
        column += kRecordEnd;
    }
    return column;
}

Metadata parse_metadata(std::string_view column) {
    Metadata metadata;
    while (!column.empty()) {
        auto const end = column.find(kRecordEnd);
        auto const pair = column.substr(0, end);
        auto const colon = pair.find(':');
        metadata.emplace_back(pair.substr(0, colon), pair.substr(colon + 1));
        column.remove_prefix(end + 1);
    }
    return metadata;
}

std::string tags_to_column(Metadata const& tags) {
    std::string column;
    for (auto const& [key, value] : tags) {
        append_field(column, key);
        append_field(column, value);
    }
    return column;
}

Metadata parse_tags(std::string_view column) {
    Metadata tags;
    if (column.empty()) return tags;
    auto const fields = base::split(column, kFieldEnd);
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2)
        tags.emplace_back(fields[i], fields[i + 1]);
    return tags;
}

std::string to_column(std::vector<AccessPolicy> const& policies) {
    std::string column;
    for (auto const& policy : policies) {
        append_field(column, policy.id);
        append_field(column, policy.start);
        append_field(column, policy.expiry);
        append_field(column, policy.permission);
    }
    return column;
}

std::vector<AccessPolicy> parse_policies(std::string_view column) {
    std::vector<AccessPolicy> policies;
    auto const fields = base::split(column, kFieldEnd);
    for (std::size_t i = 0; i + 3 < fields.size(); i += 4) {
        policies.push_back(
            {std::string{fields[i]},
             read_field(fields[i + 1]),
             read_field(fields[i + 2]),
             read_field(fields[i + 3])}
        );
    }
    return policies;
}

Value to_column(TimePoint time) {
    return time.time_since_epoch().count();
}

Value to_column(std::optional<TimePoint> time) {
    return time ? to_column(*time) : Value(nullptr);
}

TimePoint read_time(Row const& row, int column) {
    return TimePoint{base::Ticks{row.integer(column)}};
}

std::optional<TimePoint> read_optional_time(Row const& row, int column) {
    if (row.is_null(column)) return std::nullopt;
    return read_time(row, column);
}

std::optional<Lease> read_lease(Row const& row, int first) {
    if (row.is_null(first)) return std::nullopt;
    return Lease{
        std::string{row.text(first)},
        row.optional_integer(first + 1),
        read_optional_time(row, first + 2),
        read_optional_time(row, first + 3)};
}

void append_lease(Values& values, std::optional<Lease> const& lease) {
    if (!lease) {
        values.insert(values.end(), 4, Value(nullptr));
        return;
    }
    values.emplace_back(lease->id);
    values.emplace_back(lease->seconds);
    values.push_back(to_column(lease->expires));
    values.push_back(to_column(lease->breaks));
}

}  // namespace bluebatch::emulator::storage::blob
