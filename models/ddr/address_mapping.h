// Which bank, row and column an address means, given as a list of bits.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/ddr/device.h"

namespace karhunen::ddr {

/// The lowest bits of a bank's number are its bank group.
struct Location {
    uint32_t bank = 0, row = 0, column = 0;
    bool operator==(const Location&) const = default;
};

/// Bit lists: entry i says which address bit is bit i of the field. Bits below the bus width select
/// the byte on the bus and appear in no list.
struct AddressBits {
    std::vector<uint8_t> bank, row, column;
};

class AddressMapping {
public:
    /// Every address bit of the device must be used exactly once, and the column bits within a
    /// burst must be the lowest. Throws std::invalid_argument.
    AddressMapping(const Device& device, const AddressBits& bits);
    /// A preset, named from the most significant bits down: "row-bank-column" (a row of one bank is
    /// contiguous), "row-column-bank" (bursts go round the banks) or "row-bank-column-group"
    /// (bursts go round the bank groups, within one row of each: the pin rate of devices whose
    /// t_ccd_l is longer than a burst). Throws std::invalid_argument.
    AddressMapping(const Device& device, const std::string& preset);

    Location locate(uint64_t address) const;
    /// The address of the first byte at a location.
    uint64_t address_of(const Location& location) const;
    /// Aligned stretches of this many bytes lie in one row, at consecutive columns.
    uint64_t run_bytes() const { return run_bytes_; }

private:
    struct Segment {
        uint8_t from, to, width;
    };
    using Segments = std::vector<Segment>;  ///< a contiguous list is one segment
    static Segments segments_of(const std::vector<uint8_t>& bits);
    static uint32_t gather(const Segments& segments, uint64_t address);
    static uint64_t scatter(const Segments& segments, uint32_t value);

    Segments bank_, row_, column_;
    uint64_t run_bytes_ = 0;
};

}  // namespace karhunen::ddr
