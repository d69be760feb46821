// The heap: sizes, alignment, misuse; resources. Sources: [LX core-api/memory-allocation], [LX mm/slub].
#include <cstring>
#include <gtest/gtest.h>

#include "linux/abi/mm.h"
#include "tests/kernel/bare_kernel.hpp"

namespace irqlab::kernel {
namespace {

std::uintptr_t address(const void* p) { return reinterpret_cast<std::uintptr_t>(p); }

TEST(Kmalloc, SizeClassesAndAlignment)
{
    BareKernel b;
    struct Row {
        const char* clause;
        std::size_t size, room, align;
    };
    for (const Row& row :
         {Row{"kmalloc-8", 1, 8, 8}, Row{"kmalloc-16", 9, 16, 16}, Row{"kmalloc-96", 65, 96, 8},
          Row{"kmalloc-128", 97, 128, 128}, Row{"kmalloc-192", 129, 192, 8},
          Row{"powers of two are aligned to themselves", 512, 512, 512}, Row{"kmalloc-8k", 8192, 8192, 4096},
          Row{"pages beyond 8 KB", 8193, 12288, 4096}}) {
        void* p = abi::__kmalloc(row.size, GFP_ATOMIC);
        ASSERT_NE(p, nullptr);
        EXPECT_EQ(abi::ksize(p), row.room) << row.clause;
        EXPECT_EQ(address(p) % row.align, 0u) << row.clause;
        abi::kfree(p);
    }
    EXPECT_EQ(address(abi::__kmalloc(0, GFP_ATOMIC)), 16u) << "ZERO_SIZE_PTR";
    EXPECT_EQ(b.k.memory->live_objects, 0u);
    EXPECT_TRUE(b.log().empty());
}

TEST(Kmalloc, ZeroedAndPoisoned)
{
    BareKernel b;
    auto* p = static_cast<u8*>(abi::__kmalloc(32, GFP_ATOMIC | __GFP_ZERO));
    for (int i = 0; i < 32; ++i)
        ASSERT_EQ(p[i], 0);
    abi::kfree(p);
    EXPECT_EQ(p[0], 0x6b) << "POISON_FREE";
    EXPECT_EQ(p[31], 0xa5) << "POISON_END";
}

TEST(Kmalloc, ReallocKeepsTheBytes)
{
    BareKernel b;
    auto* p = static_cast<char*>(abi::kstrdup("irq", GFP_ATOMIC));
    p = static_cast<char*>(abi::krealloc(p, 200, GFP_ATOMIC));
    EXPECT_STREQ(p, "irq");
    abi::kfree(p);
    EXPECT_EQ(b.k.memory->live_objects, 0u);
}

TEST(Kmalloc, FindsTheObjectOfAnAddress)
{
    BareKernel b;
    auto* p = static_cast<char*>(abi::__kmalloc(40, GFP_ATOMIC));
    HeapObject o;
    ASSERT_TRUE(memory_find(b.k, p + 39, o));
    EXPECT_EQ(o.state, HeapObject::State::live);
    EXPECT_EQ(o.start, address(p));
    EXPECT_EQ(o.size, 40u);
    EXPECT_STREQ(o.cache, "kmalloc-64");
    abi::kfree(p);
    ASSERT_TRUE(memory_find(b.k, p, o));
    EXPECT_EQ(o.state, HeapObject::State::freed);
    EXPECT_FALSE(memory_find(b.k, &b, o)) << "not of the heap";
}

TEST(Kmalloc, MisuseIsReported)
{
    BareKernel b;
    auto* p = static_cast<char*>(abi::__kmalloc(64, GFP_ATOMIC));
    abi::kfree(p);
    abi::kfree(p);
    EXPECT_EQ(b.count("<3>BUG kmalloc-64 (Not tainted): Object already free"), 1u) << "double free";

    p = static_cast<char*>(abi::__kmalloc(64, GFP_ATOMIC));
    p[64] = 1;
    abi::kfree(p);
    EXPECT_EQ(b.count("<3>BUG kmalloc-64 (Tainted: G    B"), 1u) << "write behind the object";
    EXPECT_EQ(b.count("<3>FIX kmalloc-64: Restoring Right Redzone"), 1u);

    p = static_cast<char*>(abi::__kmalloc(64, GFP_ATOMIC));
    abi::kfree(p + 8);
    EXPECT_EQ(b.count("<3>FIX kmalloc-64: Object at 0x"), 2u) << "not the start of an object";
    abi::kfree(p);
}

TEST(Pages, AlignedAndTranslated)
{
    BareKernel b;
    const unsigned long p = abi::__get_free_pages(GFP_ATOMIC, 2);
    EXPECT_EQ(p % (4 * page_bytes), 0u);
    void* v = reinterpret_cast<void*>(p);
    EXPECT_EQ(abi::__lab_phys_to_virt(abi::__lab_virt_to_phys(v)), v);
    EXPECT_EQ(abi::__lab_page_address(abi::__lab_virt_to_page(v)), v);
    abi::free_pages(p, 2);
    EXPECT_EQ(b.k.memory->live_objects, 0u);
}

TEST(Resources, ConflictsAndNesting)
{
    BareKernel b;
    abi::resource* ports = &b.k.memory->ioports;
    EXPECT_EQ(abi::__request_region(ports, 0x60, 1, "mine", 0), nullptr) << "the keyboard's";
    EXPECT_EQ(abi::__request_region(ports, 0x5f, 4, "mine", 0), nullptr) << "overlaps it";
    abi::resource* r = abi::__request_region(ports, 0x61, 1, "mine", 0);
    ASSERT_NE(r, nullptr);
    EXPECT_STREQ(r->parent->name, "PCI Bus 0000:00") << "below what is not busy";
    EXPECT_EQ(abi::__request_region(ports, 0x61, 1, "again", 0), nullptr);
    abi::__release_region(ports, 0x61, 1);
    EXPECT_NE(abi::__request_region(ports, 0x61, 1, "again", 0), nullptr);
    abi::__release_region(ports, 0x300, 8);
    EXPECT_EQ(b.log().back(), "<4>Trying to free nonexistent resource <0000000000000300-0000000000000307>");
    EXPECT_EQ(abi::__request_region(&b.k.memory->iomem, 0xfee00000, 0x1000, "x", 0), nullptr)
        << "the local APIC's";
    EXPECT_NE(abi::__request_region(&b.k.memory->iomem, 0xfeb00000, 0x1000, "x", 0), nullptr);
}

TEST(Ioremap, CookieIsNoMemory)
{
    BareKernel b;
    void* cookie = abi::ioremap(0xfee00030, 4);
    ASSERT_NE(cookie, nullptr);
    EXPECT_TRUE(is_io_cookie(b.k, cookie));
    EXPECT_EQ(address(cookie) % page_bytes, 0x30u) << "the offset in the page stays";
    abi::iounmap(cookie);
}

} // namespace
} // namespace irqlab::kernel
