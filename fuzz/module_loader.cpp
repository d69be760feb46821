// Arbitrary bytes as a kernel module: the loader refuses them or places them, and never crashes.
#include <cstdint>
#include <cstring>
#include <vector>

#include "kernel/module/loader.hpp"

using namespace irqlab::kernel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static irqlab::sim::Arena arena{std::size_t{1} << 30};
    static ModuleMemory memory;
    if (!memory.is_open() && !memory.open())
        return 0;
    std::vector<std::uint64_t> aligned((size + 7) / 8 + 1); // the loader reads section headers in place
    std::memcpy(aligned.data(), data, size);
    ElfImage image;
    ElfError error;
    if (image.open({reinterpret_cast<const std::byte*>(aligned.data()), size}, Release::v6_1, error)) {
        const LoadRequest request{image,
                                  memory,
                                  arena,
                                  "fuzz",
                                  2,
                                  nullptr,
                                  [](void*, const char*, bool, std::uintptr_t& address) {
                                      address = 0x400000;
                                      return 0;
                                  },
                                  [](void*, const char*) {}};
        LoadedModule module;
        Placement placement;
        if (place_module(request, module, placement) == 0) {
            protect_module(module);
            unplace_module(memory, module);
        }
        (void)image.modinfo("license");
    }
    arena.reset();
    return 0;
}
