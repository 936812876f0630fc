#include "models/dma/descriptor.h"

namespace karhunen {
namespace {

constexpr bool is_aligned(uint32_t address) {
    return address % 4 == 0;
}

/// `rows` pieces of at most `bytes`, `stride` apart: aligned, and below 4 GiB.
bool fits(uint32_t address, uint32_t rows, uint32_t stride, uint32_t bytes) {
    if (!is_aligned(address) || (rows > 1 && !is_aligned(stride))) return false;
    const uint64_t last = address + uint64_t{rows - 1} * (rows > 1 ? stride : 0);
    return last + bytes <= uint64_t{1} << 32;
}

bool streams_fit(const krhn_dma_descriptor& d) {
    if (d.n_streams == 0 || d.n_streams > KRHN_MAX_STREAMS) return false;
    for (uint32_t s = 0; s < d.n_streams; ++s)
        if (!fits(d.source, s + 1, d.source_stride, d.bytes[s])) return false;
    return true;
}

}  // namespace

bool is_valid(const krhn_dma_descriptor& d) {
    if (!is_aligned(d.next)) return false;
    const bool has_rows = d.row_bytes != 0 && d.rows != 0;
    switch (d.kind) {
        case KRHN_DMA_COPY:
            return has_rows && fits(d.source, d.rows, d.source_stride, d.row_bytes) &&
                   fits(d.destination, d.rows, d.destination_stride, d.row_bytes);
        case KRHN_DMA_LOAD:
            return d.port <= KRHN_PORT_RESIDUAL_TABLE && has_rows &&
                   fits(d.source, d.rows, d.source_stride, d.row_bytes);
        case KRHN_DMA_STREAM_IN:
            return (d.port == KRHN_PORT_INPUT_STREAM || d.port == KRHN_PORT_RESIDUAL_STREAM) &&
                   streams_fit(d);
        case KRHN_DMA_STREAM_OUT:
            return d.port == KRHN_PORT_ENCODER_STREAM && d.n_streams >= 1 &&
                   d.n_streams <= KRHN_MAX_STREAMS &&
                   fits(d.destination, d.n_streams, d.destination_stride,
                        d.n_streams > 1 ? d.destination_stride : 0) &&
                   fits(d.tile_entry, 1, 0, sizeof(krhn_tile_entry));
        default:
            return false;
    }
}

TrafficKind traffic_of(const krhn_dma_descriptor& d) {
    if (d.kind == KRHN_DMA_LOAD)
        return d.port == KRHN_PORT_WEIGHTS ? TrafficKind::weights : TrafficKind::tables;
    return d.kind == KRHN_DMA_COPY ? TrafficKind::other : TrafficKind::maps;
}

}  // namespace karhunen
