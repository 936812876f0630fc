// CRC-32 of what the DMA loads, for section CHECKSUMS.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <karhunen/loadable.h>

namespace karhunen {

/// One per operation, then one per tensor. 0 for what does not lie in the file.
std::vector<krhn_checksum> load_checksums(std::span<const uint8_t> file,
                                          std::span<const krhn_operation> operations,
                                          std::span<const krhn_tensor> tensors);

}  // namespace karhunen
