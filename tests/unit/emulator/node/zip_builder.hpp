#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace bluebatch::emulator::node {

// Writes zip files, of what no sensible program would put into one as well. Nothing is compressed.
class ZipBuilder {
public:
    static constexpr std::uint32_t kFile = 0100644;
    static constexpr std::uint32_t kProgram = 0100755;
    static constexpr std::uint32_t kLink = 0120777;
    static constexpr std::uint32_t kFolder = 040755;

    ZipBuilder& add(std::string_view name, std::string_view content, std::uint32_t mode = kFile) {
        auto const offset = static_cast<std::uint32_t>(files_.size());
        auto const size = static_cast<std::uint32_t>(content.size());
        std::string common;  // what both headers have
        put(common, 10, 2);
        put(common, kUtf8, 2);
        put(common, 0, 2 + 4);
        put(common, crc32(content), 4);
        put(common, size, 4);
        put(common, size, 4);
        put(common, static_cast<std::uint32_t>(name.size()), 2);
        put(common, 0, 2);
        files_ += "PK\x03\x04";
        files_.append(common).append(name).append(content);
        directory_ += "PK\x01\x02";
        put(directory_, kMadeOnUnix, 2);
        directory_ += common;
        put(directory_, 0, 2 + 2 + 2);
        put(directory_, mode << 16U, 4);
        put(directory_, offset, 4);
        directory_ += name;
        ++count_;
        return *this;
    }

    std::string bytes() const {
        std::string all = files_ + directory_ + "PK\x05\x06";
        put(all, 0, 4);
        put(all, count_, 2);
        put(all, count_, 2);
        put(all, static_cast<std::uint32_t>(directory_.size()), 4);
        put(all, static_cast<std::uint32_t>(files_.size()), 4);
        put(all, 0, 2);
        return all;
    }
    void write(std::filesystem::path const& file) const {
        auto const all = bytes();
        std::ofstream(file, std::ios::binary).write(all.data(), static_cast<std::streamsize>(all.size()));
    }

private:
    static constexpr std::uint32_t kUtf8 = 0x800;
    static constexpr std::uint32_t kMadeOnUnix = 0x031E;

    static void put(std::string& to, std::uint32_t value, int bytes) {
        for (int i = 0; i < bytes; ++i)
            to += i < 4 ? static_cast<char>(value >> (8 * i) & 0xFFU) : '\0';
    }
    static std::uint32_t crc32(std::string_view bytes) {
        std::uint32_t crc = 0xFFFFFFFF;
        for (char const byte : bytes) {
            crc ^= static_cast<unsigned char>(byte);
            for (int bit = 0; bit < 8; ++bit)
                crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
        }
        return ~crc;
    }

    std::string files_;
    std::string directory_;
    std::uint32_t count_ = 0;
};

}  // namespace bluebatch::emulator::node
