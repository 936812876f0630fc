#include "platform/files.h"

#include <unistd.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace karhunen {

void write_file(const std::filesystem::path& path, std::span<const uint8_t> bytes) {
    const std::filesystem::path temporary = path.string() + ".part" + std::to_string(getpid());
    std::ofstream file(temporary, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    file.close();
    std::error_code error;
    if (file) std::filesystem::rename(temporary, path, error);
    if (!file || error) {
        const std::string reason = error ? error.message() : std::strerror(errno);
        std::filesystem::remove(temporary, error);
        throw std::runtime_error(path.string() + ": cannot be written: " + reason);
    }
}

}  // namespace karhunen
