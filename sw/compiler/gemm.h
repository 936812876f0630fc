// Matrix product in float whose result does not depend on the host: every element is summed in the
// order of the reduction, one multiplication and one addition at a time, whatever the vector width.
// (Libraries that use fused operations or split the sum give other last bits on other processors,
// and quantised networks and streams would differ with them.)
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace karhunen {

/// The right-hand matrix [reduction][columns], in panels of columns side by side.
class PackedMatrix {
public:
    PackedMatrix(const float* values, std::size_t reduction, std::size_t columns);
    std::size_t reduction() const { return reduction_; }
    std::size_t columns() const { return columns_; }

    /// result[rows][columns] = left[rows][reduction] * this
    void multiply(const float* left, std::size_t rows, float* result) const;

private:
    std::size_t reduction_, columns_;
    std::vector<float> panels_;
};

}  // namespace karhunen
