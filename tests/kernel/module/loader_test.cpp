// Objects compiled by the host's compiler, placed, relocated and run.
#include "kernel/module/loader.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace irqlab::kernel {
namespace {

extern "C" int loader_test_twice(int n);
extern "C" int loader_test_twice(int n) { return 2 * n; }

struct Compiled {
    std::vector<std::uint64_t> words;
    std::size_t size = 0;
    std::span<const std::byte> bytes() const { return {reinterpret_cast<const std::byte*>(words.data()), size}; }
};

Compiled compile(const std::string& source, const std::string& flags = "")
{
    char directory[] = "/tmp/irqlab-loader-XXXXXX";
    EXPECT_NE(mkdtemp(directory), nullptr);
    const std::string base = directory;
    std::ofstream(base + "/m.c") << source;
    const std::string command = "gcc -O0 -c -fno-pic -fno-pie -mcmodel=small -fno-stack-protector -fcf-protection=none " +
                                flags + " -o " + base + "/m.o " + base + "/m.c";
    EXPECT_EQ(std::system(command.c_str()), 0);
    std::ifstream in(base + "/m.o", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    Compiled c;
    c.words.resize(text.size() / 8 + 1);
    c.size = text.size();
    std::memcpy(c.words.data(), text.data(), text.size());
    EXPECT_EQ(std::system(("rm -r " + base).c_str()), 0);
    return c;
}

class Loader : public ::testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(memory.open()); }
    void TearDown() override { memory.close(); }

    int place(const Compiled& c)
    {
        ElfImage image;
        ElfError error;
        EXPECT_TRUE(image.open(c.bytes(), Release::v6_1, error)) << error.text;
        const LoadRequest request{image, memory, arena, "m", 2, this, resolve,
                                  [](void* self, const char* line) { static_cast<Loader*>(self)->log += line; }};
        const int result = place_module(request, module, placement);
        if (result == 0)
            protect_module(module);
        return result;
    }

    static int resolve(void* self, const char* name, bool weak, std::uintptr_t& address)
    {
        auto& loader = *static_cast<Loader*>(self);
        address = 0;
        if (std::strcmp(name, "twice") == 0)
            address = reinterpret_cast<std::uintptr_t>(&loader_test_twice);
        else if (std::strcmp(name, "far") == 0)
            address = loader.far_function;
        else if (*name && !weak)
            return -ENOENT;
        return 0;
    }

    template <class F>
    F* function(const char* name)
    {
        for (std::size_t i = 0; i < module.symbol_count; ++i)
            if (std::strcmp(module.symbols[i].name, name) == 0)
                return reinterpret_cast<F*>(module.symbols[i].address);
        ADD_FAILURE() << "no symbol " << name;
        return nullptr;
    }

    sim::Arena arena{std::size_t{1} << 24};
    ModuleMemory memory;
    LoadedModule module;
    Placement placement;
    std::string log;
    std::uintptr_t far_function = 0;
};

TEST_F(Loader, RunsCodeThatUsesEachKindOfData)
{
    ASSERT_EQ(place(compile("int twice(int); extern int absent __attribute__((weak)); int data = 5, zero; int *p = &data;\n"
                            "static const int table[] = {1, 2, 3};\n"
                            "static int hidden(int n) { return twice(n) + *p + zero + table[2]; }\n"
                            "int run(int n) { return &absent ? -1 : hidden(n); }\n")),
              0);
    EXPECT_EQ(function<int(int)>("run")(10), 20 + 5 + 0 + 3);
    EXPECT_TRUE(module.text.contains(reinterpret_cast<std::uintptr_t>(function<int(int)>("hidden"))));
}

TEST_F(Loader, UsesTheGlobalOffsetTable)
{
    ASSERT_EQ(place(compile("int value = 42; int get(void) { return value; } int (*where(void))(void) { return get; }",
                            "-fPIC -Wa,-mrelax-relocations=no")),
              0);
    EXPECT_EQ(function<int()>("get")(), 42);
    EXPECT_EQ(function<int (*())()>("where")(), function<int()>("get"));
}

TEST_F(Loader, CallsFarFunctionsThroughAStub)
{
    far_function = reinterpret_cast<std::uintptr_t>(dlsym(RTLD_DEFAULT, "strlen"));
    if (far_function <= 0x7fffffff)
        GTEST_SKIP() << "the C library lies low here";
    ASSERT_EQ(place(compile("unsigned long far(const char *); unsigned long run(void) { return far(\"seven77\"); }")), 0);
    EXPECT_NE(module.plt, 0u);
    EXPECT_EQ(function<unsigned long()>("run")(), 7u);
}

TEST_F(Loader, RefusesDataOutOfReach)
{
    far_function = 0x7f0000000000;
    EXPECT_EQ(place(compile("extern int far; int run(void) { return far; }")), -ENOEXEC);
    EXPECT_NE(log.find("`m' likely not compiled with -mcmodel=kernel"), std::string::npos) << log;
}

TEST_F(Loader, PassesOnWhatTheResolverRefuses)
{
    EXPECT_EQ(place(compile("int nobody(void); int run(void) { return nobody(); }")), -ENOENT);
}

TEST_F(Loader, RefusesCommonSymbols)
{
    EXPECT_EQ(place(compile("int shared;", "-fcommon")), -ENOEXEC);
    EXPECT_EQ(log, "m: please compile with -fno-common");
}

TEST_F(Loader, GivesEachCpuItsCopy)
{
    ASSERT_EQ(place(compile("__attribute__((section(\".data..percpu\"))) int count = 7; int *where(void) { return &count; }")), 0);
    int* linked = function<int*()>("where")();
    auto* first = static_cast<int*>(percpu_pointer(linked, 0));
    auto* second = static_cast<int*>(percpu_pointer(linked, 1));
    EXPECT_EQ(*first, 7);
    EXPECT_EQ(*second, 7);
    *first = 8;
    EXPECT_EQ(*second, 7);
    EXPECT_DEATH(*static_cast<volatile int*>(linked) = 1, "");
}

TEST_F(Loader, ProtectsTextAndConstants)
{
    ASSERT_EQ(place(compile("const int fixed = 1; int run(void) { return fixed; }")), 0);
    EXPECT_DEATH(*reinterpret_cast<volatile char*>(module.text.start) = 1, "");
    EXPECT_DEATH(*reinterpret_cast<volatile char*>(module.rodata.start) = 1, "");
}

TEST_F(Loader, InitGoesAwayAlone)
{
    ASSERT_EQ(place(compile("__attribute__((section(\".init.text\"))) int start(void) { return 3; } int stay(void) { return 4; }")), 0);
    auto* start = function<int()>("start");
    EXPECT_EQ(start(), 3);
    free_init(memory, module);
    EXPECT_EQ(function<int()>("stay")(), 4);
    EXPECT_DEATH(start(), "");
}

TEST_F(Loader, UnloadedCodeFaults)
{
    ASSERT_EQ(place(compile("int run(void) { return 1; }")), 0);
    auto* run = function<int()>("run");
    EXPECT_EQ(run(), 1);
    unplace_module(memory, module);
    EXPECT_DEATH(run(), "");
}

struct Untrappable {
    const char* clause;
    const char* instruction;
    unsigned char first;
};
const Untrappable untrappables[] = {
    {"SDM2/PUSHF", "pushfq", 0x9c},        {"SDM2/POPF", "popfq", 0x9d},      {"SDM2/CPUID", "cpuid", 0x0f},
    {"SDM2/RDTSC", "rdtsc", 0x0f},         {"SDM2/SIDT", "sidt (%%rax)", 0x0f}, {"SDM2/SGDT", "sgdt (%%rax)", 0x0f},
    {"SDM2/SMSW", "smsw %%eax", 0x0f},     {"SDM2/INT n: 80h", "int $0x80", 0xcd}, {"SDM2/STR", "str %%eax", 0x0f},
};

TEST_F(Loader, ReplacesWhatWouldNotTrap)
{
    for (const Untrappable& row : untrappables) {
        module = {};
        ASSERT_EQ(place(compile(std::string("void run(void) { asm volatile(\"") + row.instruction + "\" ::: \"memory\"); }")), 0);
        ASSERT_EQ(module.patch_count, 1u) << row.clause;
        EXPECT_EQ(*reinterpret_cast<const unsigned char*>(module.patches[0].address), 0xf4) << row.clause;
        std::uint8_t original = 0;
        EXPECT_TRUE(patched_at(module, module.patches[0].address, original)) << row.clause;
        EXPECT_EQ(original, row.first) << row.clause;
        unplace_module(memory, module);
    }
}

// An immediate that looks like PUSHF is not one.
TEST_F(Loader, LeavesOtherInstructionsAlone)
{
    ASSERT_EQ(place(compile("int run(void) { return 0x9d9c9d9c; }")), 0);
    EXPECT_EQ(module.patch_count, 0u);
    EXPECT_EQ(function<unsigned()>("run")(), 0x9d9c9d9cu);
}

TEST(ModuleMemory, SlotsDoNotOverlap)
{
    std::array<ModuleMemory, 4> worlds;
    for (ModuleMemory& w : worlds)
        ASSERT_TRUE(w.open());
    for (std::size_t i = 1; i < worlds.size(); ++i)
        EXPECT_NE(worlds[i].base(), worlds[i - 1].base());
    const std::uintptr_t freed = worlds[1].base();
    worlds[1].close();
    ASSERT_TRUE(worlds[1].open());
    EXPECT_EQ(worlds[1].base(), freed); // the lowest free slot: runs one after the other get the same
    for (ModuleMemory& w : worlds)
        w.close();
}

TEST(ModuleMemory, FreedPagesRest)
{
    ModuleMemory m;
    ASSERT_TRUE(m.open());
    const std::uintptr_t first = m.take(100);
    m.give_back({first, 100});
    EXPECT_NE(m.take(100), first);
    m.close();
}

} // namespace
} // namespace irqlab::kernel
