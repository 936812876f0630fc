// Recording a run with values and replaying it without, on machines of other sizes and speeds, with
// the same firmware and in the same clocks as a run with values would take there.
#pragma once

#include "models/cpu/elf.h"
#include "platform/machine.h"
#include "platform/recording.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

/// Without bands and inputs.
Recording recording_of(const Loadable& loadable, const ElfProgram& firmware);
/// Throws std::runtime_error when it is of another loadable or firmware.
void check_made_for(const Recording& recording, const Loadable& loadable,
                    const ElfProgram& firmware);

// Of machines that do not outlive the recording.
DataPath recording_data_path(Recording& recording);
DataPath replaying_data_path(const Recording& recording);

}  // namespace karhunen
