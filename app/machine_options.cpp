// MACHINE options, each with its own words for a wrong value.
#include "app/machine_options.hpp"
#include "kernel/module/export.hpp"
#include "app/kbuild/text.hpp"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

namespace irqlab::app {

namespace {

struct Board {
    const char* name;
    hw::BoardId id;
};
constexpr std::array boards{Board{"pc", hw::BoardId::pc}, Board{"q35", hw::BoardId::q35},
                            Board{"laptop", hw::BoardId::laptop}};

// The drivers of the lab's kernel that another driver may stand in for.
constexpr std::array replaceable{"i8042", "serial8250", "rtc_cmos", "parport_pc", "acpi"};

// What a kernel is built with that changes how interrupts behave.
constexpr std::array build_options{"DEBUG_SHIRQ=y", "DEBUG_SHIRQ_FIXME=y", "DEBUG_ATOMIC_SLEEP=n"};

void split_list(const std::string& text, std::vector<std::string>& to)
{
    std::string blanks = text;
    for (char& c : blanks)
        if (c == ',')
            c = ' ';
    for (std::string& word : kbuild::split_words(blanks))
        to.push_back(std::move(word));
}

std::string set_board(const std::string& text, hw::BoardId& board)
{
    for (const Board& row : boards)
        if (text == row.name) {
            board = row.id;
            return {};
        }
    return "'" + text + "' is no board; boards: pc, q35, laptop";
}

std::string set_quirks(const std::string& text, hw::Profile& quirks)
{
    if (text == "none")
        quirks = hw::Profile::datasheet;
    else if (text == "qemu")
        quirks = hw::Profile::qemu;
    else if (text == "kvm")
        quirks = hw::Profile::kvm;
    else
        return "'" + text + "' is no model whose quirks are known; one of: none, qemu, kvm";
    return {};
}

std::string set_without(const std::string& text, std::vector<std::string>& without)
{
    std::vector<std::string> words;
    split_list(text, words);
    for (const std::string& word : words)
        if (std::find(replaceable.begin(), replaceable.end(), word) == replaceable.end())
            return "'" + word + "' cannot be left out; drivers: i8042, serial8250, rtc_cmos, parport_pc, acpi";
    without.insert(without.end(), words.begin(), words.end());
    return {};
}

std::string add_device(const std::string& text, std::vector<lab::PciDevice>& devices)
{
    lab::PciDevice device;
    if (text == "edu,irq=intx")
        device.msi = false;
    else if (text != "edu" && text != "edu,irq=msi")
        return "'" + text + "' is no device; one of: edu, edu,irq=msi, edu,irq=intx";
    if (devices.size() == hw::edus_max)
        return "there is room for " + std::to_string(hw::edus_max) + " devices";
    devices.push_back(device);
    return {};
}

std::string set_option(const std::string& text, std::vector<std::string>& options)
{
    std::vector<std::string> words;
    split_list(text, words);
    for (const std::string& word : words)
        if (std::find(build_options.begin(), build_options.end(), word) == build_options.end())
            return "'" + word + "' is not modelled; options: DEBUG_SHIRQ=y, DEBUG_SHIRQ_FIXME=y, DEBUG_ATOMIC_SLEEP=n";
    options.insert(options.end(), words.begin(), words.end());
    return {};
}

/// An option that is parsed by `set`, which answers with a complaint or nothing.
template <class Set>
CLI::Option* add_checked(CLI::App& verb, const char* name, const char* value, const char* help, Set set)
{
    const CLI::callback_t parse = [set, name](const CLI::results_t& values) {
        for (const std::string& text : values)
            if (const std::string complaint = set(text); !complaint.empty())
                throw CLI::ValidationError(name, complaint);
        return true;
    };
    return verb.add_option(name, parse, help)->type_name(value);
}

} // namespace

void add_kernel_option(CLI::App& verb, kernel::Release& release)
{
    add_checked(verb, "--kernel", "V", "release of Linux: 5.4, 5.10, 5.15, 6.1, 6.6 or 6.12 (6.1)",
                [&release](const std::string& text) {
                    return kernel::release_from(text, release)
                               ? std::string{}
                               : "'" + text + "' is not modelled; releases: 5.4, 5.10, 5.15, 6.1, 6.6, 6.12";
                });
}

void add_machine_options(CLI::App& verb, lab::WorldConfig& config)
{
    verb.add_option("--cpus", config.cpus, "how many CPUs (4; laptop: 8)")
        ->type_name("N")
        ->check(CLI::Range(1U, hw::cpus_max));
    add_checked(verb, "--board", "NAME", "pc, q35 or laptop (pc)",
                [&config](const std::string& text) { return set_board(text, config.board); });
    add_kernel_option(verb, config.release);
    verb.add_option("--cmdline", config.cmdline, "the kernel's command line: noapic nolapic threadirqs irqpoll ...")
        ->type_name("TEXT");
    add_checked(verb, "--export", "SYMBOL", "as if that kernel had EXPORT_SYMBOL(SYMBOL), e.g. vector_irq",
                [&config](const std::string& text) {
                    split_list(text, config.exports);
                    for (const std::string& symbol : config.exports)
                        if (kernel::find_export_any(symbol) == nullptr)
                            return "no kernel here has a symbol '" + symbol + "'";
                    return std::string{};
                })
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    add_checked(verb, "--without", "LIST", "leave out i8042, serial8250, rtc_cmos, parport_pc, acpi",
                [&config](const std::string& text) { return set_without(text, config.without); })
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    add_checked(verb, "--config", "NAME=y",
                "of that kernel's build: DEBUG_SHIRQ=y, DEBUG_SHIRQ_FIXME=y, DEBUG_ATOMIC_SLEEP=n",
                [&config](const std::string& text) { return set_option(text, config.options); })
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    add_checked(verb, "--device", "edu[,irq=msi|intx]", "a PCI device more: QEMU's edu; with irq=intx its MSI is not used",
                [&config](const std::string& text) { return add_device(text, config.devices); })
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    add_checked(verb, "--quirk", "MODEL", "chips as the datasheets have them (none), or as those of qemu or kvm are (none)",
                [&config](const std::string& text) { return set_quirks(text, config.quirks); });
    verb.add_option("--seed", config.seed, "seed of whatever is random")->type_name("S");
}

} // namespace irqlab::app
