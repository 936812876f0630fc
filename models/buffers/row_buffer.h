// A buffer of map rows: activation, output or residual buffer. Rows of all regions share its
// capacity; each region has a limit of its own, which comes with every row.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include <karhunen/registers.h>

#include "models/interfaces/rows.h"

namespace karhunen {

class RowBuffer : public sc_core::sc_module, public RowWriter, public RowReader {
public:
    static constexpr uint32_t regions = KRHN_BUFFER_REGIONS;

    sc_core::sc_export<RowWriter> writer{"writer"};
    sc_core::sc_export<RowReader> reader{"reader"};

    RowBuffer(sc_core::sc_module_name name, uint32_t capacity_bytes,
              Values values = Values::computed);

    uint32_t capacity() const { return capacity_; }
    uint32_t fill() const { return fill_; }  ///< bytes held now, open rows included
    uint32_t peak() const { return peak_; }  ///< most bytes ever held
    void trace(sc_core::sc_trace_file* file) const;

    /// Also throws std::length_error for a region that does not exist, an empty row, a row that is
    /// open with another shape, and a number whose row is complete and not yet released.
    Row& open(uint32_t region, uint32_t region_bytes, uint32_t sequence, uint32_t width,
              uint32_t channels, Format format) override;
    void commit(uint32_t region, uint32_t sequence, uint32_t channels) override;

    const Row& wait_for(uint32_t region, uint32_t sequence) override;
    const Row* peek(uint32_t region, uint32_t sequence) const override;
    /// Rows that are still open stay until they are complete. A row that is complete only after its
    /// release (bands are decoded whole, the last rows may be of no use) goes at once.
    void release_before(uint32_t region, uint32_t sequence) override;

private:
    struct Region {
        std::map<uint32_t, Row> rows;  ///< references to its elements are stable
        uint32_t fill = 0;
        std::optional<uint32_t> released;  ///< rows before this number
    };

    bool is_released(const Region& r, uint32_t sequence) const;

    std::array<Region, regions> regions_;
    const Values values_;
    uint32_t capacity_, fill_ = 0, peak_ = 0;
    sc_core::sc_event completed_, released_;
};

}  // namespace karhunen
