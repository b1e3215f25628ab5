#include "emulator/blob/wire/query_request.hpp"

#include "emulator/blob/wire/xml_faults.hpp"
#include "shared/base/text.hpp"
#include "shared/codec/xml.hpp"

namespace bluebatch::emulator::blob::wire {
namespace {

using azure::StorageError;
using azure::StorageErrorCode;
using azure::StorageResult;
using codec::XmlElement;

// An empty separator is none that could separate, so it is the usual one.
StorageResult<std::string> read_separator(
    XmlElement const& parent, std::string_view name, std::string_view usual
) {
    constexpr std::size_t kLongest = 16;
    auto const* const element = parent.find(name);
    if (element == nullptr || element->text.empty()) return std::string{usual};
    if (element->text.size() > kLongest) return invalid_node(name, element->text, "It is too long.");
    return element->text;
}

// Empty: none.
StorageResult<std::optional<char>> read_character(
    XmlElement const& parent, std::string_view name, std::optional<char> usual
) {
    auto const* const element = parent.find(name);
    if (element == nullptr) return usual;
    if (element->text.empty()) return std::nullopt;
    bool const is_ascii = static_cast<unsigned char>(element->text[0]) < 0x80U;
    if (element->text.size() != 1 || !is_ascii) {
        return invalid_node(name, element->text, "It must be one ASCII character.");
    }
    return std::optional{element->text[0]};
}

StorageResult<bool> read_flag(XmlElement const& parent, std::string_view name) {
    auto const* const element = parent.find(name);
    auto const text = element != nullptr ? base::trim(element->text) : std::string_view{};
    if (text.empty() || base::equal_ignoring_case(text, "false")) return false;
    if (base::equal_ignoring_case(text, "true")) return true;
    return invalid_node(name, text, "It must be true or false.");
}

StorageResult<query::DelimitedFormat> read_delimited(XmlElement const& format) {
    XmlElement const nothing;
    auto const* const found = format.find("DelimitedTextConfiguration");
    auto const& configuration = found != nullptr ? *found : nothing;
    query::DelimitedFormat delimited;
    auto column = read_separator(configuration, "ColumnSeparator", ",");
    if (!column) return column.error();
    delimited.column_separator = *std::move(column);
    auto record = read_separator(configuration, "RecordSeparator", "\n");
    if (!record) return record.error();
    delimited.record_separator = *std::move(record);
    if (delimited.column_separator == delimited.record_separator) {
        return invalid_node("RecordSeparator", delimited.record_separator, "It separates columns already.");
    }
    auto const quote = read_character(configuration, "FieldQuote", '"');
    if (!quote) return quote.error();
    delimited.quote = *quote;
    auto const escape = read_character(configuration, "EscapeChar", std::nullopt);
    if (!escape) return escape.error();
    delimited.escape = *escape;
    auto const has_headers = read_flag(configuration, "HasHeaders");
    if (!has_headers) return has_headers.error();
    delimited.has_headers = *has_headers;
    return delimited;
}

StorageResult<query::JsonFormat> read_json(XmlElement const& format) {
    XmlElement const nothing;
    auto const* const found = format.find("JsonTextConfiguration");
    auto separator = read_separator(found != nullptr ? *found : nothing, "RecordSeparator", "\n");
    if (!separator) return separator.error();
    return query::JsonFormat{*std::move(separator)};
}

// Delimited text where nothing is said.
StorageResult<query::InputFormat> read_format(XmlElement const& root, std::string_view name) {
    auto const* const serialization = root.find(name);
    if (serialization == nullptr) return query::InputFormat{};
    auto const* const format = serialization->find("Format");
    if (format == nullptr) return missing_node("Format");
    auto const* const type = format->find("Type");
    if (type == nullptr) return missing_node("Type");
    auto const text = base::trim(type->text);
    if (base::equal_ignoring_case(text, "delimited")) {
        auto delimited = read_delimited(*format);
        if (!delimited) return delimited.error();
        return query::InputFormat{*std::move(delimited)};
    }
    if (base::equal_ignoring_case(text, "json")) {
        auto json = read_json(*format);
        if (!json) return json.error();
        return query::InputFormat{*std::move(json)};
    }
    bool const is_input = name == "InputSerialization";
    if (is_input && base::equal_ignoring_case(text, "parquet")) {
        return azure::not_implemented("Query Blob Contents of Parquet");
    }
    if (!is_input && base::equal_ignoring_case(text, "arrow")) {
        return azure::not_implemented("Query Blob Contents with an answer in Arrow");
    }
    return invalid_node("Type", text, "It is not a format that this serialization has.");
}

query::OutputFormat to_output(query::InputFormat format) {
    if (auto* const json = std::get_if<query::JsonFormat>(&format)) {
        return query::JsonOutput{std::move(json->record_separator)};
    }
    auto& delimited = std::get<query::DelimitedFormat>(format);
    return query::DelimitedOutput{
        std::move(delimited.column_separator),
        std::move(delimited.record_separator),
        delimited.quote,
        delimited.escape,
        delimited.has_headers};
}

}  // namespace

StorageResult<QueryRequest> parse_query_request(std::string_view document) {
    auto const root = codec::parse_xml(document);
    if (!root || root->name != "QueryRequest") return StorageErrorCode::invalid_xml_document;
    auto const* const type = root->find("QueryType");
    if (type == nullptr) return missing_node("QueryType");
    if (!base::equal_ignoring_case(base::trim(type->text), "SQL")) {
        return invalid_node("QueryType", type->text, "It must be SQL.");
    }
    auto const* const expression = root->find("Expression");
    if (expression == nullptr || base::trim(expression->text).empty()) return missing_node("Expression");
    auto input = read_format(*root, "InputSerialization");
    if (!input) return input.error();
    auto output = read_format(*root, "OutputSerialization");
    if (!output) return output.error();
    return QueryRequest{expression->text, *std::move(input), to_output(*std::move(output))};
}

}  // namespace bluebatch::emulator::blob::wire
