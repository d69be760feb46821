// `irqlab survey` on a folder in which each module goes wrong in its own way: the row says how far it came.
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "app/host/paths.hpp"
#include "app/survey/exercise.hpp"
#include "app/survey/workers.hpp"
#include "app/verbs.hpp"
#include "tests/support/verb.hpp"

namespace irqlab::test {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* head =
    "#include <linux/module.h>\n#include <linux/interrupt.h>\n#include <linux/fs.h>\n"
    "#include <linux/uaccess.h>\n#include <linux/miscdevice.h>\n"
    "MODULE_LICENSE(\"GPL\");\n";

class Survey : public testing::Test {
protected:
    void write(const std::string& name, const std::string& text)
    {
        const fs::path path = fs::path(folder_.path()) / name;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }
    void module(const std::string& name, const std::string& text) { write(name, head + text); }
    /// The rows by file name.
    std::map<std::string, json> survey(std::vector<std::string> more = {})
    {
        const std::string file = out_.path() + "/rows.json";
        std::vector<std::string> words{"survey", "--json", file};
        words.insert(words.end(), more.begin(), more.end());
        words.push_back(folder_.path());
        result_ = run_verb(app::add_survey, words);
        std::string text;
        EXPECT_TRUE(app::read_file(file, text)) << result_.error;
        std::map<std::string, json> rows;
        for (const json& row : json::parse(text, nullptr, false))
            rows[fs::path(row.at("path").get<std::string>()).filename()] = row;
        return rows;
    }

    app::TemporaryDirectory folder_{"survey-test"}, out_{"survey-out"};
    VerbResult result_;
};

// Its read() answers only once its line was pulsed, and its handler tells: both show in the log at exit.
constexpr const char* good = R"(
static DECLARE_WAIT_QUEUE_HEAD(queue);
static int pulses, reads, writes;
static irqreturn_t handler(int irq, void *id) { pulses++; wake_up_interruptible(&queue); return IRQ_HANDLED; }
static ssize_t good_read(struct file *f, char __user *to, size_t n, loff_t *at)
{
    if (wait_event_interruptible(queue, pulses))
        return -ERESTARTSYS;
    reads++;
    return 0;
}
static ssize_t good_write(struct file *f, const char __user *from, size_t n, loff_t *at) { writes++; return n; }
static const struct file_operations fops = {.owner = THIS_MODULE, .read = good_read, .write = good_write};
static struct miscdevice misc = {.minor = MISC_DYNAMIC_MINOR, .name = "good", .fops = &fops};
static int __init start(void)
{
    int err = request_irq(10, handler, IRQF_SHARED, "good", &misc);
    return err ? err : misc_register(&misc);
}
static void __exit stop(void)
{
    WARN(!pulses || !reads || !writes, "pulses %d reads %d writes %d\n", pulses, reads, writes);
    misc_deregister(&misc);
    free_irq(10, &misc);
}
module_init(start);
module_exit(stop);
)";

TEST_F(Survey, UsesWhatAModuleOffers)
{
    module("good.c", good);
    const auto rows = survey();
    EXPECT_EQ(result_.status, 0) << result_.out;
    const json& row = rows.at("good.c");
    for (const char* stage : {"built", "loaded", "exercised", "unloaded"})
        EXPECT_TRUE(row.at(stage)) << stage;
    EXPECT_EQ(row.at("first_failure"), "");
    EXPECT_EQ(row.at("kernel"), "6.1");
    EXPECT_THAT(result_.out, HasSubstr("1 modules: 1 built, 1 loaded, 1 exercised, 1 unloaded, 1 without"));
}

struct Bad {
    const char *name, *text;
    bool built, loaded, unloaded;
    const char* failure;
};

TEST_F(Survey, TellsHowFarABadOneCame)
{
    const std::vector<Bad> bad{
        {"syntax.c", "static int oops(\n", false, false, false, "error: "},
        {"missing.c", "#include <linux/nowhere.h>\n", false, false, false, "linux/nowhere.h"},
        {"refused.c", "static int __init i(void) { return -ENODEV; }\nmodule_init(i);\n", true, false, false,
         "No such device"},
        {"null.c",
         "static int *p;\nstatic int __init i(void) { return 0; }\nstatic void __exit e(void) { *p = 1; }\n"
         "module_init(i);\nmodule_exit(e);\n",
         true, true, false, "BUG: kernel NULL pointer dereference"},
        {"leaves_a_handler.c",
         "static int id;\nstatic irqreturn_t h(int irq, void *d) { return IRQ_HANDLED; }\n"
         "static int __init i(void) { return request_irq(10, h, IRQF_SHARED, \"left\", &id); }\n"
         "static void __exit e(void) { }\nmodule_init(i);\nmodule_exit(e);\n",
         true, true, true, "BUG: unable to handle page fault"},
        {"for_ever.c",
         "static volatile int on = 1;\nstatic int __init i(void) { while (on) ; return 0; "
         "}\nmodule_init(i);\n",
         true, false, false, "watchdog: BUG: soft lockup"},
    };
    for (const Bad& b : bad)
        module(b.name, b.text);
    const auto rows = survey();
    EXPECT_EQ(result_.status, app::status_failed);
    ASSERT_EQ(rows.size(), bad.size());
    for (const Bad& b : bad) {
        const json& row = rows.at(b.name);
        EXPECT_EQ(row.at("built"), b.built) << row;
        EXPECT_EQ(row.at("loaded"), b.loaded) << row;
        EXPECT_EQ(row.at("unloaded"), b.unloaded) << row;
        EXPECT_THAT(row.at("first_failure").get<std::string>(), HasSubstr(b.failure)) << row;
    }
}

// A signal ends its sleep, and it asks again.
TEST_F(Survey, WhatNeverEndsIsLeft)
{
    module("told.c",
           "#include <linux/delay.h>\nstatic volatile int told;\n"
           "static ssize_t r(struct file *f, char __user *to, size_t n, loff_t *at)\n"
           "{ while (!told) { set_current_state(TASK_INTERRUPTIBLE); schedule(); udelay(200); } return 0; }\n"
           "static const struct file_operations o = {.owner = THIS_MODULE, .read = r};\n"
           "static struct miscdevice m = {.minor = MISC_DYNAMIC_MINOR, .name = \"told\", .fops = &o};\n"
           "module_misc_device(m);\n");
    const auto rows = survey({"--patience", "1", "--seconds", "600"});
    EXPECT_EQ(rows.at("told.c").at("first_failure"), "exercised: it goes on and on");
    EXPECT_TRUE(rows.at("told.c").at("loaded"));
    EXPECT_FALSE(rows.at("told.c").at("unloaded")) << "its file is open";
}

TEST_F(Survey, BuildsAsTheFolderSays)
{
    module("two/main.c",
           "int half(void);\nstatic int __init i(void) { return half() + FLAG; }\nmodule_init(i);\n"
           "static void __exit e(void) { }\nmodule_exit(e);\n");
    write("two/half.c", "int half(void);\nint half(void) { return 0; }\n");
    write("two/Makefile", "obj-m := both.o absent.o\nboth-objs := main.o half.o\nccflags-y := -DFLAG=0\n");
    module("needs/giver.c", "int given(void) { return 0; }\nEXPORT_SYMBOL(given);\n");
    module("needs/taker.c",
           "int given(void);\nstatic int __init i(void) { return given(); }\nmodule_init(i);\n"
           "static void __exit e(void) { }\nmodule_exit(e);\n");
    write("needs/Makefile", "obj-m := taker.o giver.o\n");
    const auto rows = survey();
    EXPECT_EQ(rows.at("main.c").at("first_failure"), "")
        << "though another module of the folder has no source";
    EXPECT_EQ(rows.at("taker.c").at("first_failure"), "");
    EXPECT_TRUE(rows.at("giver.c").at("unloaded"));
}

TEST_F(Survey, ASettingIsForThoseThatHaveTheParameter)
{
    constexpr const char* wants_a_line = "static int line = -1;\nmodule_param(line, int, 0);\n"
                                         "static int __init i(void) { return line == 11 ? 0 : -EINVAL; }\n"
                                         "static void __exit e(void) { }\nmodule_init(i);\nmodule_exit(e);\n";
    module("line.c", wants_a_line);
    module("none.c", good);
    EXPECT_FALSE(survey().at("line.c").at("loaded"));
    const auto rows = survey({"--set", "line=11", "--set", "lin=3"});
    EXPECT_TRUE(rows.at("line.c").at("unloaded")) << result_.out;
    EXPECT_EQ(rows.at("none.c").at("first_failure"), "");
}

TEST_F(Survey, AListNamesTheOnesThatCount)
{
    module("a.c", "");
    module("b.c", "");
    write("plain.c", "int x;\n");
    write("list", "b.c\n\nnot_there.c\n");
    const auto rows = survey({"--list", folder_.path() + "/list"});
    ASSERT_EQ(rows.size(), 1u);
    EXPECT_TRUE(rows.contains("b.c"));
}

TEST(SurveyUsage, WhatCannotBeReadIsNamed)
{
    const VerbResult nowhere = run_verb(app::add_survey, {"survey", "/nowhere"});
    EXPECT_EQ(nowhere.status, app::status_usage);
    EXPECT_THAT(nowhere.error, HasSubstr("'/nowhere' is neither a folder nor a C file"));
    const app::TemporaryDirectory empty("survey-test");
    const VerbResult none = run_verb(app::add_survey, {"survey", empty.path()});
    EXPECT_EQ(none.status, app::status_usage);
    EXPECT_THAT(none.error, HasSubstr("no kernel module there"));
    const VerbResult list = run_verb(app::add_survey, {"survey", empty.path(), "--list", "/nowhere.list"});
    EXPECT_THAT(list.error, HasSubstr("'/nowhere.list': No such file or directory"));
}

TEST(Workers, AnswerOrTellHowTheyDied)
{
    std::map<std::size_t, std::string> texts, deaths;
    app::survey::run_workers(
        4, 3, 1,
        [](std::size_t i) -> std::string {
            if (i == 1)
                std::abort();
            while (i == 2)
                ::pause();
            return std::string(100'000, static_cast<char>('a' + i));
        },
        [&](std::size_t i, const std::string& text, const std::string& death) {
            texts[i] = text;
            deaths[i] = death;
        });
    EXPECT_EQ(texts, (std::map<std::size_t, std::string>{
                         {0, std::string(100'000, 'a')}, {1, ""}, {2, ""}, {3, std::string(100'000, 'd')}}));
    EXPECT_EQ(deaths, (std::map<std::size_t, std::string>{
                          {0, ""}, {1, "killed by SIGABRT"}, {2, "it took longer than 1 s"}, {3, ""}}));
}

TEST(Complaint, IsTheFirstOfLinuxsAndNoneOfADrivers)
{
    EXPECT_THAT(app::survey::first_complaint("hello: loaded\nirq 9: nobody cared (try booting)\nBUG: x\n"),
                HasSubstr("nobody cared"));
    EXPECT_THAT(app::survey::first_complaint("my driver: error -5\n"), IsEmpty());
}

} // namespace
} // namespace irqlab::test
