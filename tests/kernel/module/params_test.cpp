// The text of insmod into variables, and what Linux says of a text that does not fit.
#include <cerrno>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "kernel/kernel.hpp"
#include "kernel/module/module.hpp"
#include "kernel/syscall.hpp"

namespace irqlab::kernel {
namespace {

struct Values {
    int number = 1;
    unsigned short small = 2;
    unsigned char byte = 3;
    bool flag = false, inverse = true;
    char* text = nullptr;
    char copy[6] = "";
    int list[3] = {0, 0, 0};
    unsigned listed = 0;
    unsigned hex = 0;
};

class Params : public ::testing::Test {
protected:
    void SetUp() override
    {
        machine = std::make_unique<hw::Machine>();
        hw::power_on(*machine, hw::BoardId::pc, 1, 0);
        config.cpus = 1;
        k = std::make_unique<Kernel>(config, *machine, arena, events, choice);
        boot(*k);
    }
    void TearDown() override
    {
        modules_drop(*k);
        the_kernel = nullptr;
    }

    /// @return the result and the last line of the log.
    int parse(const char* text)
    {
        std::string args = text;
        const abi::kparam_string string{sizeof v.copy, v.copy};
        const abi::kparam_array array{3, sizeof(int), &v.listed, &abi::param_ops_int, v.list};
        abi::kernel_param p[9]{};
        const auto param = [&](std::size_t i, const char* name, const abi::kernel_param_ops& ops, void* arg) {
            p[i].name = name;
            p[i].ops = &ops;
            p[i].arg = arg;
        };
        param(0, "number", abi::param_ops_int, &v.number);
        param(1, "small_one", abi::param_ops_ushort, &v.small);
        param(2, "byte", abi::param_ops_byte, &v.byte);
        param(3, "flag", abi::param_ops_bool, &v.flag);
        param(4, "inverse", abi::param_ops_invbool, &v.inverse);
        param(5, "text", abi::param_ops_charp, &v.text);
        param(6, "copy", abi::param_ops_string, const_cast<abi::kparam_string*>(&string));
        param(7, "list", abi::param_array_ops, const_cast<abi::kparam_array*>(&array));
        param(8, "hex", abi::param_ops_hexint, &v.hex);
        const int result = module_params_parse("m", args.data(), p, 9);
        sys_syslog_read(false,
                        [](void* last, int, std::uint64_t, const char* line) { *static_cast<std::string*>(last) = line; },
                        &log);
        return result;
    }

    std::unique_ptr<hw::Machine> machine;
    sim::Arena arena{std::size_t{1} << 28};
    sim::EventStream events{arena};
    sim::NaturalChoice choice;
    Config config;
    std::unique_ptr<Kernel> k;
    Values v;
    std::string log;
};

TEST_F(Params, TakesEachType)
{
    ASSERT_EQ(parse("number=-0x10 small-one=65535 byte=0377 flag inverse=y text=\"two words\" copy=five5 list=1,2 hex=0xff"), 0);
    EXPECT_EQ(v.number, -16);
    EXPECT_EQ(v.small, 65535);
    EXPECT_EQ(v.byte, 255);
    EXPECT_TRUE(v.flag);
    EXPECT_FALSE(v.inverse);
    EXPECT_STREQ(v.text, "two words");
    EXPECT_STREQ(v.copy, "five5");
    EXPECT_EQ(v.listed, 2u);
    EXPECT_EQ(v.list[1], 2);
    EXPECT_EQ(v.hex, 255u);
}

struct Refused {
    const char* text;
    int result;
    const char* line;
};
const Refused refused[] = {
    {"number=abc", -EINVAL, "m: `abc' invalid for parameter `number'"},
    {"number", -EINVAL, "m: `' invalid for parameter `number'"},
    {"number=2147483648", -ERANGE, "m: `2147483648' invalid for parameter `number'"},
    {"byte=-1", -EINVAL, "m: `-1' invalid for parameter `byte'"},
    {"small_one=65536", -ERANGE, "m: `65536' invalid for parameter `small_one'"},
    {"flag=maybe", -EINVAL, "m: `maybe' invalid for parameter `flag'"},
    {"copy=sixsix", -ENOSPC, "m: `sixsix' too large for parameter `copy'"},
    {"list=1,2,3,4", -EINVAL, "m: `1,2,3,4' invalid for parameter `list'"},
    {"x=1", 0, "m: unknown parameter 'x' ignored"},
    {"number=4 -- rest of it", 0, "m: parameters 'rest of it' after `--' ignored"},
};

TEST_F(Params, RefusesInLinuxsWords)
{
    for (const Refused& row : refused) {
        EXPECT_EQ(parse(row.text), row.result) << row.text;
        EXPECT_EQ(log, row.line) << row.text;
    }
}

} // namespace
} // namespace irqlab::kernel
