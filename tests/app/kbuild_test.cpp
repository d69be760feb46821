// Makefiles of many shapes, as other people write them, and what they build.
// Sources: [LX kbuild/makefiles], [LX kbuild/modules]; the messages are modpost's and irqlab's own contract.
#include "app/host/paths.hpp"
#include "app/host/process.hpp"
#include "app/kbuild/build.hpp"
#include "app/kbuild/object.hpp"
#include "app/kbuild/text.hpp"
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace irqlab::app {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string hello = R"c(#include <linux/module.h>
#include <linux/init.h>
static int __init hello_init(void) { return 0; }
static void __exit hello_exit(void) { }
module_init(hello_init);
module_exit(hello_exit);
MODULE_LICENSE("GPL");
)c";

// Any part of a module; CHECKED must be what the test passes, or this does not compile.
std::string part(const std::string& function, const std::string& condition = "1")
{
    return "#if !(" + condition + ")\n#error \"" + function + ": a flag is missing\"\n#endif\nint " + function +
           "(void);\nint " + function + "(void) { return 1; }\n";
}

struct File {
    std::string path, text;
};

bool nothing_exported(const char*, kernel::Release) { return false; }

class Kbuild : public testing::Test {
  protected:
    void write(const std::vector<File>& files)
    {
        for (const File& file : files) {
            fs::create_directories(fs::path(path(file.path)).parent_path());
            ASSERT_TRUE(write_file(path(file.path), file.text));
        }
    }
    std::string path(const std::string& name) const { return folder_.path() + "/" + name; }

    /// Builds the folder (or the inputs given); the names of the modules made, sorted.
    std::vector<std::string> build(BuildRequest request = {})
    {
        if (request.inputs.empty())
            request.inputs = {"."};
        request.cwd = folder_.path();
        StringOutput output;
        const BuildResult result = build_modules(request, output);
        status_ = result.status;
        said_ = output.text();
        std::vector<std::string> names;
        for (const std::string& module : result.modules)
            names.push_back(module.substr(folder_.path().size() + 1));
        std::sort(names.begin(), names.end());
        return names;
    }
    kbuild::ObjectFile object(const std::string& name) const
    {
        kbuild::ObjectFile contents;
        std::string error;
        EXPECT_TRUE(kbuild::read_object(path(name), contents, error)) << error;
        return contents;
    }

    TemporaryDirectory folder_{"test"};
    int status_ = -1;
    std::string said_;
};

struct Shape {
    const char* clause;
    std::vector<File> files;
    std::vector<std::string> modules;
};

const std::string two_faced = "ifneq ($(KERNELRELEASE),)\nobj-m := x.o\nelse\nKDIR ?= /lib/modules/$(shell uname -r)/build\n"
                              "all:\n\t$(MAKE) -C $(KDIR) M=$(PWD) modules\nendif\n";
const std::string module_x = "x-y := main.o part.o\nobj-m := x.o\n";

const std::vector<Shape> shapes{
    {"kbuild/modules: obj-m names modules", {{"Makefile", "obj-m := a.o b.o\n"}, {"a.c", hello}, {"b.c", hello}},
     {"a.ko", "b.ko"}},
    {"kbuild/modules: KERNELRELEASE tells kbuild's pass", {{"Makefile", two_faced}, {"x.c", hello}}, {"x.ko"}},
    {"kbuild/modules: Kbuild comes before Makefile",
     {{"Kbuild", "obj-m := x.o\n"}, {"Makefile", "all:\n\tfalse\nobj-m := none.o\n"}, {"x.c", hello}}, {"x.ko"}},
    {"kbuild/makefiles: NAME-objs", {{"Makefile", "obj-m := x.o\nx-objs := main.o part.o\n"}, {"main.c", hello},
     {"part.c", part("p")}}, {"x.ko"}},
    {"kbuild/makefiles: NAME-y", {{"Makefile", module_x}, {"main.c", hello}, {"part.c", part("p")}}, {"x.ko"}},
    {"kbuild/makefiles: NAME-$(CONFIG_...)",
     {{"Makefile", "obj-m := x.o\nx-y := main.o\nx-$(CONFIG_SMP) += part.o\nx-$(CONFIG_NOT_SET) += none.o\n"},
      {"main.c", hello}, {"part.c", part("p")}}, {"x.ko"}},
    {"kbuild/makefiles: obj-$(CONFIG_...)", {{"Makefile", "CONFIG_MINE := m\nobj-$(CONFIG_MINE) += x.o\n"},
     {"x.c", hello}}, {"x.ko"}},
    {"kbuild/makefiles: folders, obj-m and obj-y",
     {{"Makefile", "obj-m := one/\nobj-y += two/\n"}, {"one/Makefile", "obj-m := a.o\n"}, {"one/a.c", hello},
      {"two/Kbuild", "obj-m := b.o\n"}, {"two/b.c", hello}}, {"one/a.ko", "two/b.ko"}},
    {"kbuild/modules: a source in a folder", {{"Kbuild", "obj-m := sub/x.o\n"}, {"sub/x.c", hello}}, {"sub/x.ko"}},
    {"kbuild/modules: $(src) is the module's folder",
     {{"Kbuild", "obj-m := $(patsubst $(src)/%.c,%.o,$(wildcard $(src)/*.c))\n"}, {"x.c", hello}}, {"x.ko"}},
    {"kbuild/makefiles: ccflags-y", {{"Makefile", module_x + "ccflags-y := -DA=1 -I$(src)/inc\n"},
     {"inc/mine.h", ""}, {"main.c", "#include \"mine.h\"\n" + hello}, {"part.c", part("p", "A == 1")}}, {"x.ko"}},
    {"kbuild: EXTRA_CFLAGS, the old name", {{"Makefile", module_x + "EXTRA_CFLAGS += -DA=2\n"}, {"main.c", hello},
     {"part.c", part("p", "A == 2")}}, {"x.ko"}},
    {"kbuild/makefiles: CFLAGS_file.o for that file only", {{"Makefile", module_x + "CFLAGS_part.o := -DA=3\n"},
     {"main.c", "#ifdef A\n#error A\n#endif\n" + hello}, {"part.c", part("p", "A == 3")}}, {"x.ko"}},
    {"kbuild/makefiles: subdir-ccflags-y reaches below",
     {{"Makefile", "obj-m := d/\nsubdir-ccflags-y := -DA=4\n"}, {"d/Makefile", "obj-m := x.o\n"},
      {"d/x.c", "#if A != 4\n#error A\n#endif\n" + hello}}, {"d/x.ko"}},
    {"kbuild: flags are words of the shell", {{"Makefile", module_x + "ccflags-y := -DS='\"a b\"' -DT=\\\"c\\\"\n"},
     {"main.c", hello + "static const char used[] __attribute__((used)) = S T;\n"}, {"part.c", part("p")}}, {"x.ko"}},
    {"kbuild/makefiles: cc-option", {{"Makefile", module_x + "ccflags-y := $(call cc-option,-DA=5,-DA=6) "
     "$(call cc-option,-fno-such-option,-DB=7)\n"}, {"main.c", hello}, {"part.c", part("p", "A == 5 && B == 7")}},
     {"x.ko"}},
    {"kbuild: -I of a variable that only the Makefile's own rule would set",
     {{"Makefile", module_x + "ccflags-y := -O2 -I$(NOWHERE)\nCFLAGS_part.o := -I $(NOWHERE) -DA=1\n"},
      {"main.c", hello}, {"part.c", part("p", "A == 1")}}, {"x.ko"}},
    {"kbuild: a name with '-'", {{"Makefile", "obj-m := my-mod.o\n"}, {"my-mod.c", hello}}, {"my-mod.ko"}},
};

TEST_F(Kbuild, ReadsMakefilesOfAllShapes)
{
    for (const Shape& shape : shapes) {
        SCOPED_TRACE(shape.clause);
        fs::remove_all(folder_.path());
        write(shape.files);
        EXPECT_EQ(build(), shape.modules) << said_;
        EXPECT_EQ(status_, 0) << said_;
    }
}

TEST_F(Kbuild, VersionAndReleaseReachTheMakefile)
{
    write({{"Makefile", "obj-m := v$(VERSION)_$(PATCHLEVEL).o\n"}, {"v5_15.c", hello}});
    BuildRequest request;
    request.release = kernel::Release::v5_15;
    EXPECT_THAT(build(request), ElementsAre("v5_15.ko")) << said_;
}

TEST_F(Kbuild, VariablesOfTheCommandLineWin)
{
    write({{"Makefile", "WHICH := a\nobj-m := $(WHICH).o\n"}, {"a.c", hello}, {"b.c", hello}});
    BuildRequest request;
    request.variables = {"WHICH=b"};
    EXPECT_THAT(build(request), ElementsAre("b.ko")) << said_;
}

TEST_F(Kbuild, LeavesNothingButTheModule)
{
    write({{"Makefile", "obj-m := x.o\n"}, {"x.c", hello}});
    build();
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path()))
        names.push_back(entry.path().filename().string());
    EXPECT_THAT(names, testing::UnorderedElementsAre("Makefile", "x.c", "x.ko"));
}

TEST_F(Kbuild, PutsModulesWhereAsked)
{
    write({{"Makefile", "obj-m := x.o\n"}, {"x.c", hello}});
    BuildRequest request;
    request.output_directory = "out/deep";
    EXPECT_THAT(build(request), ElementsAre("out/deep/x.ko")) << said_;
    EXPECT_FALSE(fs::exists(path("x.ko")));
}

TEST_F(Kbuild, AFileAloneNeedsNoMakefileAndMayHaveBlanksInItsPath)
{
    write({{"a folder/x.c", hello}});
    BuildRequest request;
    request.inputs = {"a folder/x.c"};
    EXPECT_THAT(build(request), ElementsAre("a folder/x.ko")) << said_;
}

TEST_F(Kbuild, TheModuleIsWhatToolsExpect)
{
    write({{"Makefile", "obj-m := my-mod.o\n"}, {"my-mod.c", hello}});
    build();
    const auto contents = object("my-mod.ko");
    EXPECT_THAT(contents.modinfo, testing::IsSupersetOf({"license=GPL", "name=my_mod", "depends=",
                                                         "vermagic=6.1.0 SMP preempt mod_unload "}));
    EXPECT_TRUE(contents.has_init);
    EXPECT_TRUE(contents.has_exit);
    std::string answer;
    ASSERT_EQ(run_process({{"readelf", "-SW", path("my-mod.ko")}, "", {}, {}}, answer), 0);
    EXPECT_THAT(answer, HasSubstr(".gnu.linkonce.this_module"));
    EXPECT_THAT(answer, HasSubstr(".note.gnu.build-id"));
}

TEST_F(Kbuild, PrintsKbuildsLines)
{
    write({{"Makefile", module_x}, {"main.c", hello}, {"part.c", part("p")}});
    BuildRequest request;
    request.jobs = 1;
    build(request);
    const std::string p = folder_.path();
    EXPECT_EQ(said_, "  CC [M]  " + p + "/main.o\n  CC [M]  " + p + "/part.o\n  LD [M]  " + p + "/x.o\n  MODPOST " + p +
                         "/Module.symvers\n  CC [M]  " + p + "/x.mod.o\n  LD [M]  " + p + "/x.ko\n");
}

TEST_F(Kbuild, InstrumentationIsThereUnlessPlain)
{
    write({{"Makefile", "obj-m := x.o\n"}, {"x.c", hello + "int v; int f(void); int f(void) { return v; }\n"}});
    const auto hooks = [&] {
        const auto contents = object("x.ko");
        return std::any_of(contents.wanted.begin(), contents.wanted.end(),
                           [](const auto& wanted) { return wanted.name == "__tsan_read4"; });
    };
    BuildRequest request;
    build(request);
    EXPECT_TRUE(hooks()) << said_;
    request.instrument = false;
    build(request);
    EXPECT_FALSE(hooks()) << said_;
}

TEST_F(Kbuild, TheProfileOverridesTheMakefilesOptimization)
{
    const std::string both = "#ifdef __OPTIMIZE__\nint optimized;\n#endif\n";
    write({{"Makefile", "obj-m := x.o\nccflags-y := -O2\n"}, {"x.c", hello + both}});
    const auto has_symbol = [&] {
        std::string answer;
        run_process({{"nm", path("x.ko")}, "", {}, {}}, answer);
        return answer.find(" optimized") != std::string::npos;
    };
    BuildRequest request;
    build(request);
    EXPECT_FALSE(has_symbol()) << said_;
    request.optimize = kbuild::Optimize::as_written;
    build(request);
    EXPECT_TRUE(has_symbol()) << said_;
}

TEST_F(Kbuild, DependsNamesTheModuleThatExports)
{
    write({{"Makefile", "obj-m := a.o b.o\n"},
           {"a.c", hello + "int shared(void);\nint shared(void) { return 1; }\nEXPORT_SYMBOL(shared);\n"},
           {"b.c", hello + "int shared(void);\nint use(void);\nint use(void) { return shared(); }\n"}});
    build();
    EXPECT_EQ(status_, 0) << said_;
    EXPECT_THAT(object("b.ko").modinfo, testing::Contains("depends=a"));
    EXPECT_THAT(object("a.ko").modinfo, testing::Contains("depends="));
    std::string symvers;
    ASSERT_TRUE(read_file(path("Module.symvers"), symvers));
    EXPECT_THAT(symvers, HasSubstr("\tshared\t" + path("a") + "\tEXPORT_SYMBOL"));
}

TEST_F(Kbuild, ExtraSymbolsComeFromAnotherBuild)
{
    write({{"a/Makefile", "obj-m := a.o\n"},
           {"a/a.c", hello + "int shared(void);\nint shared(void) { return 1; }\nEXPORT_SYMBOL_GPL(shared);\n"},
           {"b/Makefile", "KBUILD_EXTRA_SYMBOLS := $(src)/../a/Module.symvers\nobj-m := b.o\n"},
           {"b/b.c", hello + "int shared(void);\nint use(void);\nint use(void) { return shared(); }\n"}});
    BuildRequest request;
    request.exported = nothing_exported;
    request.inputs = {"a"};
    build(request);
    ASSERT_EQ(status_, 0) << said_;
    request.inputs = {"b"};
    build(request);
    EXPECT_EQ(status_, 0) << said_;
    EXPECT_THAT(object("b/b.ko").modinfo, testing::Contains("depends=a"));
}

struct Failure {
    const char* clause;
    std::vector<File> files;
    int status;
    std::vector<std::string> words; // each is in what was said
};

const std::string calls_foo = "void foo(void);\nint use(void);\nint use(void)\n{\n\tfoo();\n\treturn 0;\n}\n";

const std::vector<Failure> failures{
    {"cli/build: a missing header is named, with its line",
     {{"Makefile", "obj-m := x.o\n"}, {"x.c", "#include <linux/module.h>\n\n#include <linux/no_such.h>\n"}}, 1,
     {"fatal error: linux/no_such.h: No such file or directory",
      "irqlab: x.c:3 includes <linux/no_such.h>, which irqlab does not have\n"}},
    {"cli/build: a missing header of one's own",
     {{"Makefile", "obj-m := x.o\n"}, {"x.c", "#include \"mine.h\"\n"}}, 1, {"irqlab: x.c:1 includes \"mine.h\""}},
    {"cli/build: a missing symbol is named, with the line that asks for it",
     {{"Makefile", "obj-m := x.o\n"}, {"x.c", calls_foo + hello}}, 1,
     {"ERROR: modpost: \"foo\" [", "/x.ko] undefined!", "irqlab: x.c:5: needs 'foo', which this kernel does not export"}},
    {"cli/build: the part of a composite that asks",
     {{"Makefile", module_x}, {"main.c", hello}, {"part.c", calls_foo}}, 1, {"irqlab: part.c:5: needs 'foo'"}},
    {"modpost: missing MODULE_LICENSE()",
     {{"Makefile", "obj-m := x.o\n"}, {"x.c", "#include <linux/module.h>\nint x;\n"}}, 1,
     {"ERROR: modpost: missing MODULE_LICENSE() in ", "/x.o\n"}},
    {"[LX Makefile] -Werror=implicit-function-declaration",
     {{"Makefile", "obj-m := x.o\n"}, {"x.c", hello + "int f(void);\nint f(void) { return nobody(); }\n"}}, 1,
     {"x.c:9:", "implicit declaration of function 'nobody'"}},
    {"[LX Makefile] -Werror=incompatible-pointer-types",
     {{"Makefile", "obj-m := x.o\n"}, {"x.c", hello + "int *f(long *p);\nint *f(long *p) { return p; }\n"}}, 1,
     {"x.c:9:", "incompatible"}},
    {"gcc: a syntax error", {{"Makefile", "obj-m := x.o\n"}, {"x.c", hello + "int f(\n"}}, 1, {"x.c:", "error:"}},
    {"make: a syntax error in the Makefile", {{"Makefile", "obj-m := x.o\nnonsense here\n"}, {"x.c", hello}}, 1,
     {"/Makefile:2: *** missing separator.  Stop.", "irqlab: GNU make could not read "}},
    {"make: $(error)", {{"Makefile", "$(error set ME first)\n"}}, 1, {"set ME first"}},
    {"kbuild: a source that is not there", {{"Makefile", "obj-m := x.o\n"}}, 1, {"asks for x.o", "there is no ", "/x.c"}},
    {"kbuild: a module made of itself", {{"Makefile", "obj-m := x.o\nx-objs := x.o\n"}, {"x.c", hello}}, 1,
     {"x.o is made of itself"}},
    {"kbuild: an empty obj-m", {{"Makefile", "obj-n := x.o\n"}, {"x.c", hello}}, 1, {"its obj-m is empty"}},
    {"kbuild: no Makefile", {{"x.c", hello}}, 1, {"has neither a Kbuild nor a Makefile"}},
};

TEST_F(Kbuild, SaysWhyItFails)
{
    for (const Failure& failure : failures) {
        SCOPED_TRACE(failure.clause);
        fs::remove_all(folder_.path());
        write(failure.files);
        BuildRequest request;
        request.exported = nothing_exported;
        EXPECT_THAT(build(request), IsEmpty());
        EXPECT_EQ(status_, failure.status);
        for (const std::string& words : failure.words)
            EXPECT_THAT(said_, HasSubstr(words));
        EXPECT_FALSE(fs::exists(path("x.ko")));
    }
}

TEST_F(Kbuild, AModuleWithoutALicenseIsOnlyWarnedOfUntil511)
{
    write({{"Makefile", "obj-m := x.o\n"}, {"x.c", "#include <linux/module.h>\nint x;\n"}});
    for (const kernel::Release release : {kernel::Release::v5_4, kernel::Release::v5_10}) {
        BuildRequest request;
        request.release = release;
        EXPECT_THAT(build(request), ElementsAre("x.ko")) << said_;
        EXPECT_THAT(said_, HasSubstr("WARNING: modpost: missing MODULE_LICENSE() in "));
        EXPECT_THAT(said_, HasSubstr("/x.o\nsee include/linux/module.h for more information\n"));
    }
    BuildRequest request;
    request.release = kernel::Release::v5_15;
    EXPECT_THAT(build(request), IsEmpty());
    EXPECT_EQ(status_, 1);
}

TEST_F(Kbuild, ExportOptionBringsASymbolBack)
{
    write({{"Makefile", "obj-m := x.o\n"}, {"x.c", calls_foo + hello}});
    BuildRequest request;
    request.exported = nothing_exported;
    request.also_exported = {"foo"};
    EXPECT_THAT(build(request), ElementsAre("x.ko")) << said_;
}

TEST_F(Kbuild, APathWithBlanksIsRefusedClearly)
{
    write({{"a folder/Makefile", "obj-m := x.o\n"}, {"a folder/x.c", hello}});
    BuildRequest request;
    request.inputs = {"a folder"};
    build(request);
    EXPECT_EQ(status_, 1);
    EXPECT_THAT(said_, HasSubstr("a folder': GNU make, and so kbuild, cannot build"));
}

TEST_F(Kbuild, WrongUseIsStatus2)
{
    write({{"x.txt", ""}});
    BuildRequest request;
    request.inputs = {"nowhere"};
    build(request);
    EXPECT_EQ(status_, 2);
    EXPECT_EQ(said_, "irqlab build: cannot read 'nowhere': No such file or directory\n");
    request.inputs = {"x.txt"};
    build(request);
    EXPECT_EQ(status_, 2);
    EXPECT_THAT(said_, HasSubstr("is neither a folder nor a C file"));
}

struct Words {
    const char* clause;
    const char* text;
    std::vector<std::string> want;
};

TEST(KbuildText, SplitsWordsAsTheShellDoes)
{
    const std::vector<Words> rows{
        {"POSIX/Quoting: blanks separate", "  a  b\tc\n", {"a", "b", "c"}},
        {"POSIX/Single-Quotes: all is literal", "-DS='\"a \\ b\"'", {"-DS=\"a \\ b\""}},
        {"POSIX/Double-Quotes: backslash escapes $ ` \" \\ only", "\"a\\\"b\\$c\\d\"", {"a\"b$c\\d"}},
        {"POSIX/Escape Character", "a\\ b \\'c", {"a b", "'c"}},
        {"POSIX/Quoting: an empty word is a word", "a '' b", {"a", "", "b"}},
        {"POSIX/Quoting: parts join", "a'b'\"c\"d", {"abcd"}},
    };
    for (const Words& row : rows)
        EXPECT_EQ(kbuild::split_shell_words(row.text), row.want) << row.clause;
}

TEST(KbuildText, ColoursAreTakenOff)
{
    EXPECT_EQ(kbuild::without_colours("\x1b[01m\x1b[Kx.c:1:\x1b[m\x1b[K error"), "x.c:1: error");
}

} // namespace
} // namespace irqlab::app
