// Names for reports.
#pragma once

#include "sw/compiler/graph.h"

namespace karhunen {

/// Leaves out what all names begin with, and characters that command lines and files give a
/// meaning. Cuts long names at the front. Numbers equal ones.
void make_names_short_and_unique(Graph& graph);

}  // namespace karhunen
