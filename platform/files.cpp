#include "platform/files.h"

#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace karhunen {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, const std::string& reason) {
    throw std::runtime_error(path.string() + ": cannot be written: " + reason);
}

/// Beside the target: in the same file system, so that it can be renamed.
fs::path write_temporary(const fs::path& path, std::span<const uint8_t> bytes) {
    if (fs::is_directory(path)) fail(path, std::strerror(EISDIR));
    if (fs::exists(path) && !fs::is_regular_file(path)) fail(path, "not a regular file");
    const fs::path temporary = path.string() + ".part" + std::to_string(getpid());
    errno = 0;
    std::ofstream file(temporary, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (file) return temporary;
    const std::string reason = std::strerror(errno ? errno : EIO);
    std::error_code ignored;
    fs::remove(temporary, ignored);
    fail(path, reason);
}

}  // namespace

void write_file(const fs::path& path, std::span<const uint8_t> bytes) {
    const fs::path temporary = write_temporary(path, bytes);
    std::error_code error;
    fs::rename(temporary, path, error);
    if (!error) return;
    std::error_code ignored;
    fs::remove(temporary, ignored);
    fail(path, error.message());
}

void check_writable(const fs::path& path) {
    fs::remove(write_temporary(path, {}));
}

void check_readable(const fs::path& path) {
    if (access(path.c_str(), R_OK) != 0)
        throw std::runtime_error(path.string() + ": cannot be opened: " + std::strerror(errno));
}

}  // namespace karhunen
