#include "models/ddr/storage.h"

#include <sys/mman.h>

#include <new>

namespace karhunen::ddr {

Storage::Storage(uint64_t bytes) : size_(bytes) {
    void* const pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    data_ = static_cast<uint8_t*>(pages);
    madvise(pages, bytes, MADV_HUGEPAGE);  // fewer page faults; no harm where there are none
}

Storage::~Storage() {
    munmap(data_, size_);
}

}  // namespace karhunen::ddr
