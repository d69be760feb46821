// Fuzz target: any bytes as a kernel module. The loader refuses them or places them, and never crashes; what
// is placed lies where modules lie, and all of its memory comes back.
//
// ./dev fuzz begins with an object that has one of each part (support/module_seed.c).
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "hw/base/check.hpp"
#include "kernel/module/loader.hpp"

using namespace irqlab::kernel;

namespace {

constexpr unsigned cpus = 2;
constexpr std::uintptr_t kernel_function = 0x400000;

int resolve(void*, const char*, bool, std::uintptr_t& address)
{
    address = kernel_function;
    return 0;
}

void check_places(const Placement& placement)
{
    for (std::size_t n = 0; n < placement.section_count; ++n)
        CHECK(placement.sections[n] == 0 || in_module_range(placement.sections[n]));
}

/// Now and then, for it touches all of the memory: nothing of former modules is left.
void check_all_is_free(ModuleMemory& memory)
{
    static unsigned runs = 0;
    if (++runs % 512 != 0)
        return;
    const std::uintptr_t all = memory.take(slot_module_bytes);
    CHECK(all != 0);
    memory.give_back({all, slot_module_bytes});
}

void load(const ElfImage& image, ModuleMemory& memory, irqlab::sim::Arena& arena)
{
    const LoadRequest request{
        image, memory,  arena,   "fuzz",
        cpus,  nullptr, resolve, [](void*, const char* text) {
                                  CHECK(std::strlen(text) != 0); }};
    LoadedModule module;
    Placement placement;
    if (place_module(request, module, placement) == 0) {
        check_places(placement);
        patch_untrappable(arena, module);
        protect_module(module);
        free_init(memory, module);
        unplace_module(memory, module);
    }
    check_all_is_free(memory);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static irqlab::sim::Arena arena{std::size_t{1} << 30};
    static ModuleMemory memory;
    CHECK(memory.is_open() || memory.open());
    const std::unique_ptr<std::byte[]> bytes(
        new std::byte[size]); // Not one more than there are, and aligned.
    std::memcpy(bytes.get(), data, size);
    ElfImage image;
    ElfError error;
    if (image.open({bytes.get(), size}, Release::v6_1, error)) {
        load(image, memory, arena);
        (void)image.modinfo("license");
    } else {
        CHECK(error.failed);
    }
    arena.reset();
    return 0;
}
