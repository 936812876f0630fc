// The four on-chip buffers and the registers that tell their sizes and how full they ever were.
#pragma once

#include <cstdint>

#include "models/buffers/chunk_store.h"
#include "models/buffers/row_buffer.h"
#include "models/interfaces/register_block.h"

namespace karhunen {

struct BufferSizes {
    uint32_t weight_bytes = 256 << 10;
    uint32_t activation_bytes = 128 << 10;
    uint32_t output_bytes = 128 << 10;
    uint32_t residual_bytes = 128 << 10;
    uint32_t table_bytes = 384 << 10;  ///< of encoder and decoders; only told by a register
};

class Buffers : public sc_core::sc_module {
public:
    RegisterBlock registers;
    ChunkStore weights;
    RowBuffer activation, output, residual;

    Buffers(sc_core::sc_module_name name, const BufferSizes& sizes, sc_core::sc_time access_time,
            Values values = Values::computed);

    void trace(sc_core::sc_trace_file* file) const;
};

}  // namespace karhunen
