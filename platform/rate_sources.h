// Where the maps come from whose rates are measured.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "platform/codec_rates.h"
#include "sw/loadable/loadable.h"

namespace karhunen {

/// The counted tensors of a folder that dump-maps has written. Throws std::runtime_error naming the
/// file and what is wrong.
std::vector<RateTensor> rate_tensors_of_folder(const std::filesystem::path& folder);

/// The counted tensors as the golden executor makes them of pictures. Throws ImageError.
std::vector<RateTensor> rate_tensors_of_network(const Loadable& loadable,
                                                const std::vector<std::string>& pictures,
                                                unsigned threads);

/// Gives the tensors the maps of `others` with the same name to calibrate on. Throws
/// std::runtime_error unless each finds one of its shape and format.
void calibrate_on(std::vector<RateTensor>& tensors, std::vector<RateTensor> others);

/// Gives the tensors the parameters of the loadable's tensors with the same name. Throws
/// std::runtime_error unless each finds one of its shape.
void take_parameters(std::vector<RateTensor>& tensors, const Loadable& loadable);

}  // namespace karhunen
