// What a World is told at its birth: the release of Linux, the board, the command line.
#pragma once
#include <cstdint>
#include <string_view>

#include "hw/board/machine.hpp"

namespace irqlab::kernel {

/// The releases whose behaviour is modelled. Ordered: compare with < and >=.
enum class Release : u8 { v5_4, v5_10, v5_15, v6_1, v6_6, v6_12 };

struct ReleaseNames {
    std::string_view option; // --kernel
    std::string_view uname;  // uname -r
    u32 code;                // LINUX_VERSION_CODE
};
const ReleaseNames& names_of(Release release);
/// @return false for a release that is not modelled.
bool release_from(std::string_view option, Release& out);

/// Plain data; the texts must outlive the World.
struct Config {
    Release release = Release::v6_1;
    hw::BoardId board = hw::BoardId::pc;
    unsigned cpus = 4;
    std::string_view cmdline;  // as Linux spells it
    std::string_view exports;  // more symbols for modules, separated by spaces: `vector_irq`
    std::string_view without;  // drivers of the lab's kernel left out, separated by spaces: `i8042 rtc_cmos`
    std::string_view no_msi;   // PCI functions with pci_dev.no_msi, as Linux's quirks set it: `0000:00:04.0`
    std::string_view options;  // of its build, as in its .config: `DEBUG_SHIRQ=y`
    const char* directory = "/";  // where pid 1 starts, on the host
    i64 boot_time_s = 1'767'225'600; // 2026-01-01 00:00:00 UTC: fixed, so that runs are the same
};

/// Is `word` one of the space-separated words of `text`?
bool has_word(std::string_view text, std::string_view word);
/// The value of `name=value` in the command line, or empty.
std::string_view cmdline_value(std::string_view cmdline, std::string_view name);

} // namespace irqlab::kernel
