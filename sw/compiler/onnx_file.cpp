#include "sw/compiler/onnx_file.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <map>
#include <system_error>
#include <utility>

#include "sw/compiler/error.h"

namespace karhunen {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_be_read(const fs::path& path, const std::string& what,
                                 const std::error_code& error) {
    throw CompileError(path.string() + ": the " + what + " cannot be read: " + error.message());
}

class FileSource : public ByteSource {
public:
    FileSource(fs::path path, std::string what) : path_(std::move(path)), what_(std::move(what)) {
        std::error_code error;
        size_ = fs::file_size(path_, error);  // an error for a folder
        if (error) cannot_be_read(path_, what_, error);
        file_.open(path_, std::ios::binary);
        if (!file_) fail();
    }
    uint64_t size() const override { return size_; }
    void read(uint64_t offset, uint64_t bytes, void* to) const override {
        file_.seekg(static_cast<std::streamoff>(offset));
        file_.read(static_cast<char*>(to), static_cast<std::streamsize>(bytes));
        if (!file_) fail();
    }

private:
    [[noreturn]] void fail() const {
        cannot_be_read(path_, what_, {errno ? errno : EIO, std::generic_category()});
    }
    fs::path path_;
    std::string what_;
    uint64_t size_ = 0;
    mutable std::ifstream file_;
};

class MemorySource : public ByteSource {
public:
    explicit MemorySource(std::span<const uint8_t> bytes) : bytes_(bytes) {}
    uint64_t size() const override { return bytes_.size(); }
    void read(uint64_t offset, uint64_t bytes, void* to) const override {
        if (bytes) std::memcpy(to, bytes_.data() + offset, bytes);
    }

private:
    std::span<const uint8_t> bytes_;
};

[[noreturn]] void damaged() {
    throw CompileError("not an ONNX model (its protobuf is damaged)");
}

// Protocol Buffers' wire format, see protobuf.dev/programming-guides/encoding.
enum WireType { varint = 0, eight_bytes = 1, with_length = 2, four_bytes = 5 };

struct Field {
    uint64_t number = 0, type = 0;
    uint64_t first = 0;           ///< of its tag
    uint64_t value = 0, end = 0;  ///< of what follows tag and length
};

/// Copies a model without the values of its tensors, and tells where these are.
class Stripper {
public:
    /// A tensor by the number of its node (all nodes of the model counted) and attribute; node -1:
    /// by the number of the initialiser.
    using Place = std::pair<int, int>;

    explicit Stripper(std::shared_ptr<const ByteSource> source) : source_(std::move(source)) {}

    std::string run() {
        std::string result;
        strip(Message::model, 0, source_->size(), result);
        return result;
    }
    const std::map<Place, Blob>& blobs() const { return blobs_; }

private:
    enum class Message { model, graph, node, attribute, tensor, other };
    static constexpr uint64_t smallest_blob = 256;

    /// What a field of a message holds; the numbers are those of onnx.proto.
    Message inside(Message message, const Field& field) {
        if (field.type != with_length) return Message::other;
        switch (message) {
            case Message::model:
                return field.number == 7 ? Message::graph : Message::other;
            case Message::graph:
                if (field.number == 5) {
                    place_ = {-1, initialisers_++};
                    return Message::tensor;
                }
                if (field.number != 1) return Message::other;
                place_ = {nodes_++, -1};
                return Message::node;
            case Message::node:
                if (field.number != 5) return Message::other;
                ++place_.second;
                return Message::attribute;
            case Message::attribute:
                return field.number == 5 ? Message::tensor : Message::other;
            default:
                return Message::other;
        }
    }

    void strip(Message message, uint64_t at, uint64_t end, std::string& out) {
        while (at < end) {
            const Field field = field_at(at, end);
            at = field.end;
            const uint64_t bytes = field.end - field.value;
            const Message inner = inside(message, field);
            // raw_data, or a packed float_data, which is the same bytes
            const bool values = message == Message::tensor && field.type == with_length &&
                                (field.number == 9 || field.number == 4);
            if (values && bytes >= smallest_blob) {
                if (!blobs_.emplace(place_, Blob{source_, field.value, bytes}).second) damaged();
            } else if (inner == Message::other || bytes < smallest_blob) {
                append(field.first, field.end - field.first, out);
            } else {
                std::string content;
                strip(inner, field.value, field.end, content);
                append_varint(field.number << 3 | with_length, out);
                append_varint(content.size(), out);
                out += content;
            }
        }
    }

    Field field_at(uint64_t at, uint64_t end) const {
        uint8_t head[20];  // two varints of 64 bits
        const uint64_t given = std::min<uint64_t>(sizeof head, end - at);
        source_->read(at, given, head);
        uint64_t used = 0;
        const auto number = [&] {
            uint64_t value = 0;
            for (unsigned shift = 0; shift < 64; shift += 7) {
                if (used == given) damaged();
                const uint8_t byte = head[used++];
                value |= uint64_t{byte & 0x7Fu} << shift;
                if (byte < 0x80) return value;
            }
            damaged();
        };
        Field field;
        const uint64_t tag = number();
        field.first = at;
        field.number = tag >> 3;
        field.type = tag & 7;
        uint64_t bytes = 0;
        field.value = at + used;
        if (field.type == varint) {
            number();
            bytes = at + used - field.value;
        } else if (field.type == with_length) {
            bytes = number();
            field.value = at + used;
        } else if (field.type == eight_bytes || field.type == four_bytes) {
            bytes = field.type == eight_bytes ? 8 : 4;
        } else {
            damaged();
        }
        if (bytes > end - field.value) damaged();
        field.end = field.value + bytes;
        return field;
    }

    void append(uint64_t offset, uint64_t bytes, std::string& out) const {
        const std::size_t before = out.size();
        if (bytes > INT32_MAX - std::min<std::size_t>(before, INT32_MAX)) damaged();
        out.resize(before + bytes);
        source_->read(offset, bytes, out.data() + before);
    }

    static void append_varint(uint64_t value, std::string& out) {
        for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
        out += static_cast<char>(value);
    }

    std::shared_ptr<const ByteSource> source_;
    std::map<Place, Blob> blobs_;
    Place place_;
    int initialisers_ = 0, nodes_ = 0;
};

uint64_t number_of(const std::string& text, const std::string& key, const std::string& title) {
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        throw CompileError(title + ": the " + key + " of its external data, " + text +
                           ", is not a number");
    return value;
}

/// Throws unless the path is relative, and its file inside the folder, links resolved.
fs::path path_inside(const fs::path& folder, const std::string& location,
                     const std::string& title) {
    const fs::path relative(location);
    std::error_code error;
    const fs::path root = fs::weakly_canonical(folder.empty() ? "." : folder, error);
    const fs::path path = fs::weakly_canonical(root / relative, error);
    const bool inside =
        !error && !location.empty() && relative.is_relative() &&
        std::find(relative.begin(), relative.end(), "..") == relative.end() &&
        std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
    if (!inside)
        throw CompileError(title + ": its external data " + location +
                           " is not a file in the model's folder, which alone is read");
    return folder / relative;
}

}  // namespace

std::shared_ptr<const ByteSource> open_source(const fs::path& path, const std::string& what) {
    return std::make_shared<FileSource>(path, what);
}

std::shared_ptr<const ByteSource> source_of(std::span<const uint8_t> bytes) {
    return std::make_shared<MemorySource>(bytes);
}

Blob external_blob(const onnx::TensorProto& tensor, const fs::path& folder,
                   const std::string& title) {
    std::string location;
    Blob blob;
    uint64_t length = UINT64_MAX;
    for (const auto& entry : tensor.external_data()) {
        if (entry.key() == "location") location = entry.value();
        if (entry.key() == "offset") blob.offset = number_of(entry.value(), "offset", title);
        if (entry.key() == "length") length = number_of(entry.value(), "length", title);
    }
    if (location.empty()) throw CompileError(title + ": its external data has no location");
    const fs::path path = path_inside(folder, location, title);
    try {
        blob.source = open_source(path, "external data");
    } catch (const CompileError& error) {
        throw CompileError(title + ": " + error.what());
    }
    const uint64_t size = blob.source->size();
    if (blob.offset > size || (length != UINT64_MAX && length > size - blob.offset))
        throw CompileError(title + ": its external data " + path.string() + " has " +
                           std::to_string(size) + " bytes, too few for offset " +
                           std::to_string(blob.offset) +
                           (length == UINT64_MAX ? "" : " and length " + std::to_string(length)));
    blob.bytes = length == UINT64_MAX ? size - blob.offset : length;
    return blob;
}

OnnxFile::OnnxFile(std::shared_ptr<const ByteSource> source, fs::path folder)
    : folder_(std::move(folder)) {
    Stripper stripper(std::move(source));
    const std::string structure = stripper.run();
    if (structure.size() > INT32_MAX || !model_.ParseFromString(structure)) damaged();
    if (!model_.has_graph()) throw CompileError("not an ONNX model (it has no graph)");
    const onnx::GraphProto& graph = model_.graph();
    for (const auto& [place, blob] : stripper.blobs()) {
        const auto [node, index] = place;
        const onnx::TensorProto* tensor = nullptr;
        if (node < 0 && index < graph.initializer_size())
            tensor = &graph.initializer(index);
        else if (node >= 0 && node < graph.node_size() && index < graph.node(node).attribute_size())
            tensor = &graph.node(node).attribute(index).t();
        if (!tensor) damaged();
        blobs_.emplace(tensor, blob);
    }
}

Blob OnnxFile::blob_of(const onnx::TensorProto& tensor, const std::string& title) const {
    if (tensor.data_location() == onnx::TensorProto::EXTERNAL) {
        if (folder_.empty())
            throw CompileError(title + ": its data lies in another file, and the model does not");
        return external_blob(tensor, folder_, title);
    }
    const auto found = blobs_.find(&tensor);
    return found == blobs_.end() ? Blob{} : found->second;
}

}  // namespace karhunen
