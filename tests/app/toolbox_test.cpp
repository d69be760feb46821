// make, uname and sudo as the programs of a host find them inside the lab.
// The links of the toolbox lead to this test program itself, which then is the tool.
#include "app/host/paths.hpp"
#include "app/toolbox/make.hpp"
#include "app/toolbox/toolbox.hpp"
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace irqlab::app {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> own_arguments()
{
    std::ifstream file("/proc/self/cmdline", std::ios::binary);
    std::vector<std::string> arguments;
    for (std::string argument; std::getline(file, argument, '\0');)
        arguments.push_back(argument);
    return arguments;
}

bool everything_exported(const char*, kernel::Release) { return true; }

// Before the test framework sees argv: through a link of the toolbox this process is that tool.
[[maybe_unused]] const bool dispatched = [] {
    const auto arguments = own_arguments();
    if (arguments.empty() || !is_toolbox_call(arguments[0].c_str()))
        return false;
    std::vector<const char*> argv;
    for (const std::string& argument : arguments)
        argv.push_back(argument.c_str());
    ::_exit(toolbox_main(static_cast<int>(argv.size()), argv.data(), everything_exported));
}();

const char* const hello = "#include <linux/module.h>\nstatic int __init i(void) { return 0; }\nmodule_init(i);\n"
                          "MODULE_LICENSE(\"GPL\");\n";

class InToolbox : public testing::Test {
  protected:
    int run(const std::vector<std::string>& argv)
    {
        said_.clear();
        return run_host_command(toolbox_, argv, folder_.path(), {}, said_);
    }
    std::string path(const std::string& name) const { return folder_.path() + "/" + name; }

    TemporaryDirectory folder_{"test"};
    Toolbox toolbox_{{kernel::Release::v5_4, kbuild::Optimize::o0, true, {}}};
    std::string said_;
};

TEST_F(InToolbox, UnameSaysTheLabsRelease)
{
    EXPECT_EQ(run({"uname", "-r"}), 0);
    EXPECT_EQ(said_, "5.4.0\n");
    EXPECT_EQ(run({"uname", "-sr"}), 0);
    EXPECT_EQ(said_, "Linux 5.4.0\n");
    EXPECT_EQ(run({"uname"}), 0);
    EXPECT_EQ(said_, "Linux\n");
    EXPECT_EQ(run({"sudo", "-E", "uname", "-r"}), 0);
    EXPECT_EQ(said_, "5.4.0\n");
}

struct Recipe {
    const char* clause;
    const char* makefile;
};

const std::vector<Recipe> recipes{
    {"lkmpg: make -C /lib/modules/$(shell uname -r)/build",
     "obj-m += x.o\nall:\n\tmake -C /lib/modules/$(shell uname -r)/build M=$(PWD) modules\n"
     "clean:\n\tmake -C /lib/modules/$(shell uname -r)/build M=$(PWD) clean\n"},
    {"ldd3: ifneq ($(KERNELRELEASE),)",
     "ifneq ($(KERNELRELEASE),)\nobj-m := x.o\nelse\nKDIR ?= /lib/modules/$(shell uname -r)/build\n"
     "default:\n\t$(MAKE) -C $(KDIR) M=$$PWD\nclean:\n\t$(MAKE) -C $(KDIR) M=$$PWD clean\nendif\n"},
    {"kbuild before 5.3: SUBDIRS",
     "obj-m := x.o\nKDIR := /lib/modules/$(shell uname -r)/build\nPWD := $(shell pwd)\n"
     "all:\n\t$(MAKE) -C $(KDIR) SUBDIRS=$(PWD) modules\nclean:\n\t$(MAKE) -C $(KDIR) SUBDIRS=$(PWD) clean\n"},
    {"a kernel tree that this host does not have",
     "obj-m := x.o\nall:\n\tmake -C /usr/src/linux-headers-none M=$(CURDIR) -j2 V=1 modules\n"
     "clean:\n\tmake -C /usr/src/linux-headers-none M=$(CURDIR) clean\n"},
};

TEST_F(InToolbox, MakeBuildsAndCleansAsTyped)
{
    for (const Recipe& recipe : recipes) {
        SCOPED_TRACE(recipe.clause);
        write_file(path("Makefile"), recipe.makefile);
        write_file(path("x.c"), hello);
        EXPECT_EQ(run({"make"}), 0) << said_;
        EXPECT_THAT(said_, HasSubstr("  CC [M]  " + path("x.o")));
        EXPECT_THAT(said_, HasSubstr("make[1]: Entering directory '/"));
        EXPECT_TRUE(fs::exists(path("x.ko")));
        EXPECT_EQ(run({"sudo", "make", "clean"}), 0) << said_;
        EXPECT_FALSE(fs::exists(path("x.ko")));
        EXPECT_TRUE(fs::exists(path("x.c")));
    }
}

TEST_F(InToolbox, AFailedBuildIsMakesError2)
{
    write_file(path("Makefile"), recipes[0].makefile);
    write_file(path("x.c"), "#include <linux/no_such.h>\n");
    EXPECT_EQ(run({"make"}), 2);
    EXPECT_THAT(said_, HasSubstr("irqlab: x.c:1 includes <linux/no_such.h>, which irqlab does not have"));
    EXPECT_THAT(said_, HasSubstr("make: *** [Makefile:3: all] Error 2"));
}

TEST_F(InToolbox, VariablesOfTheOuterMakeReachTheModule)
{
    write_file(path("Makefile"), recipes[0].makefile);
    write_file(path("x.c"), std::string("#ifndef GIVEN\n#error GIVEN\n#endif\n") + hello);
    EXPECT_EQ(run({"make", "-j2", "EXTRA_CFLAGS=-DGIVEN"}), 0) << said_;
}

TEST_F(InToolbox, AnOrdinaryMakefileIsTheRealMakes)
{
    write_file(path("Makefile"), "all:\n\t@echo ordinary $(shell uname -r) $(A)\n");
    EXPECT_EQ(run({"make", "A=b"}), 0);
    EXPECT_EQ(said_, "ordinary 5.4.0 b\n");
}

TEST_F(InToolbox, OtherProgramsRunAndMissingOnesAre127)
{
    EXPECT_EQ(run({"sh", "-c", "echo out; echo error >&2; exit 3"}), 3);
    EXPECT_EQ(said_, "out\nerror\n");
    EXPECT_EQ(run({"no-such-program"}), 127);
    EXPECT_EQ(run({"sh", "-c", "kill -9 $$"}), 128 + 9);
    said_.clear();
    EXPECT_EQ(run_host_command(toolbox_, {"cat"}, folder_.path(), "typed in", said_), 0);
    EXPECT_EQ(said_, "typed in");
}

TEST_F(InToolbox, CommandsOfTheLabSayWhereTheyBelong)
{
    EXPECT_EQ(run({"sudo", "insmod", "x.ko"}), 1);
    EXPECT_THAT(said_, HasSubstr("insmod: a program of the host cannot reach into the lab"));
}

struct Call {
    const char* clause;
    std::vector<std::string> arguments;
    bool kbuild;
};

TEST(ToolboxMake, KnowsKbuildsCall)
{
    const std::vector<Call> rows{
        {"kbuild/modules: M=", {"-C", "/lib/modules/6.1.0/build", "M=/x"}, true},
        {"make: -C attached", {"-C/lib/modules/6.1.0/build", "M=/x", "clean"}, true},
        {"make: --directory=", {"--directory=/lib/modules/6.1.0/build", "SUBDIRS=/x"}, true},
        {"a folder that is not there", {"-C", "/no/such/tree", "M=/x"}, true},
        {"no module folder", {"-C", "/lib/modules/6.1.0/build"}, false},
        {"an ordinary folder with a variable M", {"-C", "/tmp", "M=/x"}, false},
        {"no -C", {"M=/x", "modules"}, false},
    };
    for (const Call& row : rows)
        EXPECT_EQ(is_kbuild_call(parse_make_call(row.arguments)), row.kbuild) << row.clause;
}

TEST(ToolboxMake, ReadsMakesCommandLine)
{
    const MakeCall call = parse_make_call({"-j", "4", "-C", "/k", "M=/x", "A:=1", "-f", "other", "clean", "modules"});
    EXPECT_EQ(call.jobs, 4u);
    EXPECT_EQ(call.directory, "/k");
    EXPECT_EQ(call.module_directory, "/x");
    EXPECT_THAT(call.variables, ElementsAre("A:=1"));
    EXPECT_THAT(call.targets, ElementsAre("clean", "modules"));
    EXPECT_TRUE(call.print_directory);
    EXPECT_FALSE(parse_make_call({"-s"}).print_directory);
    EXPECT_THAT(parse_make_call({"-j"}).targets, IsEmpty());
}

} // namespace
} // namespace irqlab::app
