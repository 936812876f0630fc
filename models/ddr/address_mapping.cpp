#include "models/ddr/address_mapping.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

namespace karhunen::ddr {

namespace {

/// Bit lists of a preset: fields take address bits from the bus width upwards, beginning with the
/// column within a burst.
AddressBits bits_of(const Device& device, const std::string& preset) {
    const bool row_column_bank = preset == "row-column-bank";
    const bool by_group = preset == "row-bank-column-group";
    if (!row_column_bank && !by_group && preset != "row-bank-column")
        throw std::invalid_argument(
            "address mapping '" + preset +
            "': expected row-bank-column, row-column-bank or row-bank-column-group");
    uint8_t next = std::countr_zero(device.bus_bytes());
    const auto take = [&next](std::vector<uint8_t>& field, uint32_t values) {
        for (; values > 1; values /= 2) field.push_back(next++);
    };
    // Of the bank's number, which begins with the bank group, so much is below the column.
    uint32_t banks_below = 1;
    if (by_group) banks_below = device.bank_groups;
    if (row_column_bank) banks_below = device.banks;
    AddressBits bits;
    take(bits.column, device.burst_length);
    take(bits.bank, banks_below);
    take(bits.column, device.columns / device.burst_length);
    take(bits.bank, device.banks / banks_below);
    take(bits.row, device.rows);
    return bits;
}

void check_size(const std::vector<uint8_t>& list, uint32_t values, const char* field) {
    if (list.size() != static_cast<size_t>(std::countr_zero(values)))
        throw std::invalid_argument(std::string("address mapping: wrong number of ") + field +
                                    " bits");
}

}  // namespace

AddressMapping::AddressMapping(const Device& device, const std::string& preset)
    : AddressMapping(device, bits_of(device, preset)) {}

AddressMapping::AddressMapping(const Device& device, const AddressBits& bits)
    : bank_(segments_of(bits.bank)),
      row_(segments_of(bits.row)),
      column_(segments_of(bits.column)) {
    check_size(bits.bank, device.banks, "bank");
    check_size(bits.row, device.rows, "row");
    check_size(bits.column, device.columns, "column");
    const unsigned lowest = std::countr_zero(device.bus_bytes());
    std::vector<uint8_t> all;
    for (const auto* list : {&bits.bank, &bits.row, &bits.column})
        all.insert(all.end(), list->begin(), list->end());
    std::sort(all.begin(), all.end());
    for (size_t i = 0; i < all.size(); ++i)
        if (all[i] != lowest + i)
            throw std::invalid_argument("address mapping: every address bit must be used once");
    unsigned in_row = 0;
    while (in_row < bits.column.size() && bits.column[in_row] == lowest + in_row) ++in_row;
    if (in_row < static_cast<unsigned>(std::countr_zero(device.burst_length)))
        throw std::invalid_argument("address mapping: a burst must be contiguous");
    run_bytes_ = uint64_t{1} << (lowest + in_row);
}

AddressMapping::Segments AddressMapping::segments_of(const std::vector<uint8_t>& bits) {
    Segments segments;
    for (size_t i = 0; i < bits.size(); ++i) {
        if (!segments.empty() && segments.back().from + segments.back().width == bits[i])
            ++segments.back().width;
        else
            segments.push_back({bits[i], static_cast<uint8_t>(i), 1});
    }
    return segments;
}

uint32_t AddressMapping::gather(const Segments& segments, uint64_t address) {
    uint64_t value = 0;
    for (const Segment& s : segments)
        value |= (address >> s.from & ((uint64_t{1} << s.width) - 1)) << s.to;
    return static_cast<uint32_t>(value);
}

uint64_t AddressMapping::scatter(const Segments& segments, uint32_t value) {
    uint64_t address = 0;
    for (const Segment& s : segments)
        address |= (uint64_t{value} >> s.to & ((uint64_t{1} << s.width) - 1)) << s.from;
    return address;
}

Location AddressMapping::locate(uint64_t address) const {
    return {gather(bank_, address), gather(row_, address), gather(column_, address)};
}

uint64_t AddressMapping::address_of(const Location& at) const {
    return scatter(bank_, at.bank) | scatter(row_, at.row) | scatter(column_, at.column);
}

}  // namespace karhunen::ddr
