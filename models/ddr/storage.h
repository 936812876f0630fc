// The bytes of the memory. Pages that nobody touched cost nothing and read as zero.
#pragma once

#include <cstdint>
#include <span>

namespace karhunen::ddr {

class Storage {
public:
    /// Throws std::bad_alloc.
    explicit Storage(uint64_t bytes);
    ~Storage();
    Storage(const Storage&) = delete;
    Storage& operator=(const Storage&) = delete;

    std::span<uint8_t> bytes() { return {data_, size_}; }

private:
    uint8_t* data_;
    uint64_t size_;
};

}  // namespace karhunen::ddr
