// Concat: of maps, of the numbers of a shape, and of the picture's channels once each of them was
// prepared by itself.
#include <karhunen/loadable.h>

#include "sw/compiler/onnx_importer.h"

namespace karhunen {

void OnnxImporter::concatenation(const onnx::NodeProto& proto, Attributes& attributes) {
    const Value& first = operand(proto, 0);
    const int64_t given = attributes.integer("axis", 1);
    if (first.is_constant) return concatenate_integers(proto);
    if (first.channel) return whole_picture(proto, given);
    const std::size_t axis = axis_of(given, first.dims.size());
    MapShape out = shape_of(first);
    std::vector<int64_t> dims = first.dims;
    std::vector<uint32_t> inputs;
    for (int i = 0; i < proto.input_size(); ++i) {
        const bool vector = first.dims.size() == 2;
        const Value& value = vector ? vector_operand(proto, i) : map_operand(proto, i);
        const MapShape& shape = shape_of(value);
        if (axis != 1 || shape.height != out.height || shape.width != out.width ||
            value.dims.size() != dims.size() || (vector && shape.height * shape.width != 1))
            refuse(title_, "it joins shapes " + text_of(first.dims) + " and " +
                               text_of(value.dims) + " along axis " + std::to_string(axis) +
                               "; maps of the same rows and columns along their channels are "
                               "supported");
        inputs.push_back(value.node);
        if (i > 0) out.channels += shape.channels;
    }
    if (inputs.size() == 1) return alias_of(proto, first);
    dims[1] = out.channels;
    Value result = first;
    result.node = push(Operator::concat, in_groups(proto, std::move(inputs)), out, {}, proto);
    result.dims = std::move(dims);
    alias_of(proto, std::move(result));
}

/// Parts of a shape.
void OnnxImporter::concatenate_integers(const onnx::NodeProto& proto) {
    std::vector<int64_t> all;
    for (int i = 0; i < proto.input_size(); ++i)
        for (const int64_t value : small_integers(proto, i)) all.push_back(value);
    const auto size = static_cast<int64_t>(all.size());
    define_integers(proto, {size}, std::move(all));
}

/// A layer joins few maps: of more, each full group from the left is joined before. Nodes whose
/// operands begin alike share these groups, as those of a block of DenseNet do.
std::vector<uint32_t> OnnxImporter::in_groups(const onnx::NodeProto& proto,
                                              std::vector<uint32_t> maps) {
    constexpr std::size_t most = KRHN_MAX_OPERATIONS;
    while (maps.size() > most) {
        std::vector<uint32_t> joined;
        auto next = maps.begin();
        for (; maps.end() - next >= static_cast<std::ptrdiff_t>(most); next += most) {
            const std::vector<uint32_t> group(next, next + most);
            const auto [entry, is_new] = groups_.try_emplace(group, 0);
            MapShape shape = graph_.nodes[group[0]].shape;
            for (std::size_t i = 1; i < most; ++i)
                shape.channels += graph_.nodes[group[i]].shape.channels;
            if (is_new) entry->second = push(Operator::concat, group, shape, {}, proto);
            joined.push_back(entry->second);
        }
        joined.insert(joined.end(), next, maps.end());
        maps.swap(joined);
    }
    return maps;
}

// ---- The picture's channels ----

/// Gather with one index, as of picture[:, 0].
void OnnxImporter::channel_of_picture(const onnx::NodeProto& proto, int64_t axis) {
    Value value = map_operand(proto, 0);
    const Constant& places = constant_operand(proto, 1);
    if (value.node != 0 || axis_of(axis, value.dims.size()) != 1 || places.elements() != 1)
        refuse(title_,
               "it picks from what is computed; one channel of the picture, or some of a list of "
               "integers is supported");
    value.channel = Channel{};
    value.channel->index =
        static_cast<uint32_t>(axis_of(places.integers()[0], shape_of(value).channels));
    value.dims[1] = 1;
    if (places.dims().empty()) value.dims.erase(value.dims.begin() + 1);
    alias_of(proto, std::move(value));
}

/// torchvision's transform_input: each channel has had its own factor and offset.
void OnnxImporter::whole_picture(const onnx::NodeProto& proto, int64_t axis) {
    const MapShape& shape = graph_.nodes[0].shape;
    const std::vector<int64_t> dims{1, 1, shape.height, shape.width};
    std::vector<float> factor, offset;
    bool whole = axis == 1 && static_cast<uint32_t>(proto.input_size()) == shape.channels;
    for (int i = 0; i < proto.input_size() && whole; ++i) {
        const Value& part = operand(proto, i);
        whole =
            part.channel && part.channel->index == static_cast<uint32_t>(i) && part.dims == dims;
        if (!whole) break;
        factor.push_back(part.channel->factor);
        offset.push_back(part.channel->offset);
    }
    if (!whole)
        refuse(title_,
               "it joins some channels of the picture; all of them in their order, each of "
               "shape " +
                   text_of(dims) + " and along axis 1, are supported");
    Value picture;
    picture.dims = dims_of(shape);
    if (prepare_picture(picture, factor, offset, shape.channels)) return alias_of(proto, picture);
    Node node;
    node.weights = std::move(factor);
    node.bias = std::move(offset);
    add_like(proto, Operator::batch_normalisation, picture, std::move(node));
}

}  // namespace karhunen
