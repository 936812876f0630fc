// The register map for people, debuggers, RTL and C: `karhunen registers`.
#pragma once

#include <iosfwd>

namespace karhunen {

void print_registers_markdown(std::ostream& out);
/// CMSIS-SVD 1.3.
void print_registers_svd(std::ostream& out);
/// A SystemVerilog package of addresses, masks and resets, with a look-up by name.
void print_registers_sv(std::ostream& out);
/// Plain #defines of the same, for whom lists of X are too clever.
void print_registers_header(std::ostream& out);
void print_registers_json(std::ostream& out);

}  // namespace karhunen
