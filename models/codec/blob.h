// Little-endian bytes of codec parameter blobs.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "models/codec/codec.h"

namespace karhunen {

class BlobWriter {
public:
    template <std::integral T>
    void put(T value) {
        for (unsigned i = 0; i < sizeof(T); ++i)
            bytes_.push_back(
                static_cast<uint8_t>(static_cast<std::make_unsigned_t<T>>(value) >> 8 * i));
    }
    template <std::integral T>
    void put(const std::vector<T>& values) {
        for (const T v : values) put(v);
    }
    std::vector<uint8_t> take() { return std::move(bytes_); }

private:
    std::vector<uint8_t> bytes_;
};

/// Throws CodecError instead of reading past the end.
class BlobReader {
public:
    explicit BlobReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

    template <std::integral T>
    T get() {
        using Bits = std::make_unsigned_t<T>;
        Bits value = 0;
        const auto part = bytes(sizeof(T));
        for (unsigned i = 0; i < sizeof(T); ++i)
            value = static_cast<Bits>(value | static_cast<Bits>(Bits{part[i]} << 8 * i));
        return static_cast<T>(value);
    }
    template <std::integral T>
    std::vector<T> get(uint32_t count) {
        if (bytes_.size() < uint64_t{count} * sizeof(T)) fail();
        std::vector<T> values(count);
        for (T& v : values) v = get<T>();
        return values;
    }
    std::span<const uint8_t> bytes(size_t count) {
        if (bytes_.size() < count) fail();
        const auto part = bytes_.first(count);
        bytes_ = bytes_.subspan(count);
        return part;
    }
    bool at_end() const { return bytes_.empty(); }
    void expect_end() const {
        if (!bytes_.empty())
            throw CodecError("codec parameters: " + std::to_string(bytes_.size()) +
                             " bytes too many");
    }

private:
    [[noreturn]] static void fail() { throw CodecError("codec parameters are cut short"); }
    std::span<const uint8_t> bytes_;
};

}  // namespace karhunen
