// The library for drivers. Sources: [LX core-api/kernel-api], [LX core-api/rbtree].
#include <algorithm>
#include <climits>
#include <cstring>
#include <gtest/gtest.h>
#include <vector>

#include "linux/abi/string.h"
#include "tests/kernel/bare_kernel.hpp"

namespace irqlab::kernel {
namespace {

TEST(Strings, StrscpyTruncates)
{
    char to[4];
    EXPECT_EQ(abi::strscpy(to, "ab", 4), 2);
    EXPECT_STREQ(to, "ab");
    EXPECT_EQ(abi::strscpy(to, "abcd", 4), -E2BIG);
    EXPECT_STREQ(to, "abc");
    EXPECT_EQ(abi::strscpy(to, "a", 0), -E2BIG);
    EXPECT_EQ(abi::__lab_strlcpy(to, "abcdef", 4), 6u) << "the length of the source";
}

TEST(Strings, TrimSplitCompare)
{
    char text[] = "  a b \n";
    EXPECT_STREQ(abi::strim(text), "a b");
    char list[] = "x,,y";
    char* at = list;
    EXPECT_STREQ(abi::__lab_strsep(&at, ","), "x");
    EXPECT_STREQ(abi::__lab_strsep(&at, ","), "");
    EXPECT_STREQ(abi::__lab_strsep(&at, ","), "y");
    EXPECT_EQ(abi::__lab_strsep(&at, ","), nullptr);
    EXPECT_TRUE(abi::sysfs_streq("on\n", "on"));
    EXPECT_FALSE(abi::sysfs_streq("on", "one"));
    EXPECT_STREQ(abi::__lab_strnstr("abcabc", "ca", 4), "cabc");
    EXPECT_EQ(abi::__lab_strnstr("abcabc", "ca", 3), nullptr);
}

TEST(Numbers, Kstrto)
{
    struct Row {
        const char* clause;
        const char* text;
        unsigned base;
        int error;
        int value;
    };
    for (const Row& row :
         {Row{"decimal", "42", 10, 0, 42}, Row{"negative", "-42", 0, 0, -42}, Row{"plus", "+7", 0, 0, 7},
          Row{"hex by prefix", "0x1f", 0, 0, 31}, Row{"octal by prefix", "017", 0, 0, 15},
          Row{"one newline", "5\n", 10, 0, 5}, Row{"not two", "5\n\n", 10, -EINVAL, 0},
          Row{"rest", "5x", 10, -EINVAL, 0}, Row{"empty", "", 10, -EINVAL, 0},
          Row{"space", " 5", 10, -EINVAL, 0}, Row{"too large", "2147483648", 10, -ERANGE, 0},
          Row{"smallest", "-2147483648", 10, 0, INT_MIN}}) {
        int value = 0;
        EXPECT_EQ(abi::kstrtoint(row.text, row.base, &value), row.error) << row.clause;
        EXPECT_EQ(value, row.value) << row.clause;
    }
    abi::u8 byte = 0;
    EXPECT_EQ(abi::kstrtou8("256", 0, &byte), -ERANGE);
    EXPECT_EQ(abi::kstrtou8("-1", 0, &byte), -EINVAL);
    bool on = false;
    EXPECT_EQ(abi::kstrtobool("Yes", &on), 0);
    EXPECT_TRUE(on);
    EXPECT_EQ(abi::kstrtobool("off", &on), 0);
    EXPECT_FALSE(on);
    EXPECT_EQ(abi::kstrtobool("x", &on), -EINVAL);
    char* end = nullptr;
    EXPECT_EQ(abi::simple_strtoul("0x10z", &end, 0), 16ul);
    EXPECT_STREQ(end, "z");
}

TEST(Numbers, Sscanf)
{
    int a = 0, b = 0;
    unsigned x = 0;
    char word[8] = "";
    EXPECT_EQ(abi::__lab_sscanf("12 -7 ff name", "%d %d %x %7s", &a, &b, &x, word), 4);
    EXPECT_EQ(a, 12);
    EXPECT_EQ(b, -7);
    EXPECT_EQ(x, 255u);
    EXPECT_STREQ(word, "name");
    EXPECT_EQ(abi::__lab_sscanf("3,4", "%d,%d", &a, &b), 2);
    EXPECT_EQ(b, 4);
    EXPECT_EQ(abi::__lab_sscanf("3;4", "%d,%d", &a, &b), 1) << "stops where the text does not fit";
    EXPECT_EQ(abi::__lab_sscanf("1234", "%2d%n", &a, &b), 1);
    EXPECT_EQ(a, 12);
    EXPECT_EQ(b, 2) << "%n: characters so far";
    EXPECT_EQ(abi::__lab_sscanf("0x1f", "%i", &a), 1);
    EXPECT_EQ(a, 31);
    EXPECT_EQ(abi::__lab_sscanf("", "%d", &a), 0);
}

TEST(Algorithms, SortSearchChecksum)
{
    std::vector<int> v{5, 3, 9, 1, 1, 8, 2};
    const auto order = [](const void* a, const void* b) {
        return *static_cast<const int*>(a) - *static_cast<const int*>(b);
    };
    abi::__lab_sort(v.data(), v.size(), sizeof(int), order, nullptr);
    EXPECT_TRUE(std::is_sorted(v.begin(), v.end()));
    const int key = 8;
    EXPECT_EQ(abi::__lab_bsearch(&key, v.data(), v.size(), sizeof(int), order), &v[5]);
    const auto* check = reinterpret_cast<const unsigned char*>("123456789");
    EXPECT_EQ(~abi::crc32_le(~0u, check, 9), 0xcbf43926u) << "the check value of CRC-32";
    EXPECT_EQ(abi::crc16(0, check, 9), 0xbb3d) << "the check value of CRC-16/ARC";
    EXPECT_EQ(abi::gcd(12, 18), 6ul);
    EXPECT_EQ(abi::int_sqrt(99), 9ul);
    EXPECT_EQ(abi::int_sqrt(100), 10ul);
}

TEST(Bits, Search)
{
    const unsigned long bits[2] = {0x10, 0x2};
    EXPECT_EQ(abi::_find_first_bit(bits, 128), 4ul);
    EXPECT_EQ(abi::_find_next_bit(bits, 128, 5), 65ul);
    EXPECT_EQ(abi::_find_next_bit(bits, 65, 5), 65ul) << "the size when there is none";
    EXPECT_EQ(abi::_find_first_zero_bit(bits, 128), 0ul);
    EXPECT_EQ(abi::_find_next_zero_bit(bits, 128, 4), 5ul);
}

TEST(Kfifo, WrapsAndFills)
{
    char buffer[8], out[8];
    abi::__kfifo f;
    ASSERT_EQ(abi::__kfifo_init(&f, buffer, 8, 1), 0);
    EXPECT_EQ(abi::__kfifo_in(&f, "abcdef", 6), 6u);
    EXPECT_EQ(abi::__kfifo_out(&f, out, 4), 4u);
    EXPECT_EQ(abi::__kfifo_in(&f, "ghijklm", 7), 6u) << "what fits";
    EXPECT_EQ(abi::__kfifo_out(&f, out, 8), 8u);
    EXPECT_EQ(std::string(out, 8), "efghijkl");
}

struct Node {
    abi::rb_node rb;
    int key;
};
Node* node(abi::rb_node* n) { return reinterpret_cast<Node*>(n); }

void insert(abi::rb_root& root, Node& fresh)
{
    abi::rb_node** at = &root.rb_node;
    abi::rb_node* parent = nullptr;
    while (*at) {
        parent = *at;
        at = fresh.key < node(parent)->key ? &parent->rb_left : &parent->rb_right;
    }
    fresh.rb = {reinterpret_cast<unsigned long>(parent), nullptr, nullptr};
    *at = &fresh.rb;
    abi::rb_insert_color(&fresh.rb, &root);
}

/// The number of black nodes on each way down, or -1 when the tree breaks a rule.
int black_height(const abi::rb_node* n)
{
    if (!n)
        return 0;
    const bool black = (n->__rb_parent_color & 1) != 0;
    for (const abi::rb_node* c : {n->rb_left, n->rb_right})
        if (c && (!black && (c->__rb_parent_color & 1) == 0))
            return -1;
    const int left = black_height(n->rb_left), right = black_height(n->rb_right);
    return left < 0 || left != right ? -1 : left + (black ? 1 : 0);
}

TEST(Rbtree, StaysBalancedAndOrdered)
{
    std::vector<Node> nodes(200);
    abi::rb_root root{};
    for (int i = 0; i < 200; ++i) {
        nodes[static_cast<size_t>(i)].key = i * 73 % 200;
        insert(root, nodes[static_cast<size_t>(i)]);
        ASSERT_GE(black_height(root.rb_node), 0) << i;
    }
    int expected = 0;
    for (abi::rb_node* n = abi::rb_first(&root); n; n = abi::rb_next(n))
        EXPECT_EQ(node(n)->key, expected++);
    EXPECT_EQ(expected, 200);
    for (int i = 0; i < 200; ++i) {
        abi::rb_erase(&nodes[static_cast<size_t>(i * 37 % 200)].rb, &root);
        ASSERT_GE(black_height(root.rb_node), 0) << i;
    }
    EXPECT_EQ(root.rb_node, nullptr);
}

TEST(Random, SameInEachWorld)
{
    u64 first = 0;
    {
        BareKernel b;
        first = abi::get_random_u64();
        EXPECT_NE(first, abi::get_random_u64());
    }
    BareKernel b;
    EXPECT_EQ(first, abi::get_random_u64());
}

} // namespace
} // namespace irqlab::kernel
