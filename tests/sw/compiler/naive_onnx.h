// An evaluator of ONNX models written from the operators' definitions: double precision, NCHW,
// nothing but loops. The oracle for reader, folding and float executor.
#pragma once

#include <cstdint>
#include <vector>

#include <onnx/onnx_pb.h>

namespace karhunen {

/// picture: [channel][row][column]. The values of the model's one output.
std::vector<double> evaluate_naively(const onnx::ModelProto& model,
                                     const std::vector<double>& picture);

}  // namespace karhunen
