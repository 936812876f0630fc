#include "models/buffers/buffers.h"

#include <karhunen/registers.h>

namespace karhunen {

namespace {

constexpr RegisterDescription description[] = {KRHN_COMMON_REGISTERS(KARHUNEN_DESCRIBE)
                                                   KRHN_BUFFERS_REGISTERS(KARHUNEN_DESCRIBE)};

}  // namespace

Buffers::Buffers(sc_core::sc_module_name name, const BufferSizes& sizes,
                 sc_core::sc_time access_time, Values values)
    : sc_module(name),
      registers("registers", description, access_time),
      weights("weights", sizes.weight_bytes),
      activation("activation", sizes.activation_bytes, values),
      output("output", sizes.output_bytes, values),
      residual("residual", sizes.residual_bytes, values) {
    registers["ID"].value = block_id(7);
    registers["WEIGHT_BYTES"].value = sizes.weight_bytes;
    registers["ACTIVATION_BYTES"].value = sizes.activation_bytes;
    registers["OUTPUT_BYTES"].value = sizes.output_bytes;
    registers["RESIDUAL_BYTES"].value = sizes.residual_bytes;
    registers["TABLE_BYTES"].value = sizes.table_bytes;
    registers["WEIGHT_PEAK"].on_read([this] { return weights.peak(); });
    registers["ACTIVATION_PEAK"].on_read([this] { return activation.peak(); });
    registers["OUTPUT_PEAK"].on_read([this] { return output.peak(); });
    registers["RESIDUAL_PEAK"].on_read([this] { return residual.peak(); });
}

void Buffers::trace(sc_core::sc_trace_file* file) const {
    weights.trace(file);
    activation.trace(file);
    output.trace(file);
    residual.trace(file);
}

}  // namespace karhunen
