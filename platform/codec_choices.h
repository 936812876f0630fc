// What codec `auto` chose, and the table that it chose from.
#pragma once

#include <iosfwd>

#include "sw/compiler/choose_codecs.h"

namespace karhunen {

/// A line per tensor, then totals beside those of one codec for all tensors.
void print_choices(const CodecChoices& choices, std::ostream& out);

/// All candidates: a line each, or an object with all that print_choices() tells as well.
void print_choices_csv(const CodecChoices& choices, std::ostream& out);
void print_choices_json(const CodecChoices& choices, std::ostream& out);

}  // namespace karhunen
