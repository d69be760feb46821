// One module in its World. See the header.
#include "app/survey/exercise.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <set>
#include <sys/stat.h>

#include "app/host/paths.hpp"
#include "app/kbuild/object.hpp"
#include "app/kbuild/text.hpp"
#include "hw/base/check.hpp"
#include "kernel/sched/sched.hpp"
#include "kernel/syscall.hpp"

namespace irqlab::app::survey {

namespace {

using Lines = std::vector<std::string>;

/// What Linux says when something is wrong. Messages that a driver prints itself do not look so.
constexpr std::array<std::string_view, 25> complaints{"BUG: ",
                                                      "WARNING: CPU",
                                                      "Oops: ",
                                                      "general protection fault",
                                                      "kernel BUG at",
                                                      "Kernel panic",
                                                      "Unable to handle",
                                                      "divide error",
                                                      "invalid opcode",
                                                      "nobody cared",
                                                      "Trying to free already-free IRQ",
                                                      "Trying to free IRQ",
                                                      "Flags mismatch irq",
                                                      "Unbalanced enable",
                                                      "scheduling while atomic",
                                                      "INFO: task",
                                                      "INFO: rcu",
                                                      "refcount_t:",
                                                      "cannot create duplicate filename",
                                                      "still has handlers",
                                                      "leaking at least",
                                                      "No irq handler for vector",
                                                      "list_add corruption",
                                                      "list_del corruption",
                                                      "still has timers"};

/// Instead of a status: the commands have not ended.
constexpr int all_wait = -1, goes_on = -2;
constexpr std::uint64_t second_ns = 1'000'000'000;
constexpr unsigned use_s = 16; // what the commands of uses() take, and a driver with delays of its own

std::string why_not_ended(int status)
{
    return status == all_wait ? "every task waits, and nothing could wake one" : "it goes on and on";
}

/// A World whose terminal is a string.
class Bench {
public:
    Bench(const lab::WorldConfig& config, unsigned patience_s)
        : patience_s_(patience_s), config_(config), world_(config_, choice_, terminal(this))
    {
    }

    /// Runs commands, for so many seconds at most (0: the patience asked for); their output is in `said`.
    /// @return their status, or why they have not ended.
    int run(const std::string& commands, std::string& said, unsigned seconds = 0)
    {
        lab::Script script;
        lab::ParseError error;
        CHECK(lab::Script::parse(commands, "survey", script, error));
        text_.clear();
        kernel::sched_stop_after(world_.kernel(), (seconds ? seconds : patience_s_) * second_ns);
        const auto result = world_.run(script, {});
        said = text_;
        return result.end == kernel::RunEnd::finished ? result.status
               : result.end == kernel::RunEnd::stuck  ? all_wait
                                                      : goes_on;
    }
    int run(const std::string& commands, unsigned seconds = 0)
    {
        std::string unheard;
        return run(commands, unheard, seconds);
    }
    std::string output(const std::string& commands)
    {
        std::string said;
        run(commands, said);
        return said;
    }
    /// Runs as a task of the World.
    template <class Work> void as_task(Work work)
    {
        world_.run(
            "survey",
            [](void* argument) {
                (*static_cast<Work*>(argument))();
                return 0;
            },
            &work);
    }

private:
    static lab::Terminal terminal(Bench* bench)
    {
        lab::Terminal t;
        t.write = [](void* context, int, const char* text, std::size_t size) {
            static_cast<Bench*>(context)->text_.append(text, size);
        };
        t.context = bench;
        return t;
    }

    unsigned patience_s_;
    std::string text_;
    sim::NaturalChoice choice_;
    lab::WorldConfig config_;
    lab::World world_;
};

/// Files below `path`, without what every device has. Depth: of folders.
void list_files(const std::string& path, int depth, std::set<std::string>& files)
{
    constexpr std::array<std::string_view, 6> everyones{"uevent", "power", "subsystem",
                                                        "driver", "dev",   "tracing"};
    Lines names;
    kernel::sys_readdir(
        path.c_str(),
        [](void* context, const char* name) { static_cast<Lines*>(context)->emplace_back(name); }, &names);
    for (const std::string& name : names) {
        if (name == "." || name == ".." || std::ranges::find(everyones, name) != everyones.end())
            continue;
        const std::string file = path + "/" + name;
        kernel::Stat stat{};
        if (kernel::sys_stat(file.c_str(), stat) != 0)
            continue;
        if (!S_ISDIR(stat.mode))
            files.insert(file);
        else if (depth > 0)
            list_files(file, depth - 1, files);
    }
}

/// What drivers add to: device nodes, files of /proc, /sys, character majors, actions of interrupt lines.
struct Offers {
    std::set<std::string> files;
    std::set<std::string> majors; // "240 name"
    std::set<std::string> lines;  // "11 IO-APIC 11-fasteoi my_device"
};

bool is_number(const std::string& text)
{
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::set<std::string> taken_lines(const std::string& interrupts)
{
    std::set<std::string> lines;
    for (const std::string& row : kbuild::split_lines(interrupts)) {
        const auto words = kbuild::split_words(row);
        if (words.empty() || !words[0].ends_with(':') || !is_number(words[0].substr(0, words[0].size() - 1)))
            continue;
        std::string text = words[0].substr(0, words[0].size() - 1);
        for (std::size_t i = 1; i < words.size(); ++i)
            if (text.find(' ') != std::string::npos || !is_number(words[i]))
                text += " " + words[i];
        lines.insert(text);
    }
    return lines;
}

std::set<std::string> character_majors(const std::string& devices)
{
    std::set<std::string> majors;
    for (const std::string& line : kbuild::split_lines(devices)) {
        if (line.starts_with("Block"))
            break;
        if (const auto words = kbuild::split_words(line); words.size() == 2 && is_number(words[0]))
            majors.insert(words[0] + " " + words[1]);
    }
    return majors;
}

Offers look(Bench& bench)
{
    Offers offers;
    bench.as_task([&] {
        list_files("/dev", 1, offers.files);
        for (const char* path : {"/sys/kernel", "/sys/class", "/sys/module", "/sys/kernel/debug"})
            list_files(path, 3, offers.files);
        list_files("/proc", 0, offers.files);
        list_files("/proc/driver", 1, offers.files);
    });
    offers.majors = character_majors(bench.output("cat /proc/devices"));
    offers.lines = taken_lines(bench.output("cat /proc/interrupts"));
    return offers;
}

std::vector<std::string> added(const std::set<std::string>& before, const std::set<std::string>& after)
{
    std::vector<std::string> result;
    std::ranges::set_difference(after, before, std::back_inserter(result));
    return result;
}

std::string quoted(const std::string& text) { return "'" + text + "'"; }

/// The device of a line does something, and the line is pulsed by hand.
std::string stimuli(const std::vector<std::string>& lines)
{
    std::string commands = "kbd type ab >/dev/null 2>&1\n";
    for (const std::string& line : lines) {
        const std::string irq = line.substr(0, line.find(' '));
        if (irq == "12")
            commands += "mouse move 3 4 1 >/dev/null 2>&1\n";
        else if (irq == "8")
            commands += "rtc event >/dev/null 2>&1\n";
        else if (irq == "4" || irq == "3")
            commands += fmt::format("uart {} send ab >/dev/null 2>&1\n", irq == "4" ? 0 : 1);
        else if (irq == "7")
            commands += "lpt ack >/dev/null 2>&1\n";
        if (irq != "0" && irq != "2")
            commands += "irq pulse " + irq + " 2 >/dev/null 2>&1\n";
    }
    return commands + "sleep 0.2\n";
}

/// Written and read, each for two seconds at most; readers wait while the lines are pulsed.
std::string uses(const std::vector<std::string>& files, const std::string& stimulus)
{
    std::string commands;
    for (const std::string& file : files)
        commands +=
            fmt::format("[ -w {0} ] && timeout 2 sh -c \"echo 1 > {0}\" >/dev/null 2>&1\n", quoted(file));
    for (const std::string& file : files)
        commands +=
            fmt::format("timeout 2 dd if={} of=/dev/null bs=64 count=4 >/dev/null 2>&1 &\n", quoted(file));
    return commands + stimulus + "wait\n";
}

/// Nodes for the majors that came without one, as `mknod` by hand. Adds them to `files`.
void make_nodes(Bench& bench, const std::vector<std::string>& majors, std::vector<std::string>& files)
{
    for (const std::string& major : majors) {
        const std::string number = major.substr(0, major.find(' '));
        const bool has_node = std::ranges::any_of(files, [&](const std::string& file) {
            return file.starts_with("/dev/") &&
                   bench.output("ls -l " + quoted(file)).find(" " + number + ",") != std::string::npos;
        });
        if (has_node)
            continue;
        const std::string node = "/dev/survey" + number;
        if (bench.run(fmt::format("mknod {} c {} 0", node, number)) == 0)
            files.push_back(node);
    }
}

std::string one_line(const std::string& text)
{
    const Lines lines = kbuild::split_lines(text);
    for (const std::string& line : lines)
        if (!line.empty())
            return line;
    return "(nothing said)";
}

/// What the log ends with, in brackets: a driver that gives up often says why.
std::string last_word(const std::string& log)
{
    const Lines lines = kbuild::split_lines(log);
    return lines.empty() ? std::string{} : " (" + lines.back() + ")";
}

std::string module_name(const std::string& path)
{
    return kbuild::module_identifier(std::filesystem::path(path).stem().string());
}

class Exercise {
public:
    Exercise(const std::vector<std::string>& modules, const Manner& manner, const lab::WorldConfig& config, Row& row)
        : modules_(modules), settings_(manner.settings), patience_(manner.patience_s), bench_(config, manner.patience_s), row_(row)
    {
    }

    void run()
    {
        before_ = look(bench_);
        bench_.run("dmesg -C");
        if (!load())
            return;
        row_.loaded = true;
        listen();
        const Offers after = look(bench_);
        std::vector<std::string> files = added(before_.files, after.files);
        make_nodes(bench_, added(before_.majors, after.majors), files);
        lines_ = added(before_.lines, after.lines);
        const auto seconds = std::min(use_s, use_s / 2 + patience_) + 2 * static_cast<unsigned>(files.size()); // each write may take two
        const int used = bench_.run(uses(files, stimuli(lines_)) + "sleep 3", seconds);
        row_.exercised = used >= 0;
        if (!row_.exercised)
            fail("exercised: " + why_not_ended(used));
        listen();
        unload();
        listen();
    }

private:
    void fail(const std::string& why)
    {
        if (row_.failure.empty())
            row_.failure = why;
    }

    void listen()
    {
        if (const std::string complaint = first_complaint(bench_.output("dmesg -t")); !complaint.empty())
            fail(complaint);
    }

    /// Those of the settings whose parameter the module has.
    std::string parameters_of(const std::string& module) const
    {
        kbuild::ObjectFile object;
        std::string error, parameters;
        if (!settings_.empty() && kbuild::read_object(module, object, error))
            for (const std::string& setting : settings_)
                if (const std::string mark = "parmtype=" + setting.substr(0, setting.find('=')) + ":";
                    std::ranges::any_of(object.modinfo, [&](const auto& info) { return info.starts_with(mark); }))
                    parameters += " " + quoted(setting);
        return parameters;
    }

    bool load()
    {
        for (const std::string& module : modules_) {
            std::string said;
            const int status = bench_.run("insmod " + quoted(module) + parameters_of(module), said);
            if (status == 0)
                continue;
            listen(); // Linux's reason comes first, then insmod's with the driver's last word.
            fail(status < 0 ? "insmod: " + why_not_ended(status)
                            : one_line(said) + last_word(bench_.output("dmesg -t")));
            return false;
        }
        return true;
    }

    void unload()
    {
        row_.unloaded = true;
        for (auto module = modules_.rbegin(); module != modules_.rend(); ++module) {
            std::string said;
            const int status = bench_.run("rmmod " + module_name(*module), said);
            if (status == 0)
                continue;
            row_.unloaded = false;
            listen();
            fail(status < 0 ? "rmmod: " + why_not_ended(status) : one_line(said));
            return;
        }
        if (const int after = bench_.run(stimuli(lines_) + "sleep 2"); after < 0)
            fail("after rmmod: " + why_not_ended(after));
    }

    const std::vector<std::string>& modules_;
    const Lines& settings_;
    unsigned patience_;
    Bench bench_;
    Row& row_;
    Offers before_;
    std::vector<std::string> lines_;
};

} // namespace

std::string first_complaint(const std::string& log)
{
    for (const std::string& line : kbuild::split_lines(log))
        if (std::ranges::any_of(complaints,
                                [&](std::string_view c) { return line.find(c) != std::string::npos; }))
            return line;
    return {};
}

void exercise(const std::vector<std::string>& modules, const Manner& manner, const lab::WorldConfig& config,
              Row& row)
{
    Exercise(modules, manner, config, row).run();
}

} // namespace irqlab::app::survey
